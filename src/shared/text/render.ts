// Puts a message into a language.
import { assertNever } from '../assertNever.js';
import { en } from './en.js';
import { ko } from './ko.js';
import type { Message, TextArgument, TextKey } from './message.js';

export type Locale = 'en' | 'ko' | 'pseudo';
export type RenderText = (message: Message) => string;

/** VS Code's and the environment's names of languages (`ko`, `ko-KR`, `ko_KR.UTF-8`) to the catalogues we have. */
export function localeOf(language: string | undefined): Locale {
  const name = language?.toLowerCase() ?? '';
  if (name === 'pseudo' || name.startsWith('qps')) return 'pseudo';
  return name.startsWith('ko') ? 'ko' : 'en';
}

/** How messages read in this language. `pseudo` brackets every text, so that what bypasses the catalogue stands out. */
export function textRenderer(locale: Locale): RenderText {
  const render: RenderText = ({ key, args }) => {
    const text = fill(catalogueText(locale, key), args, render);
    return locale === 'pseudo' ? `⟦${text}⟧` : text;
  };
  return render;
}

function catalogueText(locale: Locale, key: TextKey): string {
  switch (locale) {
    case 'en':
    case 'pseudo':
      return en[key];
    case 'ko':
      return ko[key];
    default:
      return assertNever(locale);
  }
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
