// The applications of the scenes: the samples of the guide, and the kinds of workload that a migration forgets.
import { INJECTION_LABEL, REVISION_LABEL } from '../../shared/istioNames.js';
import type { PlacedObject } from '../mesh/installation/placedObject.js';
import type { KubeObject } from '../kubeObject.js';

const IMAGES = {
  httpbin: 'docker.io/kennethreitz/httpbin:latest',
  sleep: 'curlimages/curl:8.5.0',
  reports: 'gcr.io/rehearsal-project/reports:3.4.1',
  ledger: 'gcr.io/rehearsal-project/ledger:1.9.0',
  worker: 'gcr.io/rehearsal-project/worker:2.2.0',
  toolbox: 'gcr.io/rehearsal-project/toolbox:1.0.3',
  website: 'nginx:1.25',
} as const;

type App = keyof typeof IMAGES;

function podTemplate(app: App): { metadata: { labels: Record<string, string> }; spec: Record<string, unknown> } {
  const container = { name: app, image: IMAGES[app], ports: [{ containerPort: 8080, name: 'http', protocol: 'TCP' }] };
  return { metadata: { labels: { app } }, spec: { serviceAccountName: app, containers: [container] } };
}

function account(namespace: string, app: App): PlacedObject {
  return { resource: 'serviceaccounts', object: { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: app, namespace } } };
}

function service(namespace: string, app: App, isHeadless = false): PlacedObject {
  const ports = [{ name: 'http', port: 8000, protocol: 'TCP', targetPort: 8080 }];
  const spec = { type: 'ClusterIP', ...(isHeadless ? { clusterIP: 'None' } : {}), ports, selector: { app } };
  return {
    resource: 'services',
    object: { apiVersion: 'v1', kind: 'Service', metadata: { name: app, namespace, labels: { app } }, spec },
  };
}

function workload(kind: 'Deployment' | 'StatefulSet', namespace: string, app: App, replicas: number): PlacedObject {
  const object: KubeObject = {
    apiVersion: 'apps/v1',
    kind,
    metadata: { name: app, namespace, labels: { app } },
    spec: {
      replicas,
      selector: { matchLabels: { app } },
      template: podTemplate(app),
      ...(kind === 'StatefulSet' ? { serviceName: app } : {}),
    },
  };
  return { resource: kind === 'Deployment' ? 'deployments.apps' : 'statefulsets.apps', object };
}

function deployment(namespace: string, app: App, replicas: number): readonly PlacedObject[] {
  return [account(namespace, app), service(namespace, app), workload('Deployment', namespace, app, replicas)];
}

/** How the scene's namespaces ask for a sidecar. */
export type MeshLabels = Readonly<Record<string, string>>;

export function namespaceObject(name: string, labels: MeshLabels = {}): PlacedObject {
  return { resource: 'namespaces', object: { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels: { ...labels } } } };
}

/** `baz` has both labels, of which `istio-injection` wins: as after a migration that forgot to take the old one away. */
export function conflictingNamespace(revision: string): PlacedObject {
  return namespaceObject('baz', { [INJECTION_LABEL]: 'enabled', [REVISION_LABEL]: revision });
}

/** Namespaces of the mesh with their labels, and one outside it. */
export function applicationNamespaces(mesh: MeshLabels, revision: string): readonly PlacedObject[] {
  return [
    namespaceObject('foo', mesh),
    namespaceObject('bar', mesh),
    conflictingNamespace(revision),
    namespaceObject('batch', mesh),
    namespaceObject('plain'),
  ];
}

export function applicationWorkloads(): readonly PlacedObject[] {
  return [
    ...deployment('foo', 'httpbin', 2),
    ...deployment('foo', 'sleep', 1),
    ...deployment('bar', 'sleep', 1),
    account('bar', 'reports'),
    service('bar', 'reports', true),
    workload('StatefulSet', 'bar', 'reports', 2),
    ...deployment('baz', 'ledger', 1),
    ...deployment('batch', 'worker', 2),
    ...deployment('plain', 'website', 1),
  ];
}

/** A pod that nobody would make again, as `kubectl run` leaves them behind. It goes through admission by itself. */
export function barePod(): KubeObject {
  const { metadata, spec } = podTemplate('toolbox');
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'toolbox', namespace: 'batch', labels: metadata.labels },
    spec: { ...spec, serviceAccountName: 'default' },
  };
}
