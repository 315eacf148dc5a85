// How smoothly the Certificate Trust page works with 50,000 rows, in a real browser with a scripted host.
import type { Browser, Page } from 'playwright-core';
import { launchBrowser, openScenario } from '../ui/support/trustPageDriver.js';
import { milliseconds } from './measure.js';
import type { Figure } from './measure.js';

const ROWS = 'the panel with 50,000 rows';
const FRAME_FLOOR = 30;
const SECONDS = 4;
/** Some ten rows a frame, as a hasty wheel does. */
const PIXELS_A_FRAME = 300;
/** Somebody who types fast; each letter filters all rows anew. */
const TYPED = 'httpbin-6';
const KEY_MS = 120;

export async function panelFigures(note: (line: string) => void): Promise<readonly Figure[]> {
  const browser = await launchBrowser().catch((error: unknown) => {
    note(`Not measured: ${ROWS}. ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  });
  if (browser === undefined) return [];
  try {
    const arrival = await firstRows(browser);
    const page = await openScenario(browser, 'large');
    return [arrival, frameFigure('scrolling', await whileScrolling(page)), frameFigure('typing into the filter', await whileTyping(page))];
  } finally {
    await browser.close();
  }
}

interface Frames {
  readonly perSecond: number;
  readonly longestMs: number;
}

function frameFigure(during: string, { perSecond, longestMs }: Frames): Figure {
  return {
    measure: `${ROWS}: frames per second while ${during} (longest frame)`,
    figure: `${perSecond.toFixed(0)} (${milliseconds(longestMs)})`,
    ratio: perSecond / FRAME_FLOOR,
    aim: '≥ 30, goal 60',
    met: perSecond >= FRAME_FLOOR,
  };
}

/** Rows come in batches; the first should be on screen while the others are still coming. */
async function firstRows(browser: Browser): Promise<Figure> {
  const context = await browser.newContext();
  await context.addInitScript(() => {
    const marks: BenchMarks = { first: 0, last: 0, drawn: 0 };
    window.benchMarks = marks;
    window.addEventListener('message', ({ data }: MessageEvent<{ type?: string }>) => {
      if (data.type !== 'rows') return;
      marks.last = performance.now();
      if (marks.first > 0) return;
      marks.first = marks.last;
      const look = (): void => {
        if (document.querySelector('.body .row:not([hidden])') === null) requestAnimationFrame(look);
        else marks.drawn = performance.now();
      };
      requestAnimationFrame(look);
    });
  });
  const page = await openScenario(context, 'large');
  await page.waitForFunction(() => window.benchMarks.drawn > 0);
  const { first, last, drawn } = await page.evaluate(() => window.benchMarks);
  await context.close();
  const ratio = (drawn - first) / (last - first);
  return {
    measure: `${ROWS}: first rows drawn after the first batch came, against the last batch`,
    figure: `${milliseconds(drawn - first)} / ${milliseconds(last - first)}`,
    ratio,
    aim: '< 1',
    met: ratio < 1,
  };
}

interface BenchMarks {
  first: number;
  last: number;
  drawn: number;
}

declare global {
  interface Window {
    benchMarks: BenchMarks;
  }
}

function whileScrolling(page: Page): Promise<Frames> {
  return page.evaluate(async ({ seconds, pixels }) => {
    const grid = document.querySelector('[role=grid]');
    if (grid === null) throw new Error('there is no table');
    const start = performance.now();
    let [last, frames, longestMs] = [start, 0, 0];
    while (last - start < seconds * 1000) {
      grid.scrollTop += pixels;
      await new Promise(requestAnimationFrame);
      const now = performance.now();
      longestMs = Math.max(longestMs, now - last);
      [last, frames] = [now, frames + 1];
    }
    return { perSecond: (frames * 1000) / (last - start), longestMs };
  }, { seconds: SECONDS, pixels: PIXELS_A_FRAME });
}

/** Frames are counted in the page while the keys come from outside, as a person's do. */
async function whileTyping(page: Page): Promise<Frames> {
  await page.getByRole('textbox', { name: 'Search proxies' }).focus();
  const counted = page.evaluate(async (durationMs) => {
    const start = performance.now();
    let [last, frames, longestMs] = [start, 0, 0];
    while (last - start < durationMs) {
      await new Promise(requestAnimationFrame);
      const now = performance.now();
      longestMs = Math.max(longestMs, now - last);
      [last, frames] = [now, frames + 1];
    }
    return { perSecond: (frames * 1000) / (last - start), longestMs };
  }, 2 * TYPED.length * KEY_MS);
  await page.keyboard.type(TYPED, { delay: KEY_MS });
  for (const key of Array<string>(TYPED.length).fill('Backspace')) await page.keyboard.press(key, { delay: KEY_MS });
  return counted;
}
