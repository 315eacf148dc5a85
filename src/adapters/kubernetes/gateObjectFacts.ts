// Reads the objects that gates ask for beside the watched kinds, each reduced to what rules need of it.
import { X509Certificate } from 'node:crypto';
import type {
  AutoscalerFacts,
  BatchFacts,
  DisruptionBudgetFacts,
  IstioGatewayFacts,
  MembershipFacts,
  NamedObject,
  SecretFacts,
  VirtualServiceFacts,
  WebhookCall,
  WebhookConfigurationFacts,
  WorkloadEntryFacts,
} from '../../domain/mesh/gateObjects.js';
import { DEFAULT_REVISION, ISTIO_NAMESPACE, REVISION_LABEL, TAG_LABEL } from '../../shared/istioNames.js';
import { readSelector } from './readInjector.js';
import { keptAnnotations, readMetadata } from './readMetadata.js';
import { listIn, numberIn, textIn, textsIn, valueAt } from './json.js';
import { isTemplateWithProxy } from './readWorkload.js';

/** Label of a remote cluster's secret, and the annotation that newer istioctl puts beside it. */
const MULTI_CLUSTER_LABEL = 'istio/multiCluster';
const REMOTE_CLUSTER_ANNOTATION = 'networking.istio.io/cluster';
const REMOTE_SECRET_PREFIX = 'istio-remote-secret-';

export function readNamed(object: unknown): NamedObject | undefined {
  const metadata = readMetadata(object);
  if (metadata === undefined) return undefined;
  const { namespace, name, uid, labels } = metadata;
  return { namespace, name, uid, labels };
}

