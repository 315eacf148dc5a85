// The position drawn when a cluster is away, or a kind may not be read: what is not known is unknown, and leads nobody back.
import assert from 'node:assert/strict';
import { computePosition } from '../../../../src/domain/position/computePosition.js';
import { inState } from '../../../support/meshBuilder.js';
import { finishPhaseOne, moveEverything, moveNamespace } from '../../../support/rehearsedJourney.js';
import type { Evidence } from '../../../support/rehearsedSituation.js';
import { PLAN, rehearsedSituation, REVISION_1, REVISION_2 } from '../../../support/rehearsedSituation.js';
import { renderPosition } from '../../../support/renderPosition.js';
import type { TestMesh } from '../../rehearsal/mesh/drawnMesh.js';
import { meshOf } from '../../rehearsal/mesh/drawnMesh.js';

const BEGUN: Evidence = { plan: PLAN, baseline: true, probed: [REVISION_1, REVISION_2], scanned: true };

function draw(mesh: TestMesh, evidence: Evidence): string {
  return `\n${renderPosition(computePosition(rehearsedSituation(mesh, evidence)))}\n`;
}

/** Phase 1 over in both clusters, phase 2 begun in the first. */
function inPhaseTwo(): TestMesh {
  const mesh = meshOf('istio-default', [REVISION_1, REVISION_2]);
  finishPhaseOne(mesh, REVISION_1);
  moveNamespace(mesh, mesh.first, 'foo', REVISION_2);
  return mesh;
}

