// The page inside a webview, which VS Code shows through two nested frames.
import type { FrameLocator, Page } from 'playwright-core';

/** The page of a webview: to find things in, and to evaluate scripts in. */
export interface Webview {
  readonly locator: FrameLocator;
  /** Runs a script in the page, past its content security policy (axe is loaded so). */
  evaluate(script: string): Promise<unknown>;
}

/** The page of the webview in the editor tab with this title, once it is there. */
export async function webviewFrame(page: Page, title: string): Promise<Webview> {
  await page.getByRole('tab', { name: title }).waitFor();
  // Webviews that are not in front stay in the document, hidden.
  const outer = page.locator('iframe.webview.ready').filter({ visible: true }).first();
  const locator = outer.contentFrame().locator('#active-frame').contentFrame();
  await locator.locator('body').waitFor();
  const frame = await (await locator.locator('body').elementHandle()).ownerFrame();
  if (frame === null) throw new Error(`The webview ${title} went away`);
  // By the frame and not by an element's function: the page's policy forbids eval, to which this does not come.
  return { locator, evaluate: (script) => frame.evaluate(script) };
}
