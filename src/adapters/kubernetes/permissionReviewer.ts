// Asks a cluster what the user may do there, one SelfSubjectAccessReview a question. Nothing is stored by that.
import type { Permission, PermissionReviewer } from '../../app/migration/ports.js';
import type { Clock } from '../../app/ports.js';
import type { ClusterRef } from '../../domain/cluster.js';
import type { Result } from '../../shared/failure.js';
import { fail, succeed } from '../../shared/failure.js';
import type { ApiClient } from './apiRequest.js';
import { apiClient } from './apiRequest.js';
import type { ClusterConnections } from './clusterConnection.js';
import { valueAt } from './json.js';

const REVIEWS = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';

export class KubernetesPermissionReviewer implements PermissionReviewer {
  readonly #connections: ClusterConnections;
  readonly #clock: Clock;

  constructor(connections: ClusterConnections, clock: Clock) {
    this.#connections = connections;
    this.#clock = clock;
  }

  async review(cluster: ClusterRef, permissions: readonly Permission[], signal: AbortSignal): Promise<Result<readonly boolean[]>> {
    const api = apiClient(cluster, this.#connections, this.#clock);
    const answers = await Promise.all(permissions.map((permission) => reviewOne(api, permission, signal)));
    const allowed: boolean[] = [];
    for (const answer of answers) {
      if (!answer.ok) return answer;
      allowed.push(answer.value);
    }
    return succeed(allowed);
  }
}

/** A resource such as `pods/exec` is asked for as resource and subresource. */
async function reviewOne(api: ApiClient, { verb, group, resource, namespace }: Permission, signal: AbortSignal): Promise<Result<boolean>> {
  const [plural = '', subresource] = resource.split('/');
  const resourceAttributes = {
    ...{ verb, group, resource: plural },
    ...(subresource === undefined ? {} : { subresource }),
    ...(namespace === undefined ? {} : { namespace }),
  };
  const body = JSON.stringify({ apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectAccessReview', spec: { resourceAttributes } });
  const answer = await api.getJson({ path: REVIEWS, query: {}, send: { method: 'POST', contentType: 'application/json', body } }, signal);
  if (!answer.ok) return answer;
  const allowed = valueAt(answer.value, 'status', 'allowed');
  if (typeof allowed !== 'boolean') return fail({ kind: 'apiError', status: 200, reason: 'the review has no answer in it' });
  return succeed(allowed);
}
