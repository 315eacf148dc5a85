// The tree Migration as it stands on the screen, over a rehearsed mesh.
import assert from 'node:assert/strict';
import { computePosition } from '../../../../src/domain/position/computePosition.js';
import type { StepId, StepTarget } from '../../../../src/domain/procedure/stepOrder.js';
import type { Locale } from '../../../../src/shared/text/render.js';
import { message } from '../../../../src/shared/text/message.js';
import { textRenderer } from '../../../../src/shared/text/render.js';
import type { MigrationNode } from '../../../../src/ui/migration/migrationNodes.js';
import type { MigrationRowSource } from '../../../../src/ui/migration/migrationRows.js';
import { migrationRow } from '../../../../src/ui/migration/migrationRows.js';
import { planProblem } from '../../../../src/ui/migration/planProblem.js';
import { moveNamespace } from '../../../support/rehearsedJourney.js';
import type { Evidence } from '../../../support/rehearsedSituation.js';
import { CLUSTER_REFS, PLAN, rehearsedSituation, REVISION_1 } from '../../../support/rehearsedSituation.js';
import { renderMigration } from '../../../support/renderMigration.js';
import type { TestMesh } from '../../rehearsal/mesh/drawnMesh.js';
import { meshOf } from '../../rehearsal/mesh/drawnMesh.js';

const PROBED: Evidence = { plan: PLAN, baseline: true, probed: [REVISION_1], scanned: true };

function sourceOf(mesh: TestMesh, evidence: Evidence, locale: Locale = 'en'): MigrationRowSource {
  const position = computePosition(rehearsedSituation(mesh, evidence));
  return { position, text: textRenderer(locale), hasPlan: evidence.plan !== undefined, planProblem: undefined, isReading: false, runningStep: () => undefined };
}

/** Cluster 1 done, in cluster 2 one of four. */
function halfMoved(): TestMesh {
  const mesh = meshOf('istio-default', [REVISION_1]);
  for (const namespace of ['bar', 'baz', 'foo']) moveNamespace(mesh, mesh.first, namespace, REVISION_1);
  moveNamespace(mesh, mesh.second, 'foo', REVISION_1);
  return mesh;
}

const target = (step: 'migrate-namespace', namespace: string): MigrationNode => ({
  kind: 'target', id: 'x', parent: undefined, phase: 1, step, target: { scope: 'namespace', cluster: CLUSTER_REFS[1], namespace },
});

