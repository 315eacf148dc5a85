// Reads objects of the Gateway API, each reduced to what rules need of it.
import type { GatewayApiFacts, GatewayListenerFacts, GatewayRouteFacts, GatewayRouteKind, ReferenceGrantFacts } from '../../domain/mesh/gatewayApiObjects.js';
import { readNamed, wordsIn } from './gateObjectFacts.js';
import { listIn, numberIn, textIn, valueAt } from './json.js';

const GROUP = 'gateway.networking.k8s.io';
/** Istio's name for a listener that verifies its clients. */
const TERMINATE_MODE = 'gateway.istio.io/tls-terminate-mode';

export function readGatewayApi(object: unknown): GatewayApiFacts | undefined {
  const named = readNamed(object);
  const gatewayClass = textIn(valueAt(object, 'spec', 'gatewayClassName')) ?? '';
  // Classes of other controllers (GKE's `gke-l7-…`) make no proxies of the mesh.
  if (named === undefined || !gatewayClass.startsWith('istio')) return undefined;
  const addresses = listIn(valueAt(object, 'spec', 'addresses')).filter((address) => valueAt(address, 'type') === 'Hostname');
  return {
    ...named,
    gatewayClass,
    listeners: listIn(valueAt(object, 'spec', 'listeners')).map((listener) => readListener(listener, named.namespace)),
    hostnames: addresses.flatMap((address) => textIn(valueAt(address, 'value')) ?? []),
  };
}

function readListener(listener: unknown, namespace: string): GatewayListenerFacts {
  const tls = valueAt(listener, 'tls');
  // Terminate is the API's default; what is passed through needs no certificate here.
  const references = valueAt(tls, 'mode') === 'Passthrough' ? [] : listIn(valueAt(tls, 'certificateRefs'));
  const secrets = references.filter((reference) => (textIn(valueAt(reference, 'kind')) ?? 'Secret') === 'Secret' && (textIn(valueAt(reference, 'group')) ?? '') === '');
  return {
    port: numberIn(valueAt(listener, 'port')) ?? 0,
    certificates: secrets.map((reference) => placeOf(reference, namespace)),
    verifiesClients: textIn(valueAt(tls, 'options', TERMINATE_MODE)) === 'MUTUAL',
  };
}

/** What a reference without a namespace names is in the namespace of the object it stands in. */
function placeOf(reference: unknown, namespace: string): string {
  return `${textIn(valueAt(reference, 'namespace')) ?? namespace}/${textIn(valueAt(reference, 'name')) ?? ''}`;
}

/** Undefined for one that no Gateway is a parent of: Services are parents of routes of the mesh. */
export function readGatewayRoute(kind: GatewayRouteKind, object: unknown): GatewayRouteFacts | undefined {
  const named = readNamed(object);
  if (named === undefined) return undefined;
  const parents = listIn(valueAt(object, 'spec', 'parentRefs')).filter(
    (parent) => (textIn(valueAt(parent, 'kind')) ?? 'Gateway') === 'Gateway' && (textIn(valueAt(parent, 'group')) ?? GROUP) === GROUP,
  );
  const hosts = wordsIn(valueAt(object, 'spec', 'hostnames'));
  if (parents.length === 0) return undefined;
  return { ...named, kind, gateways: parents.map((parent) => placeOf(parent, named.namespace)), hosts: hosts.length === 0 ? ['*'] : hosts };
}

/** Undefined for one that is not from Gateways to Secrets. */
export function readReferenceGrant(object: unknown): ReferenceGrantFacts | undefined {
  const named = readNamed(object);
  const from = listIn(valueAt(object, 'spec', 'from')).filter((one) => valueAt(one, 'group') === GROUP && valueAt(one, 'kind') === 'Gateway');
  const to = listIn(valueAt(object, 'spec', 'to')).filter((one) => (textIn(valueAt(one, 'group')) ?? '') === '' && valueAt(one, 'kind') === 'Secret');
  if (named === undefined || from.length === 0 || to.length === 0) return undefined;
  const names = to.map((one) => textIn(valueAt(one, 'name')));
  return {
    ...named,
    from: from.flatMap((one) => textIn(valueAt(one, 'namespace')) ?? []),
    secrets: names.includes(undefined) ? undefined : names.filter((name) => name !== undefined),
  };
}
