// The mouse out of the way: what it rests on shows a tooltip after a moment, which lies over other things and takes their clicks.
import type { Page } from 'playwright-core';
import { ONE_TRY, untilDone } from './conditions.js';

/** The part of the title bar in which there is nothing. */
const NOWHERE = { x: 1150, y: 8 } as const;

/** Moves the mouse to where nothing is, and waits until no tooltip is shown. */
export async function restMouse(page: Page): Promise<void> {
  await page.mouse.move(NOWHERE.x, NOWHERE.y);
  const hover = page.locator('.workbench-hover-container, .monaco-hover.workbench-hover').filter({ visible: true }).first();
  await untilDone(async () => {
    if (!(await hover.isVisible())) return true;
    // One that came late, when the mouse had left already, goes when the mouse leaves it.
    const box = await hover.boundingBox(ONE_TRY);
    if (box !== null) await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.mouse.move(NOWHERE.x, NOWHERE.y);
    return false;
  }, 'moving the mouse out of tooltips');
}
