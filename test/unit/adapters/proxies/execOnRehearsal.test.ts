// Reading the proxies of a rehearsal whose API server forbids port-forward: its own exec, its own agent, its own refusals.
import assert from 'node:assert/strict';
import { ClusterConnections } from '../../../../src/adapters/kubernetes/clusterConnection.js';
import { EnvoyProxyReader } from '../../../../src/adapters/proxies/envoyProxyReader.js';
import { runCommandLine } from '../../../../src/cli/commandLine.js';
import { composeCore } from '../../../../src/composeCore.js';
import { textRenderer } from '../../../../src/shared/text/render.js';
import { silentLog, wallClock } from '../../../support/clusterFollower.js';
import type { ControlledRehearsal } from '../../../support/controlledRehearsal.js';
import { startControlledRehearsal } from '../../../support/controlledRehearsal.js';

const PORT_FORWARD = { resources: ['pods/portforward'] };
const EXEC = { resources: ['pods/exec'] };

describe('a rehearsal mesh that forbids port-forward', function () {
  this.timeout(60_000);
  let mesh: ControlledRehearsal;
  const logged: string[] = [];

  before(async () => {
    mesh = await startControlledRehearsal();
  });
  beforeEach(() => { logged.length = 0; });
  afterEach(async () => {
    mesh.first.denyAccess([]);
    await mesh.tell('clear');
  });
  after(() => mesh.end());

  async function check(words: string): Promise<{ out: string; error: string; code: number }> {
    const written = { out: '', error: '' };
    const code = await runCommandLine([...words.split(' '), '--kubeconfig', mesh.ref.kubeconfig, '--context', mesh.ref.context], {
      render: textRenderer('en'),
      openWorld: (transport = 'automatic') =>
        composeCore({ log: { ...silentLog, info: (text) => void logged.push(text) }, proxyReading: { transport: () => transport } }),
      rehearse: () => Promise.resolve(1),
      writeOut: (text) => { written.out += text; },
      writeError: (text) => { written.error += text; },
      signal: new AbortController().signal,
    });
    return { ...written, code };
  }

  for (const name of ['root-cert', 'workload-cert', 'trustdomain']) {
    it(`is checked by exec, every proxy of it: check-${name} says what it says through port-forward`, async () => {
      const before = await check(`check-${name}`);
      assert.equal(before.code, 0);
      mesh.first.denyAccess([PORT_FORWARD]);
      assert.deepEqual(await check(`check-${name}`), before);
      const refused = logged.filter((line) => line.includes('port-forward is refused'));
      const namespaces = refused.map((line) => /proxies of (\S+) are/.exec(line)?.[1]);
      assert.deepEqual([...namespaces].sort(), [...new Set(namespaces)].sort());
      assert.ok(namespaces.includes('foo') && namespaces.includes('bar'), namespaces.join(' '));
    });
  }

  it('is not read where exec is forbidden as well, and both reasons are told', async () => {
    mesh.first.denyAccess([{ ...PORT_FORWARD, namespaces: ['foo'] }, { ...EXEC, namespaces: ['foo'] }]);
    const { out, error, code } = await check('check-root-cert');
    assert.equal(code, 1);
    assert.match(out, /reports-0\.bar trusts \[CITADEL\]/);
    const refusal = (resource: string): string => String.raw`pods "sleep-[a-z0-9-]+" is forbidden: User "[^"]+" cannot get resource "pods/${resource}" in API group "" in the namespace "foo"`;
    assert.match(error, new RegExp(`^sleep-[a-z0-9-]+\\.foo: not permitted: port-forward: ${refusal('portforward')}; exec: ${refusal('exec')}$`, 'm'));
  });

  it('is read by the way that the command line names, and by no other', async () => {
    mesh.first.denyAccess([PORT_FORWARD]);
    assert.equal((await check('check-root-cert --transport exec -n foo')).code, 0);
    assert.equal((await check('check-root-cert --transport port-forward -n foo')).code, 1);
    mesh.first.denyAccess([EXEC]);
    assert.equal((await check('check-root-cert --transport exec -n foo')).code, 1);
    assert.equal((await check('check-root-cert --transport port-forward -n foo')).code, 0);
    assert.equal((await check('check-root-cert --transport ssh')).code, 2);
  });

  const TROUBLES: readonly [string, RegExp][] = [
    ['refuse', /^\{"kind":"proxyUnreachable","reason":"exec: .*connection refused"\}$/u],
    ['garbage', /^\{"kind":"proxyAnswerUnreadable","reason":"not JSON"\}$/u],
    ['error', /^\{"kind":"proxyAnswerUnreadable","reason":"HTTP 503 upstream connect error/u],
    ['half', /^\{"kind":"proxyUnreachable","reason":"exec: /u],
    ['large', /^\{"kind":"proxyAnswerUnreadable","reason":"exec: larger than 20 MB"\}$/u],
  ];
  for (const [trouble, expected] of TROUBLES) {
    it(`tells an admin port in trouble through exec as through port-forward: ${trouble}`, async () => {
      await mesh.tell(`admin ${trouble} -n foo -l app=sleep`);
      const connections = new ClusterConnections();
      const reader = new EnvoyProxyReader({ connectionOf: (ref) => connections.connectionOf(ref), clock: wallClock, transport: () => 'exec' });
      const pod = mesh.pods('foo', 'sleep')[0]?.metadata.name ?? '';
      const result = await reader.readSecrets({ cluster: mesh.ref, namespace: 'foo', pod }, new AbortController().signal);
      assert.match(JSON.stringify(result.ok ? 'read' : result.failure), expected);
    });
  }
});
