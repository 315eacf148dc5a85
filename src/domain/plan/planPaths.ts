// Paths in the plan file: what a shell would have expanded is refused, because neither asmcli nor we would.
import type { Message } from '../../shared/text/message.js';
import { message } from '../../shared/text/message.js';
import type { PlanNode, TextPlace } from './planDocument.js';
import type { PlanFieldReader } from './planFieldReader.js';

/** What only a shell understands: `$PWD`, `${HOME}`, `$(pwd)`, `%USERPROFILE%`, backticks. */
const EXPANSION = /\$\w+|\$\{[^}]*\}?|\$\(|`|%\w+%/;
const PLACEHOLDER = /^[A-Z]+(_[A-Z]+)+$/;

/** Why the text cannot be a path; undefined when it can. asmcli takes `$PWD` and `~` for names of folders. */
export function pathProblem(path: string): Message | undefined {
  if (path.trim() === '') return message('plan.path.empty');
  if (path.startsWith('~')) return message('plan.path.tilde', { path });
  const expansion = EXPANSION.exec(path)?.[0];
  if (expansion !== undefined) return message('plan.path.variable', { variable: expansion });
  if (/\p{Cc}/u.test(path)) return message('plan.path.control');
  return PLACEHOLDER.test(path) ? message('plan.path.placeholder', { path }) : undefined;
}

/** The last part of a path of either kind of separator. */
export function fileName(path: string): string {
  return path.split(/[\\/]/).at(-1) ?? path;
}

/** A path, absolute, and where the plan names it. */
export interface PlacedPath extends TextPlace {
  readonly path: string;
}

/** Reads paths as absolute ones and remembers where they stand, for those who then look at the files. */
export class PlanPathReader {
  readonly placed = new Map<string, PlacedPath>();
  readonly #fields: PlanFieldReader;
  readonly #resolve: (path: string) => string;

  constructor(fields: PlanFieldReader, resolve: (path: string) => string) {
    this.#fields = fields;
    this.#resolve = resolve;
  }

  /** `pointer` is the way to the field, its parts joined by slashes. */
  read(node: PlanNode | undefined, pointer: string): string | undefined {
    const path = this.#fields.text(node);
    if (node === undefined || path === undefined) return undefined;
    const problem = pathProblem(path);
    if (problem !== undefined) {
      this.#fields.report(node, problem);
      return undefined;
    }
    const absolute = this.#resolve(path);
    this.place(pointer, node, absolute);
    return absolute;
  }

  /** Remembers where something stands that is looked up beside a path. */
  place(pointer: string, { offset, length }: TextPlace, path: string): void {
    this.placed.set(pointer, { offset, length, path });
  }
}
