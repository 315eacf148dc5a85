// Which requests make up the picture of a cluster, and how each kind's objects become facts.
import type { ObjectFacts } from '../../domain/mesh/snapshot.js';
import type { NamespaceFacts, ServiceFacts, WatchedKind, WorkloadKind } from '../../domain/mesh/facts.js';
import { CA_ROOT_CONFIG_MAP, INJECTION_LABEL, ISTIO_NAMESPACE, REVISION_LABEL } from '../../shared/istioNames.js';
import type { ApiPath } from './apiRequest.js';
import { listIn, recordIn, textIn, textsIn, valueAt } from './json.js';
import { readCaRoot, readMeshConfig } from './readConfigMaps.js';
import { readInjector } from './readInjector.js';
import { keptAnnotations, readMetadata } from './readMetadata.js';
import { readPod } from './readPod.js';
import { readWorkload } from './readWorkload.js';

export interface KindRequest extends ApiPath {
  readonly kind: WatchedKind;
  readonly read: (object: unknown) => ObjectFacts | undefined;
}

/** One watch a kind. Mesh configs and published roots are two, so that neither reads all config maps of the cluster. */
export const KIND_REQUESTS: readonly KindRequest[] = [
  request('namespaces', '/api/v1/namespaces', readNamespace, (facts) => ({ kind: 'namespaces', facts })),
  request(
    'mutatingwebhookconfigurations',
    '/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations',
    readInjector,
    (facts) => ({ kind: 'mutatingwebhookconfigurations', facts }),
  ),
  request('configmaps', `/api/v1/namespaces/${ISTIO_NAMESPACE}/configmaps`, readMeshConfig, (facts) => ({ kind: 'configmaps', facts })),
  workloads('deployments', 'Deployment'),
  workloads('statefulsets', 'StatefulSet'),
  workloads('daemonsets', 'DaemonSet'),
  request('services', '/api/v1/services', readService, (facts) => ({ kind: 'services', facts })),
  {
    ...request('caRoots', '/api/v1/configmaps', readCaRoot, (facts) => ({ kind: 'caRoots', facts })),
    query: { fieldSelector: `metadata.name=${CA_ROOT_CONFIG_MAP}` },
  },
  request('pods', '/api/v1/pods', readPod, (facts) => ({ kind: 'pods', facts })),
];

function request<Facts>(
  kind: WatchedKind,
  path: string,
  read: (object: unknown) => Facts | undefined,
  tag: (facts: Facts) => ObjectFacts,
): KindRequest {
  return {
    kind,
    path,
    query: {},
    read: (object) => {
      const facts = read(object);
      return facts === undefined ? undefined : tag(facts);
    },
  };
}

function workloads(kind: 'deployments' | 'statefulsets' | 'daemonsets', workloadKind: WorkloadKind): KindRequest {
  return request(kind, `/apis/apps/v1/${kind}`, (object) => readWorkload(workloadKind, object), (facts) => ({ kind, facts }));
}

function readNamespace(object: unknown): NamespaceFacts | undefined {
  const metadata = readMetadata(object);
  if (metadata === undefined) return undefined;
  const { name, uid, labels } = metadata;
  const terminating = metadata.terminating || valueAt(object, 'status', 'phase') === 'Terminating';
  const managers = labelManagers(object);
  return { name, uid, labels, annotations: keptAnnotations(metadata.annotations), terminating, ...(managers.length === 0 ? {} : { labelManagers: managers }) };
}

/** Whoever wrote one of the two labels last, or applied it (FieldsV1: a field of an object is `f:NAME`). */
function labelManagers(object: unknown): readonly string[] {
  const owning = listIn(valueAt(object, 'metadata', 'managedFields')).filter((entry) => {
    const labels = recordIn(valueAt(entry, 'fieldsV1', 'f:metadata', 'f:labels'));
    return [INJECTION_LABEL, REVISION_LABEL].some((label) => `f:${label}` in labels);
  });
  return [...new Set(owning.flatMap((entry) => textIn(valueAt(entry, 'manager')) ?? []))].sort();
}

function readService(object: unknown): ServiceFacts | undefined {
  const metadata = readMetadata(object);
  if (metadata === undefined) return undefined;
  const { namespace, name, uid, labels } = metadata;
  const type = textIn(valueAt(object, 'spec', 'type')) ?? 'ClusterIP';
  return { namespace, name, uid, type, labels, selector: textsIn(valueAt(object, 'spec', 'selector')) };
}
