// The rows of `kubectl get` say what the real printers say.
import assert from 'node:assert/strict';
import type { KubeObject, StoredObject } from '../../../../src/rehearsal/kubeObject.js';
import { formatDuration } from '../../../../src/rehearsal/api/age.js';
import { printerOf } from '../../../../src/rehearsal/api/tableColumns.js';

const now = new Date('2026-03-01T10:05:00Z');

function stored(kind: string, rest: Record<string, unknown>, metadata: Partial<KubeObject['metadata']> = {}): StoredObject {
  return { apiVersion: 'v1', kind, ...rest, metadata: { name: 'x', uid: 'u', resourceVersion: '1', creationTimestamp: '2026-03-01T10:00:00Z', ...metadata } };
}

function row(object: StoredObject): readonly unknown[] {
  return printerOf(object.kind).cells(object, now);
}

function columns(kind: string): string {
  return printerOf(kind).columns.map(({ name, priority }) => (priority === 0 ? name : `(${name})`)).join(' ');
}

describe('duration', () => {
  const second = 1000;
  const minute = 60 * second;
  const hour = 60 * minute;
  const cases: readonly (readonly [number, string])[] = [
    [0, '0s'], [119 * second, '119s'], [2 * minute, '2m'], [150 * second, '2m30s'], [10 * minute + 5 * second, '10m'], [179 * minute, '179m'],
    [3 * hour, '3h'], [3 * hour + 5 * minute, '3h5m'], [9 * hour + minute, '9h'], [49 * hour, '2d1h'], [8 * 24 * hour, '8d'],
    [800 * 24 * hour, '2y70d'], [-5 * second, '<invalid>'],
  ];
  for (const [duration, text] of cases) {
    it(`shows ${duration} ms as ${text}`, () => {
      assert.equal(formatDuration(duration), text);
    });
  }
});

describe('pod row', () => {
  const spec = { containers: [{ name: 'app' }, { name: 'istio-proxy' }], nodeName: 'n1' };
  const running = (name: string, ready = true): unknown => ({ name, ready, restartCount: 0, state: { running: {} } });

  it('counts ready containers and shows address and node in wide output', () => {
    const pod = stored('Pod', { spec, status: { phase: 'Running', podIP: '10.1.1.1', containerStatuses: [running('app'), running('istio-proxy', false)] } });
    assert.deepEqual(row(pod), ['x', '1/2', 'Running', '0', '5m', '10.1.1.1', 'n1', '<none>', '<none>']);
    assert.equal(columns('Pod'), 'Name Ready Status Restarts Age (IP) (Node) (Nominated Node) (Readiness Gates)');
  });

  it('says Terminating of a pod that stops', () => {
    const pod = stored('Pod', { spec, status: { phase: 'Running' } }, { deletionTimestamp: '2026-03-01T10:04:00Z' });
    assert.equal(row(pod)[2], 'Terminating');
  });

  it('says why a container does not run', () => {
    const waiting = { name: 'app', ready: false, restartCount: 3, state: { waiting: { reason: 'CrashLoopBackOff' } }, lastState: { terminated: { finishedAt: '2026-03-01T10:04:30Z' } } };
    assert.deepEqual(row(stored('Pod', { spec, status: { phase: 'Running', containerStatuses: [waiting] } })).slice(2, 4), ['CrashLoopBackOff', '3 (30s ago)']);
  });

  it('counts init containers that are not done', () => {
    const initContainers = [{ name: 'istio-init' }, { name: 'second' }];
    const initContainerStatuses = [{ name: 'istio-init', state: { terminated: { exitCode: 0 } } }, { name: 'second', state: { waiting: { reason: 'PodInitializing' } } }];
    assert.equal(row(stored('Pod', { spec: { ...spec, initContainers }, status: { phase: 'Pending', initContainerStatuses } }))[2], 'Init:1/2');
  });

  it('counts a native sidecar like a container', () => {
    const initContainers = [{ name: 'istio-proxy', restartPolicy: 'Always' }];
    const initContainerStatuses = [{ name: 'istio-proxy', ready: true, started: true, restartCount: 0, state: { running: {} } }];
    const pod = stored('Pod', { spec: { containers: [{ name: 'app' }], initContainers }, status: { phase: 'Running', containerStatuses: [running('app')], initContainerStatuses } });
    assert.deepEqual(row(pod).slice(1, 3), ['2/2', 'Running']);
  });
});

describe('rows of other kinds', () => {
  it('shows a deployment', () => {
    const deployment = stored('Deployment', {
      spec: { replicas: 3, selector: { matchLabels: { b: '2', a: '1' } }, template: { spec: { containers: [{ name: 'app', image: 'app:1' }] } } },
      status: { readyReplicas: 2, updatedReplicas: 1, availableReplicas: 2 },
    });
    assert.deepEqual(row(deployment), ['x', '2/3', 1, 2, '5m', 'app', 'app:1', 'a=1,b=2']);
    assert.equal(columns('Deployment'), 'Name Ready Up-to-date Available Age (Containers) (Images) (Selector)');
  });

  it('shows the addresses and ports of a load balancer', () => {
    const service = stored('Service', {
      spec: { type: 'LoadBalancer', clusterIP: '10.8.0.1', ports: [{ port: 443, nodePort: 30443, protocol: 'TCP' }], selector: { app: 'gw' } },
      status: { loadBalancer: { ingress: [{ ip: '203.0.113.7' }] } },
    });
    assert.deepEqual(row(service), ['x', 'LoadBalancer', '10.8.0.1', '203.0.113.7', '443:30443/TCP', '5m', 'app=gw']);
  });

  it('counts data of secrets and config maps', () => {
    assert.deepEqual(row(stored('Secret', { type: 'Opaque', data: { a: '', b: '' } })), ['x', 'Opaque', 2, '5m']);
    assert.deepEqual(row(stored('ConfigMap', { data: { a: '' }, binaryData: { b: '' } })), ['x', 2, '5m']);
  });

  it('shows the columns that an Istio resource defines for itself', () => {
    assert.equal(columns('IstioOperator'), 'Name Revision Status Age');
    assert.deepEqual(row(stored('IstioOperator', { spec: { revision: 'r1' } })), ['x', 'r1', '', '5m']);
    assert.deepEqual(row(stored('VirtualService', { spec: { gateways: ['g'], hosts: ['h'] } })), ['x', '["g"]', '["h"]', '5m']);
  });

  it('shows name and time of creation of every kind it does not know', () => {
    assert.deepEqual(row(stored('Unheard', {})), ['x', '2026-03-01T10:00:00Z']);
  });

  it('has as many cells as columns, and text or numbers where the column says so, for every kind', () => {
    for (const kind of ['Namespace', 'Pod', 'Deployment', 'ReplicaSet', 'StatefulSet', 'DaemonSet', 'Service', 'ConfigMap', 'Secret', 'ServiceAccount', 'Node', 'Event', 'Endpoints', 'HorizontalPodAutoscaler', 'PodDisruptionBudget', 'Job', 'CronJob', 'Lease', 'EndpointSlice', 'MutatingWebhookConfiguration', 'PeerAuthentication', 'Other']) {
      const printer = printerOf(kind);
      const cells = printer.cells(stored(kind, {}), now);
      assert.equal(cells.length, printer.columns.length, kind);
      for (const [index, cell] of cells.entries()) {
        if (printer.columns[index]?.type === 'integer') assert.equal(typeof cell, 'number', `${kind} ${printer.columns[index].name}`);
      }
    }
  });
});
