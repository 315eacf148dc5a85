// An in-memory cluster for tests of the rehearsal's API server: a few objects, pods that stop when told to, one open port.
import http from 'node:http';
import { duplexPair } from 'node:stream';
import type { ClusterBackend } from '../../src/rehearsal/clusterBackend.js';
import type { KubeObject, StoredObject } from '../../src/rehearsal/kubeObject.js';
import { createObjectStore, formatTime } from '../../src/rehearsal/api/objectStore.js';
import { runInContainer } from '../../src/rehearsal/streams/containerPrograms.js';

/** The port inside every pod at which something answers HTTP. */
export const OPEN_PORT = 15000;

export interface InMemoryCluster {
  readonly backend: ClusterBackend;
  /** Removes every pod that was told to stop. */
  finishStopping(): void;
}

export interface InMemoryClusterOptions {
  readonly now?: () => Date;
  /** Pods go in the next turn instead of waiting for `finishStopping`. */
  readonly stopsByItself?: boolean;
}

export function configMap(namespace: string, name: string, labels?: Record<string, string>): KubeObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace, ...(labels ? { labels } : {}) }, data: { mesh: 'trustDomain: cluster.local' } };
}

export function pod(namespace: string, name: string, labels: Record<string, string>, owner?: StoredObject): KubeObject {
  const ownerReferences = owner
    ? [{ apiVersion: owner.apiVersion, kind: owner.kind, name: owner.metadata.name, uid: owner.metadata.uid, controller: true }]
    : undefined;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace, labels, ...(ownerReferences ? { ownerReferences } : {}) },
    spec: { nodeName: 'node-1', containers: [{ name: 'app', image: 'app:1' }, { name: 'istio-proxy', image: 'proxyv2:1.16.2-asm.2' }] },
    status: {
      phase: 'Running',
      podIP: '10.4.0.7',
      conditions: [{ type: 'Ready', status: 'True' }],
      containerStatuses: ['app', 'istio-proxy'].map((container) => ({ name: container, ready: true, restartCount: 0, state: { running: {} } })),
    },
  };
}

function namespace(name: string, labels: Record<string, string> = {}): KubeObject {
  const withName = { 'kubernetes.io/metadata.name': name, ...labels };
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels: withName }, status: { phase: 'Active' } };
}

function deployment(inNamespace: string, name: string): KubeObject {
  const labels = { app: name };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: inNamespace, labels },
    spec: {
      replicas: 2,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: 'app', image: 'app:1', ports: [{ containerPort: 8080 }] }] } },
    },
    status: {
      observedGeneration: 1,
      replicas: 2,
      updatedReplicas: 2,
      readyReplicas: 2,
      availableReplicas: 2,
      conditions: [
        { type: 'Available', status: 'True', reason: 'MinimumReplicasAvailable' },
        { type: 'Progressing', status: 'True', reason: 'NewReplicaSetAvailable' },
      ],
    },
  };
}

function fill({ store }: Pick<ClusterBackend, 'store'>): void {
  for (const name of ['default', 'istio-system', 'kube-system']) store.create('namespaces', namespace(name));
  store.create('namespaces', namespace('foo', { 'istio-injection': 'enabled' }));
  store.create('namespaces', namespace('bar', { 'istio.io/rev': 'asm-1162-2' }));
  const cart = store.create('deployments.apps', deployment('foo', 'cart'));
  const owner = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'cart', uid: cart.metadata.uid, controller: true };
  const replicaSet = store.create('replicasets.apps', {
    ...deployment('foo', 'cart-7d9f'),
    kind: 'ReplicaSet',
    metadata: { name: 'cart-7d9f', namespace: 'foo', labels: { app: 'cart' }, ownerReferences: [owner] },
  });
  store.create('pods', pod('foo', 'cart-7d9f-aaaaa', { app: 'cart' }, replicaSet));
  store.create('pods', pod('foo', 'cart-7d9f-bbbbb', { app: 'cart' }, replicaSet));
  store.create('pods', pod('bar', 'lonely', { app: 'lonely' }));
  store.create('configmaps', configMap('istio-system', 'istio'));
  const data = { 'root-cert.pem': Buffer.from('root').toString('base64') };
  store.create('secrets', { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'cacerts', namespace: 'istio-system' }, type: 'Opaque', data });
  store.create('istiooperators.install.istio.io', {
    apiVersion: 'install.istio.io/v1alpha1',
    kind: 'IstioOperator',
    metadata: { name: 'installed-state-asm-1162-2', namespace: 'istio-system' },
    spec: { revision: 'asm-1162-2' },
  });
}

/** What answers at the open port: echoes a body, or says the path. */
function createPodServer(): http.Server {
  return http.createServer((request, response) => {
    if (request.method === 'POST') request.pipe(response);
    else response.end(`answer to ${request.url ?? ''}`);
  });
}

export function createInMemoryCluster({ now = () => new Date(), stopsByItself = false }: InMemoryClusterOptions = {}): InMemoryCluster {
  const store = createObjectStore({ now });
  const podServer = createPodServer();
  const stopping = new Set<string>();
  const finishStopping = (): void => {
    for (const { metadata } of store.list('pods').filter(({ metadata: { uid } }) => stopping.has(uid))) {
      store.remove('pods', metadata.namespace, metadata.name);
    }
    stopping.clear();
  };
  fill({ store });
  return {
    finishStopping,
    backend: {
      store,
      validate: () => undefined,
      admitPod: (admitted) =>
        admitted.metadata.labels?.refuse === 'yes' ? { refused: 'failed calling webhook "rev.namespace.sidecar-injector.istio.io"' } : { admitted },
      connectToPod(_namespace, name, port) {
        if (port !== OPEN_PORT) throw new Error(`error forwarding port ${port} to pod ${name}, uid : connect: connection refused`);
        const [ours, theirs] = duplexPair();
        podServer.emit('connection', theirs);
        return ours;
      },
      execInPod(command, connect) {
        const found = store.get('pods', command.namespace, command.pod);
        if (!found) throw new Error(`pods "${command.pod}" not found`);
        return runInContainer(found, command, connect);
      },
      stopPod(stopped) {
        stopping.add(stopped.metadata.uid);
        store.replace('pods', { ...stopped, metadata: { ...stopped.metadata, deletionTimestamp: formatTime(now()), deletionGracePeriodSeconds: 30 } });
        if (stopsByItself) setImmediate(finishStopping);
      },
    },
  };
}
