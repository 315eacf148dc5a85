// What keeps pods on the old roots although their namespace was moved, on the simulated mesh; and that the procedure's rows say so.
import assert from 'node:assert/strict';
import { planStep } from '../../../../src/domain/procedure/planStep.js';
import type { StepPlan } from '../../../../src/domain/procedure/procedureStep.js';
import { evictionRefusal } from '../../../../src/rehearsal/api/eviction.js';
import { revertLabels } from '../../../../src/rehearsal/faults/labelReverter.js';
import { isReady } from '../../../../src/rehearsal/mesh/podTypes.js';
import type { SimulatedCluster } from '../../../../src/rehearsal/mesh/simulatedCluster.js';
import { afterwards, obstacles, onCluster, onNamespace, seen, warned } from '../../../support/guardedMesh.js';
import { carryOut } from '../../../support/kubectlInMesh.js';
import { moveNamespace } from '../../../support/rehearsedJourney.js';
import { REVISION_1, REVISION_2 } from '../../../support/rehearsedSituation.js';
import { listed, surveyed } from '../../../support/surveyedMesh.js';
import { canTalk, drawPods, meshOf, podsOf, relabel, restart } from '../../rehearsal/mesh/drawnMesh.js';
import type { TestMesh } from '../../rehearsal/mesh/drawnMesh.js';

const DEPLOYMENTS = 'deployments.apps';
const STATEFUL_SETS = 'statefulsets.apps';
const BUDGETS = 'poddisruptionbudgets.policy';
const OLD_ASM = 'asm-1162-2';
const A_ROLLOUT = 60_000;
const REFUSED = 'the client does not trust the server';

/** Changes the spec of a workload, as `kubectl patch` does. */
function patch({ backend: { store } }: SimulatedCluster, resource: string, namespace: string, name: string, spec: object): void {
  const object = store.get(resource, namespace, name)!;
  store.replace(resource, { ...object, spec: { ...(object.spec as object), ...spec } });
}

/** The labels of its pods' template, beside those that are there. */
function label(cluster: SimulatedCluster, namespace: string, name: string, labels: Readonly<Record<string, string>>): void {
  const { template } = cluster.backend.store.get(DEPLOYMENTS, namespace, name)!.spec as { readonly template: { readonly metadata: { readonly labels: object } } };
  patch(cluster, DEPLOYMENTS, namespace, name, { template: { ...template, metadata: { ...template.metadata, labels: { ...template.metadata.labels, ...labels } } } });
}

function moving(mesh: TestMesh, namespace: string): StepPlan {
  return planStep(onNamespace('migrate-namespace', 1, namespace), seen(mesh));
}

/** The row's own command lines, and the time that they take. */
function run(mesh: TestMesh, { commands }: StepPlan): void {
  carryOut(mesh.first, commands);
  mesh.clock.advance(A_ROLLOUT);
}

