// Lists of a resource: selectors, pages, and the version from which a watch goes on.
import type { Answer } from './answer.js';
import { ok } from './answer.js';
import type { ApiContext, ResourceRequest } from './apiContext.js';
import { ApiError, badRequest, expired } from './apiError.js';
import { parseFieldSelector } from './fieldSelector.js';
import { parseLabelSelector } from './labelSelector.js';
import type { Match } from './labelSelector.js';
import type { Page } from './listPages.js';
import { resourceName } from './resources.js';

/** Both selectors of a list or watch, as one test. */
export function parseSelectors(request: ResourceRequest): Match {
  const byLabel = parseLabelSelector(request.params.get('labelSelector'));
  const byField = parseFieldSelector(resourceName(request.target.resource), request.params.get('fieldSelector'));
  return (object) => byLabel(object) && byField(object);
}

/** A version parameter as a number; undefined when it is missing, empty or 0, which all mean "any". */
export function parseVersion(text: string | null): number | undefined {
  if (text === null || text === '' || text === '0') return undefined;
  if (!/^\d+$/u.test(text)) {
    throw badRequest(`resourceVersion: Invalid value: "${text}": strconv.ParseUint: parsing "${text}": invalid syntax`);
  }
  return Number(text);
}

/** A version ahead of the store can only come from another cluster, or from the future. */
export function refuseFutureVersion(context: ApiContext, version: number): void {
  const current = Number(context.backend.store.resourceVersion);
  if (version <= current) return;
  throw new ApiError(504, 'Timeout', `Timeout: Too large resource version: ${version}, current: ${current}`, {
    retryAfterSeconds: 1,
    causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
  });
}

function checkVersion(context: ApiContext, request: ResourceRequest): void {
  const version = parseVersion(request.params.get('resourceVersion'));
  if (version === undefined) return;
  refuseFutureVersion(context, version);
  // Old states are not kept, so an exact one can be answered only while it is the present one.
  const isExact = request.params.get('resourceVersionMatch') === 'Exact';
  if (isExact && version !== Number(context.backend.store.resourceVersion)) {
    throw expired('The resourceVersion for the provided list is too old.');
  }
}

function readPage(context: ApiContext, request: ResourceRequest): Page {
  const limit = Number(request.params.get('limit') ?? '0') || 0;
  const token = request.params.get('continue') ?? '';
  if (token !== '') return context.pages.next(token, limit);
  checkVersion(context, request);
  const { store } = context.backend;
  const objects = store.list(resourceName(request.target.resource), request.target.namespace).filter(parseSelectors(request));
  return context.pages.first({ objects, resourceVersion: store.resourceVersion }, limit);
}

export function listObjects(context: ApiContext, request: ResourceRequest): Answer {
  const { objects, resourceVersion, next, remaining } = readPage(context, request);
  // The real server cannot count what a selector will leave, so it says nothing then.
  const isSelected = request.params.has('labelSelector') || request.params.has('fieldSelector');
  const metadata = {
    resourceVersion,
    ...(next === undefined ? {} : { continue: next }),
    ...(remaining === undefined || isSelected ? {} : { remainingItemCount: remaining }),
  };
  return ok(request.representation.list(objects, metadata));
}
