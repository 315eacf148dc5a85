// The document of what is in the way, the status bar and the badge.
import assert from 'node:assert/strict';
import type { GateVerdict } from '../../../../src/domain/gates/gate.js';
import { computePosition } from '../../../../src/domain/position/computePosition.js';
import { message } from '../../../../src/shared/text/message.js';
import { textRenderer } from '../../../../src/shared/text/render.js';
import { gateDocument } from '../../../../src/ui/migration/gateDocument.js';
import { migrationStatus } from '../../../../src/ui/migration/migrationStatus.js';
import { moveNamespace } from '../../../support/rehearsedJourney.js';
import { CLUSTER_REFS, PLAN, rehearsedSituation, REVISION_1 } from '../../../support/rehearsedSituation.js';
import { meshOf } from '../../rehearsal/mesh/drawnMesh.js';

const text = textRenderer('en');
const [CLUSTER_1] = CLUSTER_REFS;

const SHUT: GateVerdict = {
  gate: 'phase-2',
  state: 'shut',
  items: [
    {
      clusterName: 'cluster-1',
      cluster: `${CLUSTER_1.context}@${CLUSTER_1.kubeconfig}`,
      subject: 'foo/Deployment/<b>x</b>',
      problem: message('migration.namespace.notRestarted', { pods: 2 }),
      unknown: false,
      remedy: { step: 'restart-workloads', phase: 1, target: { scope: 'namespace', cluster: CLUSTER_1, namespace: 'foo' } },
      waivable: true,
    },
    { cluster: undefined, clusterName: undefined, subject: 'mesh', problem: message('migration.proxies.unknown', { proxies: 1 }), unknown: true, remedy: undefined, waivable: false },
  ],
  evidence: [message('migration.why.mesh')],
};

describe('what the view Migration says', function () {
  // Keys for the CAs are made once; on a busy machine that takes longer than mocha waits.
  this.timeout(60_000);

  it('lists what is in the way cluster by cluster, each with the step that leads past it', () => {
    assert.equal(`\n${gateDocument({ title: 'Install', gates: [SHUT], reasons: [] }, text)}`, `
# Install

## Before phase 2 (\`phase-2\`)

Shut. 2 things are in the way.

### cluster-1

- ✗ \`foo/Deployment/<b>x</b>\` 2 pods not yet restarted
  To get there: **Restart Workloads** \`foo\` (palette: Mesh CA: Restart Workloads)
  may be waived in the plan

- ? \`mesh\` unknown: 1 proxy is unknown

What was found good:

- ✓ Everything before it is done.
`);
  });

  it('lets nothing from a cluster become Markdown or HTML', () => {
    const document = gateDocument({ title: '<img src=x>', gates: [SHUT], reasons: [message('migration.unread', { what: '[a](command:x)' })] }, text);
    assert.equal(/(^|[^\\`])<|[^\\]\]\(command:/.test(document.replaceAll(/`[^`]*`/g, '')), false, document);
  });

  it('says so where a step stands behind no gate', () => {
    assert.equal(gateDocument({ title: 'Check Tools', gates: [], reasons: [] }, text), '# Check Tools\n\nThis step stands behind no gate.\n');
  });

  it('shows phase and namespaces in the status bar, what is next in its tooltip, and what is left on the badge', () => {
    const mesh = meshOf('istio-default', [REVISION_1]);
    moveNamespace(mesh, mesh.first, 'bar', REVISION_1);
    const position = computePosition(rehearsedSituation(mesh, { plan: PLAN, baseline: true, probed: [REVISION_1], scanned: true }));
    assert.deepEqual(migrationStatus(position, text), {
      text: 'Mesh CA · phase 1 · 1 of 8 namespaces',
      tooltip: ['Next: Migrate Namespace to Revision · batch', 'Everything before it is done in cluster-1.'],
      badge: { value: 7, tooltip: '7 namespaces of phase 1 still to be moved' },
    });
    assert.deepEqual(migrationStatus({ ...position, next: undefined, finished: true, phase: 3 }, text), {
      text: 'Mesh CA · migration finished',
      tooltip: ['The migration is finished: nothing is left to do.'],
      badge: undefined,
    });
    assert.equal(migrationStatus({ ...position, phase: 0 }, text).text, 'Mesh CA · prerequisites');
  });
});
