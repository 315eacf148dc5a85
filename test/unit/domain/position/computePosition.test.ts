// The position drawn at each stage of the journey, on a rehearsed mesh to which is done what the procedure's commands do.
import assert from 'node:assert/strict';
import { computePosition } from '../../../../src/domain/position/computePosition.js';
import { clusterKey } from '../../../../src/domain/cluster.js';
import { foldDeltas } from '../../../../src/domain/mesh/fold.js';
import { PROBE_NAMESPACE } from '../../../../src/domain/procedure/probeRevision.js';
import { namespace, pod } from '../../../support/meshBuilder.js';
import type { Evidence } from '../../../support/rehearsedSituation.js';
import { CLUSTER_REFS, PLAN, rehearsedSituation, REVISION_1, REVISION_2 } from '../../../support/rehearsedSituation.js';
import { renderPosition } from '../../../support/renderPosition.js';
import {
  addGateways,
  deleteCaSecrets,
  deleteControlPlane,
  deleteOldGateways,
  finishPhaseOne,
  moveEverything,
  moveNamespace,
  repointWebhook,
  upgradeGateways,
} from '../../../support/rehearsedJourney.js';
import type { TestMesh } from '../../rehearsal/mesh/drawnMesh.js';
import { meshOf, relabel } from '../../rehearsal/mesh/drawnMesh.js';

function draw(mesh: TestMesh, evidence: Evidence): string {
  return `\n${renderPosition(computePosition(rehearsedSituation(mesh, evidence)))}\n`;
}

/** The last two lines of the drawing: where it stands, and what is next. */
function drawNext(mesh: TestMesh, evidence: Evidence): string {
  return draw(mesh, evidence).trim().split('\n').slice(-2).join('\n');
}

const BEGUN: Evidence = { plan: PLAN, baseline: true, probed: [REVISION_1], scanned: true };

