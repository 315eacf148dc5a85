// Admission of new pods in one simulated cluster: the injection webhooks that stand in the cluster's store, really called; then quotas.
import { INJECTION_STATUS_ANNOTATION, PROXY_CONTAINER } from '../../shared/istioNames.js';
import type { ObjectStore, PodAdmission } from '../clusterBackend.js';
import { injects } from './controlPlane.js';
import { injectProxy, isLeftAlone } from './injection.js';
import type { Istiods } from './istiods.js';
import type { Pod } from './podTypes.js';
import { exceededQuota } from './podQuota.js';
import { containerNamed } from './podTypes.js';
import { callFailure, callWebhook } from './webhookCall.js';
import { matchingWebhooks, POD_CREATION } from './webhookMatch.js';
import type { InjectionWebhook } from './webhookMatch.js';

const MUTATING = 'mutatingwebhookconfigurations.admissionregistration.k8s.io';

function isInjected(pod: Pod): boolean {
  const proxy = containerNamed(pod.spec, PROXY_CONTAINER);
  return proxy !== undefined && proxy.image !== 'auto' && pod.metadata.annotations?.[INJECTION_STATUS_ANNOTATION] !== undefined;
}

type Answer = { readonly pod: Pod } | { readonly failure: string };

export function createPodAdmission(store: ObjectStore, istiods: Istiods): PodAdmission {
  const webhooks = (): readonly InjectionWebhook[] =>
    store.list(MUTATING).flatMap((configuration) => configuration.webhooks as readonly InjectionWebhook[]);

  const call = (webhook: InjectionWebhook, pod: Pod): Answer => {
    const answer = callWebhook(webhook, istiods);
    if ('failure' in answer) return answer;
    const { istiod } = answer;
    if (!injects(istiod.controlPlane)) return { failure: callFailure(webhook, '404 page not found') };
    return { pod: isLeftAlone(pod) ? pod : injectProxy(pod, istiods.injectorOf(istiod)) };
  };

  return (object) => {
    // The API server has given it its defaults; nothing that is not a pod comes here.
    let pod = object as Pod;
    const namespace = store.get('namespaces', undefined, pod.metadata.namespace ?? 'default');
    const matching = matchingWebhooks(webhooks(), POD_CREATION, namespace?.metadata.labels ?? {}, pod.metadata.labels ?? {});
    for (const webhook of matching) {
      // A second injector finds the first one's work and leaves it.
      if (isInjected(pod)) break;
      const answer = call(webhook, pod);
      if ('pod' in answer) pod = answer.pod;
      else if (webhook.failurePolicy !== 'Ignore') return { refused: answer.failure };
    }
    const exceeded = exceededQuota(store, pod);
    return exceeded === undefined ? { admitted: pod } : { refused: exceeded, forbidden: true };
  };
}
