// Puts the measured table into the README, between two marks, so that what stands there is what was measured.
import fs from 'node:fs';
import path from 'node:path';
import { repository } from '../workbench/paths.js';

const BEGIN = '<!-- bench:begin -->';
const END = '<!-- bench:end -->';

/** Replaces what is between the marks; throws when a mark is missing. */
export function writeReadme(lines: readonly string[]): void {
  const file = path.join(repository, 'README.md');
  const text = fs.readFileSync(file, 'utf8');
  const [begin, end] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`README.md has no ${BEGIN} before ${END}`);
  fs.writeFileSync(file, `${text.slice(0, begin + BEGIN.length)}\n${lines.join('\n')}\n${text.slice(end)}`);
}
