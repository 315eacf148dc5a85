// Reads Deployments, StatefulSets and DaemonSets: what is wanted, how far it is, and what its pods will be made from.
import type { Labels, WorkloadFacts, WorkloadKind } from '../../domain/mesh/facts.js';
import { INJECTION_STATUS_ANNOTATION, PROXY_CONTAINER } from '../../shared/istioNames.js';
import { keptAnnotations, readMetadata } from './readMetadata.js';
import { listIn, numberIn, textIn, textsIn, valueAt } from './json.js';
import { readRevision } from './readPod.js';

/** The container of istiod whose environment decides what it hands out. */
const ISTIOD_CONTAINER = 'discovery';

/** Undefined for what is no workload. */
export function readWorkload(kind: WorkloadKind, object: unknown): WorkloadFacts | undefined {
  const metadata = readMetadata(object);
  if (metadata === undefined) return undefined;
  const spec = valueAt(object, 'spec');
  const template = valueAt(spec, 'template');
  const containers = listIn(valueAt(template, 'spec', 'containers'));
  return {
    kind,
    namespace: metadata.namespace,
    name: metadata.name,
    uid: metadata.uid,
    labels: metadata.labels,
    ...readProgress(kind, object),
    generation: numberIn(valueAt(object, 'metadata', 'generation')) ?? 0,
    observedGeneration: numberIn(valueAt(object, 'status', 'observedGeneration')) ?? 0,
    paused: valueAt(spec, 'paused') === true,
    onDelete: valueAt(spec, 'updateStrategy', 'type') === 'OnDelete',
    ...readRolling(object),
    selector: textsIn(valueAt(spec, 'selector', 'matchLabels')),
    templateLabels: textsIn(valueAt(template, 'metadata', 'labels')),
    templateAnnotations: keptAnnotations(textsIn(valueAt(template, 'metadata', 'annotations'))),
    proxyInTemplate: isTemplateWithProxy(template),
    ...readTemplateProxy(template),
    images: readImages(containers),
    environment: readEnvironment(containers),
  };
}

type Progress = Pick<WorkloadFacts, 'desired' | 'updated' | 'ready' | 'available' | 'total'>;

function readProgress(kind: WorkloadKind, object: unknown): Progress {
  const status = (field: string): number => numberIn(valueAt(object, 'status', field)) ?? 0;
  if (kind === 'DaemonSet') {
    return {
      desired: status('desiredNumberScheduled'),
      updated: status('updatedNumberScheduled'),
      ready: status('numberReady'),
      available: status('numberAvailable'),
      total: status('currentNumberScheduled'),
    };
  }
  return {
    desired: numberIn(valueAt(object, 'spec', 'replicas')) ?? 1,
    updated: status('updatedReplicas'),
    ready: status('readyReplicas'),
    available: status('availableReplicas'),
    total: status('replicas'),
  };
}

/** An injected gateway's template holds the container too, with the image `auto` for the injector to fill in. */
export function isTemplateWithProxy(template: unknown): boolean {
  const containers = [...listIn(valueAt(template, 'spec', 'containers')), ...listIn(valueAt(template, 'spec', 'initContainers'))];
  return containers.some((container) => valueAt(container, 'name') === PROXY_CONTAINER && valueAt(container, 'image') !== 'auto');
}

/** Only what is there, as with a template's proxy. A ReplicaSet's refusals come up as a condition of its Deployment. */
function readRolling(object: unknown): Pick<WorkloadFacts, 'recreates' | 'partition' | 'podsRefused'> {
  const partition = numberIn(valueAt(object, 'spec', 'updateStrategy', 'rollingUpdate', 'partition')) ?? 0;
  const refusal = listIn(valueAt(object, 'status', 'conditions')).find(
    (condition) => valueAt(condition, 'type') === 'ReplicaFailure' && valueAt(condition, 'status') === 'True',
  );
  return {
    ...(valueAt(object, 'spec', 'strategy', 'type') === 'Recreate' ? { recreates: true } : {}),
    ...(partition > 0 ? { partition } : {}),
    ...(refusal === undefined ? {} : { podsRefused: textIn(valueAt(refusal, 'message')) ?? '' }),
  };
}

/** Only what is there: both are rare, and there are many workloads. */
function readTemplateProxy(template: unknown): Pick<WorkloadFacts, 'templateRevision' | 'hostNetwork'> {
  const annotations = textsIn(valueAt(template, 'metadata', 'annotations'));
  const stamped = annotations[INJECTION_STATUS_ANNOTATION] === undefined ? undefined : readRevision(annotations, {});
  return {
    ...(stamped === undefined ? {} : { templateRevision: stamped }),
    ...(valueAt(template, 'spec', 'hostNetwork') === true ? { hostNetwork: true } : {}),
  };
}

function readImages(containers: readonly unknown[]): Labels {
  return Object.fromEntries(
    containers.flatMap((container) => {
      const name = textIn(valueAt(container, 'name'));
      return name === undefined ? [] : [[name, textIn(valueAt(container, 'image')) ?? ''] as const];
    }),
  );
}

/** Only istiod's: other containers' variables are none of our business and may hold secrets. */
function readEnvironment(containers: readonly unknown[]): Labels {
  const istiod = containers.find((container) => valueAt(container, 'name') === ISTIOD_CONTAINER);
  return Object.fromEntries(
    listIn(valueAt(istiod, 'env')).flatMap((variable) => {
      const name = textIn(valueAt(variable, 'name'));
      const value = textIn(valueAt(variable, 'value'));
      return name === undefined || value === undefined ? [] : [[name, value] as const];
    }),
  );
}