describe('the tree Migration', function () {
  // Keys for the CAs are made once; on a busy machine that takes longer than mocha waits.
  this.timeout(60_000);

  it('shows the present phase with its steps, and the others folded, locked as long as something is in the way', () => {
    assert.equal(renderMigration(sourceOf(halfMoved(), PROBED), (node) => node.kind === 'stepCluster'), `
[pass-filled] Prerequisites
[arrow-circle-right] Phase 1 · Distribute the Mesh CA root  cluster-1, cluster-2
  [pass-filled] Install Control Plane of Phase 1  2 of 2 clusters
  [pass-filled] Probe Control Plane of Phase 1  2 of 2 clusters
  [color-mode] Migrate Namespace to Revision  4 of 8
    [color-mode] cluster-1  3 of 4
      [pass-filled] bar
      [arrow-circle-right] batch  next: Migrate Namespace to Revision
      [pass-filled] baz
      [pass-filled] foo
    [color-mode] cluster-2  1 of 4
      [circle-large-outline] bar
      [circle-large-outline] batch
      [warning] baz  ⚠ both labels are set
      [pass-filled] foo
  [color-mode] Test Application  4 of 8
  [pass-filled] Scan Authorization for Identities  2 of 2 clusters
  [circle-large-outline] Migrate Gateway  0 of 2
  [circle-large-outline] Delete Old Gateway  0 of 2
  [color-mode] Check That Every Proxy Trusts Both Roots  10 of 24
  [circle-slash] Move Revision Tags
  [circle-large-outline] Validate Through the New Control Plane  0 of 2 clusters
  [circle-large-outline] Delete Old Control Plane  0 of 2 clusters
  [pass-filled] Delete Old IstioOperator  2 of 2 clusters
[lock] Phase 2 · Switch to Mesh CA  14 proxies lack Mesh CA’s root
[lock] Phase 3 · Remove the old root  24 proxies are not signed by Mesh CA
`);
  });

  it('speaks Korean', () => {
    assert.equal(renderMigration(sourceOf(halfMoved(), PROBED, 'ko')), `
[pass-filled] 사전 준비
[arrow-circle-right] 1단계 · Mesh CA 루트 배포  cluster-1, cluster-2
  [pass-filled] 1단계 컨트롤 플레인 설치  클러스터 2개 중 2개
  [pass-filled] 1단계 컨트롤 플레인 프로브  클러스터 2개 중 2개
  [color-mode] 네임스페이스를 리비전으로 마이그레이션  8개 중 4개
    [color-mode] cluster-1  4개 중 3개
      [pass-filled] bar
      [arrow-circle-right] batch  다음: 네임스페이스를 리비전으로 마이그레이션
      [pass-filled] baz
      [pass-filled] foo
    [color-mode] cluster-2  4개 중 1개
  [color-mode] 애플리케이션 테스트  8개 중 4개
  [pass-filled] 권한 부여 정책의 ID 검사  클러스터 2개 중 2개
  [circle-large-outline] 게이트웨이 마이그레이션  2개 중 0개
  [circle-large-outline] 이전 게이트웨이 삭제  2개 중 0개
  [color-mode] 모든 프록시가 두 루트를 신뢰하는지 확인  24개 중 10개
  [circle-slash] 리비전 태그 이동
  [circle-large-outline] 새 컨트롤 플레인으로 유효성 검사 전환  클러스터 2개 중 0개
  [circle-large-outline] 이전 컨트롤 플레인 삭제  클러스터 2개 중 0개
  [pass-filled] 이전 IstioOperator 삭제  클러스터 2개 중 2개
[lock] 2단계 · Mesh CA로 전환  프록시 14개에 Mesh CA 루트가 없음
[lock] 3단계 · 이전 루트 제거  프록시 24개는 Mesh CA가 서명하지 않음
`);
  });

  it('has no words outside the catalogues', () => {
    const drawn = renderMigration(sourceOf(halfMoved(), PROBED, 'pseudo'));
    const said = drawn.replaceAll(/⟦[^⟦⟧]*(⟦[^⟦⟧]*(⟦[^⟦⟧]*⟧[^⟦⟧]*)*⟧[^⟦⟧]*)*⟧/g, '');
    assert.equal(/[a-z]{4,}/.test(said.replaceAll(/\[[\w-]+\]|cluster-\d|istio-\w+|bar|baz|batch|foo/g, '')), false, said);
  });

  it('asks for a plan where there is none, and goes on from what the clusters show', () => {
    const [first, second] = renderMigration(sourceOf(meshOf('istio-default'), { baseline: true })).trim().split('\n');
    assert.deepEqual([first, second], ['[new-file] No plan yet  names the revisions, the fleet project and where asmcli works', '[pass-filled] Prerequisites']);
  });

  it('says of a plan with mistakes that it is not used, and not that there is none', () => {
    const source = { ...sourceOf(meshOf('istio-default'), { baseline: true }), planProblem: message('migration.row.unusablePlan.mistakes', { count: 2 }) };
    assert.equal(renderMigration(source).trim().split('\n')[0], '[warning] The plan cannot be used  2 mistakes are underlined in it');
    const row = migrationRow({ kind: 'note', id: 'x', parent: undefined, note: 'unusablePlan' }, source);
    assert.deepEqual([row?.contextValue, row?.links.map(({ command }) => command)], ['note.unusablePlan', ['meshCa.plan.open']]);
    const state = { kind: 'read', file: 'plan', text: '', plan: undefined, problems: [] } as const;
    const problem = { kind: 'meaning', offset: 0, length: 1, message: message('plan.version') } as const;
    assert.deepEqual(planProblem({ ...state, problems: [{ ...problem, severity: 'error' }, { ...problem, severity: 'warning' }] }), message('migration.row.unusablePlan.mistakes', { count: 1 }));
    assert.deepEqual([planProblem({ kind: 'none' }), planProblem({ ...state, plan: PLAN })], [undefined, undefined]);
  });

  it('names what is in the way where no step can be done, and why a step has a warning sign', () => {
    const source = sourceOf(halfMoved(), PROBED);
    const stuck = { ...source, position: { ...source.position, next: undefined, phase: 2 as const } };
    const note = migrationRow({ kind: 'note', id: 'x', parent: undefined, note: 'nothing' }, stuck);
    assert.equal(note?.description, '14 proxies lack Mesh CA’s root');
    assert.deepEqual(note.tooltip.slice(0, 2), ['No step can be done now: something is in the way', '14 proxies lack Mesh CA’s root']);
    const step = migrationRow({ kind: 'step', id: 'x', parent: undefined, phase: 1, step: 'migrate-namespace' }, source);
    assert.ok(step?.tooltip.includes('baz · cluster-2: both labels are set'), step?.tooltip.join('\n'));
  });

  it('offers what leaves no trace at any time, as neither done nor left out', () => {
    const row = migrationRow({ kind: 'step', id: 'x', parent: undefined, phase: 0, step: 'check-tools' }, sourceOf(halfMoved(), PROBED));
    assert.deepEqual([row?.icon, row?.contextValue, row?.tooltip[1]], ['eye', 'step.open', 'At any time']);
    assert.deepEqual(row?.links.map(({ command }) => command), ['meshCa.migration.runStep']);
  });

  it('says that it reads, that it is finished, and that nothing can be done', () => {
    const source = sourceOf(meshOf('istio-default'), { plan: PLAN });
    const firstLine = (one: MigrationRowSource): string => renderMigration(one).trim().split('\n')[0] ?? '';
    assert.equal(firstLine({ ...source, isReading: true }), '[loading~spin] Reading the clusters…');
    assert.equal(firstLine({ ...source, position: { ...source.position, next: undefined } }), '[warning] No step can be done now: something is in the way');
    assert.equal(firstLine({ ...source, position: { ...source.position, next: undefined, finished: true } }), '[pass-filled] Finished: every proxy trusts Mesh CA alone');
  });

  it('says in the tooltip of the next step why it is the one, why that is safe, and what goes with it', () => {
    const source = sourceOf(meshOf('istio-default', [REVISION_1]), PROBED);
    const row = migrationRow({ kind: 'step', id: 'x', parent: undefined, phase: 1, step: 'migrate-namespace' }, source);
    assert.deepEqual(row?.tooltip.slice(0, 6), ['Migrate Namespace to Revision', 'Next', '0 of 8', 'Everything before it is done in cluster-1.', '2 namespaces in this wave: bar, batch', 'Why it is safe:']);
    assert.ok(row.tooltip.some((line) => line.startsWith('✓ ')), row.tooltip.join('\n'));
    assert.deepEqual(row.links.map(({ command }) => command), ['meshCa.migration.runStep'], 'nothing is in the way');
  });

  it('turns a wheel at a target on which a step runs, and says its state to a screen reader', () => {
    const source = sourceOf(halfMoved(), PROBED);
    const running = (step: StepId): MigrationRowSource => ({ ...source, runningStep: (one: StepTarget) => (one.scope === 'namespace' && one.namespace === 'bar' ? step : undefined) });
    assert.equal(migrationRow(target('migrate-namespace', 'bar'), running('migrate-namespace'))?.icon, 'loading~spin');
    assert.notEqual(migrationRow(target('migrate-namespace', 'foo'), running('migrate-namespace'))?.icon, 'loading~spin');
    assert.equal(migrationRow(target('migrate-namespace', 'bar'), running('roll-back-namespace'))?.icon, 'loading~spin', 'a rollback has no row of its own');
    assert.equal(migrationRow(target('migrate-namespace', 'foo'), source)?.accessibilityLabel, 'foo · Verified in the cluster');
    assert.equal(migrationRow(target('migrate-namespace', 'gone'), source), undefined);
  });

  it('turns none at the other steps on the same target', () => {
    const source = sourceOf(halfMoved(), PROBED);
    assert.notEqual(migrationRow(target('migrate-namespace', 'bar'), { ...source, runningStep: () => 'test-application' })?.icon, 'loading~spin');
    const iconOf = (step: StepId, running: StepId): string | undefined =>
      migrationRow({ kind: 'step', id: 'x', parent: undefined, phase: 0, step }, { ...source, runningStep: () => running })?.icon;
    assert.equal(iconOf('record-baseline', 'record-baseline'), 'loading~spin');
    assert.notEqual(iconOf('check-tools', 'record-baseline'), 'loading~spin');
  });

  it('offers to run what is open, to look at what is in the way, and neither on what is done', () => {
    const source = sourceOf(halfMoved(), PROBED);
    const contextOf = (node: MigrationNode): string | undefined => migrationRow(node, source)?.contextValue;
    assert.equal(contextOf(target('migrate-namespace', 'bar')), 'step.open');
    assert.equal(contextOf(target('migrate-namespace', 'foo')), 'step.done');
    assert.equal(contextOf({ kind: 'phase', id: 'x', parent: undefined, phase: 2 }), 'phase');
  });
});
