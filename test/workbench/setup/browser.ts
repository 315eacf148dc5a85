// Finds or installs the browser that the tests drive, and a font with Korean letters for its screenshots.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { installPackages, mayInstallPackages } from './debian.js';

/** Chromium in a container, without GPU, first-run pages and traffic of its own. */
export const browserArguments = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];

/** The path of a Chromium or Chrome: CHROME_PATH, one on PATH, Playwright's own, or Debian's installed now. */
export function findBrowser(): string {
  const found = installed();
  if (found !== undefined) return found;
  installPackages(['chromium', 'fonts-liberation'], 'A Chromium or Chrome (or CHROME_PATH naming one)');
  const now = installed();
  if (now === undefined) throw new Error('chromium was installed but is not on PATH');
  return now;
}

function installed(): string | undefined {
  const named = process.env.CHROME_PATH;
  if (named !== undefined) return named;
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  const candidates = [...names.flatMap((name) => folders.map((folder) => path.join(folder, name))), chromium.executablePath()];
  return candidates.find((file) => fs.existsSync(file));
}

/** Without such a font Korean screens would be rows of boxes. Only pictures need it, so where it may not be installed it is only told. */
export function ensureKoreanFont(): void {
  const { stdout } = spawnSync('fc-list', [':lang=ko', 'family'], { encoding: 'utf8' });
  if (typeof stdout === 'string' && stdout.trim() !== '') return;
  if (mayInstallPackages()) installPackages(['fonts-nanum'], 'A font with Korean letters');
  else process.stdout.write('No font with Korean letters: Korean screenshots will show boxes (Debian: apt-get install fonts-nanum).\n');
}
