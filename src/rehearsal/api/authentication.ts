// Who is asking: bearer tokens stand for users, and a user who may impersonate can ask as another (`kubectl --as`).
import type { Buffer } from 'node:buffer';
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { unauthorized } from './apiError.js';

/** A user as RBAC knows one. */
export interface ApiUser {
  readonly name: string;
  readonly groups: readonly string[];
}

/** A token with the user that it stands for. */
export interface Credential {
  readonly token: string;
  readonly user: ApiUser;
}

const AUTHENTICATED = 'system:authenticated';

/** The user of the server's own token: as on GKE the creator of a cluster, allowed everything. */
export const ADMINISTRATOR: ApiUser = { name: 'rehearsal', groups: ['system:masters', AUTHENTICATED] };

export function userNamed(name: string, ...groups: readonly string[]): ApiUser {
  return { name, groups: [...groups, AUTHENTICATED] };
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** Whether the client said at all who it is. */
export function hasCredentials(headers: IncomingHttpHeaders): boolean {
  return headers.authorization !== undefined;
}

function presentedToken(headers: IncomingHttpHeaders): string {
  return /^Bearer\s+(.+)$/iu.exec(headers.authorization ?? '')?.[1] ?? '';
}

function isToken(presented: string, token: string): boolean {
  return presented !== '' && timingSafeEqual(digest(presented), digest(token));
}

/** Throws 401 for a missing or wrong token. */
export function authenticate(headers: IncomingHttpHeaders, token: string): void {
  if (!isToken(presentedToken(headers), token)) throw unauthorized();
}

/** The user of the presented token; throws 401 for a missing or unknown one. */
export function authenticatedUser(headers: IncomingHttpHeaders, credentials: readonly Credential[]): ApiUser {
  const presented = presentedToken(headers);
  const known = credentials.find(({ token }) => isToken(presented, token));
  if (!known) throw unauthorized();
  return known.user;
}

/** Whom the request is made as, where it is made as another. */
export function impersonated(headers: IncomingHttpHeaders): ApiUser | undefined {
  const name = headers['impersonate-user'];
  if (typeof name !== 'string' || name === '') return undefined;
  // Node joins the lines of a header that occurs more than once.
  const groups = [headers['impersonate-group'] ?? []].flat().join(',').split(',').map((group) => group.trim());
  return userNamed(name, ...groups.filter((group) => group !== '' && group !== AUTHENTICATED));
}
