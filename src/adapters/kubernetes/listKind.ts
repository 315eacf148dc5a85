// Lists one kind of one cluster, page by page.
import type { Result } from '../../shared/failure.js';
import { fail, succeed } from '../../shared/failure.js';
import type { ApiClient, ApiPath } from './apiRequest.js';
import { listIn, textIn, valueAt } from './json.js';

const PAGE_SIZE = 500;

export interface ListWatchTarget<Facts> extends ApiPath {
  /** For the log. */
  readonly name: string;
  /** Undefined for objects that are none of our business. */
  readonly read: (object: unknown) => Facts | undefined;
}

export interface ListedKind<Facts> {
  readonly objects: readonly Facts[];
  /** Where a watch goes on from. */
  readonly version: string;
}

/**
 * One object as facts. An exception is a mistake of ours, and fails the kind instead of ending its reader: an object that was
 * passed over would look like one that is not there.
 */
export function readObject<Facts>({ read }: Pick<ListWatchTarget<Facts>, 'read'>, object: unknown): Result<Facts | undefined> {
  try {
    return succeed(read(object));
  } catch (error) {
    const [namespace, name] = ['namespace', 'name'].map((field) => textIn(valueAt(object, 'metadata', field)) ?? '');
    return fail({ kind: 'unexpected', reason: `${[namespace, name].join('/')}: ${error instanceof Error ? error.message : String(error)}` });
  }
}

/** All objects as facts. `showPage` is told each page as it comes, the last one included. */
export async function listKind<Facts>(
  target: ListWatchTarget<Facts>,
  api: ApiClient,
  signal: AbortSignal,
  showPage: (objects: readonly Facts[]) => void,
): Promise<Result<ListedKind<Facts>>> {
  const objects: Facts[] = [];
  let next: string | undefined;
  for (;;) {
    const query = { ...target.query, limit: String(PAGE_SIZE), ...(next === undefined ? {} : { continue: next }) };
    const page = await api.getJson({ path: target.path, query, ...(target.accept === undefined ? {} : { accept: target.accept }) }, signal);
    if (!page.ok) return page;
    if (!Array.isArray(valueAt(page.value, 'items')) && valueAt(page.value, 'items') !== null) {
      return fail({ kind: 'apiError', status: 200, reason: 'the answer is not a list' });
    }
    const found: Facts[] = [];
    for (const item of listIn(valueAt(page.value, 'items'))) {
      const read = readObject(target, item);
      if (!read.ok) return read;
      if (read.value !== undefined) found.push(read.value);
    }
    objects.push(...found);
    showPage(found);
    const token = textIn(valueAt(page.value, 'metadata', 'continue')) ?? '';
    if (token === '') return succeed({ objects, version: textIn(valueAt(page.value, 'metadata', 'resourceVersion')) ?? '' });
    // The same token twice would list for ever.
    if (token === next) return fail({ kind: 'apiError', status: 200, reason: 'the list does not come to an end' });
    next = token;
  }
}
