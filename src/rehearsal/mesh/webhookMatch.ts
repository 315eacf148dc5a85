// Which admission webhook a new pod goes to: the stored configurations evaluated as the API server does, nothing guessed.
import { selects } from './labelSelector.js';
import type { Labels, LabelSelector } from './labelSelector.js';

/** One webhook of a MutatingWebhookConfiguration, as far as matching and calling need it. */
export interface InjectionWebhook {
  readonly name: string;
  readonly clientConfig: {
    /** PEM in base64 of the root under which the API server expects the webhook to serve. */
    readonly caBundle?: string;
    readonly service?: { readonly name: string; readonly namespace: string; readonly path?: string; readonly port?: number };
  };
  readonly failurePolicy?: 'Fail' | 'Ignore';
  readonly namespaceSelector?: LabelSelector;
  readonly objectSelector?: LabelSelector;
  readonly rules?: readonly {
    readonly apiGroups?: readonly string[];
    readonly operations: readonly string[];
    readonly resources: readonly string[];
    readonly [field: string]: unknown;
  }[];
  readonly timeoutSeconds?: number;
  readonly [field: string]: unknown;
}

/** What the API server is asked to do with an object. */
export interface AdmissionRequest {
  readonly operation: 'CREATE' | 'UPDATE';
  readonly group: string;
  readonly resource: string;
}

/** What injection is about. */
export const POD_CREATION: AdmissionRequest = { operation: 'CREATE', group: '', resource: 'pods' };

function covers(webhook: InjectionWebhook, { operation, group, resource }: AdmissionRequest): boolean {
  const has = (list: readonly string[], wanted: string): boolean => list.includes(wanted) || list.includes('*');
  return (webhook.rules ?? []).some(
    (rule) => has(rule.operations, operation) && has(rule.resources, resource) && has(rule.apiGroups ?? ['*'], group),
  );
}

/**
 * The webhooks that see a request for an object with these labels, in calling order. `webhooks` come in the order of
 * their configurations' names, and within one in its own order.
 */
export function matchingWebhooks(
  webhooks: readonly InjectionWebhook[],
  request: AdmissionRequest,
  namespaceLabels: Labels,
  objectLabels: Labels,
): readonly InjectionWebhook[] {
  return webhooks.filter(
    (webhook) =>
      covers(webhook, request) &&
      selects(webhook.namespaceSelector, namespaceLabels) &&
      selects(webhook.objectSelector, objectLabels),
  );
}
