// Workload controllers on a hand-driven clock: rollouts drawn step by step as text.
import assert from 'node:assert/strict';
import type { KubeObject } from '../../../../src/rehearsal/kubeObject.js';
import { createRehearsalClock } from '../../../../src/rehearsal/controllers/rehearsalClock.js';
import type { DrivenClock } from '../../../../src/rehearsal/controllers/rehearsalClock.js';
import { createAdminServer } from '../../../../src/rehearsal/envoy/adminServer.js';
import { createProxyCertificates } from '../../../../src/rehearsal/mesh/proxyCertificates.js';
import { createSimulatedCluster } from '../../../../src/rehearsal/mesh/simulatedCluster.js';
import type { SimulatedCluster } from '../../../../src/rehearsal/mesh/simulatedCluster.js';
import type { StoredPod } from '../../../../src/rehearsal/mesh/podTypes.js';
import { gkeClusterObjects } from '../../../../src/rehearsal/scenes/gkeCluster.js';
import { namespaceObject } from '../../../../src/rehearsal/scenes/workloads.js';
import { create, drawRollout, NOW, podsOf, restart } from '../mesh/drawnMesh.js';

const DEPLOYMENTS = 'deployments.apps';
const STATEFUL_SETS = 'statefulsets.apps';

function emptyCluster(): { clock: DrivenClock; cluster: SimulatedCluster } {
  const clock = createRehearsalClock(NOW);
  const authority = { certificatePem: '', keyPem: '', intermediatePems: [], rootPem: '' };
  const newKey = (): never => assert.fail('no CA is needed here');
  const meshCa = { authority, identityDomain: '' };
  const shared = { certificates: createProxyCertificates(), admin: createAdminServer(), meshCa, meshCaVariant: 'oldRootToo', newKey } as const;
  const cluster = createSimulatedCluster({ clock, ...shared }, '10.8');
  for (const placed of gkeClusterObjects({ name: 'c', location: 'us-central1' })) create(cluster, placed);
  create(cluster, namespaceObject('app'));
  return { clock, cluster };
}

function workload(kind: string, name: string, spec: Record<string, unknown>): KubeObject {
  const template = { metadata: { labels: { app: name } }, spec: { containers: [{ name, image: `${name}:1` }] } };
  return { apiVersion: 'apps/v1', kind, metadata: { name, namespace: 'app' }, spec: { selector: { matchLabels: { app: name } }, template, ...spec } };
}

/** Every different picture on the way, in order. */
function watchRollout(clock: DrivenClock, cluster: SimulatedCluster, isNew: (pod: StoredPod) => boolean): string[] {
  const pictures: string[] = [];
  for (let step = 0; step < 600; step += 1) {
    const picture = drawRollout(cluster, 'app', isNew);
    if (pictures.at(-1) !== picture) pictures.push(picture);
    clock.advance(20);
  }
  return pictures;
}

function change({ backend: { store } }: SimulatedCluster, resource: string, name: string, spec: Record<string, unknown>): void {
  const object = store.get(resource, 'app', name)!;
  store.replace(resource, { ...object, spec: { ...(object.spec as object), ...spec } });
}

function isRestarted(pod: StoredPod): boolean {
  return pod.metadata.annotations?.['kubectl.kubernetes.io/restartedAt'] !== undefined;
}

