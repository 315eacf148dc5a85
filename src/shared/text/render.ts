// Puts a message into any of our languages, at once: for programs that are loaded with all catalogues anyway. The extension
// itself loads the one that it needs (lateCatalogue.ts).
import { assertNever } from '../assertNever.js';
import { en } from './en.js';
import { ko } from './ko.js';
import { catalogueRenderer } from './languages.js';
import type { Catalogue, Locale, RenderText } from './languages.js';

export { localeOf } from './languages.js';
export type { Locale, RenderText } from './languages.js';

/** How messages read in this language. */
export function textRenderer(locale: Locale): RenderText {
  const catalogue = catalogueOf(locale);
  return catalogueRenderer(locale, (key) => catalogue[key]);
}

function catalogueOf(locale: Locale): Catalogue {
  switch (locale) {
    case 'en':
    case 'pseudo':
      return en;
    case 'ko':
      return ko;
    default:
      return assertNever(locale);
  }
}
