// The manifest of a canary gateway, made from the gateway that serves now: the same pods, injected by another revision.
import { INJECTION_TEMPLATES_ANNOTATION, POD_INJECT_LABEL, PROXY_CONTAINER, RESTARTED_AT_ANNOTATION, REVISION_LABEL } from '../../shared/istioNames.js';
import type { JsonRecord } from '../../shared/json.js';
import { field, isRecord, listField, recordField, textField } from '../../shared/json.js';

/** Ours and constant: what the selector may hold, since a selector can never change and the revision will. */
export const CANARY_LABEL = 'mesh-ca-migration/gateway';

export interface CanaryRequest {
  /** The live Deployment as the API server gave it. */
  readonly live: unknown;
  readonly revision: string;
  /** Fixed until the old autoscaler is gone: two autoscalers on overlapping pods disable each other. */
  readonly replicas: number;
}

export interface Canary {
  readonly name: string;
  readonly manifest: JsonRecord;
  readonly templateLabels: Readonly<Record<string, string>>;
  /** The live gateway's template was written whole by an installer; ours is cut down to what an injector fills in. */
  readonly wasRendered: boolean;
}

const LONGEST_NAME = 63;
/** What only says how the live Deployment came about. */
const NOT_TAKEN_OVER = [RESTARTED_AT_ANNOTATION, 'kubectl.kubernetes.io/last-applied-configuration', 'deployment.kubernetes.io/revision'];
/** Of a pod's spec, what says where and as whom it runs; the rest is the injector's. */
const PLACEMENT = ['serviceAccountName', 'nodeSelector', 'affinity', 'tolerations', 'topologySpreadConstraints', 'priorityClassName', 'imagePullSecrets', 'terminationGracePeriodSeconds'];

/** A name of its own, with the revision in it as far as a name may be long. */
export function canaryName(live: string, revision: string): string {
  const name = `${live}-${revision}`;
  return name.length <= LONGEST_NAME ? name : `${live.slice(0, LONGEST_NAME - '-canary'.length)}-canary`;
}

/** Undefined when the answer is not a Deployment. */
export function canaryManifest({ live, revision, replicas }: CanaryRequest): Canary | undefined {
  const liveName = textField(recordField(live, 'metadata'), 'name');
  const namespace = textField(recordField(live, 'metadata'), 'namespace');
  const template = recordField(recordField(live, 'spec'), 'template');
  if (liveName === undefined || namespace === undefined || template === undefined) return undefined;
  const name = canaryName(liveName, revision);
  const annotations = textsOf(recordField(recordField(template, 'metadata'), 'annotations'), NOT_TAKEN_OVER);
  const wasRendered = annotations[INJECTION_TEMPLATES_ANNOTATION] !== 'gateway';
  const own = { [REVISION_LABEL]: revision, [CANARY_LABEL]: name };
  const templateLabels = {
    ...textsOf(recordField(recordField(template, 'metadata'), 'labels'), [REVISION_LABEL, 'pod-template-hash']),
    ...own,
    // A template that an installer wrote refuses injection; this one lives by it.
    [POD_INJECT_LABEL]: 'true',
  };
  const manifest = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace, labels: { ...textsOf(recordField(recordField(live, 'metadata'), 'labels'), [REVISION_LABEL]), ...own } },
    spec: {
      replicas,
      selector: { matchLabels: { [CANARY_LABEL]: name } },
      ...(field(recordField(live, 'spec'), 'strategy') !== undefined && { strategy: field(recordField(live, 'spec'), 'strategy') }),
      template: {
        metadata: { labels: templateLabels, annotations: wasRendered ? { [INJECTION_TEMPLATES_ANNOTATION]: 'gateway' } : annotations },
        spec: wasRendered ? injectedSpec(recordField(template, 'spec')) : recordField(template, 'spec'),
      },
    },
  };
  return { name, manifest, templateLabels, wasRendered };
}

/** One container `istio-proxy` with image `auto`, which the injection template `gateway` completes (Istio, "Installing Gateways"). */
function injectedSpec(spec: JsonRecord | undefined): JsonRecord {
  const live = listField(spec, 'containers').find((container) => textField(container, 'name') === PROXY_CONTAINER);
  const kept = (source: unknown, names: readonly string[]): JsonRecord =>
    Object.fromEntries(names.flatMap((name) => (field(source, name) === undefined ? [] : [[name, field(source, name)] as const])));
  return { ...kept(spec, PLACEMENT), containers: [{ name: PROXY_CONTAINER, image: 'auto', ...kept(live, ['ports', 'resources']) }] };
}

function textsOf(record: JsonRecord | undefined, without: readonly string[]): Readonly<Record<string, string>> {
  if (!isRecord(record)) return {};
  return Object.fromEntries(Object.entries(record).flatMap(([key, value]) => (typeof value === 'string' && !without.includes(key) ? [[key, value]] : [])));
}
