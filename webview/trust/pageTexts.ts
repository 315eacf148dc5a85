// The words of the page: the areas that it and what it is sent are written in, and no others. English comes with the page;
// Korean is a script of its own (koreanTexts.ts), loaded before the page where the editor is Korean.
import { checksEn } from '../../src/shared/text/en/checks.js';
import { failuresEn } from '../../src/shared/text/en/failures.js';
import { matrixEn } from '../../src/shared/text/en/matrix.js';
import { panelEn } from '../../src/shared/text/en/panel.js';
import { surveysEn } from '../../src/shared/text/en/surveys.js';
import { trustEn } from '../../src/shared/text/en/trust.js';
import type { Locale, RenderText } from '../../src/shared/text/languages.js';
import { catalogueRenderer } from '../../src/shared/text/languages.js';

export const pageEn = { ...checksEn, ...failuresEn, ...matrixEn, ...panelEn, ...surveysEn, ...trustEn } as const;

/** The same texts in another language. */
export type PageTexts = Readonly<Record<keyof typeof pageEn, string>>;

declare global {
  /** Set by the script of another language. */
  var meshCaPageTexts: PageTexts | undefined;
}

/** How messages read on the page; a message from an area that it does not have stands there by its key. */
export function pageRenderer(locale: Locale): RenderText {
  const texts: Readonly<Partial<Record<string, string>>> = (locale === 'ko' ? globalThis.meshCaPageTexts : undefined) ?? pageEn;
  return catalogueRenderer(locale, (key) => texts[key] ?? key);
}
