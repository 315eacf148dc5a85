// Which admission webhook a new pod goes to: the stored configurations evaluated as the API server does, nothing guessed.
import { selects } from './labelSelector.js';
import type { Labels, LabelSelector } from './labelSelector.js';

/** One webhook of a MutatingWebhookConfiguration, as far as matching and calling need it. */
export interface InjectionWebhook {
  readonly name: string;
  readonly clientConfig: {
    readonly service?: { readonly name: string; readonly namespace: string; readonly path?: string; readonly port?: number };
  };
  readonly failurePolicy?: 'Fail' | 'Ignore';
  readonly namespaceSelector?: LabelSelector;
  readonly objectSelector?: LabelSelector;
  readonly rules?: readonly { readonly operations: readonly string[]; readonly resources: readonly string[]; readonly [field: string]: unknown }[];
  readonly timeoutSeconds?: number;
  readonly [field: string]: unknown;
}

function coversPodCreation(webhook: InjectionWebhook): boolean {
  const covers = (list: readonly string[], wanted: string): boolean => list.includes(wanted) || list.includes('*');
  return (webhook.rules ?? []).some((rule) => covers(rule.operations, 'CREATE') && covers(rule.resources, 'pods'));
}

/**
 * The webhooks that see the creation of a pod with these labels, in calling order. `webhooks` come in the order of
 * their configurations' names, and within one in its own order.
 */
export function matchingWebhooks(
  webhooks: readonly InjectionWebhook[],
  namespaceLabels: Labels,
  podLabels: Labels,
): readonly InjectionWebhook[] {
  return webhooks.filter(
    (webhook) =>
      coversPodCreation(webhook) &&
      selects(webhook.namespaceSelector, namespaceLabels) &&
      selects(webhook.objectSelector, podLabels),
  );
}