describe('workloads that do not roll as others do', function () {
  // Keys for the CAs are made once; on a busy machine that takes longer than mocha waits.
  this.timeout(60_000);

  it('paused ones keep the old root; the row names them, does not restart them, and is open until they have rolled', () => {
    const mesh = meshOf('asm-citadel', [REVISION_1, REVISION_2]);
    patch(mesh.first, DEPLOYMENTS, 'foo', 'sleep', { paused: true });
    const plan = moving(mesh, 'foo');
    assert.match(warned(plan), /[Pp]aused.*Deployment\/sleep/u);
    assert.ok(plan.commands.every(({ argv }) => !argv.includes('deployment/sleep') && !argv.join(' ').includes('restart deployment -n')), 'kubectl refuses to restart a paused one');
    run(mesh, plan);
    assert.match(drawPods(mesh, mesh.first, 'foo'), /sleep · ready · asm-1162-2 · \[CITADEL\] ·/u);
    assert.match(afterwards(plan, mesh), /^open[\s\S]*sleep.* still has a proxy of asm-1162-2/u);
    moveNamespace(mesh, mesh.first, 'baz', REVISION_2);
    assert.equal(canTalk(mesh.first, 'foo/sleep', mesh.first, 'baz/ledger'), REFUSED);
    patch(mesh.first, DEPLOYMENTS, 'foo', 'sleep', { paused: false });
    restart(mesh.first, DEPLOYMENTS, 'foo');
    mesh.clock.advance(A_ROLLOUT);
    assert.equal(canTalk(mesh.first, 'foo/sleep', mesh.first, 'baz/ledger'), 'yes');
    assert.match(afterwards(plan, mesh), /^verified/u);
  });

  it('OnDelete ones keep it however often they are restarted; the row names them and is open until their pods were deleted', () => {
    const mesh = meshOf('asm-citadel', [REVISION_1, REVISION_2]);
    patch(mesh.first, STATEFUL_SETS, 'bar', 'reports', { updateStrategy: { type: 'OnDelete' } });
    const plan = moving(mesh, 'bar');
    assert.match(warned(plan), /OnDelete.*StatefulSet\/reports/u);
    moveNamespace(mesh, mesh.first, 'bar', REVISION_1);
    assert.match(drawPods(mesh, mesh.first, 'bar'), /reports-0 · ready · asm-1162-2 · \[CITADEL\] ·/u);
    assert.match(afterwards(plan, mesh), /^open[\s\S]*reports-1.*OnDelete/u);
    moveNamespace(mesh, mesh.first, 'foo', REVISION_2);
    assert.equal(canTalk(mesh.first, 'bar/reports', mesh.first, 'foo/httpbin'), REFUSED);
    for (const pod of podsOf(mesh.first, 'bar')) if (pod.metadata.name.startsWith('reports')) mesh.first.backend.stopPod(pod);
    mesh.clock.advance(A_ROLLOUT);
    assert.equal(canTalk(mesh.first, 'bar/reports', mesh.first, 'foo/httpbin'), 'yes');
    assert.match(afterwards(plan, mesh), /^verified/u);
  });

  it('a StatefulSet with a partition renews its last pods only; the row names it and is open until all have rolled', () => {
    const mesh = meshOf('asm-citadel', [REVISION_1, REVISION_2]);
    patch(mesh.first, STATEFUL_SETS, 'bar', 'reports', { updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 1 } } });
    const plan = moving(mesh, 'bar');
    assert.match(warned(plan), /partition: StatefulSet\/reports/u);
    run(mesh, plan);
    assert.match(drawPods(mesh, mesh.first, 'bar'), new RegExp(`reports-0 · ready · ${OLD_ASM} .*\\n.*reports-1 · ready · ${REVISION_1}`, 'u'));
    assert.match(afterwards(plan, mesh), /^open[\s\S]*reports-0/u);
    moveNamespace(mesh, mesh.first, 'foo', REVISION_2);
    assert.equal(canTalk(mesh.first, 'bar/reports-0', mesh.first, 'foo/httpbin'), REFUSED);
    patch(mesh.first, STATEFUL_SETS, 'bar', 'reports', { updateStrategy: { type: 'RollingUpdate' } });
    mesh.clock.advance(A_ROLLOUT);
    assert.match(afterwards(plan, mesh), /^verified/u);
  });

  it('Recreate leaves nobody to answer for a while, where others always have somebody; the row says so before', () => {
    /** The fewest ready pods of httpbin at any moment of the row's rollout. */
    const fewest = (mesh: TestMesh, plan: StepPlan): number => {
      carryOut(mesh.first, plan.commands);
      const ready = (): number => podsOf(mesh.first, 'foo').filter((pod) => pod.metadata.name.startsWith('httpbin') && isReady(pod) && pod.metadata.deletionTimestamp === undefined).length;
      return Math.min(...Array.from({ length: 120 }, () => { mesh.clock.advance(A_ROLLOUT / 120); return ready(); }));
    };
    const rolling = meshOf('asm-citadel', [REVISION_1]);
    assert.doesNotMatch(warned(moving(rolling, 'foo')), /Recreate/u);
    assert.ok(fewest(rolling, moving(rolling, 'foo')) > 0);
    const mesh = meshOf('asm-citadel', [REVISION_1]);
    patch(mesh.first, DEPLOYMENTS, 'foo', 'httpbin', { strategy: { type: 'Recreate' } });
    const plan = moving(mesh, 'foo');
    assert.match(warned(plan), /Recreate: while Deployment\/httpbin/u);
    assert.equal(fewest(mesh, plan), 0);
    assert.match(afterwards(plan, mesh), /^verified/u);
  });
});

