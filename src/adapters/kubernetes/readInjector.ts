// Reads the MutatingWebhookConfigurations of Istio: the revisions' injectors and the revision tags.
import type { InjectorFacts, Selector, SelectorRequirement, WebhookRule } from '../../domain/mesh/facts.js';
import { DEFAULT_REVISION, REVISION_LABEL, TAG_LABEL } from '../../shared/istioNames.js';
import { readMetadata } from './readMetadata.js';
import { listIn, textIn, textsIn, valueAt } from './json.js';

/** Undefined for webhooks that do not inject sidecars. */
export function readInjector(object: unknown): InjectorFacts | undefined {
  const metadata = readMetadata(object);
  if (metadata === undefined) return undefined;
  const webhooks = listIn(valueAt(object, 'webhooks')).map(readWebhook);
  const revision = metadata.labels[REVISION_LABEL];
  const injects = revision !== undefined || webhooks.some(({ name }) => name.endsWith('sidecar-injector.istio.io'));
  if (!injects) return undefined;
  return {
    name: metadata.name,
    uid: metadata.uid,
    revision: revision === '' ? DEFAULT_REVISION : revision,
    tag: metadata.labels[TAG_LABEL],
    webhooks,
  };
}

function readWebhook(webhook: unknown): WebhookRule {
  const service = valueAt(webhook, 'clientConfig', 'service');
  const namespace = textIn(valueAt(service, 'namespace'));
  const name = textIn(valueAt(service, 'name'));
  return {
    name: textIn(valueAt(webhook, 'name')) ?? '',
    service: namespace === undefined || name === undefined ? undefined : { namespace, name },
    namespaceSelector: readSelector(valueAt(webhook, 'namespaceSelector')),
    objectSelector: readSelector(valueAt(webhook, 'objectSelector')),
  };
}

/** A LabelSelector with `matchLabels` turned into requirements. */
export function readSelector(selector: unknown): Selector {
  const labels = Object.entries(textsIn(valueAt(selector, 'matchLabels')));
  return [
    ...labels.map(([key, value]): SelectorRequirement => ({ key, operator: 'In', values: [value] })),
    ...listIn(valueAt(selector, 'matchExpressions')).flatMap(readRequirement),
  ];
}

function readRequirement(expression: unknown): readonly SelectorRequirement[] {
  const key = textIn(valueAt(expression, 'key'));
  const operator = (['In', 'NotIn', 'Exists', 'DoesNotExist'] as const).find((known) => known === valueAt(expression, 'operator'));
  if (key === undefined || operator === undefined) return [];
  return [{ key, operator, values: listIn(valueAt(expression, 'values')).filter((value) => typeof value === 'string') }];
}
