// Reading an Envoy through a port-forward: what is asked, in which order, and how each kind of trouble is told.
import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { EnvoyProxyReader } from '../../../../src/adapters/proxies/envoyProxyReader.js';
import type { Clock } from '../../../../src/app/ports.js';
import type { SecretDump } from '../../../../src/domain/trust/secretDump.js';
import type { Failure, Result } from '../../../../src/shared/failure.js';
import { succeed } from '../../../../src/shared/failure.js';
import { chainEntry, domainMatchers, emptyEntry, flatAnswer, fullAnswer, listenersAnswer, rootsEntry } from '../../../support/envoyAnswers.js';
import type { PodBehaviour, PortForwardServer } from '../../../support/portForwardServer.js';
import { servePortForward } from '../../../support/portForwardServer.js';
import { cluster, stoppedClock } from '../../../support/trustMesh.js';

const PROXY = { cluster: cluster('one'), namespace: 'foo', pod: 'httpbin-1' };
const BOTH = [chainEntry('chain'), rootsEntry('roots')];
const MASK = 'mask=name,last_updated,version_info,secret.name,secret.validation_context,secret.tls_certificate.certificate_chain';

function json(value: unknown): (path: string, response: ServerResponse) => void {
  return (_path, response) => response.setHeader('Content-Type', 'application/json').end(JSON.stringify(value));
}

