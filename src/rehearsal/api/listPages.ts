// Paged lists: every page comes from the list as it stood at the first one, and a token that is too old is refused with 410.
import { randomUUID } from 'node:crypto';
import { Buffer } from 'node:buffer';
import type { StoredObject } from '../kubeObject.js';
import { ApiError, badRequest } from './apiError.js';
import { isObject } from './json.js';

/** How many begun lists are kept; objects are shared with the store, so each costs a pointer per object. */
const KEPT_LISTS = 32;

interface BegunList {
  readonly objects: readonly StoredObject[];
  readonly resourceVersion: string;
}

export interface Page {
  readonly objects: readonly StoredObject[];
  readonly resourceVersion: string;
  /** Token for the next page, when there is one. */
  readonly next?: string;
  readonly remaining?: number;
}

export interface ListPages {
  first(list: BegunList, limit: number): Page;
  /** Throws 410 Expired for a list that is no longer kept, 400 for a token that was never given out. */
  next(token: string, limit: number): Page;
}

interface Position {
  readonly list: string;
  readonly start: number;
}

function writeToken(position: Position): string {
  return Buffer.from(JSON.stringify({ v: 'meta.k8s.io/v1', ...position })).toString('base64url');
}

function readToken(token: string): Position {
  try {
    const value: unknown = JSON.parse(Buffer.from(token, 'base64url').toString('utf8'));
    if (isObject(value) && typeof value.list === 'string' && typeof value.start === 'number') {
      return { list: value.list, start: value.start };
    }
  } catch {
    // Falls through to the same answer as for JSON of another shape.
  }
  throw badRequest('continue key is not valid: incorrect encoding or unrecognized token');
}

const STALE =
  'The provided continue parameter is too old to display a consistent list result. You can start a new list without the ' +
  'continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with ' +
  'the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the ' +
  'first chunk was returned and now may show up in the list.';

export function createListPages(): ListPages {
  const begun = new Map<string, BegunList>();
  const pageAt = (id: string, list: BegunList, start: number, limit: number): Page => {
    const end = limit > 0 ? start + limit : list.objects.length;
    const objects = list.objects.slice(start, end);
    const { resourceVersion } = list;
    if (end >= list.objects.length) return { objects, resourceVersion };
    return { objects, resourceVersion, next: writeToken({ list: id, start: end }), remaining: list.objects.length - end };
  };
  return {
    first(list, limit) {
      const id = randomUUID();
      const page = pageAt(id, list, 0, limit);
      if (page.next !== undefined) {
        begun.set(id, list);
        const [oldest] = begun.keys();
        if (begun.size > KEPT_LISTS && oldest !== undefined) begun.delete(oldest);
      }
      return page;
    },
    next(token, limit) {
      const position = readToken(token);
      const list = begun.get(position.list);
      if (!list) throw new ApiError(410, 'Expired', STALE);
      return pageAt(position.list, list, position.start, limit);
    },
  };
}
