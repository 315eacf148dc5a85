// What of the tree Migration is drawn again after a change: no more than what differs.
import assert from 'node:assert/strict';
import { computePosition } from '../../../../src/domain/position/computePosition.js';
import { textRenderer } from '../../../../src/shared/text/render.js';
import type { MigrationNode } from '../../../../src/ui/migration/migrationNodes.js';
import type { MigrationRowSource } from '../../../../src/ui/migration/migrationRows.js';
import { PaintedMigration } from '../../../../src/ui/migration/paintedMigration.js';
import { moveNamespace } from '../../../support/rehearsedJourney.js';
import { PLAN, rehearsedSituation, REVISION_1 } from '../../../support/rehearsedSituation.js';
import type { TestMesh } from '../../rehearsal/mesh/drawnMesh.js';
import { meshOf } from '../../rehearsal/mesh/drawnMesh.js';

describe('drawing the tree Migration again', function () {
  // Keys for the CAs are made once; on a busy machine that takes longer than mocha waits.
  this.timeout(60_000);

  const sourceOf = (mesh: TestMesh, hasPlan = true): MigrationRowSource => {
    const position = computePosition(rehearsedSituation(mesh, { plan: PLAN, baseline: true, probed: [REVISION_1], scanned: true }));
    return { position, text: textRenderer('en'), hasPlan, planProblem: undefined, isReading: false, runningStep: () => undefined };
  };

  /** Everything is expanded and drawn once. */
  function paintAll(painted: PaintedMigration): void {
    const visit = (node: MigrationNode | undefined): void => {
      if (node !== undefined) painted.row(node);
      painted.children(node).forEach(visit);
    };
    visit(undefined);
  }

  it('draws nothing while nothing changes, and after a move the namespaces, what they add up to, and what is next', () => {
    const mesh = meshOf('istio-default', [REVISION_1]);
    const state = { source: sourceOf(mesh) };
    const painted = new PaintedMigration(() => state.source);
    assert.equal(painted.repaint(), undefined, 'nothing was drawn yet');
    paintAll(painted);
    assert.equal(painted.repaint(), undefined);
    moveNamespace(mesh, mesh.first, 'bar', REVISION_1);
    state.source = sourceOf(mesh);
    const nodes = painted.repaint();
    assert.ok(Array.isArray(nodes));
    const labels = (nodes as readonly MigrationNode[]).map((node) => painted.row(node)?.label);
    assert.ok(labels.includes('bar') && labels.includes('batch') && labels.includes('cluster-1'), labels.join());
    assert.equal(labels.includes('cluster-2'), false);
    assert.equal(painted.repaint(), undefined);
  });

  it('draws all of it when a note comes or goes, and keeps the same objects for the same things', () => {
    const mesh = meshOf('istio-default', [REVISION_1]);
    const state = { source: sourceOf(mesh) };
    const painted = new PaintedMigration(() => state.source);
    const before = painted.children(undefined);
    state.source = sourceOf(mesh, false);
    assert.equal(painted.repaint(), 'all');
    const after = painted.children(undefined);
    assert.equal(after.length, before.length + 1);
    assert.equal(after[1], before[0]);
  });
});