/** The owner is a resource name of the service: `//gkehub.googleapis.com/projects/…`. */
export function readMembership(object: unknown): MembershipFacts | undefined {
  const named = readNamed(object);
  const owner = textIn(valueAt(object, 'spec', 'owner', 'id'))?.replace(/^\/\/[^/]+\//u, '');
  return named === undefined ? undefined : { ...named, owner };
}

/** Undefined for those that are not Istio's: neither its label, nor a Service of istio-system behind them. */
export function readWebhookConfiguration(object: unknown): WebhookConfigurationFacts | undefined {
  const metadata = readMetadata(object);
  if (metadata === undefined) return undefined;
  const { namespace, name, uid, labels, annotations } = metadata;
  const webhooks = listIn(valueAt(object, 'webhooks')).map(readWebhookCall);
  const revision = labels[REVISION_LABEL];
  const isIstios = revision !== undefined || webhooks.some(({ service }) => service?.namespace === ISTIO_NAMESPACE);
  if (!isIstios) return undefined;
  const named = { namespace, name, uid, labels, annotations: keptAnnotations(annotations) };
  return { ...named, revision: revision === '' ? DEFAULT_REVISION : revision, tag: labels[TAG_LABEL], webhooks };
}

function readWebhookCall(webhook: unknown): WebhookCall {
  const client = valueAt(webhook, 'clientConfig');
  const namespace = textIn(valueAt(client, 'service', 'namespace'));
  const name = textIn(valueAt(client, 'service', 'name'));
  return {
    name: textIn(valueAt(webhook, 'name')) ?? '',
    service: namespace === undefined || name === undefined ? undefined : { namespace, name },
    caBundle: fingerprintsOf(textIn(valueAt(client, 'caBundle')) ?? ''),
    failurePolicy: textIn(valueAt(webhook, 'failurePolicy')) ?? 'Fail',
    resources: listIn(valueAt(webhook, 'rules')).flatMap((rule) =>
      listIn(valueAt(rule, 'apiGroups')).flatMap((group) => listIn(valueAt(rule, 'resources')).map((resource) => `${String(group)}/${String(resource)}`)),
    ),
  };
}

/** Of base64 PEM; undefined where a certificate in it cannot be read. */
function fingerprintsOf(caBundle: string): readonly string[] | undefined {
  const pem = Buffer.from(caBundle, 'base64').toString('latin1');
  try {
    return [...pem.matchAll(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g)].map(([text]) => new X509Certificate(text).fingerprint256);
  } catch {
    return undefined;
  }
}

export function readAutoscaler(object: unknown): AutoscalerFacts | undefined {
  const named = readNamed(object);
  if (named === undefined) return undefined;
  const target = valueAt(object, 'spec', 'scaleTargetRef');
  return {
    ...named,
    target: { kind: textIn(valueAt(target, 'kind')) ?? '', name: textIn(valueAt(target, 'name')) ?? '' },
    current: numberIn(valueAt(object, 'status', 'currentReplicas')) ?? 0,
    maximum: numberIn(valueAt(object, 'spec', 'maxReplicas')) ?? 0,
  };
}

export function readDisruptionBudget(object: unknown): DisruptionBudgetFacts | undefined {
  const named = readNamed(object);
  if (named === undefined) return undefined;
  const disruptionsAllowed = numberIn(valueAt(object, 'status', 'disruptionsAllowed'));
  return { ...named, selector: readSelector(valueAt(object, 'spec', 'selector')), disruptionsAllowed };
}

export function readJob(object: unknown): BatchFacts | undefined {
  const conditions = listIn(valueAt(object, 'status', 'conditions'));
  const isOver = conditions.some((condition) => {
    const type = valueAt(condition, 'type');
    return (type === 'Complete' || type === 'Failed') && valueAt(condition, 'status') === 'True';
  });
  return readBatch('Job', object, valueAt(object, 'spec', 'template'), isOver);
}

export function readCronJob(object: unknown): BatchFacts | undefined {
  const template = valueAt(object, 'spec', 'jobTemplate', 'spec', 'template');
  return readBatch('CronJob', object, template, valueAt(object, 'spec', 'suspend') === true);
}

function readBatch(kind: BatchFacts['kind'], object: unknown, template: unknown, idle: boolean): BatchFacts | undefined {
  const named = readNamed(object);
  if (named === undefined) return undefined;
  const [owner] = listIn(valueAt(object, 'metadata', 'ownerReferences'));
  const ownerKind = textIn(valueAt(owner, 'kind'));
  const ownerName = textIn(valueAt(owner, 'name'));
  return {
    ...named,
    kind,
    templateLabels: textsIn(valueAt(template, 'metadata', 'labels')),
    templateAnnotations: keptAnnotations(textsIn(valueAt(template, 'metadata', 'annotations'))),
    hostNetwork: valueAt(template, 'spec', 'hostNetwork') === true,
    proxyInTemplate: isTemplateWithProxy(template),
    idle,
    owner: ownerKind === undefined || ownerName === undefined ? undefined : { kind: ownerKind, name: ownerName },
  };
}

/** Of metadata alone; whatever else an answer holds is not looked at. */
export function readSecret(object: unknown): SecretFacts | undefined {
  const metadata = readMetadata(object);
  if (metadata === undefined) return undefined;
  const { namespace, name, uid, labels, annotations } = metadata;
  const remote = annotations[REMOTE_CLUSTER_ANNOTATION] ?? (name.startsWith(REMOTE_SECRET_PREFIX) ? name.slice(REMOTE_SECRET_PREFIX.length) : name);
  const written = listIn(valueAt(object, 'metadata', 'managedFields')).map((entry) => valueAt(entry, 'time'));
  const times = [valueAt(object, 'metadata', 'creationTimestamp'), ...written].map((time) => Date.parse(textIn(time) ?? '') || 0);
  return {
    namespace,
    name,
    uid,
    labels,
    resourceVersion: textIn(valueAt(object, 'metadata', 'resourceVersion')) ?? '',
    changedAt: Math.max(...times),
    remoteCluster: labels[MULTI_CLUSTER_LABEL] === 'true' ? remote : undefined,
  };
}

export function readIstioGateway(object: unknown): IstioGatewayFacts | undefined {
  const named = readNamed(object);
  if (named === undefined) return undefined;
  const servers = listIn(valueAt(object, 'spec', 'servers')).map((server) => ({
    port: numberIn(valueAt(server, 'port', 'number')) ?? 0,
    hosts: wordsIn(valueAt(server, 'hosts')),
    credential: textIn(valueAt(server, 'tls', 'credentialName')),
    verifiesClients: ['MUTUAL', 'OPTIONAL_MUTUAL'].includes(textIn(valueAt(server, 'tls', 'mode')) ?? ''),
  }));
  return { ...named, selector: textsIn(valueAt(object, 'spec', 'selector')), servers };
}

/** Bound to a gateway by name, in its own namespace unless another is named; `mesh` means sidecars (Istio, VirtualService.gateways). */
export function readVirtualService(object: unknown): VirtualServiceFacts | undefined {
  const named = readNamed(object);
  const gateways = wordsIn(valueAt(object, 'spec', 'gateways')).filter((gateway) => gateway !== 'mesh');
  if (named === undefined || gateways.length === 0) return undefined;
  const full = gateways.map((gateway) => (gateway.includes('/') ? gateway : `${named.namespace}/${gateway}`));
  return { ...named, gateways: full, hosts: wordsIn(valueAt(object, 'spec', 'hosts')) };
}

export function wordsIn(value: unknown): readonly string[] {
  return listIn(value).flatMap((word) => textIn(word) ?? []);
}

export function readWorkloadEntry(kind: WorkloadEntryFacts['kind'], object: unknown): WorkloadEntryFacts | undefined {
  const named = readNamed(object);
  return named === undefined ? undefined : { ...named, kind };
}