describe('the position of a migration of which not everything is known', function () {
  // Keys for the CAs are made once; on a busy machine that takes longer than mocha waits.
  this.timeout(60_000);

  it('of a cluster that went away says nothing that was concluded from what was read before', () => {
    const mesh = meshOf('istio-default', [REVISION_1]);
    moveNamespace(mesh, mesh.first, 'bar', REVISION_1);
    moveNamespace(mesh, mesh.second, 'bar', REVISION_1);
    assert.equal(draw(mesh, { ...BEGUN, away: 'stale' }), `
? Prerequisites
→ Phase 1 · Distribute the Mesh CA root
  ? install-revision-1  1 of 2 · 1 unknown
    ✓ cluster-1
    ? cluster-2  cannot be reached: connection refused
  ? probe-revision-1  1 of 2 · 1 unknown
    ✓ cluster-1
    ? cluster-2  cannot be reached: connection refused
  → migrate-namespace  1 of 8 · 4 unknown
    ✓ cluster-1/bar
    → cluster-1/batch
    ○ cluster-1/baz  ⚠ both labels are set
    ○ cluster-1/foo
    ? cluster-2/bar  cannot be reached: connection refused
    ? cluster-2/batch  cannot be reached: connection refused
    ? cluster-2/baz  cannot be reached: connection refused
    ? cluster-2/foo  cannot be reached: connection refused
  ○ test-application  1 of 8 · 4 unknown
    ✓ cluster-1/bar
    ○ cluster-1/batch
    ○ cluster-1/baz
    ○ cluster-1/foo
    ? cluster-2/bar  cannot be reached: connection refused
    ? cluster-2/batch  cannot be reached: connection refused
    ? cluster-2/baz  cannot be reached: connection refused
    ? cluster-2/foo  cannot be reached: connection refused
  ? scan-identity  1 of 2 · 1 unknown
    ✓ cluster-1
    ? cluster-2  cannot be reached: connection refused
  ○ migrate-gateway  0 of 2 · 1 unknown
    ○ cluster-1/istio-system/istio-ingressgateway
    ? cluster-2/istio-system/istio-ingressgateway  cannot be reached: connection refused
  ○ delete-old-gateway  0 of 2 · 1 unknown
    ○ cluster-1/istio-system/istio-ingressgateway
    ? cluster-2/istio-system/istio-ingressgateway  cannot be reached: connection refused
  ○ check-root-cert  3 of 24 · 12 unknown
    ○ cluster-1  9 proxies lack Mesh CA’s root
    ? cluster-2  cannot be reached: connection refused
  ? move-tags  1 of 2 · 1 unknown
    – cluster-1
    ? cluster-2  cannot be reached: connection refused
  ○ finalize-webhook  0 of 2 · 1 unknown
    ○ cluster-1  Service istiod leads to default
    ? cluster-2  cannot be reached: connection refused
  ○ delete-old-istiod  0 of 2 · 1 unknown
    ○ cluster-1  still there: default
    ? cluster-2  cannot be reached: connection refused
  ? delete-old-operator  1 of 2 · 1 unknown
    ✓ cluster-1
    ? cluster-2  It was not read whether there is one; the step itself looks.
⚠ Phase 2 · Switch to Mesh CA  9 proxies lack Mesh CA’s root
⚠ Phase 3 · Remove the old root  12 proxies are not signed by Mesh CA

phase 1 · 7 of 8 namespaces left
next: migrate-namespace cluster-1/batch (Everything before it is done in cluster-1.) with cluster-1/baz
`);
  });

  it('does not take the namespaces and gateways of a cluster that was never reached for none at all', () => {
    const mesh = meshOf('istio-default', [REVISION_1]);
    moveEverything(mesh, REVISION_1);
    assert.equal(draw(mesh, { ...BEGUN, away: 'failed' }), `
→ Prerequisites
○ Phase 1 · Distribute the Mesh CA root
  ? install-revision-1  1 of 2 · 1 unknown
    ✓ cluster-1
    ? cluster-2  cannot be reached: connection refused
  ? probe-revision-1  1 of 2 · 1 unknown
    ✓ cluster-1
    ? cluster-2  cannot be reached: connection refused
  ? migrate-namespace  4 of 5 · 1 unknown
    ✓ cluster-1/bar
    ✓ cluster-1/batch
    ✓ cluster-1/baz
    ✓ cluster-1/foo
    ? cluster-2  cannot be reached: connection refused
  ? test-application  4 of 5 · 1 unknown
    ✓ cluster-1/bar
    ✓ cluster-1/batch
    ✓ cluster-1/baz
    ✓ cluster-1/foo
    ? cluster-2  cannot be reached: connection refused
  ? scan-identity  1 of 2 · 1 unknown
    ✓ cluster-1
    ? cluster-2  cannot be reached: connection refused
  ? migrate-gateway  0 of 2 · 2 unknown
    ? cluster-1/istio-system/istio-ingressgateway  cluster-2: Could not be read: everything (cannot be reached: connection refused).
    ? cluster-2  cannot be reached: connection refused
  ○ delete-old-gateway  0 of 2 · 1 unknown
    ○ cluster-1/istio-system/istio-ingressgateway
    ? cluster-2  cannot be reached: connection refused
  ○ check-root-cert  9 of 11
    ○ cluster-1  2 proxies lack Mesh CA’s root
    ? cluster-2  cannot be reached: connection refused
  ? move-tags  1 of 2 · 1 unknown
    – cluster-1
    ? cluster-2  cannot be reached: connection refused
  ○ finalize-webhook  0 of 2 · 1 unknown
    ○ cluster-1  Service istiod leads to default
    ? cluster-2  cannot be reached: connection refused
  ○ delete-old-istiod  0 of 2 · 1 unknown
    ○ cluster-1  still there: default
    ? cluster-2  cannot be reached: connection refused
  ? delete-old-operator  1 of 2 · 1 unknown
    ✓ cluster-1
    ? cluster-2  It was not read whether there is one; the step itself looks.
⚠ Phase 2 · Switch to Mesh CA  2 proxies lack Mesh CA’s root
⚠ Phase 3 · Remove the old root  11 proxies are not signed by Mesh CA

phase 1 · 0 of 4 namespaces left
next: check-clusters mesh (cluster-2: cannot be reached: connection refused)
`);
  });

  it('stays in the phase that has begun while a cluster is away', () => {
    assert.equal(draw(inPhaseTwo(), { ...BEGUN, away: 'failed' }), `
→ Prerequisites
? Phase 1 · Distribute the Mesh CA root
○ Phase 2 · Switch to Mesh CA
  ? install-revision-2  1 of 2 · 1 unknown
    ✓ cluster-1
    ? cluster-2  cannot be reached: connection refused
  ? probe-revision-2  1 of 2 · 1 unknown
    ✓ cluster-1
    ? cluster-2  cannot be reached: connection refused
  ? migrate-namespace  1 of 5 · 4 unknown
    ? cluster-1/bar  cluster-2: Could not be read: everything (cannot be reached: connection refused).
    ? cluster-1/batch  cluster-2: Could not be read: everything (cannot be reached: connection refused).
    ? cluster-1/baz  cluster-2: Could not be read: everything (cannot be reached: connection refused).
    ✓ cluster-1/foo
    ? cluster-2  cannot be reached: connection refused
  ○ test-application  1 of 5 · 1 unknown
    ○ cluster-1/bar
    ○ cluster-1/batch
    ○ cluster-1/baz
    ✓ cluster-1/foo
    ? cluster-2  cannot be reached: connection refused
  ? upgrade-gateway  0 of 2 · 2 unknown
    ? cluster-1/istio-system/istio-ingressgateway-canary  cluster-2: Could not be read: everything (cannot be reached: connection refused).
    ? cluster-2  cannot be reached: connection refused
  ? delete-old-gateway  1 of 2 · 1 unknown
    ✓ cluster-1/istio-system/istio-ingressgateway-canary
    ? cluster-2  cannot be reached: connection refused
  ○ check-workload-cert  3 of 11
    ○ cluster-1  8 proxies are not signed by Mesh CA
    ? cluster-2  cannot be reached: connection refused
  ? move-tags  1 of 2 · 1 unknown
    – cluster-1
    ? cluster-2  cannot be reached: connection refused
  ○ finalize-webhook  0 of 2 · 1 unknown
    ○ cluster-1  Service istiod leads to asm-1232-2-distribute-root
    ? cluster-2  cannot be reached: connection refused
  ○ delete-old-istiod  0 of 2 · 1 unknown
    ○ cluster-1  still there: asm-1232-2-distribute-root
    ? cluster-2  cannot be reached: connection refused
  ? delete-old-operator  1 of 2 · 1 unknown
    ✓ cluster-1
    ? cluster-2  It was not read whether there is one; the step itself looks.
⚠ Phase 3 · Remove the old root  8 proxies are not signed by Mesh CA

phase 2 · 3 of 4 namespaces left
next: check-clusters mesh (cluster-2: cannot be reached: connection refused)
`);
  });

  it('stays in phase 2 while a proxy that was made anew has not been read', () => {
    const { phase, next, phases } = computePosition(rehearsedSituation(inPhaseTwo(), { ...BEGUN, silent: 'bar/' }));
    assert.deepEqual([phase, next?.order.step], [2, 'check-root-cert']);
    const notDone = phases[1]?.steps.filter(({ state }) => state.kind !== 'done' && state.kind !== 'notNeeded') ?? [];
    assert.deepEqual(notDone.map(({ step, done, total, unknown }) => [step, total - done, unknown]), [['check-root-cert', 6, 6]]);
  });

  it('looks again where the phase has nothing left but what is not known, and the next one has not begun', () => {
    const mesh = meshOf('istio-default', [REVISION_1]);
    finishPhaseOne(mesh, REVISION_1);
    const { phase, next } = computePosition(rehearsedSituation(mesh, { ...BEGUN, silent: 'foo/sleep' }));
    assert.deepEqual([phase, next?.order.step], [1, 'check-root-cert']);
  });

  it('asks for no baseline where it is not known whether there is one', () => {
    const { next, phases } = computePosition(rehearsedSituation(meshOf('istio-default'), { plan: PLAN, untraced: true }));
    assert.equal(phases[0]?.steps.find(({ step }) => step === 'record-baseline')?.state.kind, 'unknown');
    assert.notEqual(next?.order.step, 'record-baseline');
  });

  it('does not leave the prerequisites before anything moved, while it is not known what was recorded', () => {
    const mesh = meshOf('istio-default', [REVISION_1]);
    const where = (): unknown => {
      const { phase, next } = computePosition(rehearsedSituation(mesh, { ...BEGUN, baseline: false, untraced: true }));
      return [phase, next?.order.step];
    };
    assert.deepEqual(where(), [0, 'check-clusters']);
    moveNamespace(mesh, mesh.first, 'bar', REVISION_1);
    assert.deepEqual(where(), [1, 'migrate-namespace']);
  });

  it('says what is open in spite of a kind that may not be read, and that nothing is done', () => {
    const mesh = meshOf('istio-default', [REVISION_1]);
    moveNamespace(mesh, mesh.first, 'bar', REVISION_1);
    const situation = rehearsedSituation(mesh, BEGUN);
    const failure = { kind: 'forbidden', reason: 'no' } as const;
    const snapshots = situation.snapshots.map((snapshot) => inState(snapshot, { state: 'failed', failure }, ['statefulsets']));
    const moves = computePosition({ ...situation, snapshots }).phases[1]?.steps.find(({ step }) => step === 'migrate-namespace');
    assert.deepEqual(moves?.targets.slice(0, 2).map(({ state }) => state.kind), ['unknown', 'next']);
  });
});
