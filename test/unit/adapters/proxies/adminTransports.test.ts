// Which way into the pods is taken, what is remembered of a refusal, and how each end of an exec is told.
import assert from 'node:assert/strict';
import { EnvoyProxyReader } from '../../../../src/adapters/proxies/envoyProxyReader.js';
import type { Clock, ProxyTransport } from '../../../../src/app/ports.js';
import type { Failure } from '../../../../src/shared/failure.js';
import { succeed } from '../../../../src/shared/failure.js';
import { chainEntry, domainMatchers, emptyEntry, flatAnswer, listenersAnswer, rootsEntry } from '../../../support/envoyAnswers.js';
import { ManualClock } from '../../../support/manualClock.js';
import type { ExecScript, PodStreamScript, PodStreamServer } from '../../../support/podStreamServer.js';
import { exitWith, servePodStreams, SUCCESS } from '../../../support/podStreamServer.js';
import { cluster, stoppedClock } from '../../../support/trustMesh.js';

const SECRETS: ExecScript = { stdout: `${JSON.stringify(flatAnswer([chainEntry('chain'), rootsEntry('roots')]))}\n`, status: SUCCESS };
const UNKNOWN_RESOURCE: ExecScript = { stdout: 'dynamic_active_secrets not found in config dump\n', status: SUCCESS };
const MASK = 'mask=name,last_updated,version_info,secret.name,secret.validation_context,secret.tls_certificate.certificate_chain';