describe('reading a proxy through port-forward', () => {
  let server: PortForwardServer | undefined;

  async function serve(behaviour: PodBehaviour, prefix = ''): Promise<PortForwardServer> {
    server = await servePortForward(behaviour, prefix);
    return server;
  }

  function readerOf({ connection }: PortForwardServer, clock: Clock = stoppedClock): EnvoyProxyReader {
    return new EnvoyProxyReader({ connectionOf: () => Promise.resolve(succeed(connection)), clock, transport: () => 'portForward' });
  }

  async function read(behaviour: PodBehaviour): Promise<Result<SecretDump>> {
    return readerOf(await serve(behaviour)).readSecrets(PROXY, new AbortController().signal);
  }

  async function failureOf(behaviour: PodBehaviour): Promise<Failure> {
    const result = await read(behaviour);
    assert.ok(!result.ok);
    return result.failure;
  }

  afterEach(async () => {
    await server?.close();
    server = undefined;
  });

  it('asks once, for the active secrets without the private key', async () => {
    const result = await read({ answer: json(flatAnswer(BOTH)) });
    assert.ok(result.ok);
    assert.deepEqual(result.value.secrets.map(({ name }) => name), ['default', 'ROOTCA']);
    assert.deepEqual(server?.asked, [`/config_dump?resource=dynamic_active_secrets&${MASK}`]);
    assert.deepEqual(server.upgrades, ['/api/v1/namespaces/foo/pods/httpbin-1/portforward?ports=15000 Bearer token']);
  });

  it('keeps a path in the address of the server', async () => {
    const here = await serve({ answer: json(flatAnswer(BOTH)) }, '/k8s/clusters/c-1/');
    await readerOf(here).readSecrets(PROXY, new AbortController().signal);
    assert.match(here.upgrades[0] ?? '', /^\/k8s\/clusters\/c-1\/api\/v1\/namespaces\/foo\//);
  });

  it('asks for the warming secrets only when one is not active', async () => {
    const result = await read({
      answer: (path, response) => {
        json(path.includes('warming') ? flatAnswer([emptyEntry('default')]) : flatAnswer([rootsEntry('roots')]))(path, response);
      },
    });
    assert.ok(result.ok);
    assert.deepEqual(result.value.secrets.map(({ name, state }) => `${name} ${state}`), ['ROOTCA active', 'default warming']);
    assert.equal(server?.asked.length, 2);
  });

  it('says that there are none when both answers are empty objects', async () => {
    const result = await read({ answer: json({}) });
    assert.deepEqual(result, succeed({ secrets: [], conflicts: [] }));
  });

  it('asks an Envoy that does not take a mask without, and then for the masked dump', async () => {
    const result = await read({
      answer: (path, response) => {
        if (path === '/config_dump?mask=dynamic_active_secrets,dynamic_warming_secrets') json(fullAnswer(BOTH, [emptyEntry('x')]))(path, response);
        else response.writeHead(path.includes('mask') ? 400 : 404).end('not found in config dump');
      },
    });
    assert.ok(result.ok);
    assert.deepEqual(result.value.secrets.map(({ name }) => name), ['default', 'ROOTCA', 'x']);
    assert.equal(server?.asked.length, 3);
  });

  it('reads an answer of several megabytes', async () => {
    const large = Array.from({ length: 300 }, (_, index) => rootsEntry('x'.repeat(10_000), { name: `kubernetes://tls-${index}` }));
    const result = await read({ answer: json(flatAnswer([...BOTH, ...large])) });
    assert.ok(result.ok);
    assert.equal(result.value.secrets.length, 302);
  });

  it('tells a refusal with the words of the API server', async () => {
    const message = 'pods "httpbin-1" is forbidden: User "me" cannot create resource "pods/portforward"';
    assert.deepEqual(await failureOf({ refusal: { status: 403, body: JSON.stringify({ kind: 'Status', message }) } }), { kind: 'forbidden', reason: message });
  });

  it('tells a pod that is gone from one that cannot be reached', async () => {
    const body = JSON.stringify({ message: 'pods "httpbin-1" not found' });
    assert.deepEqual(await failureOf({ refusal: { status: 404, body } }), { kind: 'apiError', status: 404, reason: 'pods "httpbin-1" not found' });
    await server?.close();
    const failure = await failureOf({ refusal: { status: 500, body: JSON.stringify({ message: 'dial tcp: timeout' }) } });
    assert.deepEqual(failure, { kind: 'proxyUnreachable', reason: 'dial tcp: timeout' });
  });

  it('tells what the error channel says', async () => {
    const failure = await failureOf({ portError: 'error forwarding port 15000 to pod: connection refused' });
    assert.deepEqual(failure, { kind: 'proxyUnreachable', reason: 'error forwarding port 15000 to pod: connection refused' });
  });

  it('tells a connection that breaks in the middle of an answer', async () => {
    const failure = await failureOf({
      answer: (_path, response) => {
        response.writeHead(200, { 'Content-Length': '1000' });
        response.write('{', () => { response.socket?.destroy(); });
      },
    });
    assert.equal(failure.kind, 'proxyUnreachable');
  });

  it('does not believe an answer that is no JSON, has another status, or has no end', async () => {
    for (const answer of [
      (_path: string, response: ServerResponse) => response.end('<html>'),
      (_path: string, response: ServerResponse) => response.writeHead(503).end('no healthy upstream'),
    ]) {
      assert.equal((await failureOf({ answer })).kind, 'proxyAnswerUnreadable');
      await server?.close();
    }
    const failure = await failureOf({
      answer: (_path, response) => {
        const more = (): void => {
          if (!response.destroyed) response.write(Buffer.alloc(1024 * 1024), more);
        };
        more();
      },
    });
    assert.deepEqual(failure, { kind: 'proxyAnswerUnreadable', reason: 'larger than 20 MB' });
  });

  it('gives up at the time limit', async () => {
    const time: { expire?: () => void } = {};
    const clock: Clock = { now: () => 0, sleep: () => new Promise((resolve) => { time.expire = resolve; }) };
    const here = await serve({ answer: () => time.expire?.() });
    assert.deepEqual(await readerOf(here, clock).readSecrets(PROXY, new AbortController().signal), { ok: false, failure: { kind: 'timedOut', seconds: 10 } });
  });

  it('stops when it is cancelled, and closes its connection', async () => {
    const cancel = new AbortController();
    const here = await serve({ answer: () => { cancel.abort(); } });
    assert.deepEqual(await readerOf(here).readSecrets(PROXY, cancel.signal), { ok: false, failure: { kind: 'cancelled' } });
    while (here.openSockets() > 0) await new Promise(setImmediate);
    assert.deepEqual(await readerOf(here).readSecrets(PROXY, cancel.signal), { ok: false, failure: { kind: 'cancelled' } });
    assert.equal(here.upgrades.length, 1);
  });

  it('tells a server that is not there', async () => {
    const here = await serve({});
    await here.close();
    const result = await readerOf(here).readSecrets(PROXY, new AbortController().signal);
    assert.deepEqual(result, { ok: false, failure: { kind: 'clusterUnreachable', reason: 'connection refused' } });
  });

  it("reads the inbound listener's domains", async () => {
    const here = await serve({ answer: json(listenersAnswer(domainMatchers('cluster.local'))) });
    const result = await readerOf(here).readInboundDomains(PROXY, new AbortController().signal);
    assert.deepEqual(result, succeed({ kind: 'domains', domains: ['cluster.local'] }));
    assert.deepEqual(here.asked, ['/config_dump?resource=dynamic_listeners&name_regex=virtualInbound']);
  });
});
