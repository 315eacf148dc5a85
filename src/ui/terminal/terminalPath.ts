// Puts directories first on PATH in the terminals of this window, beside what a rehearsal may have put there.
import path from 'node:path';
import type * as vscode from 'vscode';

const PATH = 'PATH';
/** `vscode.EnvironmentVariableMutatorType.Replace`, as a value so that this can be tested without an editor. */
const REPLACE = 1;

export type PathCollection = Pick<vscode.EnvironmentVariableCollection, 'get' | 'prepend' | 'replace' | 'delete' | 'persistent'>;

/** One directory at a time: a second one takes the first one's place. */
export class TerminalPath {
  readonly #collection: PathCollection;
  #first: string | undefined;

  constructor(collection: PathCollection) {
    this.#collection = collection;
    // What the window before had is found out anew, and a window without the plan has nothing of it.
    collection.persistent = false;
  }

  /**
   * A variable has one change: where a rehearsal replaces PATH, the directory goes in front of what it says. A rehearsal that starts
   * or stops takes all changes away, so this is called again and again, and does nothing where the directory is first already.
   */
  putFirst(directory: string): void {
    const known = this.#collection.get(PATH);
    if (this.#first === directory && known?.value.startsWith(`${directory}${path.delimiter}`) === true) return;
    const before = this.#first === undefined ? undefined : `${this.#first}${path.delimiter}`;
    this.#first = directory;
    if (known === undefined || (known.type as number) !== REPLACE) {
      this.#collection.prepend(PATH, `${directory}${path.delimiter}`);
      return;
    }
    const rest = before !== undefined && known.value.startsWith(before) ? known.value.slice(before.length) : known.value;
    this.#collection.replace(PATH, `${directory}${path.delimiter}${rest}`);
  }

  /** PATH is again what it is without this. */
  clear(): void {
    if (this.#first === undefined) return;
    const own = `${this.#first}${path.delimiter}`;
    this.#first = undefined;
    const known = this.#collection.get(PATH);
    if (known?.value.startsWith(own) !== true) return;
    if ((known.type as number) === REPLACE) this.#collection.replace(PATH, known.value.slice(own.length));
    else this.#collection.delete(PATH);
  }
}
