// The webhook configurations of revisions and tags, with the selectors of Istio's chart templates.
import { INJECTION_LABEL, ISTIO_NAMESPACE, POD_INJECT_LABEL, REVISION_LABEL, TAG_LABEL } from '../../../shared/istioNames.js';
import { revisionSuffix } from '../injector.js';
import type { LabelRequirement } from '../labelSelector.js';
import type { InjectionWebhook } from '../webhookMatch.js';
import type { ControlPlaneSpec } from './controlPlaneSpec.js';
import type { PlacedObject } from './placedObject.js';

const ADMISSION = 'admissionregistration.k8s.io';
const NOT_REFUSED: LabelRequirement = { key: POD_INJECT_LABEL, operator: 'NotIn', values: ['false'] };
const ASKED_FOR: LabelRequirement = { key: POD_INJECT_LABEL, operator: 'In', values: ['true'] };

function missing(key: string): LabelRequirement {
  return { key, operator: 'DoesNotExist' };
}

function oneOf(key: string, value: string): LabelRequirement {
  return { key, operator: 'In', values: [value] };
}

function webhook(
  name: string,
  service: string,
  namespaceSelector: readonly LabelRequirement[],
  objectSelector: readonly LabelRequirement[],
): InjectionWebhook {
  return {
    name: `${name}.sidecar-injector.istio.io`,
    clientConfig: { service: { name: service, namespace: ISTIO_NAMESPACE, path: '/inject', port: 443 } },
    admissionReviewVersions: ['v1beta1', 'v1'],
    failurePolicy: 'Fail',
    matchPolicy: 'Equivalent',
    reinvocationPolicy: 'Never',
    namespaceSelector: { matchExpressions: namespaceSelector },
    objectSelector: { matchExpressions: objectSelector },
    rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'], scope: '*' }],
    sideEffects: 'None',
    timeoutSeconds: 10,
  };
}

/** For a revision or a tag named `label`. */
function byLabel(label: string, service: string): readonly InjectionWebhook[] {
  const unlabelled = [missing(REVISION_LABEL), missing(INJECTION_LABEL)];
  return [
    webhook('rev.namespace', service, [oneOf(REVISION_LABEL, label), missing(INJECTION_LABEL)], [NOT_REFUSED]),
    webhook('rev.object', service, unlabelled, [NOT_REFUSED, oneOf(REVISION_LABEL, label)]),
  ];
}

/** Only where a control plane is the default one. */
function byInjectionLabel(service: string): readonly InjectionWebhook[] {
  const unlabelled = [missing(INJECTION_LABEL), missing(REVISION_LABEL)];
  return [
    webhook('namespace', service, [oneOf(INJECTION_LABEL, 'enabled')], [NOT_REFUSED]),
    webhook('object', service, unlabelled, [ASKED_FOR, missing(REVISION_LABEL)]),
  ];
}

function mutating(name: string, labels: Record<string, string>, webhooks: readonly InjectionWebhook[]): PlacedObject {
  return {
    resource: `mutatingwebhookconfigurations.${ADMISSION}`,
    object: { apiVersion: `${ADMISSION}/v1`, kind: 'MutatingWebhookConfiguration', metadata: { name, labels }, webhooks },
  };
}

function validating(name: string, labels: Record<string, string>, service: string, failurePolicy: string): PlacedObject {
  const rules = [
    {
      apiGroups: ['security.istio.io', 'networking.istio.io', 'telemetry.istio.io', 'extensions.istio.io'],
      apiVersions: ['*'],
      operations: ['CREATE', 'UPDATE'],
      resources: ['*'],
      scope: '*',
    },
  ];
  const webhooks = [
    {
      name: 'validation.istio.io',
      clientConfig: { service: { name: service, namespace: ISTIO_NAMESPACE, path: '/validate', port: 443 } },
      admissionReviewVersions: ['v1beta1', 'v1'],
      failurePolicy,
      rules,
      sideEffects: 'None',
    },
  ];
  return {
    resource: `validatingwebhookconfigurations.${ADMISSION}`,
    object: { apiVersion: `${ADMISSION}/v1`, kind: 'ValidatingWebhookConfiguration', metadata: { name, labels }, webhooks },
  };
}

/** A revision's own injection and validation; `default` has the webhooks for `istio-injection=enabled` as well. */
export function revisionWebhooks({ revision }: ControlPlaneSpec): readonly PlacedObject[] {
  const suffix = revisionSuffix(revision);
  const service = `istiod${suffix}`;
  const labels = { app: 'sidecar-injector', [REVISION_LABEL]: revision, 'operator.istio.io/component': 'Pilot', release: 'istio' };
  const ofDefault = suffix === '' ? byInjectionLabel(service) : [];
  const validator = { app: 'istiod', [REVISION_LABEL]: revision, istio: 'istiod', release: 'istio' };
  return [
    mutating(`istio-sidecar-injector${suffix}`, labels, [...byLabel(revision, service), ...ofDefault]),
    validating(`istio-validator${suffix}-${ISTIO_NAMESPACE}`, validator, service, 'Fail'),
  ];
}

/** A revision tag as `istioctl tag set` makes it; tag `default` answers `istio-injection=enabled` too. */
export function tagWebhook(tag: string, revision: string): PlacedObject {
  const service = `istiod${revisionSuffix(revision)}`;
  const labels = { app: 'sidecar-injector', [REVISION_LABEL]: revision, [TAG_LABEL]: tag };
  const ofDefault = tag === 'default' ? byInjectionLabel(service) : [];
  return mutating(`istio-revision-tag-${tag}`, labels, [...byLabel(tag, service), ...ofDefault]);
}

/** Validation through whatever Service `istiod` leads to. */
export function defaultValidator(revision: string): PlacedObject {
  const labels = { app: 'istiod', [REVISION_LABEL]: revision, istio: 'istiod', [TAG_LABEL]: 'default', release: 'istio' };
  return validating('istiod-default-validator', labels, 'istiod', 'Ignore');
}
