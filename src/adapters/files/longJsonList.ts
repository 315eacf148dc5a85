// Cuts one long list out of the bytes of a JSON object, so that neither is decoded or parsed in one stretch. Decides nothing: what
// is no JSON is found by whoever parses the pieces. Every character that JSON is built of is one byte in UTF-8, and a byte of no other.

/** From one byte up to another, which is not part of it. */
export interface Piece {
  readonly from: number;
  readonly to: number;
}

export interface CutJson {
  /** The text with an empty list in the list's place; the whole text where there is no such list. */
  readonly rest: string;
  /** Where the list's entries are, in order; between two of them there is a comma and nothing else. */
  readonly entries: readonly Piece[];
}

/** Bytes between two pauses: well below a millisecond. */
const STRETCH = 64 * 1024;
const [QUOTE, BACKSLASH, COMMA] = [0x22, 0x5c, 0x2c];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];

/** Where a place in the text is: how deep in brackets, and where the list and its present entry began. */
interface Place {
  depth: number;
  listAt: number | undefined;
  entryAt: number;
}

export function decoded(bytes: Uint8Array, from = 0, to = bytes.length): string {
  return new TextDecoder().decode(bytes.subarray(from, to));
}

/** In stretches: it may be interrupted at each `yield`. `name` is a field of the outermost object; of several of that name the first is cut. */
export function* cutList(bytes: Uint8Array, name: string): Generator<undefined, CutJson, undefined> {
  const place: Place = { depth: 0, listAt: undefined, entryAt: 0 };
  const entries: Piece[] = [];
  const key = JSON.stringify(name);
  let pauseAt = STRETCH;
  for (let at = 0; at < bytes.length; at += 1) {
    if (at >= pauseAt) {
      pauseAt = at + STRETCH;
      yield;
    }
    switch (bytes[at]) {
      case QUOTE: {
        const end = stringEnd(bytes, at);
        const opening = place.depth === 1 && place.listAt === undefined ? openingAfter(bytes, end, decoded(bytes, at, end) === key) : undefined;
        if (opening !== undefined) {
          place.depth += 1;
          place.listAt = opening;
          place.entryAt = opening + 1;
        }
        at = opening ?? end - 1;
        break;
      }
      case OPEN_OBJECT:
      case OPEN_LIST:
        place.depth += 1;
        break;
      case COMMA:
        if (place.listAt === undefined || place.depth !== 2) break;
        entries.push({ from: place.entryAt, to: at });
        place.entryAt = at + 1;
        break;
      case CLOSE_OBJECT:
      case CLOSE_LIST:
        place.depth -= 1;
        if (place.listAt === undefined || place.depth !== 1) break;
        if (bytes[at] !== CLOSE_LIST) return { rest: decoded(bytes), entries: [] };
        // Nothing between the brackets is an empty list, and nothing after a comma is an error that whoever parses it finds.
        if (entries.length > 0 || decoded(bytes, place.entryAt, at).trim() !== '') entries.push({ from: place.entryAt, to: at });
        return { rest: decoded(bytes, 0, place.listAt + 1) + decoded(bytes, at), entries };
      default:
        break;
    }
  }
  return { rest: decoded(bytes), entries: [] };
}

/** One after the closing quotation mark. */
function stringEnd(bytes: Uint8Array, start: number): number {
  for (let quote = bytes.indexOf(QUOTE, start + 1); quote >= 0; quote = bytes.indexOf(QUOTE, quote + 1)) {
    let backslashes = 0;
    while (bytes[quote - 1 - backslashes] === BACKSLASH) backslashes += 1;
    if (backslashes % 2 === 0) return quote + 1;
  }
  return bytes.length;
}

/** Where the list begins that belongs to a key which ends here. */
function openingAfter(bytes: Uint8Array, end: number, isKey: boolean): number | undefined {
  const opening = isKey ? /^\s*:\s*\[/.exec(decoded(bytes, end, end + 100))?.[0] : undefined;
  return opening === undefined ? undefined : end + opening.length - 1;
}
