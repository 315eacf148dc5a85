// One workload of each kind that a migration trips over, as somebody in every organisation has left one behind.
import { POD_INJECT_LABEL, PROXY_IMAGE_ANNOTATION, REVISION_LABEL } from '../../shared/istioNames.js';
import type { ObjectStore } from '../clusterBackend.js';
import type { KubeObject } from '../kubeObject.js';
import type { ControlPlaneSpec } from '../mesh/installation/controlPlaneSpec.js';
import { injectorOf } from '../mesh/installation/istiodConfigMaps.js';
import type { PlacedObject } from '../mesh/installation/placedObject.js';
import { tagWebhook } from '../mesh/installation/webhookConfigurations.js';
import { injectProxy } from '../mesh/injection.js';
import { awkwardGateways } from './awkwardGateways.js';
import { namespaceObject } from './workloads.js';
import type { MeshLabels } from './workloads.js';

export const AWKWARD_NAMESPACE = 'odd';
/** Its label names a tag, not a revision. */
export const TAGGED_NAMESPACE = 'tagged';
export const TAG = 'stable';
/** Of open-source Istio: from 1.23 on it cannot ask Mesh CA for a certificate. */
const PINNED_IMAGE = 'docker.io/istio/proxyv2:1.23.2';
const PAUSED = 'frozen';

interface Template {
  readonly metadata: { readonly labels: Record<string, string>; readonly annotations?: Record<string, string> };
  readonly spec: Record<string, unknown> & { readonly containers: readonly { readonly name: string; readonly image: string }[] };
}

function template(app: string, annotations?: Record<string, string>, spec: Record<string, unknown> = {}): Template {
  const containers = [{ name: app, image: `gcr.io/rehearsal-project/${app}:1.0.0` }];
  return { metadata: { labels: { app }, ...(annotations === undefined ? {} : { annotations }) }, spec: { ...spec, containers } };
}

function apps(kind: string, name: string, spec: Record<string, unknown>, namespace: string = AWKWARD_NAMESPACE): PlacedObject {
  const selector = { matchLabels: { app: name } };
  return {
    resource: `${kind.toLowerCase()}s.apps`,
    object: { apiVersion: 'apps/v1', kind, metadata: { name, namespace, labels: { app: name } }, spec: { selector, template: template(name), ...spec } },
  };
}

/** What `istioctl kube-inject` puts into a file: the proxy stands in the template, and no label moves it. */
function handInjected(spec: ControlPlaneSpec): PlacedObject {
  const name = 'handmade';
  const plain: KubeObject & { spec: Template['spec'] } = { apiVersion: 'v1', kind: 'Pod', ...template(name), metadata: { name, namespace: AWKWARD_NAMESPACE, labels: { app: name } } };
  const { metadata, spec: podSpec } = injectProxy(plain, injectorOf(spec));
  return apps('Deployment', name, { template: { metadata: { labels: metadata.labels, annotations: metadata.annotations }, spec: podSpec } });
}

function job(name: string): { readonly template: Template } {
  return { template: template(name, undefined, { restartPolicy: 'OnFailure' }) };
}

function batch(): readonly PlacedObject[] {
  const metadata = (name: string): KubeObject['metadata'] => ({ name, namespace: AWKWARD_NAMESPACE, labels: { app: name } });
  const cron = { schedule: '0 3 * * *', concurrencyPolicy: 'Forbid', jobTemplate: { spec: job('nightly') } };
  return [
    { resource: 'jobs.batch', object: { apiVersion: 'batch/v1', kind: 'Job', metadata: metadata('import'), spec: job('import') } },
    { resource: 'cronjobs.batch', object: { apiVersion: 'batch/v1', kind: 'CronJob', metadata: metadata('nightly'), spec: cron } },
  ];
}

/** Allows by identities that end with the trust domain: Istio expands `cluster.local`, ext-authz and others do not. */
function policy(): PlacedObject {
  const from = [{ source: { principals: ['cluster.local/ns/bar/sa/sleep', 'cluster.local/ns/foo/sa/sleep'] } }];
  return {
    resource: 'authorizationpolicies.security.istio.io',
    object: {
      apiVersion: 'security.istio.io/v1',
      kind: 'AuthorizationPolicy',
      metadata: { name: 'httpbin-callers', namespace: 'foo' },
      spec: { selector: { matchLabels: { app: 'httpbin' } }, action: 'ALLOW', rules: [{ from }] },
    },
  };
}

/** `spec` is the control plane that is there. */
export function awkwardObjects(spec: ControlPlaneSpec, mesh: MeshLabels, now: Date): readonly PlacedObject[] {
  return [
    tagWebhook(TAG, spec.revision),
    namespaceObject(AWKWARD_NAMESPACE, mesh),
    namespaceObject(TAGGED_NAMESPACE, { [REVISION_LABEL]: TAG }),
    apps('StatefulSet', 'cache', { replicas: 2, serviceName: 'cache', updateStrategy: { type: 'OnDelete' } }),
    apps('Deployment', PAUSED, { replicas: 2 }),
    ...batch(),
    handInjected(spec),
    apps('Deployment', 'pinned', { template: template('pinned', { [PROXY_IMAGE_ANNOTATION]: PINNED_IMAGE }) }),
    apps('Deployment', 'dormant', { replicas: 0 }),
    apps('DaemonSet', 'agent', {}),
    apps('Deployment', 'catalog', {}, TAGGED_NAMESPACE),
    // In no mesh namespace, but its own label asks for a sidecar of the revision.
    apps('Deployment', 'volunteer', { template: labelled('volunteer', { [POD_INJECT_LABEL]: 'true', [REVISION_LABEL]: spec.revision }) }, 'plain'),
    policy(),
    ...awkwardGateways(spec, now),
  ];
}

function labelled(app: string, labels: Record<string, string>): Template {
  const { metadata, spec } = template(app);
  return { metadata: { ...metadata, labels: { ...metadata.labels, ...labels } }, spec };
}

/** Somebody paused a rollout and forgot it. */
export function holdRollouts(store: ObjectStore): void {
  const deployment = store.get('deployments.apps', AWKWARD_NAMESPACE, PAUSED);
  if (deployment !== undefined) store.replace('deployments.apps', { ...deployment, spec: { ...(deployment.spec as object), paused: true } });
}
