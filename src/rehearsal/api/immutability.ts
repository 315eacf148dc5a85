// Fields that cannot change once an object exists, refused in the words of the real server's validation.
import type { KubeObject, StoredObject } from '../kubeObject.js';
import { invalid } from './apiError.js';
import { fieldsAt, isObject, listAt, sameJson, textAt, valueAt, without } from './json.js';
import type { Target } from './requestTarget.js';

const QUOTE = '`';

/** `map[string]string{"app":"a"}`, as Go prints it. */
function goMap(labels: unknown): string {
  if (!isObject(labels)) return 'map[string]string(nil)';
  const entries = Object.entries(labels).sort(([one], [other]) => (one < other ? -1 : 1));
  return `map[string]string{${entries.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(', ')}}`;
}

function goSelector(selector: unknown): string {
  return `v1.LabelSelector{MatchLabels:${goMap(valueAt(selector, ['matchLabels']))}, MatchExpressions:[]v1.LabelSelectorRequirement(nil)}`;
}

function qualifiedKind({ resource }: Target): string {
  return resource.group === '' ? resource.kind : `${resource.kind}.${resource.group}`;
}

const TEMPLATED: readonly string[] = ['DaemonSet', 'Deployment', 'ReplicaSet', 'StatefulSet'];

/** A workload has to select the pods that it makes. */
export function checkSelector(target: Target, object: KubeObject): void {
  if (!TEMPLATED.includes(object.kind)) return;
  const kind = qualifiedKind(target);
  const { name } = object.metadata;
  const selector = valueAt(object, ['spec', 'selector']);
  if (!isObject(selector)) throw invalid(kind, name, 'spec.selector', 'Required value');
  const labels = fieldsAt(object, 'spec', 'template', 'metadata', 'labels');
  if (Object.entries(fieldsAt(selector, 'matchLabels')).every(([label, value]) => labels[label] === value)) return;
  const problem = `Invalid value: ${goMap(labels)}: ${QUOTE}selector${QUOTE} does not match template ${QUOTE}labels${QUOTE}`;
  throw invalid(kind, name, 'spec.template.metadata.labels', problem);
}

type Problem = readonly [field: string, problem: string] | undefined;
type Rule = (old: StoredObject, next: KubeObject) => Problem;

const isChanged = (old: unknown, next: unknown, ...path: string[]): boolean => !sameJson(valueAt(old, path), valueAt(next, path));

const selectorRule: Rule = (old, next) =>
  isChanged(old, next, 'spec', 'selector')
    ? ['spec.selector', `Invalid value: ${goSelector(valueAt(next, ['spec', 'selector']))}: field is immutable`]
    : undefined;

const STATEFUL_SET_MAY_CHANGE = ['replicas', 'ordinals', 'template', 'updateStrategy', 'persistentVolumeClaimRetentionPolicy', 'minReadySeconds'];

const statefulSetRule: Rule = (old, next) => {
  const fixed = (object: KubeObject): unknown => without(fieldsAt(object, 'spec'), ...STATEFUL_SET_MAY_CHANGE, 'revisionHistoryLimit');
  if (sameJson(fixed(old), fixed(next))) return undefined;
  const names = STATEFUL_SET_MAY_CHANGE.map((field) => `'${field}'`);
  const list = `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`;
  return ['spec', `Forbidden: updates to statefulset spec for fields other than ${list} are forbidden`];
};

const serviceRule: Rule = (old, next) => {
  const address = textAt(old, 'spec', 'clusterIP');
  const isFixed = address !== '' && [old, next].every((object) => textAt(object, 'spec', 'type') !== 'ExternalName');
  if (!isFixed || textAt(next, 'spec', 'clusterIP') === address) return undefined;
  return ['spec.clusterIPs[0]', `Invalid value: []string{${listAt(next, 'spec', 'clusterIPs').map((ip) => JSON.stringify(ip)).join(', ')}}: may not change once set`];
};

const immutableDataRule: Rule = (old, next) => {
  if (old.immutable !== true) return undefined;
  const changed = ['data', 'binaryData'].find((field) => isChanged(old, next, field)) ?? (next.immutable === true ? undefined : 'immutable');
  return changed === undefined ? undefined : [changed, `Forbidden: field is immutable when ${QUOTE}immutable${QUOTE} is set`];
};

const secretRule: Rule = (old, next) =>
  isChanged(old, next, 'type') ? ['type', `Invalid value: "${textAt(next, 'type')}": field is immutable`] : immutableDataRule(old, next);

const POD_MAY_CHANGE = ['activeDeadlineSeconds', 'tolerations', 'terminationGracePeriodSeconds', 'schedulingGates', 'nodeName'];

const podRule: Rule = (old, next) => {
  const images = (spec: Record<string, unknown>, list: string): unknown =>
    listAt(spec, list).map((container) => (isObject(container) ? without(container, 'image') : container));
  const fixed = (object: KubeObject): unknown => {
    const spec = fieldsAt(object, 'spec');
    return { ...without(spec, ...POD_MAY_CHANGE), containers: images(spec, 'containers'), initContainers: images(spec, 'initContainers') };
  };
  if (sameJson(fixed(old), fixed(next))) return undefined;
  const allowed =
    `${QUOTE}spec.containers[*].image${QUOTE},${QUOTE}spec.initContainers[*].image${QUOTE},${QUOTE}spec.activeDeadlineSeconds${QUOTE},` +
    `${QUOTE}spec.tolerations${QUOTE} (only additions to existing tolerations),${QUOTE}spec.terminationGracePeriodSeconds${QUOTE} ` +
    '(allow it to be set to 1 if it was previously negative)';
  return ['spec', `Forbidden: pod updates may not change fields other than ${allowed}`];
};

const jobRule: Rule = (old, next) =>
  ['selector', 'template', 'completionMode'].flatMap((field): Problem[] =>
    isChanged(old, next, 'spec', field) ? [[`spec.${field}`, 'Invalid value: field is immutable']] : [],
  )[0];

const roleRefRule: Rule = (old, next) => {
  const { apiGroup, kind, name } = fieldsAt(next, 'roleRef');
  const shown = `rbac.RoleRef{APIGroup:${JSON.stringify(apiGroup)}, Kind:${JSON.stringify(kind)}, Name:${JSON.stringify(name)}}`;
  return isChanged(old, next, 'roleRef') ? ['roleRef', `Invalid value: ${shown}: cannot change roleRef`] : undefined;
};

const RULES: Readonly<Record<string, Rule>> = {
  ClusterRoleBinding: roleRefRule,
  ConfigMap: immutableDataRule,
  DaemonSet: selectorRule,
  Deployment: selectorRule,
  Job: jobRule,
  Pod: podRule,
  ReplicaSet: selectorRule,
  RoleBinding: roleRefRule,
  Secret: secretRule,
  Service: serviceRule,
  StatefulSet: statefulSetRule,
};

/** Throws 422 when a change touches what has to stay. */
export function checkImmutableFields(target: Target, old: StoredObject, next: KubeObject): void {
  if (target.subresource !== undefined) return;
  const problem = RULES[target.resource.kind]?.(old, next);
  if (problem) throw invalid(qualifiedKind(target), old.metadata.name, ...problem);
  if (TEMPLATED.includes(next.kind)) checkSelector(target, next);
}
