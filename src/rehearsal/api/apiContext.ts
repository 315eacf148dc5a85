// What the handlers of one server share, and what a handler is told about one request.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ClusterBackend } from '../clusterBackend.js';
import type { AccessPolicy } from './accessPolicy.js';
import type { ApiUser } from './authentication.js';
import type { ChangeLog } from './changeLog.js';
import type { ListPages } from './listPages.js';
import type { Representation } from './representation.js';
import type { RequestBody } from './requestBody.js';
import type { Target } from './requestTarget.js';

export interface ApiContext {
  readonly backend: ClusterBackend;
  readonly access: AccessPolicy | undefined;
  readonly now: () => Date;
  readonly changes: ChangeLog;
  readonly pages: ListPages;
}

/** One request for a resource, after authentication and access control. */
export interface ResourceRequest {
  readonly method: string;
  readonly user: ApiUser;
  readonly params: URLSearchParams;
  readonly target: Target;
  readonly body: RequestBody;
  readonly representation: Representation;
  /** For watches, which write their events themselves. */
  readonly http: { readonly request: IncomingMessage; readonly response: ServerResponse };
}

/** True when the change is to be tried and answered, not made (`--dry-run=server`). */
export function isDryRun(request: ResourceRequest): boolean {
  return request.params.getAll('dryRun').includes('All');
}
