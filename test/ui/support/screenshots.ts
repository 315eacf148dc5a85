// Where pictures go: into media/ when the documentation's screenshots are made, else into the build output.
import path from 'node:path';
import type { Page } from 'playwright-core';
import { repository } from '../../workbench/paths.js';

/** Saves a picture of the page as `NAME.png`; `npm run screenshots` makes those that are committed. */
export async function takeScreenshot(page: Page, name: string): Promise<void> {
  await save(page, process.env.MESH_CA_SCREENSHOTS === '1' ? path.join('media', 'screenshots') : path.join('out', 'screenshots'), name);
}

/** For `afterEach`: saves a picture of what was on the screen when a test failed, never into the documentation. */
export async function pictureFailure(page: Page, test: Mocha.Test | undefined): Promise<void> {
  if (test?.state !== 'failed') return;
  await save(page, path.join('out', 'screenshots'), `failed-${test.fullTitle().replace(/[^\p{L}\p{N}]+/gu, '-').slice(0, 100)}`);
}

async function save(page: Page, folder: string, name: string): Promise<void> {
  await page.screenshot({ path: path.join(repository, folder, `${name}.png`), animations: 'disabled', caret: 'hide' });
}
