// What an editor loads at activation, and what a user downloads: sizes, which no machine changes.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { repository } from '../workbench/paths.js';
import { packExtension } from '../workbench/setup/packagedExtension.js';
import { kilobytes, megabytes } from './measure.js';
import type { Figure } from './measure.js';

const MOST_AT_ACTIVATION = 200 * 1024;
const LARGEST_PACKAGE = 2 * 1024 * 1024;

/** Of the bundles as they are in dist/, so they have to be built with `--production`. */
export function packageFigures(): readonly Figure[] {
  const activation = fs.statSync(path.join(repository, 'dist', 'extension.js')).size;
  const packed = packageSize();
  return [
    {
      measure: 'JavaScript loaded at activation (dist/extension.js)',
      figure: kilobytes(activation),
      ratio: activation / MOST_AT_ACTIVATION,
      aim: '< 200 KB',
      met: activation < MOST_AT_ACTIVATION,
      hard: true,
    },
    { measure: 'the .vsix', figure: megabytes(packed), ratio: packed / LARGEST_PACKAGE, aim: '< 2 MB', met: packed < LARGEST_PACKAGE, hard: true },
  ];
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
