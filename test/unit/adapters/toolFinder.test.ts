// Which kubectl is good enough, and what is said of one that is not.
import assert from 'node:assert/strict';
import { checkKubectlVersion, ExecaToolFinder, versionIn } from '../../../src/adapters/toolFinder.js';

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

describe('finding the other tools', () => {
  it('asks each for its version in its own words, and says when there is none', async () => {
    const finder = new ExecaToolFinder({ kubectlPath: () => '' });
    assert.deepEqual(await finder.versionOf('node', process.execPath), { ok: true, value: { path: process.execPath, version: process.versions.node } });
    assert.deepEqual(await finder.versionOf('asmcli', '/nowhere/asmcli'), { ok: false, failure: { kind: 'toolMissing', tool: '/nowhere/asmcli' } });
  });

  it('reads the version out of what they print', () => {
    assert.equal(versionIn('1.23.2-asm.2+config1\n'), '1.23.2-asm.2+config1');
    assert.equal(versionIn('Google Cloud SDK 487.0.0\nbq 2.1.7\n'), '487.0.0');
    assert.equal(versionIn('OpenSSL 3.0.13 30 Jan 2024'), '3.0.13');
    assert.equal(versionIn('no idea\nwhat you mean'), 'no idea');
  });
});
