// What istiods write into the cluster by themselves: `istio-ca-root-cert` in every namespace, and the webhooks' `caBundle`.
import { CA_ROOT_CONFIG_MAP, DEFAULT_REVISION, REVISION_LABEL } from '../../shared/istioNames.js';
import type { ObjectStore } from '../clusterBackend.js';
import { createReconcileQueue } from '../controllers/reconcileQueue.js';
import type { RehearsalClock } from '../controllers/rehearsalClock.js';
import type { KubeObject } from '../kubeObject.js';
import { maintainsRootConfigMap } from './controlPlane.js';
import type { Istiods, RunningIstiod } from './istiods.js';
import { isIstiod } from './istiods.js';
import { asPod } from './podTypes.js';
import type { InjectionWebhook } from './webhookMatch.js';

const WEBHOOK_CONFIGURATIONS = [
  'mutatingwebhookconfigurations.admissionregistration.k8s.io',
  'validatingwebhookconfigurations.admissionregistration.k8s.io',
] as const;
/** istiod leaves these alone (inject.IgnoredNamespaces). */
const IGNORED_NAMESPACES: readonly string[] = ['kube-system', 'kube-public', 'kube-node-lease', 'local-path-storage'];
const WHOLE_CLUSTER = '';

/** Leader election prefers the default revision; otherwise who holds the lease keeps it. */
function leader(candidates: readonly RunningIstiod[]): RunningIstiod | undefined {
  const byAge = [...candidates].sort((a, b) =>
    a.pod.metadata.creationTimestamp < b.pod.metadata.creationTimestamp ? -1 : 1,
  );
  return byAge.find(({ controlPlane }) => controlPlane.revision === DEFAULT_REVISION) ?? byAge[0];
}

function rootConfigMap(namespace: string, rootPem: string): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: CA_ROOT_CONFIG_MAP, namespace, labels: { 'istio.io/config': 'true' } },
    data: { 'root-cert.pem': rootPem },
  };
}

export function startIstiodUpkeep(tools: {
  readonly store: ObjectStore;
  readonly clock: RehearsalClock;
  readonly istiods: Istiods;
}): void {
  const { store, clock, istiods } = tools;

  const writeRoots = (): void => {
    const root = leader(istiods.ready().filter(({ controlPlane }) => maintainsRootConfigMap(controlPlane)))?.controlPlane.caRoot;
    if (root === undefined) return;
    for (const { metadata } of store.list('namespaces')) {
      if (IGNORED_NAMESPACES.includes(metadata.name) || metadata.deletionTimestamp !== undefined) continue;
      const wanted = rootConfigMap(metadata.name, root);
      const present = store.get('configmaps', metadata.name, CA_ROOT_CONFIG_MAP);
      if (present === undefined) store.create('configmaps', wanted);
      else store.replace('configmaps', { ...present, data: wanted.data });
    }
  };

  const writeBundles = ({ controlPlane }: RunningIstiod): void => {
    if (controlPlane.caRoot === undefined) return;
    const caBundle = Buffer.from(controlPlane.caRoot).toString('base64');
    for (const resource of WEBHOOK_CONFIGURATIONS) {
      for (const configuration of store.list(resource)) {
        if (configuration.metadata.labels?.[REVISION_LABEL] !== controlPlane.revision) continue;
        const webhooks = (configuration.webhooks as readonly InjectionWebhook[]).map((webhook) => ({
          ...webhook,
          clientConfig: { ...webhook.clientConfig, caBundle },
        }));
        store.replace(resource, { ...configuration, webhooks });
      }
    }
  };

  const queue = createReconcileQueue(clock, () => {
    writeRoots();
    istiods.ready().forEach(writeBundles);
  });

  store.onChange(({ type, resource, object }) => {
    const concernsAll =
      (resource === 'pods' && isIstiod(asPod(object))) ||
      (resource === 'namespaces' && type === 'ADDED') ||
      (resource === 'configmaps' && object.metadata.name === CA_ROOT_CONFIG_MAP && type !== 'ADDED') ||
      (WEBHOOK_CONFIGURATIONS.some((name) => name === resource) && type !== 'DELETED');
    if (concernsAll) queue.add(WHOLE_CLUSTER);
  });
}
