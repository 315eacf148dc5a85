// Walks an API document by path, so that tests read it as a client would without knowing its type.
import { listAt, textAt, valueAt } from '../../src/rehearsal/api/json.js';

type Path = readonly (string | number)[];

export interface ApiDocument {
  /** The value at a path, undefined when there is none. */
  at(...path: Path): unknown;
  text(...path: Path): string;
  list(...path: Path): readonly ApiDocument[];
}

export function readDocument(root: unknown): ApiDocument {
  return {
    at: (...path) => valueAt(root, path),
    text: (...path) => textAt(root, ...path),
    list: (...path) => listAt(root, ...path).map(readDocument),
  };
}
