// istioctl's stand-in on a rehearsal: its version, and revision tags that lead elsewhere afterwards.
import assert from 'node:assert/strict';
import path from 'node:path';
import { listAt, textAt } from '../../../../src/rehearsal/api/json.js';
import { runIstioctl } from '../../../../src/rehearsal/standIns/istioctl/istioctl.js';
import { runStandIn } from '../../../support/standInProcess.js';
import type { StandInRun } from '../../../support/standInProcess.js';
import { startStandInRehearsal } from '../../../support/standInRehearsal.js';
import type { StandInRehearsal } from '../../../support/standInRehearsal.js';

const OLD = 'asm-1162-2';

describe('istioctl', function () {
  this.timeout(60_000);
  let mesh: StandInRehearsal;
  const istioctl = (...args: readonly string[]): Promise<StandInRun> => {
    const context = mesh.rehearsal.clusters[0]?.contextName ?? '';
    const pinned = ['--kubeconfig', path.join(mesh.folder, 'kubeconfig'), '--context', context];
    return runStandIn(runIstioctl, [...args, ...pinned], { cwd: mesh.folder, env: mesh.env });
  };
  const webhook = (name: string): unknown => mesh.rehearsal.clusters[0]?.store.get('mutatingwebhookconfigurations.admissionregistration.k8s.io', undefined, name);

  before(async () => {
    mesh = await startStandInRehearsal('asm-citadel');
  });
  after(() => mesh.stop());

  it('says the version of the installation', async () => {
    assert.match((await istioctl('version')).stdout, /^client version: 1\.23\.2-asm\.2\ncontrol plane version: 1\.16/u);
  });

  it('makes a tag that serves under the root of the revision it leads to', async () => {
    const { code, stdout } = await istioctl('tag', 'set', 'prod', '--revision', OLD);
    assert.equal(code, 0);
    assert.match(stdout, /^Revision tag "prod" created, referencing control plane revision "asm-1162-2"/u);
    const [first] = listAt(webhook('istio-revision-tag-prod'), 'webhooks');
    assert.equal(textAt(first, 'clientConfig', 'service', 'name'), `istiod-${OLD}`);
    assert.equal(textAt(first, 'clientConfig', 'caBundle'), textAt(listAt(webhook(`istio-sidecar-injector-${OLD}`), 'webhooks')[0], 'clientConfig', 'caBundle'));
  });

  it('refuses a revision that is not there, a tag that is there without --overwrite, and whatever else it is asked', async () => {
    assert.deepEqual(await istioctl('tag', 'set', 'next', '--revision', 'nowhere'), {
      code: 1, stdout: '', stderr: 'Error: cannot modify tag "next": revision "nowhere" doesn\'t exist in cluster\n',
    });
    const again = await istioctl('tag', 'set', 'default', '--revision', OLD);
    assert.equal(again.code, 1);
    assert.match(again.stderr, /revision tag "default" already exists, and --overwrite is false/u);
    assert.equal((await istioctl('tag', 'set', 'default', '--revision', OLD, '--overwrite')).code, 0);
    assert.equal((await istioctl('proxy-status')).code, 1);
  });
});
