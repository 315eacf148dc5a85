// Whether a gateway's rollout is over, on the simulated mesh: by generation and counts, and with the reason where nothing comes.
import assert from 'node:assert/strict';
import { rolledOut, workloadAt } from '../../../../src/domain/procedure/verifyRollout.js';
import type { StepVerification } from '../../../../src/domain/procedure/procedureStep.js';
import { textRenderer } from '../../../../src/shared/text/render.js';
import { seen } from '../../../support/guardedMesh.js';
import { CLUSTER_REFS } from '../../../support/rehearsedSituation.js';
import { meshOf, podsOf, restart } from '../../rehearsal/mesh/drawnMesh.js';

const english = textRenderer('en');
const GATEWAY = { cluster: CLUSTER_REFS[0], namespace: 'istio-system', kind: 'Deployment', name: 'istio-ingressgateway' } as const;

function drawn(verification: StepVerification): string {
  const said = verification.kind === 'open' ? verification.items : verification.kind === 'unknown' ? verification.why : [];
  return [verification.kind, ...said.map(english)].join(' ');
}

describe('the rollout of a gateway', function () {
  // Keys for the CAs are made once; on a busy machine that takes longer than mocha waits.
  this.timeout(60_000);

  it('is over with the last new pod, and gives the API server’s reason while none is taken', () => {
    const mesh = meshOf('asm-citadel');
    const { store } = mesh.first.backend;
    const verdict = (after: number): string => drawn(rolledOut(GATEWAY, after)(seen(mesh)));
    const before = workloadAt(seen(mesh), GATEWAY)!.generation;
    assert.equal(verdict(before), 'open istio-system/istio-ingressgateway shows no restart');
    const pods = String(podsOf(mesh.first, 'istio-system').length);
    store.create('resourcequotas', { apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: 'full', namespace: 'istio-system' }, spec: { hard: { pods } } });
    restart(mesh.first, 'deployments.apps', 'istio-system');
    mesh.clock.advance(60_000);
    assert.match(verdict(before), /^open istio-system\/istio-ingressgateway gets no new pods: pods ".*" is forbidden: exceeded quota: full/u);
    store.remove('resourcequotas', 'istio-system', 'full');
    mesh.clock.advance(60_000);
    assert.equal(verdict(before), 'verified');
  });
});
