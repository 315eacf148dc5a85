// How watches go wrong: they break, fall silent, or end with an ERROR event inside a stream that began well.
import type { ServerResponse } from 'node:http';
import { ApiError, expired } from '../api/apiError.js';
import type { WatchTrouble } from './fault.js';

const DECODING = 'unable to decode an event from the watch stream: etcd event received with PrevKv=nil';

/** As the watch cache says it when it has moved on, and when it gave up on a slow watcher. */
function lastEvent(trouble: 'expire' | 'error'): string {
  const error = trouble === 'expire' ? expired('too old resource version') : new ApiError(500, 'InternalError', DECODING);
  return `${JSON.stringify({ type: 'ERROR', object: error.toStatus() })}\n`;
}

/** Nothing that is written from now on is sent: as though the network lost it. The connection stays open. */
function silence(response: ServerResponse): void {
  const swallow = (): boolean => true;
  Object.assign(response, { write: swallow, end: () => response });
}

/** To a watch that has begun. */
export function disturbOpenWatch(response: ServerResponse, trouble: WatchTrouble): void {
  switch (trouble) {
    case 'break':
      response.destroy();
      return;
    case 'silent':
      silence(response);
      return;
    case 'expire':
    case 'error':
      response.end(lastEvent(trouble));
      return;
  }
}

/** Instead of serving a watch that is asked for: it begins well all the same. */
export function disturbNewWatch(response: ServerResponse, trouble: WatchTrouble): void {
  response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-cache, private' });
  response.flushHeaders();
  // Its headers have to be on their way before it breaks.
  if (trouble === 'break') setImmediate(() => { response.destroy(); });
  else if (trouble !== 'silent') response.end(lastEvent(trouble));
}
