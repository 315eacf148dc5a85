// Admission of new pods in one simulated cluster: the injection webhooks that stand in the cluster's store, really called.
import { INJECTION_STATUS_ANNOTATION, PROXY_CONTAINER } from '../../shared/istioNames.js';
import type { ObjectStore, PodAdmission } from '../clusterBackend.js';
import { injects } from './controlPlane.js';
import { injectProxy, isLeftAlone } from './injection.js';
import type { Istiods } from './istiods.js';
import type { Pod } from './podTypes.js';
import { matchingWebhooks } from './webhookMatch.js';
import type { InjectionWebhook } from './webhookMatch.js';

const MUTATING = 'mutatingwebhookconfigurations.admissionregistration.k8s.io';

function isInjected(pod: Pod): boolean {
  const hasProxy = pod.spec.containers.some(({ name, image }) => name === PROXY_CONTAINER && image !== 'auto');
  return hasProxy && pod.metadata.annotations?.[INJECTION_STATUS_ANNOTATION] !== undefined;
}

/** The API server's words when a webhook cannot be called. */
function callFailure(webhook: InjectionWebhook, reason: string): string {
  const { name = '', namespace = '', path = '/', port = 443 } = webhook.clientConfig.service ?? {};
  const url = `https://${name}.${namespace}.svc:${port}${path}?timeout=${webhook.timeoutSeconds ?? 10}s`;
  return `failed calling webhook "${webhook.name}": failed to call webhook: Post "${url}": ${reason}`;
}

type Answer = { readonly pod: Pod } | { readonly failure: string };

export function createPodAdmission(store: ObjectStore, istiods: Istiods): PodAdmission {
  const webhooks = (): readonly InjectionWebhook[] =>
    store.list(MUTATING).flatMap((configuration) => configuration.webhooks as readonly InjectionWebhook[]);

  const call = (webhook: InjectionWebhook, pod: Pod): Answer => {
    const { name = '', namespace = '' } = webhook.clientConfig.service ?? {};
    const behind = istiods.behindService(namespace, name);
    if (behind === undefined) return { failure: callFailure(webhook, `service "${name}" not found`) };
    const [istiod] = behind;
    if (istiod === undefined) return { failure: callFailure(webhook, `no endpoints available for service "${name}"`) };
    if (!injects(istiod.controlPlane)) return { failure: callFailure(webhook, '404 page not found') };
    return { pod: isLeftAlone(pod) ? pod : injectProxy(pod, istiods.injectorOf(istiod)) };
  };

  return (object) => {
    // The API server has given it its defaults; nothing that is not a pod comes here.
    let pod = object as Pod;
    const namespace = store.get('namespaces', undefined, pod.metadata.namespace ?? 'default');
    const matching = matchingWebhooks(webhooks(), namespace?.metadata.labels ?? {}, pod.metadata.labels ?? {});
    for (const webhook of matching) {
      // A second injector finds the first one's work and leaves it.
      if (isInjected(pod)) break;
      const answer = call(webhook, pod);
      if ('pod' in answer) pod = answer.pod;
      else if (webhook.failurePolicy !== 'Ignore') return { refused: answer.failure };
    }
    return { admitted: pod };
  };
}
