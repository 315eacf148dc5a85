// The words of the product in a language, so that a test in Korean retypes none, and can tell where English shows through.
import fs from 'node:fs';
import path from 'node:path';
import { en } from '../../../src/shared/text/en.js';
import { ko } from '../../../src/shared/text/ko.js';
import type { Message, TextKey } from '../../../src/shared/text/message.js';
import { textRenderer } from '../../../src/shared/text/render.js';
import { repository } from '../../workbench/paths.js';

function manifestTexts(file: string): Readonly<Record<string, string>> {
  return JSON.parse(fs.readFileSync(path.join(repository, file), 'utf8')) as Record<string, string>;
}

const manifestEn = manifestTexts('package.nls.json');
const manifestKo = manifestTexts('package.nls.ko.json');
const sayKorean = textRenderer('ko');

/** A text of the catalogue in Korean. */
export function korean(key: TextKey, args: Message['args'] = {}): string {
  return sayKorean({ key, args });
}

/** A text of the manifest in Korean: titles of commands and views, the welcome view. */
export function koreanManifest(key: string): string {
  const text = manifestKo[key];
  if (text === undefined) throw new Error(`package.nls.ko.json has no ${key}`);
  return text;
}

/** Pieces of English texts that are long enough not to be found in anything else, and not in the Korean texts. */
function englishPieces(): readonly string[] {
  const pieces = [...Object.values(en), ...Object.values(manifestEn)].flatMap((text) => text.split(/\{[^}]*\}|\n|\[|\]\([^)]*\)/));
  const koreanTexts = [...Object.values(ko), ...Object.values(manifestKo)];
  return pieces.map((piece) => piece.trim()).filter((piece) => /\w+ \w+/.test(piece) && piece.length >= 10 && !koreanTexts.some((text) => text.includes(piece)));
}

/** The pieces of our English texts that are found in what a screen says. */
export function englishIn(screen: string): readonly string[] {
  return englishPieces().filter((piece) => screen.includes(piece));
}
