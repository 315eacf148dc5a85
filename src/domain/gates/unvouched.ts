// Templates for whose pods no control plane vouches: with certificates of their own (SPIRE, files), whose trust nobody hands out, and
// without Envoy (gRPC), where nobody can ask what they trust.
import { message } from '../../shared/text/message.js';
import type { ClusterGateFacts } from './gateFacts.js';
import { creatableUnknown, wrong } from './obstacle.js';
import type { Obstacle } from './obstacle.js';

/** No pod of them has to live for it: scaled to nothing now, they are back at any moment. Proxies that live are named themselves. */
export function* creatableUnvouched({ cluster, creatable, proxies }: ClusterGateFacts): Generator<Obstacle> {
  for (const { namespace, workload, outcome, ownCertificates, proxyless, waived } of creatable) {
    if (waived || outcome.kind === 'withoutSidecar') continue;
    const isNamedAs = (kind: 'ownCertificates' | 'unknown'): boolean =>
      proxies.some((proxy) => proxy.namespace === namespace && proxy.workload === workload && proxy.standing.kind === kind);
    const subject = `${namespace}/${workload}`;
    if (ownCertificates && !isNamedAs('ownCertificates')) yield wrong('creatableOwnCertificates', cluster, subject);
    if (proxyless === true && !isNamedAs('unknown')) yield creatableUnknown(cluster, subject, message('reason.proxyless'));
  }
}
