// Cuts the body of a watch into its JSON lines as they arrive, with a bound, so that a runaway answer cannot fill memory.

/** Far above the largest object that etcd stores (about 1.5 MB). */
const MAX_LINE_CHARACTERS = 16 * 1024 * 1024;

export class JsonLines {
  #rest = '';
  readonly #maxCharacters: number;

  constructor(maxCharacters = MAX_LINE_CHARACTERS) {
    this.#maxCharacters = maxCharacters;
  }

  /** The values of the lines that this text completes. Throws a SyntaxError on a line that is not JSON, or too long. */
  push(text: string): readonly unknown[] {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    if (this.#rest.length > this.#maxCharacters) throw new SyntaxError('a line of the watch is too long');
    return lines.filter((line) => line.trim() !== '').map((line) => JSON.parse(line) as unknown);
  }
}
