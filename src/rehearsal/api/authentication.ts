// Bearer tokens: who holds the rehearsal's one token is let in.
import type { Buffer } from 'node:buffer';
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { unauthorized } from './apiError.js';

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** Whether the client said at all who it is. */
export function hasCredentials(headers: IncomingHttpHeaders): boolean {
  return headers.authorization !== undefined;
}

/** Throws 401 for a missing or wrong token. */
export function authenticate(headers: IncomingHttpHeaders, token: string): void {
  const [, presented] = /^Bearer\s+(.+)$/iu.exec(headers.authorization ?? '') ?? [];
  if (presented === undefined || !timingSafeEqual(digest(presented), digest(token))) throw unauthorized();
}
