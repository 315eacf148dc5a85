// The kinds that `kubectl create` and `kubectl auth` send as protobuf since 1.32, as far as those commands fill them in.
// Field numbers are those of generated.proto in k8s.io/api and k8s.io/apimachinery.
import { base64, flag, message, number, numberOrText, positive, text } from './protobufMessages.js';
import type { Decode, FieldRule, Schema } from './protobufMessages.js';

const one = (field: string, decode: Decode = text): FieldRule => ({ field, decode });
const list = (field: string, decode: Decode = text): FieldRule => ({ field, decode, repeats: 'list' });
const map = (field: string, decode: Decode = text): FieldRule => ({ field, decode, repeats: 'map' });

const metadata = one(
  'metadata',
  message({ 1: one('name'), 2: one('generateName'), 3: one('namespace'), 11: map('labels'), 12: map('annotations'), 14: list('finalizers') }),
);
const spec = (schema: Schema): Schema => ({ 1: metadata, 2: one('spec', message(schema)) });

const selector = one(
  'selector',
  message({ 1: map('matchLabels'), 2: list('matchExpressions', message({ 1: one('key'), 2: one('operator'), 3: list('values') })) }),
);
const containerPort = message({ 1: one('name'), 2: one('hostPort', positive), 3: one('containerPort', number), 4: one('protocol') });
const container = message({
  1: one('name'),
  2: one('image'),
  3: list('command'),
  4: list('args'),
  6: list('ports', containerPort),
  7: list('env', message({ 1: one('name'), 2: one('value') })),
});
const podSpec = message({ 2: list('containers', container), 3: one('restartPolicy'), 4: one('terminationGracePeriodSeconds', number), 8: one('serviceAccountName') });
const template = one('template', message({ 1: metadata, 2: one('spec', podSpec) }));
const jobSpec: Schema = { 1: one('parallelism', number), 2: one('completions', number), 4: selector, 6: template, 7: one('backoffLimit', number) };

const servicePort = message({
  1: one('name'),
  2: one('protocol'),
  3: one('port', number),
  4: one('targetPort', numberOrText),
  5: one('nodePort', positive),
});

const policyRule = message({ 1: list('verbs'), 2: list('apiGroups'), 3: list('resources'), 4: list('resourceNames'), 5: list('nonResourceURLs') });
const role: Schema = { 1: metadata, 2: list('rules', policyRule) };
const binding: Schema = {
  1: metadata,
  2: list('subjects', message({ 1: one('kind'), 2: one('apiGroup'), 3: one('name'), 4: one('namespace') })),
  3: one('roleRef', message({ 1: one('apiGroup'), 2: one('kind'), 3: one('name') })),
};

const resourceAttributes = message({
  1: one('namespace'),
  2: one('verb'),
  3: one('group'),
  4: one('version'),
  5: one('resource'),
  6: one('subresource'),
  7: one('name'),
});
const nonResourceAttributes = message({ 1: one('path'), 2: one('verb') });

const deleteOptions: Schema = { 1: one('gracePeriodSeconds', number), 4: one('propagationPolicy'), 5: list('dryRun') };

/** By kind: none of these names is in two groups. */
export const PROTOBUF_SCHEMAS: Readonly<Record<string, Schema>> = {
  ClusterRole: role,
  ClusterRoleBinding: binding,
  ConfigMap: { 1: metadata, 2: map('data'), 3: map('binaryData', base64), 4: one('immutable', flag) },
  CronJob: spec({ 1: one('schedule'), 3: one('concurrencyPolicy'), 4: one('suspend', flag), 5: one('jobTemplate', message(spec(jobSpec))) }),
  DeleteOptions: deleteOptions,
  Deployment: spec({ 1: one('replicas', number), 2: selector, 3: template }),
  Eviction: { 1: metadata, 2: one('deleteOptions', message(deleteOptions)) },
  Job: spec(jobSpec),
  Namespace: { 1: metadata },
  PodDisruptionBudget: spec({ 1: one('minAvailable', numberOrText), 2: selector, 3: one('maxUnavailable', numberOrText) }),
  Role: role,
  RoleBinding: binding,
  Secret: { 1: metadata, 2: map('data', base64), 3: one('type'), 4: map('stringData'), 5: one('immutable', flag) },
  SelfSubjectAccessReview: spec({ 1: one('resourceAttributes', resourceAttributes), 2: one('nonResourceAttributes', nonResourceAttributes) }),
  SelfSubjectReview: { 1: metadata },
  SelfSubjectRulesReview: spec({ 1: one('namespace') }),
  Service: spec({ 1: list('ports', servicePort), 2: map('selector'), 3: one('clusterIP'), 4: one('type'), 10: one('externalName') }),
  ServiceAccount: { 1: metadata },
};
