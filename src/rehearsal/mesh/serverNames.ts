// Which names a client takes from a server's certificate: those of the service accounts, unless a DestinationRule lists others.
// Istio's networking/core cluster_tls.go: `subjectAltNames` of mode ISTIO_MUTUAL take the place of the service accounts, as written.
import { ISTIO_NAMESPACE } from '../../shared/istioNames.js';
import { listAt, textAt } from '../api/json.js';
import type { KubeObject } from '../kubeObject.js';

/** A Service as a client in some namespace sees it. */
export interface CalledService {
  readonly name: string;
  readonly namespace: string;
  readonly client: string;
}

/** What a rule writes for the Service; undefined where none does. The client's own rules come first, then the Service's, then the mesh's. */
export function writtenServerNames(rules: readonly KubeObject[], service: CalledService): readonly string[] | undefined {
  const places = [service.client, service.namespace, ISTIO_NAMESPACE];
  const rule = places
    .flatMap((place) => rules.filter(({ metadata }) => metadata.namespace === place))
    .find((candidate) => isFor(candidate, service));
  if (rule === undefined || textAt(rule, 'spec', 'trafficPolicy', 'tls', 'mode') !== 'ISTIO_MUTUAL') return undefined;
  const written = listAt(rule, 'spec', 'trafficPolicy', 'tls', 'subjectAltNames').filter((name) => typeof name === 'string');
  return written.length === 0 ? undefined : written;
}

/** A host is a full name, or a short one in the rule's own namespace. */
function isFor({ metadata, spec }: KubeObject, { name, namespace }: CalledService): boolean {
  const host = textAt(spec, 'host');
  const full = host.includes('.') ? host : `${host}.${metadata.namespace ?? ''}.svc.cluster.local`;
  return full === `${name}.${namespace}.svc.cluster.local`;
}
