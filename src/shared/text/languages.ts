// Which languages there are, and how a message reads with the texts of one. Knows no catalogue: who renders brings it.
import type { Message, TextArgument, TextKey } from './message.js';

export type Locale = 'en' | 'ko' | 'pseudo';
/** What there are catalogues of. */
export type Language = Exclude<Locale, 'pseudo'>;
export type RenderText = (message: Message) => string;
export type Catalogue = Readonly<Record<TextKey, string>>;

/** VS Code's and the environment's names of languages (`ko`, `ko-KR`, `ko_KR.UTF-8`) to the catalogues we have. */
export function localeOf(language: string | undefined): Locale {
  const name = language?.toLowerCase() ?? '';
  if (name === 'pseudo' || name.startsWith('qps')) return 'pseudo';
  return name.startsWith('ko') ? 'ko' : 'en';
}

/** How messages read with these texts. `pseudo` brackets every text, so that what bypasses the catalogue stands out. */
export function catalogueRenderer(locale: Locale, textOf: (key: TextKey) => string): RenderText {
  const render: RenderText = ({ key, args }) => {
    const text = fill(textOf(key), args, render);
    return locale === 'pseudo' ? `⟦${text}⟧` : text;
  };
  return render;
}

function fill(text: string, args: Message['args'], render: RenderText): string {
  return text.replace(/\{([^{}#]+)(?:#([^{}|]*)\|([^{}]*))?\}/g, (whole, name: string, one?: string, many?: string) => {
    const value = args[name];
    if (value === undefined) return whole;
    const shown = showArgument(value, render);
    return one === undefined || many === undefined ? shown : `${shown} ${value === 1 ? one : many}`;
  });
}

function showArgument(value: TextArgument, render: RenderText): string {
  return typeof value === 'object' ? render(value) : String(value);
}
