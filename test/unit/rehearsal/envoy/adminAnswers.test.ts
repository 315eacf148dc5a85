// Envoy's admin answers against the shapes that real proxies give.
import assert from 'node:assert/strict';
import http from 'node:http';
import { answerAdminRequest } from '../../../../src/rehearsal/envoy/adminAnswers.js';
import { createAdminServer } from '../../../../src/rehearsal/envoy/adminServer.js';
import type { EnvoyView } from '../../../../src/rehearsal/envoy/envoyView.js';
import { maskFields } from '../../../../src/rehearsal/envoy/fieldMask.js';

const AT = new Date('2026-03-01T12:00:00Z');
const VIEW: EnvoyView = {
  pod: 'httpbin-1',
  namespace: 'foo',
  podIP: '10.8.0.9',
  kind: 'sidecar',
  istioVersion: '1.23.2-asm.2',
  clusterId: 'c',
  meshId: 'm',
  startedAt: AT,
  now: AT,
  controlStream: { isOpen: true, opened: 3, answered: 3 },
  secrets: [
    { kind: 'chain', name: 'default', pem: 'CHAIN', lastUpdated: AT },
    { kind: 'anchors', name: 'ROOTCA', pem: 'ROOTS', lastUpdated: AT },
  ],
  acceptedDomains: ['cluster.local', 'fleet.svc.id.goog'],
  upstreams: [{ cluster: 'outbound|80||db.bar.svc.cluster.local', spiffeIds: ['spiffe://cluster.local/ns/bar/sa/db'] }],
};
const WARMING: EnvoyView = { ...VIEW, secrets: [{ kind: 'warming', name: 'default', lastUpdated: AT }] };

interface Dump {
  readonly configs?: readonly Record<string, unknown>[];
}

function dump(query: string, view = VIEW): Dump {
  const answer = answerAdminRequest('GET', `/config_dump${query}`, view);
  assert.equal(answer.status, 200, answer.body);
  assert.equal(answer.contentType, 'application/json');
  return JSON.parse(answer.body) as Dump;
}

