// What a namespace step without a plan must not do: no gate looks at the other clusters for it.
import assert from 'node:assert/strict';
import { findingMessage, findingSeverity } from '../../../../src/domain/steps/finding.js';
import type { NamespaceStepChoice } from '../../../../src/domain/steps/namespaceStep.js';
import { guardWithoutPlan } from '../../../../src/domain/steps/ungatedGuards.js';
import { textRenderer } from '../../../../src/shared/text/render.js';
import type { StepMesh } from '../../../support/stepMesh.js';
import { injector, NEW_REVISION, podOf, stepMesh, workload } from '../../../support/stepMesh.js';

const SECOND = 'asm-1232-2-meshca-ca-migration';
const to = (revision: string): NamespaceStepChoice => ({ id: 'migrate-namespace', parameters: { revision } });
const back = (labels: { injection: string | undefined; revision: string | undefined }): NamespaceStepChoice => ({
  id: 'roll-back-namespace',
  parameters: { to: labels },
});
const OLD = back({ injection: 'enabled', revision: undefined });
const FIRST = back({ injection: undefined, revision: NEW_REVISION });
const RESTART: NamespaceStepChoice = { id: 'restart-workloads', parameters: {} };

const BOTH: StepMesh = {
  workloads: [workload('Deployment', 'httpbin')],
  istiods: { default: 1, [NEW_REVISION]: 1, [SECOND]: 1 },
  injectors: [injector('default'), injector(NEW_REVISION), injector(SECOND)],
  signing: { [NEW_REVISION]: 'both', [SECOND]: 'meshCa' },
};
const SIGNED: StepMesh = { ...BOTH, labels: { 'istio.io/rev': SECOND }, pods: [podOf('Deployment', 'httpbin', 'new', { revision: SECOND })] };

const found = (mesh: StepMesh, choice: NamespaceStepChoice, other?: StepMesh) => {
  const snapshot = stepMesh(mesh);
  return guardWithoutPlan(snapshot, 'foo', choice, [snapshot, ...(other === undefined ? [] : [stepMesh(other)])]);
};

describe('namespace steps without a plan', () => {
  it('move within phase 1, there and back, as long as Mesh CA signs nothing', () => {
    assert.deepEqual(found(BOTH, to(NEW_REVISION)), []);
    assert.deepEqual(found({ ...BOTH, pods: [podOf('Deployment', 'httpbin', 'new', { revision: NEW_REVISION })] }, OLD), []);
  });

  it('do not move to a revision for which Mesh CA signs, or nobody knows who, forward or back', () => {
    assert.deepEqual(found(BOTH, to(SECOND)), [{ kind: 'signerNeedsPlan', revision: SECOND, signer: 'meshCa' }]);
    assert.deepEqual(found({ ...BOTH, signing: { [SECOND]: 'unknown' } }, to(SECOND)), [
      { kind: 'signerNeedsPlan', revision: SECOND, signer: 'unknown' },
    ]);
    assert.deepEqual(found(BOTH, back({ injection: undefined, revision: SECOND })), [{ kind: 'signerNeedsPlan', revision: SECOND, signer: 'meshCa' }]);
  });

  it('do not move to a revision without the Mesh CA root while a proxy lives that Mesh CA may have signed', () => {
    const finding = { kind: 'losesMeshCaRoot', to: 'default', signing: [SECOND] };
    assert.deepEqual(found(SIGNED, OLD), [finding]);
    assert.deepEqual(found(SIGNED, to('default')), [finding]);
    assert.deepEqual(found({ ...SIGNED, signing: { [SECOND]: 'unknown' } }, OLD), [finding]);
    assert.deepEqual(found(SIGNED, back({ injection: 'disabled', revision: undefined })), [{ ...finding, to: undefined }]);
  });

  it('look for such proxies in every cluster that takes part, since they talk across clusters', () => {
    assert.deepEqual(found(BOTH, OLD, SIGNED), [{ kind: 'losesMeshCaRoot', to: 'default', signing: [SECOND] }]);
    assert.deepEqual(found(BOTH, OLD, BOTH), []);
  });

  it('move back to the revision that hands out both roots', () => {
    assert.deepEqual(found(SIGNED, FIRST), []);
  });

  it('know nothing of signers while the mesh configs are not live', () => {
    assert.deepEqual(found({ ...BOTH, kinds: { configmaps: { state: 'loading' } } }, to(NEW_REVISION)), [
      { kind: 'notLive', resource: 'configmaps', failure: undefined },
    ]);
  });

  it('leave a restart alone: it is the way past most obstacles', () => {
    assert.deepEqual(found(SIGNED, RESTART), []);
  });

  it('block, and say that a plan is needed', () => {
    for (const language of ['en', 'ko'] as const) {
      for (const finding of [...found(BOTH, to(SECOND)), ...found(SIGNED, OLD)]) {
        assert.equal(findingSeverity(finding), 'blocks');
        const text = textRenderer(language)(findingMessage(finding));
        assert.match(text, /plan|계획/);
        assert.doesNotMatch(text, /[{}]/);
      }
    }
  });
});