describe('the way into the pods', () => {
  let server: PodStreamServer | undefined;
  const logged: string[] = [];
  const forbidden = new Set<string>();

  beforeEach(() => {
    logged.length = 0;
    forbidden.clear();
  });
  afterEach(() => server?.close());

  interface Using {
    readonly transport?: ProxyTransport;
    readonly clock?: Clock;
    readonly protocol?: PodStreamScript['protocol'];
  }

  async function readerFor(exec: PodStreamScript['exec'], { transport, clock = stoppedClock, protocol }: Using = {}): Promise<EnvoyProxyReader> {
    const here = await servePodStreams({ exec, forbidden, ...(protocol && { protocol }) });
    server = here;
    const log = { info: (text: string): void => void logged.push(text) };
    return new EnvoyProxyReader({ connectionOf: () => Promise.resolve(succeed(here.connection)), clock, log, ...(transport && { transport: () => transport }) });
  }

  async function outcomeIn(reader: EnvoyProxyReader, namespace: string, signal = new AbortController().signal): Promise<Failure | 'read'> {
    const result = await reader.readSecrets({ cluster: cluster('one'), namespace, pod: 'p' }, signal);
    return result.ok ? 'read' : result.failure;
  }

  async function execOutcome(script: ExecScript): Promise<Failure | 'read'> {
    return outcomeIn(await readerFor(() => script, { transport: 'exec' }), 'foo');
  }

  it('is exec from the first refusal on, in that namespace alone, logged once with the reason', async () => {
    forbidden.add('foo/portforward');
    const reader = await readerFor(() => SECRETS);
    assert.equal(await outcomeIn(reader, 'foo'), 'read');
    assert.equal(await outcomeIn(reader, 'foo'), 'read');
    assert.equal((await outcomeIn(reader, 'bar') as Failure).kind, 'proxyUnreachable');
    assert.deepEqual(server?.upgrades, ['foo/portforward', 'foo/exec', 'foo/exec', 'bar/portforward']);
    assert.equal(logged.length, 1);
    assert.match(logged[0] ?? '', /: proxies of foo are asked by exec, port-forward is refused: pods "p" may not portforward$/);
  });

  it('is logged once for many proxies that are refused side by side', async () => {
    forbidden.add('foo/portforward');
    const reader = await readerFor(() => SECRETS);
    assert.deepEqual(await Promise.all([1, 2, 3].map(() => outcomeIn(reader, 'foo'))), ['read', 'read', 'read']);
    assert.equal(logged.length, 1);
  });

  it('is port-forward again after some minutes, and at once with a connection made anew', async () => {
    forbidden.add('foo/portforward');
    const clock = new ManualClock();
    const known = { connection: undefined as PodStreamServer['connection'] | undefined };
    const here = await servePodStreams({ exec: () => SECRETS, forbidden });
    server = here;
    const reader = new EnvoyProxyReader({ connectionOf: () => Promise.resolve(succeed(known.connection ?? here.connection)), clock });
    await outcomeIn(reader, 'foo');
    clock.advance(5 * 60_000);
    await outcomeIn(reader, 'foo');
    known.connection = { ...here.connection };
    await outcomeIn(reader, 'foo');
    assert.deepEqual(here.upgrades, ['foo/portforward', 'foo/exec', 'foo/portforward', 'foo/exec', 'foo/portforward', 'foo/exec']);
  });

  it('tells both reasons, for each proxy anew, when both are forbidden', async () => {
    forbidden.add('foo/portforward').add('foo/exec');
    const reader = await readerFor(() => SECRETS);
    const both = { kind: 'forbidden', reason: 'port-forward: pods "p" may not portforward; exec: pods "p" may not exec' };
    assert.deepEqual(await outcomeIn(reader, 'foo'), both);
    assert.deepEqual(await outcomeIn(reader, 'foo'), both);
    assert.equal(logged.length, 1);
  });

  it('never is a port-forward where exec was chosen, nor exec where port-forward was', async () => {
    assert.equal(await outcomeIn(await readerFor(() => SECRETS, { transport: 'exec' }), 'foo'), 'read');
    assert.deepEqual(server?.upgrades, ['foo/exec']);
    await server.close();
    forbidden.add('foo/portforward');
    const reader = await readerFor(() => SECRETS, { transport: 'portForward' });
    assert.deepEqual(await outcomeIn(reader, 'foo'), { kind: 'forbidden', reason: 'pods "p" may not portforward' });
    assert.deepEqual(server.upgrades, ['foo/portforward']);
  });

  it('asks the agent in the container of the proxy, without the private key, and reads inbound domains as well', async () => {
    const listeners: ExecScript = { stdout: `${JSON.stringify(listenersAnswer(domainMatchers('cluster.local')))}\n`, status: SUCCESS };
    const reader = await readerFor((path) => (path.includes('listeners') ? listeners : SECRETS), { transport: 'exec' });
    assert.equal(await outcomeIn(reader, 'foo'), 'read');
    const asked = new URLSearchParams(server?.queries[0]);
    assert.deepEqual(asked.getAll('command'), ['pilot-agent', 'request', 'GET', `/config_dump?resource=dynamic_active_secrets&${MASK}`]);
    assert.deepEqual(['container', 'stdout', 'stderr', 'stdin', 'tty'].map((name) => asked.get(name)), ['istio-proxy', 'true', 'true', null, null]);
    const domains = await reader.readInboundDomains({ cluster: cluster('one'), namespace: 'foo', pod: 'p' }, new AbortController().signal);
    assert.deepEqual(domains, succeed({ kind: 'domains', domains: ['cluster.local'] }));
  });

  it('sends nothing to a server of v4 or v5, so no channel 255 either', async () => {
    for (const protocol of ['v4.channel.k8s.io', 'v5.channel.k8s.io'] as const) {
      const reader = await readerFor(() => SECRETS, { transport: 'exec', protocol });
      assert.equal(await outcomeIn(reader, 'foo'), 'read');
      while ((server?.openSockets() ?? 0) > 0) await new Promise(setImmediate);
      assert.deepEqual(server?.received, []);
      await server.close();
    }
  });

  it('asks on in the older forms when the agent prints a 404 as if it were an answer, or tells a 400', async () => {
    const refused: ExecScript = { stderr: 'Error: received unsuccessful status code 400: field mask could not be used\n', status: exitWith(255) };
    const warming: ExecScript = { stdout: `${JSON.stringify(flatAnswer([emptyEntry('default')]))}\n`, status: SUCCESS };
    const answers = [refused, UNKNOWN_RESOURCE, warming];
    const reader = await readerFor(() => answers.shift() ?? UNKNOWN_RESOURCE, { transport: 'exec' });
    assert.equal(await outcomeIn(reader, 'foo'), 'read');
    assert.match(decodeURIComponent(server?.queries[2] ?? ''), /config_dump\?mask=dynamic_active_secrets,dynamic_warming_secrets$/);
    assert.equal((await outcomeIn(reader, 'foo') as Failure).kind, 'proxyAnswerUnreadable');
  });

  const ENDS: readonly [string, ExecScript, Failure][] = [
    ['an answer that is no JSON', { stdout: '<html>\n', status: SUCCESS }, { kind: 'proxyAnswerUnreadable', reason: 'not JSON' }],
    ['an Envoy that answers with an error', { stderr: 'Error: received unsuccessful status code 503: no healthy upstream\n', status: exitWith(255) }, { kind: 'proxyAnswerUnreadable', reason: 'HTTP 503 no healthy upstream' }],
    ['an Envoy that does not listen', { stderr: 'Error: Get "http://localhost:15000/config_dump": dial tcp 127.0.0.1:15000: connect: connection refused\n', status: exitWith(255) }, { kind: 'proxyUnreachable', reason: 'exec: Get "http://localhost:15000/config_dump": dial tcp 127.0.0.1:15000: connect: connection refused' }],
    ['an agent without that command', { stderr: 'Error: unknown command "request" for "pilot-agent"\n', status: exitWith(255) }, { kind: 'proxyAnswerUnreadable', reason: 'exec: unknown command "request" for "pilot-agent"' }],
    ['an agent that says nothing', { status: exitWith(137) }, { kind: 'proxyAnswerUnreadable', reason: 'exec: pilot-agent ended with exit code 137' }],
    ['a container without the agent', { status: JSON.stringify({ status: 'Failure', reason: 'InternalError', message: 'executable file not found in $PATH' }) }, { kind: 'proxyUnreachable', reason: 'exec: executable file not found in $PATH' }],
    ['a connection that breaks before the end is told', { stdout: '{"configs"' }, { kind: 'proxyUnreachable', reason: 'exec: the connection was closed before the command ended' }],
    ['an answer that is too large', { stdout: Buffer.alloc(21 * 1024 * 1024), runsOn: true }, { kind: 'proxyAnswerUnreadable', reason: 'exec: larger than 20 MB' }],
  ];
  for (const [what, script, failure] of ENDS) {
    it(`tells ${what}`, async () => {
      assert.deepEqual(await execOutcome(script), failure);
    });
  }

  it('ends at the time limit, and when it is cancelled, with its connection closed', async () => {
    const time: { expire?: () => void } = {};
    const clock: Clock = { now: () => 0, sleep: () => new Promise((resolve) => { time.expire = resolve; }) };
    const late = await readerFor(() => { time.expire?.(); return { runsOn: true }; }, { transport: 'exec', clock });
    assert.deepEqual(await outcomeIn(late, 'foo'), { kind: 'timedOut', seconds: 10 });
    await server?.close();
    const cancel = new AbortController();
    const cancelled = await readerFor(() => { setImmediate(() => { cancel.abort(); }); return { runsOn: true }; }, { transport: 'exec' });
    assert.deepEqual(await outcomeIn(cancelled, 'foo', cancel.signal), { kind: 'cancelled' });
    while ((server?.openSockets() ?? 0) > 0) await new Promise(setImmediate);
  });
});
