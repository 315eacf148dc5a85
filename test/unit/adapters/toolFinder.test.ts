// Which kubectl is good enough, and what is said of one that is not.
import assert from 'node:assert/strict';
import { checkKubectlVersion, ExecaToolFinder } from '../../../src/adapters/toolFinder.js';

const version = (gitVersion: string): string => JSON.stringify({ clientVersion: { major: '1', gitVersion }, kustomizeVersion: 'v5.5.0' });

describe('finding kubectl', () => {
  it("takes 1.27 and later, Google's dispatcher included", () => {
    assert.deepEqual(checkKubectlVersion('kubectl', version('v1.27.0')), { ok: true, value: { path: 'kubectl', version: '1.27.0' } });
    assert.deepEqual(checkKubectlVersion('kubectl', version('v1.32.4-dispatcher')), { ok: true, value: { path: 'kubectl', version: '1.32.4-dispatcher' } });
    assert.equal(checkKubectlVersion('kubectl', version('v2.0.0')).ok, true);
  });

  it('refuses what is older, and what does not say', () => {
    assert.deepEqual(checkKubectlVersion('kubectl', version('v1.20.2')), {
      ok: false,
      failure: { kind: 'toolTooOld', tool: 'kubectl', version: '1.20.2', needed: '1.27' },
    });
    const silent = checkKubectlVersion('kubectl', 'hello');
    assert.equal(!silent.ok && silent.failure.kind, 'unexpected');
  });

  it('says when there is none where the setting points', async () => {
    const found = await new ExecaToolFinder({ kubectlPath: () => '/nowhere/kubectl' }).kubectl();
    assert.deepEqual(found, { ok: false, failure: { kind: 'toolMissing', tool: '/nowhere/kubectl' } });
  });

  it('asks the program itself, and reports one that fails', async () => {
    // Node takes the same words and knows none of them.
    const found = await new ExecaToolFinder({ kubectlPath: () => process.execPath }).kubectl();
    assert.equal(!found.ok && found.failure.kind, 'unexpected');
  });
});