describe('a Deployment', () => {
  it('brings its pods from Pending over running to Ready', () => {
    const { clock, cluster } = emptyCluster();
    create(cluster, { resource: DEPLOYMENTS, object: workload('Deployment', 'web', { replicas: 1 }) });
    assert.deepEqual(watchRollout(clock, cluster, () => true), ['- -', '- P', '- s', '- R']);
  });

  it('rolls pod by pod, old ones leaving only for new ones that are ready', () => {
    const { clock, cluster } = emptyCluster();
    create(cluster, { resource: DEPLOYMENTS, object: workload('Deployment', 'web', { replicas: 2 }) });
    clock.advance(10_000);
    restart(cluster, DEPLOYMENTS, 'app');
    // Old pods left, new pods right: P pending, s started, R ready, x stopping.
    assert.deepEqual(watchRollout(clock, cluster, isRestarted), [
      'RR -', 'RR P', 'RR s', 'RR R', 'Rx R', 'Rx PR', 'Rx Rs', 'R Rs', 'R RR', 'x RR', '- RR',
    ]);
  });

  it('tells kubectl how far it is: generations, counts and conditions', () => {
    const { clock, cluster } = emptyCluster();
    create(cluster, { resource: DEPLOYMENTS, object: workload('Deployment', 'web', { replicas: 2 }) });
    clock.advance(10_000);
    restart(cluster, DEPLOYMENTS, 'app');
    const status = (): Record<string, unknown> => cluster.backend.store.get(DEPLOYMENTS, 'app', 'web')!.status as Record<string, unknown>;
    const reasons = (): string[] => (status().conditions as { reason: string }[]).map(({ reason }) => reason);
    assert.equal(status().observedGeneration, 1, 'not seen yet');
    clock.advance(200);
    assert.equal(status().observedGeneration, 2);
    assert.deepEqual([status().replicas, status().updatedReplicas, status().availableReplicas], [3, 1, 2]);
    assert.deepEqual(reasons(), ['MinimumReplicasAvailable', 'ReplicaSetUpdated']);
    clock.advance(20_000);
    assert.deepEqual([status().replicas, status().updatedReplicas, status().availableReplicas], [2, 2, 2]);
    assert.deepEqual(reasons(), ['MinimumReplicasAvailable', 'NewReplicaSetAvailable']);
  });

  it('that is paused keeps its pods, and rolls when it is resumed', () => {
    const { clock, cluster } = emptyCluster();
    create(cluster, { resource: DEPLOYMENTS, object: workload('Deployment', 'web', { replicas: 1, paused: false }) });
    clock.advance(10_000);
    change(cluster, DEPLOYMENTS, 'web', { paused: true });
    restart(cluster, DEPLOYMENTS, 'app');
    assert.deepEqual(watchRollout(clock, cluster, isRestarted), ['R -']);
    change(cluster, DEPLOYMENTS, 'web', { paused: false });
    assert.equal(watchRollout(clock, cluster, isRestarted).at(-1), '- R');
  });

  it('is scaled down by taking pods away', () => {
    const { clock, cluster } = emptyCluster();
    create(cluster, { resource: DEPLOYMENTS, object: workload('Deployment', 'web', { replicas: 3 }) });
    clock.advance(10_000);
    change(cluster, DEPLOYMENTS, 'web', { replicas: 1 });
    clock.advance(10_000);
    assert.equal(podsOf(cluster, 'app').length, 1);
  });

  it('makes a new pod for one that was deleted', () => {
    const { clock, cluster } = emptyCluster();
    create(cluster, { resource: DEPLOYMENTS, object: workload('Deployment', 'web', { replicas: 1 }) });
    clock.advance(10_000);
    const [pod] = podsOf(cluster, 'app');
    cluster.backend.stopPod(pod!);
    assert.deepEqual(watchRollout(clock, cluster, ({ metadata }) => metadata.uid !== pod!.metadata.uid), [
      'x -', 'x P', 'x s', '- s', '- R',
    ]);
  });
});

describe('a StatefulSet', () => {
  const names = (cluster: SimulatedCluster, isChosen: (pod: StoredPod) => boolean): string =>
    podsOf(cluster, 'app').filter(isChosen).map(({ metadata }) => metadata.name).join(' ');

  it('makes its pods one after another, lowest ordinal first', () => {
    const { clock, cluster } = emptyCluster();
    create(cluster, { resource: STATEFUL_SETS, object: workload('StatefulSet', 'db', { replicas: 2 }) });
    assert.deepEqual(watchRollout(clock, cluster, () => true), ['- -', '- P', '- s', '- R', '- PR', '- Rs', '- RR']);
  });

  it('is renewed from the highest ordinal, one pod at a time', () => {
    const { clock, cluster } = emptyCluster();
    create(cluster, { resource: STATEFUL_SETS, object: workload('StatefulSet', 'db', { replicas: 2 }) });
    clock.advance(20_000);
    restart(cluster, STATEFUL_SETS, 'app');
    const seen: string[] = [];
    for (let step = 0; step < 500; step += 1) {
      const renewed = names(cluster, isRestarted);
      if (seen.at(-1) !== renewed) seen.push(renewed);
      assert.ok(names(cluster, () => true) !== '', 'never are both gone');
      clock.advance(20);
    }
    assert.deepEqual(seen, ['', 'db-1', 'db-0 db-1']);
  });

  it('with OnDelete waits until somebody deletes its pods', () => {
    const { clock, cluster } = emptyCluster();
    const spec = { replicas: 2, updateStrategy: { type: 'OnDelete' } };
    create(cluster, { resource: STATEFUL_SETS, object: workload('StatefulSet', 'db', spec) });
    clock.advance(20_000);
    restart(cluster, STATEFUL_SETS, 'app');
    clock.advance(20_000);
    assert.equal(names(cluster, isRestarted), '');
    cluster.backend.stopPod(podsOf(cluster, 'app')[0]!);
    clock.advance(20_000);
    assert.equal(names(cluster, isRestarted), 'db-0');
  });
});

