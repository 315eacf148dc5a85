// Proxies asked through istioctl: its exact command line, both spellings of its answers, and each way in which it fails.
import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { EnvoyProxyReader } from '../../../../src/adapters/proxies/envoyProxyReader.js';
import { istioctlArguments } from '../../../../src/adapters/proxies/istioctlReader.js';
import type { ProxyTransport } from '../../../../src/app/ports.js';
import type { SecretDump } from '../../../../src/domain/trust/secretDump.js';
import type { Result } from '../../../../src/shared/failure.js';
import { fail, succeed } from '../../../../src/shared/failure.js';
import { camelCased, chainEntry, domainMatchers, fullAnswer, listenersAnswer, rootsEntry } from '../../../support/envoyAnswers.js';
import { ManualClock } from '../../../support/manualClock.js';
import { servePodStreams } from '../../../support/podStreamServer.js';
import type { PodStreamServer } from '../../../support/podStreamServer.js';
import { cluster, stoppedClock } from '../../../support/trustMesh.js';

const PROXY = { cluster: cluster('one'), namespace: 'foo', pod: 'httpbin-1' };
const ANSWER = fullAnswer([chainEntry('chain'), rootsEntry('roots')]);
const NO_CONNECTION = (): Promise<Result<never>> => Promise.resolve(fail({ kind: 'clusterUnreachable', reason: 'not to be asked' }));

describe('istioctl as the way to a proxy', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'mesh-ca-istioctl-'));
  const tool = path.join(folder, 'istioctl');
  const argumentsFile = path.join(folder, 'arguments');
  let server: PodStreamServer | undefined;

  /** A program that notes its arguments and does as the test says. */
  function install(shell: string): void {
    writeFileSync(tool, `#!/bin/sh\nprintf '%s\\n' "$@" >> '${argumentsFile}'\n${shell}\n`);
    chmodSync(tool, 0o755);
  }

  function printing(json: unknown): string {
    writeFileSync(path.join(folder, 'answer'), JSON.stringify(json));
    return `cat '${path.join(folder, 'answer')}'`;
  }

  function readerFor(transport: ProxyTransport, istioctlPath = tool, connectionOf: ConstructorParameters<typeof EnvoyProxyReader>[0]['connectionOf'] = NO_CONNECTION): EnvoyProxyReader {
    return new EnvoyProxyReader({ connectionOf, clock: stoppedClock, transport: () => transport, istioctlPath: () => istioctlPath });
  }

  const read = (reader: EnvoyProxyReader, signal = new AbortController().signal): Promise<Result<SecretDump>> => reader.readSecrets(PROXY, signal);
  const names = (dump: Result<SecretDump>): unknown => (dump.ok ? dump.value.secrets.map(({ name }) => name) : dump.failure);

  beforeEach(() => { writeFileSync(argumentsFile, ''); });
  afterEach(() => server?.close());
  after(() => { rmSync(folder, { recursive: true }); });

  it('names the pod, the kubeconfig and the context', async () => {
    install(printing(ANSWER));
    await read(readerFor('istioctl'));
    const expected = ['proxy-config', 'secret', 'httpbin-1.foo', '-o', 'json', '--kubeconfig', '/home/me/.kube/config', '--context', 'one'];
    assert.deepEqual(istioctlArguments('secret', PROXY), expected);
    assert.deepEqual(readFileSync(argumentsFile, 'utf8').trim().split('\n'), expected);
  });

  it('reads its answers in the old spelling and in the new one', async () => {
    for (const answer of [ANSWER, camelCased(ANSWER), camelCased({ dynamic_active_secrets: [chainEntry('chain'), rootsEntry('roots')] })]) {
      install(printing(answer));
      assert.deepEqual(names(await read(readerFor('istioctl'))), ['default', 'ROOTCA']);
    }
  });

  it('reads inbound listeners as well', async () => {
    const { configs } = listenersAnswer(domainMatchers('cluster.local')) as { configs: { active_state?: { listener: object } }[] };
    install(printing(camelCased(configs.flatMap(({ active_state: state }) => (state ? [state.listener] : [])))));
    const listener = await readerFor('istioctl').readInboundListener(PROXY, new AbortController().signal);
    assert.deepEqual(listener, succeed({ domains: { kind: 'domains', domains: ['cluster.local'] }, mtls: 'permissive' }));
  });

  it('says when it is not there, fails, or prints something else', async () => {
    assert.deepEqual(names(await read(readerFor('istioctl', path.join(folder, 'nowhere')))), { kind: 'toolMissing', tool: path.join(folder, 'nowhere') });
    install('echo "Error: unable to retrieve Pod: pods \\"httpbin-1\\" not found" >&2; exit 1');
    assert.deepEqual(names(await read(readerFor('istioctl'))), { kind: 'proxyUnreachable', reason: 'istioctl: unable to retrieve Pod: pods "httpbin-1" not found' });
    install('echo "Error: pods \\"httpbin-1\\" is forbidden: User \\"me\\" cannot create resource" >&2; exit 1');
    assert.equal((names(await read(readerFor('istioctl'))) as { kind: string }).kind, 'forbidden');
    install('echo Warning: deprecated');
    assert.deepEqual(names(await read(readerFor('istioctl'))), { kind: 'proxyAnswerUnreadable', reason: 'istioctl printed no JSON' });
  });

  it('is stopped when the survey is', async () => {
    install(`echo begun > '${folder}/begun'; exec sleep 600`);
    const stop = new AbortController();
    const reading = read(readerFor('istioctl'), stop.signal);
    stop.abort();
    assert.deepEqual(names(await reading), { kind: 'cancelled' });
  });

  it('is taken only where port-forward and exec are both refused, or where it was chosen', async () => {
    install(printing(ANSWER));
    const forbidden = new Set(['foo/portforward', 'foo/exec']);
    const here = await servePodStreams({ exec: () => ({ stdout: '' }), forbidden });
    server = here;
    const connection = (): ReturnType<ConstructorParameters<typeof EnvoyProxyReader>[0]['connectionOf']> => Promise.resolve(succeed(here.connection));
    assert.deepEqual(names(await read(readerFor('automatic', tool, connection))), ['default', 'ROOTCA']);
    assert.deepEqual(here.upgrades, ['foo/portforward', 'foo/exec']);
    writeFileSync(argumentsFile, '');
    assert.equal((names(await read(readerFor('portForward', tool, connection))) as { kind: string }).kind, 'forbidden');
    assert.equal(readFileSync(argumentsFile, 'utf8'), '');
  });

  it('does not hide why the other ways were refused, and is not looked for again at once where it is missing', async () => {
    const forbidden = new Set(['foo/portforward', 'foo/exec']);
    const here = await servePodStreams({ exec: () => ({ stdout: '' }), forbidden });
    server = here;
    const clock = new ManualClock();
    const missing = path.join(folder, 'later');
    const looked = { times: 0 };
    const istioctlPath = (): string => {
      looked.times += 1;
      return missing;
    };
    const reader = new EnvoyProxyReader({ connectionOf: () => Promise.resolve(succeed(here.connection)), clock, istioctlPath });
    for (let time = 0; time < 3; time += 1) assert.match((names(await read(reader)) as { reason: string }).reason, /^port-forward: .*; exec: /);
    assert.equal(looked.times, 1);
    clock.advance(5 * 60_000);
    await read(reader);
    assert.equal(looked.times, 2);
  });
});
