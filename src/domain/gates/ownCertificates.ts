// Templates whose pods bring certificates of their own (SPIRE, files): what those trust nobody hands out, and nobody can read beforehand.
import type { ClusterGateFacts } from './gateFacts.js';
import { wrong } from './obstacle.js';
import type { Obstacle } from './obstacle.js';

/** No pod of them has to live for it: scaled to nothing now, they are back at any moment. Proxies that live are named themselves. */
export function* creatableWithOwnCertificates({ cluster, creatable, proxies }: ClusterGateFacts): Generator<Obstacle> {
  for (const { namespace, workload, outcome, ownCertificates, waived } of creatable) {
    if (!ownCertificates || waived || outcome.kind === 'withoutSidecar') continue;
    const isNamed = proxies.some((proxy) => proxy.namespace === namespace && proxy.workload === workload && proxy.standing.kind === 'ownCertificates');
    if (!isNamed) yield wrong('creatableOwnCertificates', cluster, `${namespace}/${workload}`);
  }
}