describe('a DaemonSet', () => {
  it('has a pod on every node, renewed one after another', () => {
    const { clock, cluster } = emptyCluster();
    clock.advance(10_000);
    const nodes = podsOf(cluster, 'kube-system').map(({ spec }) => spec.nodeName);
    assert.equal(new Set(nodes).size, 3);
    restart(cluster, 'daemonsets.apps', 'kube-system');
    clock.advance(3_000);
    assert.equal(podsOf(cluster, 'kube-system').filter(isRestarted).length, 1);
    clock.advance(30_000);
    assert.equal(podsOf(cluster, 'kube-system').filter(isRestarted).length, 3);
  });
});

describe('a quota of pods', () => {
  it('stops a rollout before its first new pod, with the admission plugin’s words in the status, and lets it go on when there is room', () => {
    const { clock, cluster } = emptyCluster();
    const { store } = cluster.backend;
    const conditions = (): string => JSON.stringify(store.get(DEPLOYMENTS, 'app', 'web')!.status);
    create(cluster, { resource: DEPLOYMENTS, object: workload('Deployment', 'web', { replicas: 2 }) });
    clock.advance(10_000);
    store.create('resourcequotas', { apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: 'two', namespace: 'app' }, spec: { hard: { pods: '2', 'requests.cpu': '8' } } });
    restart(cluster, DEPLOYMENTS, 'app');
    clock.advance(60_000);
    assert.equal(podsOf(cluster, 'app').filter(isRestarted).length, 0);
    assert.match(conditions(), /"ReplicaFailure".*FailedCreate.*is forbidden: exceeded quota: two, requested: pods=1, used: pods=2, limited: pods=2/u);
    store.remove('resourcequotas', 'app', 'two');
    clock.advance(60_000);
    assert.equal(podsOf(cluster, 'app').filter(isRestarted).length, 2);
    assert.doesNotMatch(conditions(), /ReplicaFailure/u);
  });
});

describe('a disruption budget', () => {
  it('counts the pods of its selector, and what may go of them, as they come and go', () => {
    const { clock, cluster } = emptyCluster();
    const { store } = cluster.backend;
    const spec = { minAvailable: 1, selector: { matchLabels: { app: 'web' } } };
    create(cluster, { resource: 'poddisruptionbudgets.policy', object: { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata: { name: 'web', namespace: 'app' }, spec } });
    create(cluster, { resource: DEPLOYMENTS, object: workload('Deployment', 'web', { replicas: 2 }) });
    const status = (): unknown => {
      clock.advance(10_000);
      const { observedGeneration, ...counts } = store.get('poddisruptionbudgets.policy', 'app', 'web')!.status as Record<string, unknown>;
      assert.equal(observedGeneration, 1);
      return counts;
    };
    assert.deepEqual(status(), { currentHealthy: 2, desiredHealthy: 1, disruptionsAllowed: 1, expectedPods: 2 });
    change(cluster, DEPLOYMENTS, 'web', { replicas: 1 });
    assert.deepEqual(status(), { currentHealthy: 1, desiredHealthy: 1, disruptionsAllowed: 0, expectedPods: 1 });
  });
});

describe('the endpoints of a Service', () => {
  it('are its ready pods; a pod that stops leaves them at once', () => {
    const { clock, cluster } = emptyCluster();
    create(cluster, { resource: DEPLOYMENTS, object: workload('Deployment', 'web', { replicas: 2 }) });
    const spec = { selector: { app: 'web' }, ports: [{ port: 80, targetPort: 8080 }] };
    create(cluster, { resource: 'services', object: { apiVersion: 'v1', kind: 'Service', metadata: { name: 'web', namespace: 'app' }, spec } });
    const ready = (): number => {
      const { subsets = [] } = cluster.backend.store.get('endpoints', 'app', 'web') as { subsets?: { addresses?: unknown[] }[] };
      return subsets.flatMap(({ addresses = [] }) => addresses).length;
    };
    clock.advance(400);
    assert.equal(ready(), 0);
    clock.advance(10_000);
    assert.equal(ready(), 2);
    cluster.backend.stopPod(podsOf(cluster, 'app')[0]!);
    clock.advance(100);
    assert.equal(ready(), 1);
  });
});
