// Words as values: rules say what they mean as a key with arguments; the surface that shows it picks the language.
import type { en } from './en.js';

export type TextKey = keyof typeof en;

/** The argument names in a text: `{name}`, or `{count#pod|pods}` for a number with its noun. */
type Placeholder<Text> = Text extends `${string}{${infer Inside}}${infer Rest}`
  ? (Inside extends `${infer Name}#${string}` ? Name : Inside) | Placeholder<Rest>
  : never;

export type TextArgument = string | number | Message;

type Arguments<Key extends TextKey> = [Placeholder<(typeof en)[Key]>] extends [never]
  ? []
  : [args: Readonly<Record<Placeholder<(typeof en)[Key]>, TextArgument>>];

/** A sentence not yet in any language. Survives JSON, so it may cross into a webview. */
export interface Message {
  readonly key: TextKey;
  readonly args: Readonly<Record<string, TextArgument>>;
}

/** Makes a message; arguments that the English text does not name do not compile. */
export function message<Key extends TextKey>(key: Key, ...args: Arguments<Key>): Message {
  return { key, args: args[0] ?? {} };
}
