// Gateways of the Gateway API: the istiod of the revision that a Gateway's label names makes its Deployment and Service.
import { DEFAULT_REVISION, REVISION_LABEL, TAG_LABEL } from '../../shared/istioNames.js';
import { applyDefaults } from '../api/defaults.js';
import { listAt, numberAt, textAt } from '../api/json.js';
import type { ObjectStore, ResourceName } from '../clusterBackend.js';
import { createReconcileQueue, keyOf, splitKey } from '../controllers/reconcileQueue.js';
import type { RehearsalClock } from '../controllers/rehearsalClock.js';
import type { KubeObject, StoredObject } from '../kubeObject.js';
import { API_GATEWAYS, GATEWAY_NAME_LABEL } from './gatewayApiRoutes.js';
import type { Istiods, RunningIstiod } from './istiods.js';
import { isIstiod } from './istiods.js';
import { asPod, isReady } from './podTypes.js';
import { renderedGatewayTemplate } from './renderedProxy.js';

const MUTATING = 'mutatingwebhookconfigurations.admissionregistration.k8s.io';
const CLASS = 'istio';

/** The revision that looks after a Gateway: its label may name a tag. */
function revisionOf(store: ObjectStore, gateway: StoredObject): string {
  const label = gateway.metadata.labels?.[REVISION_LABEL] ?? DEFAULT_REVISION;
  const tag = store.list(MUTATING).find(({ metadata }) => metadata.labels?.[TAG_LABEL] === label);
  return tag?.metadata.labels?.[REVISION_LABEL] ?? label;
}

function objectsOf(gateway: StoredObject, istiod: RunningIstiod, istiods: Istiods): readonly (readonly [ResourceName, KubeObject])[] {
  const { apiVersion, kind, metadata } = gateway;
  const namespace = metadata.namespace ?? 'default';
  const name = `${metadata.name}-${CLASS}`;
  const selector = { [GATEWAY_NAME_LABEL]: metadata.name };
  const own = {
    name,
    namespace,
    labels: { ...metadata.labels, ...selector, 'gateway.istio.io/managed': 'istio.io-gateway-controller' },
    ownerReferences: [{ apiVersion, kind, name: metadata.name, uid: metadata.uid }],
  };
  const template = renderedGatewayTemplate(istiods.injectorOf(istiod), { namespace, name, serviceAccount: name, labels: { ...selector } });
  const ports = listAt(gateway, 'spec', 'listeners').map((listener) => ({ name: textAt(listener, 'name'), port: numberAt(listener, 80, 'port'), protocol: 'TCP' }));
  const service = { type: 'LoadBalancer', ports: [{ name: 'status-port', port: 15021, protocol: 'TCP' }, ...ports], selector };
  return [
    ['serviceaccounts', { apiVersion: 'v1', kind: 'ServiceAccount', metadata: own }],
    ['deployments.apps', { apiVersion: 'apps/v1', kind: 'Deployment', metadata: own, spec: { selector: { matchLabels: selector }, template } }],
    ['services', { apiVersion: 'v1', kind: 'Service', metadata: own, spec: service }],
  ];
}

/** Applies like istiod's own server-side apply: what others set beside it, such as replicas, stays. */
function apply(store: ObjectStore, resource: ResourceName, object: KubeObject): void {
  const present = store.get(resource, object.metadata.namespace, object.metadata.name);
  if (present === undefined) store.create(resource, applyDefaults(object));
  else if (resource === 'deployments.apps') {
    const { metadata, spec } = applyDefaults(object);
    const { template } = spec as { readonly template: unknown };
    store.replace(resource, { ...present, metadata: { ...present.metadata, labels: { ...metadata.labels } }, spec: { ...(present.spec as object), template } });
  }
}

export function startGatewayApiController(tools: {
  readonly store: ObjectStore;
  readonly clock: RehearsalClock;
  readonly istiods: Istiods;
}): void {
  const { store, clock, istiods } = tools;
  const queue = createReconcileQueue(clock, (key) => {
    const gateway = store.get(API_GATEWAYS, ...splitKey(key));
    if (gateway === undefined || textAt(gateway, 'spec', 'gatewayClassName') !== CLASS) return;
    const revision = revisionOf(store, gateway);
    const istiod = istiods.ready().find(({ controlPlane }) => controlPlane.revision === revision);
    // Nobody's Gateway stays as it is: a label that names no running control plane moves nothing.
    if (istiod === undefined) return;
    for (const [resource, object] of objectsOf(gateway, istiod, istiods)) apply(store, resource, object);
  });
  store.onChange(({ type, resource, object, previous }) => {
    if (resource === API_GATEWAYS && type !== 'DELETED') queue.add(keyOf(object));
    const becomesReady = resource === 'pods' && isIstiod(asPod(object)) && isReady(asPod(object)) && !(previous && isReady(asPod(previous)));
    if (becomesReady || resource === MUTATING) store.list(API_GATEWAYS).forEach((gateway) => { queue.add(keyOf(gateway)); });
  });
}
