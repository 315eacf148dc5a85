// Validation of Istio's own objects in one simulated cluster: the validating webhooks of its store, really called.
import type { ObjectStore, ObjectValidation } from '../clusterBackend.js';
import type { Istiods } from './istiods.js';
import { callWebhook } from './webhookCall.js';
import { matchingWebhooks } from './webhookMatch.js';
import type { InjectionWebhook } from './webhookMatch.js';

const VALIDATING = 'validatingwebhookconfigurations.admissionregistration.k8s.io';

/** Whatever reaches an istiod is fine with it; what matters here is whether one answers (failurePolicy `Fail`). */
export function createObjectValidation(store: ObjectStore, istiods: Istiods): ObjectValidation {
  return (operation, { group, plural }, object) => {
    const configurations = store.list(VALIDATING);
    if (configurations.length === 0) return undefined;
    const webhooks = configurations.flatMap((configuration) => configuration.webhooks as readonly InjectionWebhook[]);
    const namespace = store.get('namespaces', undefined, object.metadata.namespace ?? '');
    const request = { operation, group, resource: plural };
    const matching = matchingWebhooks(webhooks, request, namespace?.metadata.labels ?? {}, object.metadata.labels ?? {});
    for (const webhook of matching) {
      const answer = callWebhook(webhook, istiods);
      if ('failure' in answer && webhook.failurePolicy !== 'Ignore') return answer.failure;
    }
    return undefined;
  };
}
