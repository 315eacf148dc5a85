// Watches: what is there or what has happened since a version, then every change, as newline-separated JSON until somebody ends it.
import type { StoreEvent } from '../clusterBackend.js';
import type { StoredObject } from '../kubeObject.js';
import type { ApiContext, ResourceRequest } from './apiContext.js';
import { badRequest, expired } from './apiError.js';
import type { Match } from './labelSelector.js';
import { parseSelectors, parseVersion, refuseFutureVersion } from './listing.js';
import { resourceName } from './resources.js';

/** The real server ends a watch without a timeout after half an hour to an hour. */
const DEFAULT_TIMEOUT_S = 1800;
const BOOKMARK_INTERVAL_MS = 60_000;
/** A client that lets this much pile up is cut off, as the real server's watch cache does; it will list anew. */
const MAX_UNSENT_BYTES = 128 * 1024 * 1024;

type WatchEventType = 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';

/** How a change looks through a selector: what comes into view is added, what leaves it is deleted. */
export function eventThroughSelector(event: StoreEvent, match: Match): 'ADDED' | 'MODIFIED' | 'DELETED' | undefined {
  const was = event.previous !== undefined && match(event.previous);
  const is = event.type !== 'DELETED' && match(event.object);
  if (is) return was ? 'MODIFIED' : 'ADDED';
  return was ? 'DELETED' : undefined;
}

/** What an event shows of an object that left the view: its last state in view, with the version of the change. */
function shownObject(event: StoreEvent, type: WatchEventType): StoredObject {
  if (type !== 'DELETED' || event.previous === undefined) return event.object;
  return { ...event.previous, metadata: { ...event.previous.metadata, resourceVersion: event.object.metadata.resourceVersion } };
}

class WatchStream {
  readonly #context: ApiContext;
  readonly #request: ResourceRequest;
  readonly #match: Match;

  constructor(context: ApiContext, request: ResourceRequest) {
    this.#context = context;
    this.#request = request;
    this.#match = parseSelectors(request);
  }

  /** Writes everything that is known at once, then follows. Request errors are thrown before a byte is written. */
  start(): void {
    const { params, target } = this.#request;
    const version = parseVersion(params.get('resourceVersion'));
    const sendInitialEvents = params.get('sendInitialEvents');
    if (sendInitialEvents !== null && params.get('resourceVersionMatch') !== 'NotOlderThan') {
      throw badRequest('resourceVersionMatch: Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan');
    }
    if (version !== undefined) refuseFutureVersion(this.#context, version);
    this.#begin();
    if (sendInitialEvents === 'true' || (version === undefined && sendInitialEvents === null)) {
      this.#sendPresent(sendInitialEvents === 'true');
    } else if (version !== undefined && !this.#replay(version)) {
      return;
    }
    this.#follow(resourceName(target.resource));
  }

  #begin(): void {
    const { response } = this.#request.http;
    response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-cache, private' });
    response.flushHeaders();
  }

  #sendPresent(withBookmark: boolean): void {
    const { store } = this.#context.backend;
    const { target } = this.#request;
    for (const object of store.list(resourceName(target.resource), target.namespace)) {
      if (this.#match(object)) this.#send('ADDED', this.#request.representation.event(object));
    }
    if (withBookmark) this.#bookmark({ 'k8s.io/initial-events-end': 'true' });
  }

  /** False when the version is too old: the real server says so inside the stream and ends it. */
  #replay(version: number): boolean {
    const { target, http } = this.#request;
    const name = resourceName(target.resource);
    const events = this.#context.changes.since(name, target.namespace, version);
    if (events === undefined) {
      this.#send('ERROR', expired(`too old resource version: ${version} (${this.#context.changes.oldest(name)})`).toStatus());
      http.response.end();
      return false;
    }
    for (const event of events) this.#sendChange(event);
    return true;
  }

  #follow(resource: string): void {
    const { params, target, http } = this.#request;
    const timeoutS = Number(params.get('timeoutSeconds') ?? '0') || DEFAULT_TIMEOUT_S;
    const wantsBookmarks = params.get('allowWatchBookmarks') === 'true' || params.get('allowWatchBookmarks') === '1';
    const unsubscribe = this.#context.changes.subscribe({
      resource,
      ...(target.namespace === undefined ? {} : { namespace: target.namespace }),
      listener: (event) => {
        this.#sendChange(event);
        if (http.response.writableLength > MAX_UNSENT_BYTES) http.response.destroy();
      },
    });
    const bookmarks = wantsBookmarks ? setInterval(() => { this.#bookmark(); }, BOOKMARK_INTERVAL_MS) : undefined;
    const end = setTimeout(() => {
      // A last bookmark lets the client go on from here instead of from its last event.
      if (wantsBookmarks) this.#bookmark();
      http.response.end();
    }, timeoutS * 1000);
    http.response.once('close', () => {
      unsubscribe();
      clearInterval(bookmarks);
      clearTimeout(end);
    });
  }

  #sendChange(event: StoreEvent): void {
    const type = eventThroughSelector(event, this.#match);
    if (type !== undefined) this.#send(type, this.#request.representation.event(shownObject(event, type)));
  }

  #bookmark(annotations?: Readonly<Record<string, string>>): void {
    const { resourceVersion } = this.#context.backend.store;
    this.#send('BOOKMARK', this.#request.representation.bookmark({ resourceVersion, ...(annotations ? { annotations } : {}) }));
  }

  #send(type: WatchEventType, object: unknown): void {
    const { response } = this.#request.http;
    if (response.writableEnded || response.destroyed) return;
    response.write(`${JSON.stringify({ type, object })}\n`);
  }
}

/** Takes over the response; it ends at `timeoutSeconds`, or when client or server go away. */
export function watchObjects(context: ApiContext, request: ResourceRequest): void {
  new WatchStream(context, request).start();
}
