// How many pods a namespace may have: the part of Kubernetes' ResourceQuota that stops rollouts half way.
import type { ObjectStore } from '../clusterBackend.js';
import { fieldsAt, textAt } from '../api/json.js';
import type { KubeObject } from '../kubeObject.js';

const QUOTAS = 'resourcequotas';

/** Pods that are over take no room (pkg/quota/v1/evaluator/core/pods.go). */
function isOver(pod: KubeObject): boolean {
  return ['Succeeded', 'Failed'].includes(textAt(pod, 'status', 'phase'));
}

/** The first quota of its namespace that has no room for the pod, in the words of the admission plugin; undefined where all have. */
export function exceededQuota(store: ObjectStore, { metadata: { name, namespace } }: KubeObject): string | undefined {
  for (const quota of store.list(QUOTAS, namespace)) {
    const { pods: hard } = fieldsAt(quota, 'spec', 'hard');
    if (hard === undefined) continue;
    const used = store.list('pods', namespace).filter((pod) => !isOver(pod)).length;
    if (used + 1 > Number(hard)) return `pods "${name}" is forbidden: exceeded quota: ${quota.metadata.name}, requested: pods=1, used: pods=${used}, limited: pods=${Number(hard)}`;
  }
  return undefined;
}
