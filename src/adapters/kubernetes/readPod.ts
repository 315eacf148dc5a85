// Reads a pod: who owns it, how it is, and what its proxy is if it has one.
import type { Labels, PodFacts, PodOwner, ProxyFacts, ProxyRole } from '../../domain/mesh/facts.js';
import {
  DEFAULT_REVISION,
  INJECTION_STATUS_ANNOTATION,
  INJECTION_TEMPLATES_ANNOTATION,
  PROXY_CONTAINER,
  REVISION_LABEL,
} from '../../shared/istioNames.js';
import type { Metadata } from './readMetadata.js';
import { keptAnnotations, readMetadata } from './readMetadata.js';
import { listIn, numberIn, recordIn, textIn, valueAt } from './json.js';

const PHASES = ['Pending', 'Running', 'Succeeded', 'Failed'] as const;
/** A container waits for these while all is well. */
const ORDINARY_WAITS: ReadonlySet<string> = new Set(['ContainerCreating', 'PodInitializing']);

/** Undefined for what is no pod. */
export function readPod(object: unknown): PodFacts | undefined {
  const metadata = readMetadata(object);
  if (metadata === undefined) return undefined;
  const phase = valueAt(object, 'status', 'phase');
  return {
    namespace: metadata.namespace,
    name: metadata.name,
    uid: metadata.uid,
    labels: metadata.labels,
    annotations: keptAnnotations(metadata.annotations),
    phase: PHASES.find((known) => known === phase) ?? 'Unknown',
    ready: listIn(valueAt(object, 'status', 'conditions')).some(
      (condition) => valueAt(condition, 'type') === 'Ready' && valueAt(condition, 'status') === 'True',
    ),
    terminating: metadata.terminating,
    hostNetwork: valueAt(object, 'spec', 'hostNetwork') === true,
    createdAt: Date.parse(textIn(valueAt(object, 'metadata', 'creationTimestamp')) ?? '') || 0,
    owner: readOwner(object, metadata.labels),
    serviceAccount: textIn(valueAt(object, 'spec', 'serviceAccountName')) ?? 'default',
    proxy: readProxy(object, metadata),
    trouble: readTrouble(object),
  };
}

/** The controller; a ReplicaSet `NAME-HASH` whose hash the pod carries belongs to the Deployment `NAME`. */
function readOwner(object: unknown, labels: Labels): PodOwner | undefined {
  const owners = listIn(valueAt(object, 'metadata', 'ownerReferences'));
  const owner = owners.find((candidate) => valueAt(candidate, 'controller') === true) ?? owners[0];
  const kind = textIn(valueAt(owner, 'kind'));
  const name = textIn(valueAt(owner, 'name'));
  if (kind === undefined || name === undefined) return undefined;
  const hash = labels['pod-template-hash'];
  if (kind === 'ReplicaSet' && hash !== undefined && name.endsWith(`-${hash}`)) {
    return { kind: 'Deployment', name: name.slice(0, -hash.length - 1) };
  }
  return { kind, name };
}

/** A native sidecar is an init container that is always restarted; a plain init container of that name is none. */
function readProxy(object: unknown, { annotations, labels }: Metadata): ProxyFacts | undefined {
  const plain = listIn(valueAt(object, 'spec', 'containers')).find(isProxy);
  const native = listIn(valueAt(object, 'spec', 'initContainers')).find(
    (container) => isProxy(container) && valueAt(container, 'restartPolicy') === 'Always',
  );
  const container = plain ?? native;
  if (container === undefined) return undefined;
  const isNative = plain === undefined;
  const status = listIn(valueAt(object, 'status', isNative ? 'initContainerStatuses' : 'containerStatuses')).find(isProxy);
  return {
    role: readRole(container, annotations, labels),
    native: isNative,
    image: textIn(valueAt(container, 'image')) ?? '',
    revision: readRevision(annotations, labels),
    state: readState(valueAt(status, 'state')),
    ready: valueAt(status, 'ready') === true,
    caAddress: environmentOf(container, 'CA_ADDR'),
  };
}

function isProxy(container: unknown): boolean {
  return valueAt(container, 'name') === PROXY_CONTAINER;
}

/**
 * Status annotation, then annotation, then label: Istio 1.11 to 1.17 write only the first, and a label may be a tag
 * (pkg/kube/inject/inject.go of the releases).
 */
export function readRevision(annotations: Labels, labels: Labels): string | undefined {
  const status = annotations[INJECTION_STATUS_ANNOTATION];
  const stamped = status === undefined ? undefined : revisionInStatus(status);
  const revision = stamped ?? annotations[REVISION_LABEL] ?? labels[REVISION_LABEL];
  return revision === '' ? DEFAULT_REVISION : revision;
}

function revisionInStatus(status: string): string | undefined {
  try {
    return textIn(recordIn(JSON.parse(status) as unknown).revision);
  } catch {
    return undefined;
  }
}

/** The second argument of the container is the most reliable sign; older hand-made gateways are known by annotation or label. */
function readRole(container: unknown, annotations: Labels, labels: Labels): ProxyRole {
  const words = [...listIn(valueAt(container, 'command')), ...listIn(valueAt(container, 'args'))];
  const role = words[words.indexOf('proxy') + 1];
  if (words.includes('proxy') && (role === 'sidecar' || role === 'router' || role === 'waypoint')) return role;
  if (annotations[INJECTION_TEMPLATES_ANNOTATION] === 'gateway') return 'router';
  if (/^(ingress|egress|eastwest)gateway$/.test(labels.istio ?? '')) return 'router';
  return words.includes('proxy') ? 'unknown' : 'sidecar';
}

function readState(state: unknown): ProxyFacts['state'] {
  const known = recordIn(state);
  if ('running' in known) return 'running';
  if ('terminated' in known) return 'terminated';
  return 'waiting' in known ? 'waiting' : 'unknown';
}

function environmentOf(container: unknown, name: string): string | undefined {
  const variable = listIn(valueAt(container, 'env')).find((entry) => valueAt(entry, 'name') === name);
  return textIn(valueAt(variable, 'value'));
}

function readTrouble(object: unknown): string | undefined {
  const status = valueAt(object, 'status');
  const containers = [...listIn(valueAt(status, 'initContainerStatuses')), ...listIn(valueAt(status, 'containerStatuses'))];
  for (const container of containers) {
    const waiting = textIn(valueAt(container, 'state', 'waiting', 'reason'));
    if (waiting !== undefined && !ORDINARY_WAITS.has(waiting)) return waiting;
    const exitCode = numberIn(valueAt(container, 'state', 'terminated', 'exitCode'));
    if (exitCode !== undefined && exitCode !== 0) return textIn(valueAt(container, 'state', 'terminated', 'reason')) ?? `exit ${exitCode}`;
  }
  const scheduled = listIn(valueAt(status, 'conditions')).find((condition) => valueAt(condition, 'type') === 'PodScheduled');
  if (valueAt(scheduled, 'status') === 'False') return textIn(valueAt(scheduled, 'reason'));
  return valueAt(status, 'phase') === 'Failed' ? textIn(valueAt(status, 'reason')) : undefined;
}
