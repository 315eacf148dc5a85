// The webhooks of Istio in a cluster, and whether whoever they call would answer.
import { DEFAULT_REVISION } from '../../shared/istioNames.js';
import type { WebhookGateFacts } from '../gates/gateFacts.js';
import type { InjectorFacts } from '../mesh/facts.js';
import { itemsOf } from '../mesh/gateObjects.js';
import { calledInjectors } from '../mesh/revisions.js';
import type { ClusterContext } from './clusterContext.js';
import { batchOf, podTemplates } from './podTemplates.js';
import { hasReadyEndpoint } from './serviceEndpoints.js';

const PLAIN_POD = { labels: {}, hostNetwork: false };

export function webhookFacts(context: ClusterContext): readonly WebhookGateFacts[] {
  const { snapshot, rules } = context;
  const matching = injectorsThatMatch(context);
  const mutating = rules.rules.map(({ injector }): WebhookGateFacts => {
    const service = injector.webhooks.find((webhook) => webhook.service !== undefined)?.service;
    return {
      name: injector.name,
      kind: 'mutating',
      revision: injector.revision ?? DEFAULT_REVISION,
      tag: injector.tag,
      service: addressOf(service),
      canMatch: matching.has(injector),
      ...namedMatch(matching.get(injector)),
      endpointReady: hasReadyEndpoint(snapshot, service),
    };
  });
  const validating = itemsOf(snapshot.objects.validatingWebhooks).map(({ name, revision, tag, webhooks }): WebhookGateFacts => {
    const service = webhooks.find((webhook) => webhook.service !== undefined)?.service;
    // Anybody may apply an object of Istio's at any moment.
    return { name, kind: 'validating', revision, tag, service: addressOf(service), canMatch: webhooks.length > 0, endpointReady: hasReadyEndpoint(snapshot, service) };
  });
  return [...mutating, ...validating];
}

function namedMatch(matches: string | undefined): Pick<WebhookGateFacts, 'matches'> {
  return matches === undefined ? {} : { matches };
}

/** Those that a pod of some template, or one without labels in some namespace, would be brought before; with the first such. */
function injectorsThatMatch({ snapshot, rules }: ClusterContext): ReadonlyMap<InjectorFacts, string> {
  const found = new Map<InjectorFacts, string>();
  for (const namespace of snapshot.namespaces.values()) {
    if (namespace.facts === undefined) continue;
    for (const pod of [PLAIN_POD, ...podTemplates(namespace, batchOf(snapshot, namespace.name))]) {
      if (found.size === rules.rules.length) return found;
      for (const { injector } of calledInjectors(rules, namespace.facts, pod)) {
        if (!found.has(injector)) found.set(injector, 'workload' in pod ? `${namespace.name}/${pod.workload}` : namespace.name);
      }
    }
  }
  return found;
}

function addressOf(service: { readonly namespace: string; readonly name: string } | undefined): string | undefined {
  return service === undefined ? undefined : `${service.namespace}/${service.name}`;
}