function refusal(target: string): string {
  const { status, body } = answerAdminRequest('GET', target, VIEW);
  return `${status} ${body.split('\n')[0] ?? ''}`;
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');

describe('Envoy’s config dump', () => {
  it('lists the elements of a resource flat, with the type of each', () => {
    const { configs = [] } = dump('?resource=dynamic_active_secrets');
    assert.deepEqual(configs.map((config) => [config['@type'], config.name]), [
      ['type.googleapis.com/envoy.admin.v3.SecretsConfigDump.DynamicSecret', 'default'],
      ['type.googleapis.com/envoy.admin.v3.SecretsConfigDump.DynamicSecret', 'ROOTCA'],
    ]);
    assert.deepEqual(configs[0]?.secret, {
      '@type': 'type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.Secret',
      name: 'default',
      tls_certificate: {
        certificate_chain: { inline_bytes: base64('CHAIN') },
        private_key: { inline_bytes: base64('[redacted]') },
      },
    });
  });

  it('leaves the private key out when the mask does not name it', () => {
    const { configs = [] } = dump('?resource=dynamic_active_secrets&mask=name,secret.name,secret.tls_certificate.certificate_chain');
    const secret = configs[0]?.secret as { tls_certificate: object };
    assert.deepEqual(Object.keys(secret.tls_certificate), ['certificate_chain']);
    assert.equal(configs[0]?.last_updated, undefined);
  });

  it('keeps one section for a mask that names its fields', () => {
    const { configs = [] } = dump('?mask=dynamic_active_secrets,dynamic_warming_secrets');
    assert.deepEqual(configs.map((config) => Object.keys(config)), [['@type', 'dynamic_active_secrets']]);
  });

  it('has bootstrap, clusters, listeners and secrets when nothing is asked for', () => {
    const types = dump('').configs?.map((config) => String(config['@type']).replace(/.*\./u, ''));
    assert.deepEqual(types, ['BootstrapConfigDump', 'ClustersConfigDump', 'ListenersConfigDump', 'SecretsConfigDump']);
  });

  it('is {} where there is nothing, and shows what waits as warming', () => {
    assert.deepEqual(dump('?resource=dynamic_active_secrets', WARMING), {});
    assert.equal(dump('?resource=dynamic_warming_secrets', WARMING).configs?.[0]?.version_info, 'uninitialized');
  });

  it('filters by name with a full match', () => {
    assert.equal(dump('?resource=dynamic_active_secrets&name_regex=ROOTCA').configs?.length, 1);
    assert.deepEqual(dump('?resource=dynamic_active_secrets&name_regex=ROOT'), {});
  });

  it('shows whom the inbound listener lets in, and whom a cluster expects', () => {
    const listener = JSON.stringify(dump('?resource=dynamic_listeners&name_regex=virtualInbound'));
    assert.match(listener, /"match_subject_alt_names":\[\{"prefix":"spiffe:\/\/cluster\.local\/"\},\{"prefix":"spiffe:\/\/fleet\.svc\.id\.goog\/"\}\]/u);
    const clusters = JSON.stringify(dump('?resource=dynamic_active_clusters'));
    assert.match(clusters, /"match_subject_alt_names":\[\{"exact":"spiffe:\/\/cluster\.local\/ns\/bar\/sa\/db"\}\]/u);
  });

  it('is refused in Envoy’s words', () => {
    assert.equal(refusal('/config_dump?resource=nothing'), '404 nothing not found in config dump');
    assert.equal(refusal('/config_dump?resource='), '404  not found in config dump');
    assert.match(refusal('/config_dump?resource=bootstrap'), /^400 bootstrap is not a repeated field/u);
    assert.match(refusal('/config_dump?mask=a b'), /^400 FieldMask/u);
    assert.match(refusal('/config_dump?resource=dynamic_listeners&name_regex=('), /^400 /u);
    assert.match(refusal('/nowhere'), /^404 invalid path/u);
  });
});

describe('the secrets of a gateway', () => {
  const gateway: EnvoyView = {
    ...VIEW,
    kind: 'router',
    secrets: [...VIEW.secrets, { kind: 'serverChain', name: 'kubernetes://shop-tls', pem: 'PUBLIC', lastUpdated: AT }],
  };

  it('list its own server certificate beside the mesh’s, by its name', () => {
    const names = dump('?resource=dynamic_active_secrets', gateway).configs?.map(({ name }) => name);
    assert.deepEqual(names, ['default', 'ROOTCA', 'kubernetes://shop-tls']);
    assert.match(JSON.stringify(dump('', gateway)), new RegExp(base64('PUBLIC'), 'u'));
  });

  it('are none where nothing uses mTLS, and the gateway is live all the same', () => {
    const idle: EnvoyView = { ...gateway, secrets: [], isConfigured: true };
    assert.deepEqual(dump('?resource=dynamic_active_secrets', idle), {});
    assert.deepEqual(dump('?mask=dynamic_active_secrets,dynamic_warming_secrets', idle), {});
    assert.equal(answerAdminRequest('GET', '/ready', idle).status, 200);
  });
});

describe('Envoy’s statistics', () => {
  const asked = (query: string, view = VIEW): string => answerAdminRequest('GET', `/stats${query}`, view).body;
  const named = (view: EnvoyView): Record<string, number> => {
    const { stats } = JSON.parse(asked('?format=json&filter=xds-grpc.*rq_(active|total|200)', view)) as { stats: { name: string; value: number }[] };
    return Object.fromEntries(stats.map(({ name, value }) => [name, value]));
  };

  it('are those of the stream to the control plane, as lines or as JSON, filtered by a pattern', () => {
    assert.equal(asked('?filter=rq_(200|active)$'), 'cluster.xds-grpc.upstream_rq_200: 3\ncluster.xds-grpc.upstream_rq_active: 1\n');
    assert.deepEqual(named(VIEW), { 'cluster.xds-grpc.upstream_rq_200': 3, 'cluster.xds-grpc.upstream_rq_active': 1, 'cluster.xds-grpc.upstream_rq_total': 3 });
    assert.match(refusal('/stats?filter=('), /^400 Invalid re2 regex/u);
  });

  it('have no response code before one came, and another spelling from Istio 1.24 on', () => {
    const fresh: EnvoyView = { ...VIEW, istioVersion: '1.24.1', controlStream: { isOpen: true, opened: 1, answered: 0 } };
    assert.deepEqual(named(fresh), { 'cluster.xds-grpc;.upstream_rq_active': 1, 'cluster.xds-grpc;.upstream_rq_total': 1 });
  });
});

describe('what depends on the release', () => {
  it('is the Envoy of its quarter', () => {
    const version = (istioVersion: string): string =>
      (JSON.parse(answerAdminRequest('GET', '/server_info', { ...VIEW, istioVersion }).body) as { version: string }).version;
    assert.match(version('1.16.7'), /\/1\.24\./u);
    assert.match(version('1.23.2-asm.2'), /\/1\.31\./u);
  });
});

describe('Envoy’s readiness', () => {
  it('is there with the first certificate', () => {
    assert.equal(answerAdminRequest('GET', '/ready', VIEW).body, 'LIVE\n');
    assert.equal(answerAdminRequest('GET', '/ready', WARMING).status, 503);
  });
});

describe('a field mask', () => {
  it('reaches through lists and keeps the type of messages', () => {
    const value = { '@type': 't', a: [{ b: 1, c: 2 }, { c: 3 }], d: 4 };
    assert.deepEqual(maskFields(value, ['a.b']), { '@type': 't', a: [{ b: 1 }, {}] });
    assert.deepEqual(maskFields(value, ['a', 'a.b']), { '@type': 't', a: value.a });
  });
});

describe('the admin server over a stream', () => {
  it('speaks HTTP/1.1, asks for the view at each request, and delivers large answers whole', async () => {
    let calls = 0;
    const big = { ...VIEW, secrets: [{ kind: 'anchors', name: 'ROOTCA', pem: 'x'.repeat(500_000), lastUpdated: AT }] } as const;
    const connection = createAdminServer().connect(() => {
      calls += 1;
      return big;
    });
    const body = await new Promise<string>((resolve, reject) => {
      const request = http.get(
        { path: '/config_dump?resource=dynamic_active_secrets', headers: { connection: 'close' }, createConnection: () => connection },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('end', () => { resolve(Buffer.concat(chunks).toString()); });
        },
      );
      request.on('error', reject);
    });
    assert.ok(body.includes(base64('x'.repeat(500_000))));
    assert.equal(calls, 1);
  });
});