describe('a rollout that stands still half way', function () {
  this.timeout(60_000);

  it('where a quota has no room for one more pod it leaves the old ones; the row gives the API server’s reason and stays open', () => {
    const mesh = meshOf('asm-citadel', [REVISION_1, REVISION_2]);
    const { store } = mesh.first.backend;
    const plan = moving(mesh, 'foo');
    store.create('resourcequotas', { apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: 'small', namespace: 'foo' }, spec: { hard: { pods: '3' } } });
    run(mesh, plan);
    assert.match(drawPods(mesh, mesh.first, 'foo'), /^httpbin · ready · asm-1162-2 · \[CITADEL\] ·/u);
    assert.match(afterwards(plan, mesh), /^open[\s\S]*Deployment\/httpbin gets no new pods: pods "httpbin-.*" is forbidden: exceeded quota: small, requested: pods=1, used: pods=3, limited: pods=3/u);
    moveNamespace(mesh, mesh.first, 'baz', REVISION_2);
    assert.equal(canTalk(mesh.first, 'foo/httpbin', mesh.first, 'baz/ledger'), REFUSED);
    store.remove('resourcequotas', 'foo', 'small');
    mesh.clock.advance(A_ROLLOUT);
    assert.match(afterwards(plan, mesh), /^verified/u);
    assert.equal(canTalk(mesh.first, 'foo/httpbin', mesh.first, 'baz/ledger'), 'yes');
  });

  it('budgets let rollouts pass and nodes not be drained: one that allows none, and two over one pod; both are said before', () => {
    const mesh = meshOf('asm-citadel', [REVISION_1]);
    const { store } = mesh.first.backend;
    const budget = (name: string, app: string, spec: object): void => {
      store.create(BUDGETS, { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata: { name, namespace: 'foo' }, spec: { selector: { matchLabels: { app } }, ...spec } });
    };
    const drain = (app: string): string => evictionRefusal(store, podsOf(mesh.first, 'foo').find(({ metadata }) => metadata.labels?.app === app)!)?.message ?? 'evicted';
    const said = (): string => warned(planStep(onNamespace('migrate-namespace', 1, 'foo'), listed(mesh)));
    assert.doesNotMatch(said(), /budget/iu);
    budget('one-sleeper', 'sleep', { minAvailable: 1 });
    budget('httpbin', 'httpbin', { maxUnavailable: 1 });
    budget('web', 'httpbin', { maxUnavailable: 1 });
    mesh.clock.advance(A_ROLLOUT);
    assert.match(drain('sleep'), /violate the pod's disruption budget/u);
    assert.match(drain('httpbin'), /more than one PodDisruptionBudget/u);
    assert.match(said(), /one-sleeper/u);
    assert.match(said(), /httpbin, web/u);
    const plan = moving(mesh, 'foo');
    run(mesh, plan);
    assert.match(afterwards(plan, mesh), /^verified/u);
    store.remove(BUDGETS, 'foo', 'web');
    patch(mesh.first, BUDGETS, 'foo', 'one-sleeper', { minAvailable: 0 });
    mesh.clock.advance(A_ROLLOUT);
    assert.deepEqual([drain('sleep'), drain('httpbin')], ['evicted', 'evicted']);
    assert.doesNotMatch(said(), /budget/iu);
  });
});

