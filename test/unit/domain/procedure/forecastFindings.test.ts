// What the preview of a restart says would be injected, and what of it keeps the restart from running.
import assert from 'node:assert/strict';
import { PROCEDURE } from '../../../../src/domain/procedure/procedure.js';
import { requestKey } from '../../../../src/domain/procedure/inspection.js';
import type { WorkloadForecast } from '../../../../src/domain/procedure/workloadForecast.js';
import { textRenderer } from '../../../../src/shared/text/render.js';
import { CLUSTER, workload } from '../../../support/stepMesh.js';
import { draft, order, R2, situation } from '../../../support/procedureMesh.js';

const text = textRenderer('en');
const FOO = { scope: 'namespace', cluster: CLUSTER, namespace: 'foo' } as const;
const RESTART = order('restart-workloads', 2, FOO);
const INJECTED: WorkloadForecast = {
  workload: 'Deployment/httpbin',
  outcome: { kind: 'injected', revision: R2, proxyImage: 'gke.gcr.io/asm/proxyv2:1.23.2-asm.2', caAddress: 'meshca.googleapis.com:443' },
  asked: true,
  pinnedForeignImage: undefined,
};

/** Severity and words of what the forecast adds to the step. */
function said(...workloads: readonly WorkloadForecast[]): readonly string[] {
  const inspection = { [`injection ${CLUSTER.context}@${CLUSTER.kubeconfig} foo 2`]: { kind: 'injection', workloads } } as const;
  const mesh = { mesh: { labels: { 'istio.io/rev': R2 }, workloads: [workload('Deployment', 'httpbin')] } };
  const without = draft(RESTART, situation(mesh)).findings.map(({ message }) => text(message));
  return draft(RESTART, situation({ ...mesh, inspection }))
    .findings.filter(({ message }) => !without.includes(text(message)))
    .map(({ severity, message }) => `${severity}: ${text(message)}`);
}

describe('the forecast of a restart', () => {
  it('is asked for before the step is planned, for its namespace and phase', () => {
    const requests = PROCEDURE['restart-workloads'].needs?.(RESTART, situation()) ?? [];
    assert.deepEqual(requests.map(requestKey), [`injection ${CLUSTER.context}@${CLUSTER.kubeconfig} foo 2`]);
  });

  it('names revision, proxy image and CA of each workload', () => {
    assert.deepEqual(said(INJECTED), [
      `notes: Deployment/httpbin would be injected by ${R2}: proxy gke.gcr.io/asm/proxyv2:1.23.2-asm.2, CA meshca.googleapis.com:443.`,
    ]);
    assert.match(said({ ...INJECTED, asked: false })[0] ?? '', /^notes: .* by the webhooks’ selectors/u);
  });

  it('keeps the restart from running where a pod would come back without its proxy, with one that cannot reach Mesh CA, or not at all', () => {
    const blocked = said(
      { ...INJECTED, pinnedForeignImage: 'docker.io/istio/proxyv2:1.23.2' },
      { ...INJECTED, workload: 'StatefulSet/reports', outcome: { kind: 'withoutSidecar' } },
      { ...INJECTED, workload: 'DaemonSet/agent', outcome: { kind: 'refused', reason: 'quota exceeded' } },
    );
    assert.deepEqual(blocked.map((line) => line.split(' would ')[0]), ['blocks: Deployment/httpbin', 'blocks: StatefulSet/reports', 'blocks: DaemonSet/agent']);
  });

  it('says what is not known, and leaves the pod that no workload makes out of it', () => {
    assert.match(said({ ...INJECTED, outcome: { kind: 'unknown', reason: 'no answer' } })[0] ?? '', /^warns: .*no answer/u);
    assert.deepEqual(said({ ...INJECTED, workload: 'Namespace/foo' }), []);
  });
});
