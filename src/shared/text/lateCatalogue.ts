// Puts messages into the editor's language; its catalogue is loaded when the first text is shown, and those of others never.
import { catalogueRenderer, localeOf } from './languages.js';
import type { Catalogue, Language, RenderText } from './languages.js';

/** How messages read in the language of that name, e.g. `vscode.env.language`; `load` is called once, and not before a text is wanted. */
export function lateTextRenderer(language: string | undefined, load: (language: Language) => Catalogue): RenderText {
  const locale = localeOf(language);
  const loaded: { catalogue: Catalogue | undefined } = { catalogue: undefined };
  return catalogueRenderer(locale, (key) => {
    loaded.catalogue ??= load(locale === 'ko' ? 'ko' : 'en');
    return loaded.catalogue[key];
  });
}
