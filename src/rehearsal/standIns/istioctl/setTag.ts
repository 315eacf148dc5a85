// `istioctl tag set`: makes a revision tag lead to a revision, as Istio's pkg/revisions and its templates of tags do.
import { REVISION_LABEL, TAG_LABEL } from '../../../shared/istioNames.js';
import { listAt, textAt } from '../../api/json.js';
import type { KubeObject } from '../../kubeObject.js';
import { defaultValidator, tagWebhook } from '../../mesh/installation/webhookConfigurations.js';
import type { ClusterClient } from '../clusterClient.js';

const MUTATING = 'MutatingWebhookConfiguration';

export interface TagRequest {
  readonly tag: string;
  readonly revision: string;
  readonly overwrite: boolean;
}

export interface TagAnswer {
  readonly ok: boolean;
  readonly text: string;
}

/** The tag's webhooks serve under the root of the revision's own, so their `caBundle` is taken from there. */
export async function setTag(cluster: ClusterClient, { tag, revision, overwrite }: TagRequest): Promise<TagAnswer> {
  const configurations = await cluster.list(MUTATING, undefined, '');
  const own = configurations.find(({ metadata }) => metadata.labels?.[REVISION_LABEL] === revision && metadata.labels[TAG_LABEL] === undefined);
  if (own === undefined) return refused(`cannot modify tag "${tag}": revision "${revision}" doesn't exist in cluster`);
  const existing = configurations.find(({ metadata }) => metadata.labels?.[TAG_LABEL] === tag);
  if (existing !== undefined && !overwrite) {
    const present = existing.metadata.labels?.[REVISION_LABEL] ?? '';
    return refused(`revision tag "${tag}" already exists, and --overwrite is false (it points to "${present}")`);
  }
  const caBundle = textAt(listAt(own, 'webhooks')[0], 'clientConfig', 'caBundle');
  await cluster.replace(trusting(tagWebhook(tag, revision).object, caBundle));
  if (tag === 'default') await cluster.replace(trusting(defaultValidator(revision).object, caBundle));
  return {
    ok: true,
    text: `Revision tag "${tag}" created, referencing control plane revision "${revision}". To enable injection using this\n` +
      `revision tag, use 'kubectl label namespace <NAMESPACE> istio.io/rev=${tag}'\n`,
  };
}

function refused(reason: string): TagAnswer {
  return { ok: false, text: `Error: ${reason}\n` };
}

function trusting(configuration: KubeObject, caBundle: string): KubeObject {
  const webhooks = listAt(configuration, 'webhooks') as readonly { readonly clientConfig: object }[];
  return { ...configuration, webhooks: webhooks.map((webhook) => ({ ...webhook, clientConfig: { ...webhook.clientConfig, ...(caBundle === '' ? {} : { caBundle }) } })) };
}