describe('the position of a migration', function () {
  // Keys for the CAs are made once; on a busy machine that takes longer than mocha waits.
  this.timeout(60_000);

  it('is drawn whole in the middle of phase 1: what is done, next, open and wrong', () => {
    const mesh = meshOf('istio-default', [REVISION_1]);
    moveNamespace(mesh, mesh.first, 'bar', REVISION_1);
    relabel(mesh.first, 'foo', { 'istio.io/rev': REVISION_1, 'istio-injection': undefined });
    assert.equal(draw(mesh, { ...BEGUN, scanned: false }), `
✓ Prerequisites
→ Phase 1 · Distribute the Mesh CA root
  ✓ install-revision-1  2 of 2
  ✓ probe-revision-1  2 of 2
  → migrate-namespace  1 of 8
    ✓ cluster-1/bar
    ○ cluster-1/batch
    ○ cluster-1/baz  ⚠ both labels are set
    → cluster-1/foo  3 pods not yet restarted
    ○ cluster-2/bar
    ○ cluster-2/batch
    ○ cluster-2/baz  ⚠ both labels are set
    ○ cluster-2/foo
  ○ test-application  1 of 8
    ✓ cluster-1/bar
    ○ cluster-1/batch
    ○ cluster-1/baz
    ○ cluster-1/foo
    ○ cluster-2/bar
    ○ cluster-2/batch
    ○ cluster-2/baz
    ○ cluster-2/foo
  ○ scan-identity  0 of 2
  ○ migrate-gateway  0 of 2
  ○ delete-old-gateway  0 of 2
  ○ check-root-cert  3 of 24
    ○ cluster-1  9 proxies lack Mesh CA’s root
    ○ cluster-2  12 proxies lack Mesh CA’s root
  – move-tags  2 of 2
  ○ finalize-webhook  0 of 2
    ○ cluster-1  Service istiod leads to default
    ○ cluster-2  Service istiod leads to default
  ○ delete-old-istiod  0 of 2
    ○ cluster-1  still there: default
    ○ cluster-2  still there: default
  ✓ delete-old-operator  2 of 2
⚠ Phase 2 · Switch to Mesh CA  21 proxies lack Mesh CA’s root
⚠ Phase 3 · Remove the old root  24 proxies are not signed by Mesh CA

phase 1 · 7 of 8 namespaces left
next: restart-workloads cluster-1/foo (3 pods not yet restarted)
`);
  });

  it('says in phase 2 how far the certificates are, and keeps phase 3 locked until the last is of Mesh CA', () => {
    const mesh = meshOf('istio-default', [REVISION_1, REVISION_2]);
    finishPhaseOne(mesh, REVISION_1);
    moveNamespace(mesh, mesh.first, 'foo', REVISION_2);
    assert.equal(draw(mesh, { ...BEGUN, probed: [REVISION_1, REVISION_2] }), `
✓ Prerequisites
✓ Phase 1 · Distribute the Mesh CA root
→ Phase 2 · Switch to Mesh CA
  ✓ install-revision-2  2 of 2
  ✓ probe-revision-2  2 of 2
  → migrate-namespace  1 of 8
    → cluster-1/bar
    ○ cluster-1/batch
    ○ cluster-1/baz
    ✓ cluster-1/foo
    ○ cluster-2/bar
    ○ cluster-2/batch
    ○ cluster-2/baz
    ○ cluster-2/foo
  ○ test-application  1 of 8
    ○ cluster-1/bar
    ○ cluster-1/batch
    ○ cluster-1/baz
    ✓ cluster-1/foo
    ○ cluster-2/bar
    ○ cluster-2/batch
    ○ cluster-2/baz
    ○ cluster-2/foo
  ○ upgrade-gateway  0 of 2
  ✓ delete-old-gateway  2 of 2
  ○ check-workload-cert  3 of 22
    ○ cluster-1  8 proxies are not signed by Mesh CA
    ○ cluster-2  11 proxies are not signed by Mesh CA
  – move-tags  2 of 2
  ○ finalize-webhook  0 of 2
    ○ cluster-1  Service istiod leads to asm-1232-2-distribute-root
    ○ cluster-2  Service istiod leads to asm-1232-2-distribute-root
  ○ delete-old-istiod  0 of 2
    ○ cluster-1  still there: asm-1232-2-distribute-root
    ○ cluster-2  still there: asm-1232-2-distribute-root
  ✓ delete-old-operator  2 of 2
⚠ Phase 3 · Remove the old root  19 proxies are not signed by Mesh CA

phase 2 · 7 of 8 namespaces left
next: migrate-namespace cluster-1/bar (Everything before it is done in cluster-1.) with cluster-1/batch
`);
  });

  it('leads through the whole journey, one step after the other', () => {
    const mesh = meshOf('istio-default', [REVISION_1, REVISION_2]);
    const evidence = { ...BEGUN, probed: [REVISION_1, REVISION_2] };
    const told: string[] = [];
    const tell = (more: Evidence = {}): void => {
      told.push(drawNext(mesh, { ...evidence, ...more }).split('\n')[1] ?? '');
    };
    tell({ baseline: false, probed: [], scanned: false });
    tell({ probed: [], scanned: false });
    tell({ scanned: false });
    moveEverything(mesh, REVISION_1);
    tell({ scanned: false });
    tell();
    addGateways(mesh, REVISION_1);
    tell();
    deleteOldGateways(mesh);
    tell();
    repointWebhook(mesh, REVISION_1);
    tell();
    deleteControlPlane(mesh, 'default');
    tell({ probed: [REVISION_1] });
    tell();
    moveEverything(mesh, REVISION_2);
    tell();
    upgradeGateways(mesh, REVISION_2);
    tell();
    repointWebhook(mesh, REVISION_2);
    tell();
    deleteControlPlane(mesh, REVISION_1);
    tell();
    tell({ backedUp: true });
    deleteCaSecrets(mesh);
    tell({ backedUp: true });
    assert.equal(`\n${told.join('\n')}\n`, `
next: record-baseline mesh (Everything before it is done.)
next: probe-revision-1 cluster-1 (Everything before it is done in cluster-1.)
next: migrate-namespace cluster-1/bar (Everything before it is done in cluster-1.) with cluster-1/batch
next: scan-identity mesh (Everything before it is done.)
next: migrate-gateway cluster-1/istio-system/istio-ingressgateway (Everything before it is done in cluster-1.)
next: delete-old-gateway cluster-1/istio-system/istio-ingressgateway (the new gateway serves beside it)
next: finalize-webhook cluster-1 (Service istiod leads to default)
next: delete-old-istiod cluster-1 (still there: default)
next: probe-revision-2 cluster-1 (Everything before it is done in cluster-1.)
next: migrate-namespace cluster-1/bar (Everything before it is done in cluster-1.) with cluster-1/batch
next: upgrade-gateway cluster-1/istio-system/istio-ingressgateway-canary (Everything before it is done in cluster-1.)
next: finalize-webhook cluster-1 (Service istiod leads to asm-1232-2-distribute-root)
next: delete-old-istiod cluster-1 (still there: asm-1232-2-distribute-root)
next: backup-secrets cluster-1 (not backed up: cacerts)
next: delete-secrets cluster-1 (still there: cacerts)
next: nothing
`);
    const end = rehearsedSituation(mesh, { ...evidence, backedUp: true });
    assert.equal(computePosition(end).finished, true);
    const withOwnSecret = (own: { readonly madeAnew?: true }): ReturnType<typeof computePosition> => {
      const caSecrets = [{ name: 'cacerts', present: false, backedUp: true }, { name: 'istio-ca-secret', present: true, backedUp: false, ...own }] as const;
      return computePosition({ ...end, facts: { ...end.facts, clusters: end.facts.clusters.map((cluster) => ({ ...cluster, caSecrets })) } });
    };
    assert.equal(withOwnSecret({ madeAnew: true }).finished, true, 'what the restarted istiod wrote for itself is no CA to be deleted');
    assert.equal(withOwnSecret({}).next?.order.step, 'backup-secrets');
  });

  it('leads nowhere while the mesh is one that this migration cannot do, and says which sign of it there is', () => {
    const mesh = meshOf('istio-default', []);
    const prepared: Evidence = { plan: PLAN, baseline: true };
    assert.match(drawNext(mesh, prepared), /next: install-revision-1/u);
    relabel(mesh.second, 'foo', { 'istio.io/dataplane-mode': 'ambient' });
    const drawn = draw(mesh, prepared);
    assert.match(drawn, /⚠ cluster-2 {2}.*ambient.*foo/u);
    assert.match(drawn, /next: nothing/u);
  });

  it('has the fleet read before anything is done; whoever is to be confirmed holds it up, and what grew old is for the gates to ask', () => {
    const never = { state: 'unread', why: 'never', project: 'rehearsal-project' } as const;
    const fresh = meshOf('istio-default', []);
    const prepared: Evidence = { plan: PLAN, baseline: true };
    assert.match(drawNext(fresh, { ...prepared, fleet: never }), /^next: check-fleet mesh/mu);
    const stranger = draw(fresh, { ...prepared, fleet: { state: 'read', members: 3, notInPlan: ['gke_p_l_west'] } });
    assert.match(stranger, /\? .*check-fleet[^✓]*gke_p_l_west is in the fleet and not in the plan/u);
    assert.match(stranger, /next: nothing/u);
    assert.match(drawNext(fresh, { ...prepared, fleet: { state: 'waived' } }), /next: install-revision-1/u);
    const begun = meshOf('istio-default', [REVISION_1]);
    moveNamespace(begun, begun.first, 'bar', REVISION_1);
    assert.match(draw(begun, { ...BEGUN, fleet: never }), /^✓ Prerequisites$/mu);
  });

  it('counts a test or an installer’s record that was not read as not yet, not as not needed', () => {
    const mesh = meshOf('istio-default', [REVISION_1]);
    moveNamespace(mesh, mesh.first, 'bar', REVISION_1);
    const lines = draw(mesh, { ...BEGUN, untraced: true }).split('\n');
    const below = (step: string): readonly string[] => lines.slice(lines.findIndex((line) => line.includes(step))).slice(0, 3);
    assert.deepEqual(below('test-application').slice(0, 2), [
      '  ○ test-application  0 of 8 · 1 unknown',
      '    ? cluster-1/bar  Answers could not be read from the cluster.',
    ]);
    assert.deepEqual(below('delete-old-operator'), [
      '  ? delete-old-operator  0 of 2 · 2 unknown',
      '    ? cluster-1  It was not read whether there is one; the step itself looks.',
      '    ? cluster-2  It was not read whether there is one; the step itself looks.',
    ]);
  });

  it('tests the namespaces that moved together in one wave', () => {
    const mesh = meshOf('istio-default', [REVISION_1]);
    for (const namespace of ['bar', 'foo']) moveNamespace(mesh, mesh.first, namespace, REVISION_1);
    const { next } = computePosition({ ...rehearsedSituation(mesh, BEGUN), traces: new Map(CLUSTER_REFS.map((ref) => [clusterKey(ref), { applicationTests: [], installedStates: [] }])) });
    assert.deepEqual(next?.wave.map(({ step, target }) => [step, target.scope === 'namespace' && target.namespace]), [['test-application', 'bar'], ['test-application', 'foo']]);
  });

  it('is the same without a plan, whose revisions are known by what they do', () => {
    const mesh = meshOf('istio-default', [REVISION_1]);
    moveNamespace(mesh, mesh.first, 'bar', REVISION_1);
    const planned = computePosition(rehearsedSituation(mesh, { ...BEGUN, plan: { ...PLAN, waveSize: 1 } }));
    const found = computePosition(rehearsedSituation(mesh, { ...BEGUN, plan: undefined }));
    assert.deepEqual(found.phases[1]?.steps.map(({ step, done, total }) => [step, done, total]), planned.phases[1]?.steps.map(({ step, done, total }) => [step, done, total]));
    assert.equal(found.phase, 1);
  });

  it('begins from ASM as it does from Istio', () => {
    const mesh = meshOf('asm-citadel', [REVISION_1]);
    assert.equal(drawNext(mesh, BEGUN), `phase 1 · 8 of 8 namespaces left
next: migrate-namespace cluster-1/bar (Everything before it is done in cluster-1.) with cluster-1/batch`);
    moveEverything(mesh, REVISION_1);
    assert.equal(drawNext(mesh, BEGUN), `phase 1 · 0 of 8 namespaces left
next: migrate-gateway cluster-1/istio-system/istio-ingressgateway (Everything before it is done in cluster-1.)`);
  });

  it('notices what somebody undid: a label that is the old one again', () => {
    const mesh = meshOf('istio-default', [REVISION_1]);
    moveEverything(mesh, REVISION_1);
    relabel(mesh.first, 'foo', { 'istio.io/rev': undefined, 'istio-injection': 'enabled' });
    assert.equal(drawNext(mesh, BEGUN), `phase 1 · 1 of 8 namespaces left
next: migrate-namespace cluster-1/foo (Everything before it is done in cluster-1.)`);
  });

  it('does not take what a probe left behind for an application', () => {
    const situation = rehearsedSituation(meshOf('istio-default', [REVISION_1]), BEGUN);
    const left = [namespace(PROBE_NAMESPACE), pod(PROBE_NAMESPACE, 'probe', { by: REVISION_1 })].map((object) => ({ type: 'set', object }) as const);
    const snapshots = situation.snapshots.map((snapshot) => foldDeltas(snapshot, left));
    assert.ok(snapshots[0]?.namespaces.get(PROBE_NAMESPACE)?.pods.size === 1);
    const moves = computePosition({ ...situation, snapshots }).phases[1]?.steps.find(({ step }) => step === 'migrate-namespace');
    assert.deepEqual(moves?.targets.filter(({ target }) => target.scope === 'namespace' && target.namespace === PROBE_NAMESPACE), []);
  });

  it('counts what is unknown as not yet: a silent proxy, a cluster of which a kind is not followed', () => {
    const mesh = meshOf('istio-default', [REVISION_1]);
    moveEverything(mesh, REVISION_1);
    const silent = draw(mesh, { ...BEGUN, silent: 'foo/sleep' }).split('\n').filter((line) => line.includes('check-root-cert'));
    assert.deepEqual(silent, [`  ○ check-root-cert  16 of 22 · 2 unknown`]);
    const situation = rehearsedSituation(mesh, BEGUN);
    const failure = { kind: 'clusterUnreachable', reason: 'connection refused' } as const;
    const snapshots = situation.snapshots.map((snapshot, index) =>
      index === 0 ? { ...snapshot, kinds: { ...snapshot.kinds, pods: { state: 'stale', since: 0, failure } as const } } : snapshot,
    );
    const position = computePosition({ ...situation, snapshots });
    const moved = position.phases[1]?.steps.find(({ step }) => step === 'migrate-namespace');
    assert.deepEqual([moved?.done, moved?.unknown, moved?.total], [4, 4, 8]);
  });

  it('knows nothing of a cluster of the plan that does not take part', () => {
    const situation = rehearsedSituation(meshOf('istio-default'), { plan: PLAN });
    const position = computePosition({ ...situation, snapshots: situation.snapshots.slice(0, 1) });
    const states = position.phases[1]?.steps[0]?.targets.map(({ target, state }) => [target.scope === 'mesh' ? '' : clusterKey(target.cluster), state.kind]);
    assert.deepEqual(states, [[clusterKey(CLUSTER_REFS[0]), 'open'], [clusterKey(CLUSTER_REFS[1]), 'unknown']]);
  });
});
