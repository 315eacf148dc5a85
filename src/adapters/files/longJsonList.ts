// Cuts one long list out of the text of a JSON object, so that neither has to be parsed in one stretch. Decides nothing: what is
// no JSON is found by whoever parses the pieces.

export interface CutText {
  /** The text with an empty list in the list's place; the whole text where there is no such list. */
  readonly rest: string;
  /** The texts of the list's entries. */
  readonly entries: readonly string[];
}

/** Characters between two pauses: well below a millisecond. */
const STRETCH = 64 * 1024;

/** Where a place in the text is: how deep in brackets, and where the list and its present entry began. */
interface Place {
  depth: number;
  listAt: number | undefined;
  entryAt: number;
}

/** In stretches: it may be interrupted at each `yield`. `name` is a field of the outermost object; of several of that name the first is cut. */
export function* cutList(text: string, name: string): Generator<undefined, CutText, undefined> {
  const place: Place = { depth: 0, listAt: undefined, entryAt: 0 };
  const entries: string[] = [];
  const key = JSON.stringify(name);
  let pauseAt = STRETCH;
  for (let at = 0; at < text.length; at += 1) {
    if (at >= pauseAt) {
      pauseAt = at + STRETCH;
      yield;
    }
    switch (text[at]) {
      case '"': {
        const end = stringEnd(text, at);
        const opening = place.depth === 1 && place.listAt === undefined ? openingAfter(text, end, text.slice(at, end) === key) : undefined;
        if (opening !== undefined) {
          place.depth += 1;
          place.listAt = opening;
          place.entryAt = opening + 1;
        }
        at = opening ?? end - 1;
        break;
      }
      case '{':
      case '[':
        place.depth += 1;
        break;
      case ',':
        if (place.listAt === undefined || place.depth !== 2) break;
        entries.push(text.slice(place.entryAt, at));
        place.entryAt = at + 1;
        break;
      case '}':
      case ']':
        place.depth -= 1;
        if (place.listAt === undefined || place.depth !== 1) break;
        if (text[at] !== ']') return { rest: text, entries: [] };
        return { rest: text.slice(0, place.listAt + 1) + text.slice(at), entries: [...entries, ...lastEntry(text.slice(place.entryAt, at), entries)] };
      default:
        break;
    }
  }
  return { rest: text, entries: [] };
}

/** One after the closing quotation mark. */
function stringEnd(text: string, start: number): number {
  for (let quote = text.indexOf('"', start + 1); quote >= 0; quote = text.indexOf('"', quote + 1)) {
    let backslashes = 0;
    while (text[quote - 1 - backslashes] === '\\') backslashes += 1;
    if (backslashes % 2 === 0) return quote + 1;
  }
  return text.length;
}

/** Where the list begins that belongs to a key which ends here. */
function openingAfter(text: string, end: number, isKey: boolean): number | undefined {
  const opening = isKey ? /^\s*:\s*\[/.exec(text.slice(end, end + 100))?.[0] : undefined;
  return opening === undefined ? undefined : end + opening.length - 1;
}

/** Nothing between the brackets is an empty list, and nothing after a comma is an error that whoever parses it finds. */
function lastEntry(text: string, before: readonly string[]): readonly string[] {
  return before.length === 0 && text.trim() === '' ? [] : [text];
}
