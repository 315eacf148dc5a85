// What an editor loads at activation, and what a user downloads: sizes, which no machine changes.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { repository } from '../workbench/paths.js';
import { packExtension } from '../workbench/setup/packagedExtension.js';
import { loadedAtActivation } from './activationLoad.js';
import { kilobytes, megabytes } from './measure.js';
import type { Figure } from './measure.js';

const MOST_AT_ACTIVATION = 200 * 1024;
const LARGEST_PAGE = 200 * 1024;
const LARGEST_PACKAGE = 2 * 1024 * 1024;

/** Of the bundles as they are in dist/, so they have to be built with `--production`. */
export function packageFigures(): readonly Figure[] {
  const loaded = loadedAtActivation(path.join(repository, 'dist', 'extension.js'));
  const activation = [...loaded.values()].reduce((sum, size) => sum + size, 0);
  const page = sizeOf('trust.js');
  const packed = packageSize();
  return [
    {
      measure: `JavaScript in require.cache after activation (${[...loaded.keys()].map((file) => path.basename(file)).join(', ')})`,
      figure: kilobytes(activation),
      ratio: activation / MOST_AT_ACTIVATION,
      aim: '< 200 KB',
      met: activation < MOST_AT_ACTIVATION,
      hard: true,
    },
    { measure: 'and with the first text that is shown: its catalogue, English or Korean', figure: `${kilobytes(sizeOf('en.js'))}, ${kilobytes(sizeOf('ko.js'))}` },
    { measure: 'the page of Certificate Trust (dist/trust.js), with its English', figure: kilobytes(page), ratio: page / LARGEST_PAGE, aim: '< 200 KB', met: page < LARGEST_PAGE, hard: true },
    { measure: 'the .vsix', figure: megabytes(packed), ratio: packed / LARGEST_PACKAGE, aim: '< 2 MB', met: packed < LARGEST_PACKAGE, hard: true },
  ];
}

function sizeOf(bundle: string): number {
  return fs.statSync(path.join(repository, 'dist', bundle)).size;
}

function packageSize(): number {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'mesh-ca-bench-'));
  try {
    const file = path.join(folder, 'mesh-ca-migration.vsix');
    packExtension(file);
    return fs.statSync(file).size;
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}