describe('a pod’s own label', function () {
  this.timeout(60_000);

  it('moves nothing in a namespace that has one; the row goes by who injected, and phase 2 is shut by the workload', async () => {
    const mesh = meshOf('asm-citadel', [REVISION_1, REVISION_2]);
    label(mesh.first, 'foo', 'httpbin', { 'istio.io/rev': REVISION_1 });
    mesh.clock.advance(A_ROLLOUT);
    const labelled = podsOf(mesh.first, 'foo').filter(({ metadata }) => metadata.labels?.['istio.io/rev'] === REVISION_1);
    assert.equal(labelled.length, 2, 'by their labels they are moved');
    assert.match(drawPods(mesh, mesh.first, 'foo'), /^httpbin · ready · asm-1162-2 · \[CITADEL\] ·/u);
    const plan = moving(mesh, 'foo');
    assert.match(afterwards(plan, mesh), /^open/u);
    const situation = await surveyed(mesh);
    assert.match(obstacles(planStep(onCluster('delete-old-istiod', 1), situation)), /foo\/Deployment\/httpbin still has proxies of revision asm-1162-2/u);
    const inTheWay = obstacles(planStep(onNamespace('migrate-namespace', 2, 'baz'), situation));
    assert.match(inTheWay, /cluster-1@.* foo\/Deployment\/httpbin does not trust the Mesh CA root/u);
    assert.match(inTheWay, /Pods of foo\/Deployment\/httpbin that start now would be injected by revision asm-1162-2/u);
    moveNamespace(mesh, mesh.first, 'baz', REVISION_2);
    assert.equal(canTalk(mesh.first, 'foo/httpbin', mesh.first, 'baz/ledger'), REFUSED);
    run(mesh, plan);
    assert.equal(canTalk(mesh.first, 'foo/httpbin', mesh.first, 'baz/ledger'), 'yes');
    assert.match(afterwards(plan, mesh), /^verified/u);
  });

  it('keeps it with the old injector where its namespace has none, and no namespace’s label moves it; phase 2 is shut by it', async () => {
    const mesh = meshOf('asm-citadel', [REVISION_1, REVISION_2]);
    const own = (revision: string): void => {
      label(mesh.first, 'plain', 'website', { 'istio.io/rev': revision, 'sidecar.istio.io/inject': 'true' });
      mesh.clock.advance(A_ROLLOUT);
    };
    const inTheWay = async (): Promise<string> => obstacles(planStep(onNamespace('migrate-namespace', 2, 'foo'), await surveyed(mesh)));
    own(OLD_ASM);
    for (const namespace of ['foo', 'bar', 'baz', 'batch']) moveNamespace(mesh, mesh.first, namespace, REVISION_1);
    assert.match(drawPods(mesh, mesh.first, 'plain'), /^website · ready · asm-1162-2 · \[CITADEL\] ·/u);
    assert.match(await inTheWay(), /cluster-1@.* plain\/Deployment\/website does not trust the Mesh CA root/u);
    moveNamespace(mesh, mesh.first, 'foo', REVISION_2);
    assert.equal(canTalk(mesh.first, 'plain/website', mesh.first, 'foo/httpbin'), REFUSED);
    own(REVISION_1);
    assert.equal(canTalk(mesh.first, 'plain/website', mesh.first, 'foo/httpbin'), 'yes');
    assert.doesNotMatch(await inTheWay(), /cluster-1@.* plain\/Deployment\/website (does not trust the Mesh CA root|that start now)/u);
  });
});

describe('a tool that applies from a repository', function () {
  this.timeout(60_000);

  it('puts the label back, and the next pods are the old injector’s; the row says whose label it is and does not stay verified', () => {
    const mesh = meshOf('asm-citadel', [REVISION_1, REVISION_2]);
    const { store } = mesh.first.backend;
    assert.doesNotMatch(warned(moving(mesh, 'foo')), /Argo CD/u);
    const namespace = store.get('namespaces', undefined, 'foo')!;
    const managedFields = [{ manager: 'argocd-controller', operation: 'Apply', apiVersion: 'v1', fieldsType: 'FieldsV1', fieldsV1: { 'f:metadata': { 'f:labels': { 'f:istio.io/rev': {} } } } }];
    store.replace('namespaces', { ...namespace, metadata: { ...namespace.metadata, managedFields } });
    const stop = revertLabels({ store, clock: mesh.clock }, { namespace: 'foo', seconds: 45 })!;
    const plan = moving(mesh, 'foo');
    assert.match(warned(plan), /Argo CD applies this namespace \(argocd-controller\)/u);
    carryOut(mesh.first, plan.commands);
    mesh.clock.advance(40_000);
    assert.match(afterwards(plan, mesh), /^verified/u, 'for a moment all is well');
    mesh.clock.advance(A_ROLLOUT);
    assert.match(afterwards(plan, mesh), /^open[\s\S]*istio\.io\/rev=asm-1162-2/u);
    mesh.first.backend.stopPod(podsOf(mesh.first, 'foo').find(({ metadata }) => metadata.labels?.app === 'sleep')!);
    mesh.clock.advance(A_ROLLOUT);
    assert.match(drawPods(mesh, mesh.first, 'foo'), /sleep · ready · asm-1162-2 · \[CITADEL\] ·/u);
    moveNamespace(mesh, mesh.first, 'baz', REVISION_2);
    assert.equal(canTalk(mesh.first, 'foo/sleep', mesh.first, 'baz/ledger'), REFUSED);
    stop();
    relabel(mesh.first, 'foo', { 'istio.io/rev': REVISION_1 });
    restart(mesh.first, DEPLOYMENTS, 'foo');
    mesh.clock.advance(A_ROLLOUT);
    assert.match(afterwards(plan, mesh), /^verified/u);
  });
});
