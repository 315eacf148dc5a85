// What `mesh-ca` prints, byte for byte, and with which exit code it ends.
import assert from 'node:assert/strict';
import type { InboundDomainReader, ProxyReader } from '../../../src/app/ports.js';
import { runCommandLine } from '../../../src/cli/commandLine.js';
import type { CheckWorld } from '../../../src/cli/runCheck.js';
import type { ClusterSnapshot } from '../../../src/domain/mesh/snapshot.js';
import { parseSecretDump } from '../../../src/domain/trust/envoyDump.js';
import type { InboundDomains } from '../../../src/domain/trust/inboundDomains.js';
import type { SecretDump } from '../../../src/domain/trust/secretDump.js';
import type { Result } from '../../../src/shared/failure.js';
import { fail, succeed } from '../../../src/shared/failure.js';
import type { Locale } from '../../../src/shared/text/render.js';
import { textRenderer } from '../../../src/shared/text/render.js';
import { checkWorld } from '../../support/checkWorld.js';
import { chainEntry, flatAnswer, rootsEntry } from '../../support/envoyAnswers.js';
import { fingerprint, pemOf } from '../../support/trustCertificates.js';
import { caRoots, cluster, meshConfigs, pod, snapshot } from '../../support/trustMesh.js';

interface PodAnswers {
  readonly secrets?: Result<SecretDump>;
  readonly domains?: Result<InboundDomains>;
}

const CITADEL_CHAIN = chainEntry(pemOf('citadel-leaf', 'citadel-root'));
const MESH_CHAIN = chainEntry(pemOf('mesh-leaf', 'mesh-intermediate', 'mesh-root'));
const accepts = (...domains: readonly string[]): Result<InboundDomains> => succeed({ kind: 'domains', domains });
const refused = fail({ kind: 'proxyUnreachable', reason: 'connection refused' });

/** By `pod.namespace`. */
const ANSWERS: Readonly<Record<string, PodAnswers>> = {
  'httpbin-66cdbdb6c5-pmzps.foo': {
    secrets: parseSecretDump(flatAnswer([CITADEL_CHAIN, rootsEntry(pemOf('citadel-root', 'mesh-root'))])),
    domains: accepts('cluster.local', 'fleet-1.svc.id.goog'),
  },
  'sleep-64d7d56698-6tmjm.foo': {
    secrets: parseSecretDump(flatAnswer([rootsEntry(pemOf('mesh-root', 'citadel-root')), MESH_CHAIN])),
    domains: accepts('cluster.local'),
  },
  'exporter-1.foo': { secrets: refused, domains: refused },
  'odd.shop': {
    secrets: parseSecretDump(flatAnswer([chainEntry(pemOf('ec-leaf', 'ec-intermediate', 'ec-root')), rootsEntry(pemOf('lookalike-root'))])),
    domains: accepts('corp.example'),
  },
  'stranger.shop': {
    secrets: parseSecretDump(flatAnswer([CITADEL_CHAIN, rootsEntry(pemOf('citadel-root-of-another-cluster'))])),
    domains: accepts('fleet-1.svc.id.goog'),
  },
  'idle-gateway.shop': { secrets: succeed({ secrets: [], conflicts: [] }), domains: succeed({ kind: 'noInbound' }) },
};

const FOO = [pod('foo', 'sleep-64d7d56698-6tmjm'), pod('foo', 'httpbin-66cdbdb6c5-pmzps')];
const KNOWN = {
  caRoots: caRoots(fingerprint('citadel-root')),
  meshConfigs: meshConfigs(['default', 'cluster.local']),
  declaredMeshCaRoots: [fingerprint('mesh-root')],
};
const GOOD = snapshot('good', FOO, { ...KNOWN, empty: ['kube-system', 'default'] });
const MIXED = snapshot('mixed', [...FOO, pod('foo', 'exporter-1')], KNOWN);
const SHOP = snapshot('shop', [pod('shop', 'stranger'), pod('shop', 'odd'), pod('shop', 'idle-gateway')], KNOWN);
const SYSTEM = snapshot('system', [pod('kube-system', 'exporter-1')], { ...KNOWN, empty: ['kube-public'] });
const FORBIDDEN: ClusterSnapshot = { ...GOOD, ref: cluster('forbidden'), kinds: { ...GOOD.kinds, pods: { state: 'failed', failure: { kind: 'forbidden', reason: 'pods is forbidden' } } } };

function world(snapshots: readonly ClusterSnapshot[]): CheckWorld {
  const proxyReader: ProxyReader & InboundDomainReader = {
    readSecrets: ({ pod: name, namespace }) => Promise.resolve(ANSWERS[`${name}.${namespace}`]?.secrets ?? refused),
    readInboundDomains: ({ pod: name, namespace }) => Promise.resolve(ANSWERS[`${name}.${namespace}`]?.domains ?? refused),
  };
  return checkWorld(snapshots, proxyReader, (known) => (path) =>
    Promise.resolve(path.endsWith('config') ? succeed(known) : fail({ kind: 'kubeconfigUnreadable', path, reason: 'there is no such file' })),
  );
}

interface Ran {
  readonly out: string;
  readonly error: string;
  readonly code: number;
}

/** What the rehearsal's program ends with, by its arguments. */
const REHEARSAL_CODES: Readonly<Record<string, number>> = { '--scene istio-default --help --until-input-ends': 7, 'control crash -n foo --help': 8 };

async function run(args: string, snapshots: readonly ClusterSnapshot[] = [GOOD, MIXED, SHOP, SYSTEM, FORBIDDEN], locale: Locale = 'en'): Promise<Ran> {
  const written = { out: '', error: '' };
  const code = await runCommandLine(args.split(' ').filter((word) => word !== ''), {
    render: textRenderer(locale),
    openWorld: () => Promise.resolve(world(snapshots)),
    rehearse: (rest) => Promise.resolve(REHEARSAL_CODES[rest.join(' ')] ?? 1),
    writeOut: (text) => { written.out += text; },
    writeError: (text) => { written.error += text; },
    signal: new AbortController().signal,
  });
  return { ...written, code };
}

describe('mesh-ca check-root-cert', () => {
  it('prints what migrate_ca prints, whatever the order of bundle and pods', async () => {
    const { out, error, code } = await run('check-root-cert --kubeconfig config --context good');
    assert.equal(
      out,
      '\nChecking the root certificates loaded on each pod...\n' +
        '\nNamespace: default\n' +
        '\nNamespace: foo\n' +
        ' - httpbin-66cdbdb6c5-pmzps.foo trusts [CITADEL MESHCA]\n' +
        ' - sleep-64d7d56698-6tmjm.foo trusts [CITADEL MESHCA]\n',
    );
    assert.deepEqual([error, code], ['', 0]);
  });

  it("warns in place about what could not be read, with the reason on stderr and exit code 1", async () => {
    const { out, error, code } = await run('check-root-cert --kubeconfig config --context mixed');
    assert.match(out, /Namespace: foo\n - \[WARNING\] exporter-1\.foo cannot find certificate information\n - httpbin/);
    assert.equal(error, 'exporter-1.foo: the proxy cannot be reached: connection refused\nnot known: 1 of 3 proxies\n');
    assert.equal(code, 1);
  });

  it('prints the form of the guide', async () => {
    const { out } = await run('check-root-cert --kubeconfig config --context good -n foo --output docs');
    assert.equal(
      out,
      'Namespace: foo\nhttpbin-66cdbdb6c5-pmzps.foo trusts [CITADEL MESHCA]\nsleep-64d7d56698-6tmjm.foo trusts [CITADEL MESHCA]\n',
    );
  });

  it('says OTHER for a lookalike, and names a guess and an idle gateway on stderr', async () => {
    const { out, error, code } = await run('check-root-cert --kubeconfig config --context shop');
    assert.match(out, / - \[WARNING\] idle-gateway\.shop cannot find certificate information\n/);
    assert.match(out, / - odd\.shop trusts \[OTHER\]\n - stranger\.shop trusts \[CITADEL\]\n/);
    assert.match(error, /idle-gateway\.shop: nothing in this proxy verifies peers/);
    assert.match(error, new RegExp(`form alone \\(O=cluster.local\\): root ${fingerprint('citadel-root-of-another-cluster')}`));
    assert.equal(code, 0);
  });

  it('hides the system namespaces only while no proxy runs in them', async () => {
    const { out } = await run('check-root-cert --kubeconfig config --context system');
    assert.match(out, /Namespace: kube-system\n - \[WARNING\] exporter-1\.kube-system/);
    assert.doesNotMatch(out, /kube-public/);
  });

  it('puts the context before each block when there are several', async () => {
    const { out, error, code } = await run('check-root-cert --kubeconfig config --context good mixed -n foo');
    const blocks = out.split('\nContext: ');
    assert.equal(blocks[0], '');
    assert.equal(blocks.length, 3);
    assert.match(blocks[1] ?? '', /^good\n\nChecking the root certificates/);
    assert.match(blocks[2] ?? '', /^mixed\n\nChecking the root certificates/);
    assert.match(error, /^mixed: exporter-1\.foo: /);
    assert.equal(code, 1);
  });

  it('tells everything as JSON', async () => {
    const { out } = await run('check-root-cert --kubeconfig config --context good --output json');
    const report = JSON.parse(out) as { check: string; contexts: { context: string; proxies: Record<string, unknown>[] }[] };
    assert.deepEqual([report.check, report.contexts[0]?.context], ['root-cert', 'good']);
    const [httpbin] = report.contexts[0]?.proxies ?? [];
    assert.deepEqual([httpbin?.pod, httpbin?.state, httpbin?.verdict], ['httpbin-66cdbdb6c5-pmzps', 'known', ['CITADEL', 'MESHCA']]);
    assert.ok(JSON.stringify(httpbin?.roots).includes(fingerprint('mesh-root')));
    assert.ok(JSON.stringify(httpbin?.certificate).includes('spiffe://cluster.local/ns/foo/sa/httpbin'));
  });
});

describe('mesh-ca check-workload-cert', () => {
  it('prints who signed, by signature', async () => {
    const { out } = await run('check-workload-cert --kubeconfig config --context good -n foo');
    assert.equal(
      out,
      '\nChecking the mTLS certificates loaded on each pod...\n\nNamespace: foo\n' +
        ' - httpbin-66cdbdb6c5-pmzps.foo is using the mTLS certificate issued by [CITADEL]\n' +
        ' - sleep-64d7d56698-6tmjm.foo is using the mTLS certificate issued by [MESHCA]\n',
    );
  });

  it('says OTHER for an issuer that is neither', async () => {
    const { out } = await run('check-workload-cert --kubeconfig config --context shop');
    assert.match(out, / - odd\.shop is using the mTLS certificate issued by \[OTHER\]\n/);
  });
});

describe('mesh-ca check-trustdomain', () => {
  it('prints its lines without the dash, and what is missing', async () => {
    const good = await run('check-trustdomain --kubeconfig config --context good -n foo');
    assert.equal(
      good.out,
      '\nChecking the trust domain configuration for each pod...\n\nNamespace: foo\n' +
        'httpbin-66cdbdb6c5-pmzps.foo trusts trust domains for [CITADEL MESHCA]\n' +
        'sleep-64d7d56698-6tmjm.foo is MISSING trust domain for [MESHCA]\n',
    );
    const shop = await run('check-trustdomain --kubeconfig config --context shop');
    assert.match(shop.out, /\nodd\.shop is MISSING trust domain for \[MESHCA\]\nodd\.shop is MISSING trust domain for \[CITADEL\]\n/);
    assert.match(shop.out, /\nstranger\.shop is MISSING trust domain for \[CITADEL\]\n/);
  });

  it('never says yes for a proxy that could not be read', async () => {
    const { out, code } = await run('check-trustdomain --kubeconfig config --context mixed');
    assert.match(out, /\n - \[WARNING\] exporter-1\.foo cannot find certificate information\n/);
    assert.equal(code, 1);
  });

  it('goes by the mesh config where a gateway has no inbound mTLS, and says so', async () => {
    const { out, error } = await run('check-trustdomain --kubeconfig config --context shop');
    assert.match(out, /idle-gateway\.shop is MISSING trust domain for \[MESHCA\]/);
    assert.match(error, /idle-gateway\.shop: it has no inbound mTLS of its own/);
  });
});

describe('mesh-ca', () => {
  it('ends with 2 and a sentence when the question cannot be asked', async () => {
    const cases: readonly (readonly [args: string, sentence: RegExp])[] = [
      ['check-root-cert --kubeconfig config', /--context NAME .* or --all-contexts/],
      ['check-root-cert --kubeconfig config --context good --all-contexts', /exclude each other/],
      ['check-root-cert --context good', /required option '--kubeconfig/],
      ['check-root-cert --kubeconfig nowhere --all-contexts', /cannot read the kubeconfig .*nowhere: there is no such file/],
      ['check-root-cert --kubeconfig config --context absent', /has no context absent/],
      ['check-root-cert --kubeconfig config --context forbidden', /forbidden: not permitted: pods is forbidden/],
      ['check-root-cert --kubeconfig config --context good -n nowhere', /no chosen cluster has the namespace nowhere/],
      ['check-root-cert --kubeconfig config --context good --output xml', /Allowed choices are script, docs, json/],
      ['check-roots --kubeconfig config --context good', /unknown command 'check-roots'/],
    ];
    for (const [args, sentence] of cases) {
      const { out, error, code } = await run(args);
      assert.match(error, sentence, args);
      assert.deepEqual([out, code], ['', 2], args);
    }
  });

  it('checks every context of the file on request', async () => {
    const { out } = await run('check-root-cert --kubeconfig config --all-contexts', [GOOD, MIXED]);
    assert.deepEqual(out.match(/^Context: .*/gm), ['Context: good', 'Context: mixed']);
    assert.doesNotMatch((await run('check-root-cert --kubeconfig config --all-contexts', [GOOD])).out, /Context/);
  });

  it('speaks Korean in its own words and never in the lines of the script', async () => {
    const korean = await run('check-root-cert --kubeconfig config --context mixed', [MIXED], 'ko');
    const english = await run('check-root-cert --kubeconfig config --context mixed', [MIXED], 'en');
    assert.equal(korean.out, english.out);
    assert.match(korean.error, /프록시 3개 중 1개를 확인할 수 없음/);
  });

  it('explains several contexts and exit codes in its help', async () => {
    const { out, code } = await run('check-root-cert --help');
    assert.match(out, /Context: NAME/);
    assert.match(out, /Exit code: 0 .* 1 .* 2/);
    assert.equal(code, 0);
  });

  it('hands everything after rehearse on to the rehearsal, and ends with its exit code', async () => {
    assert.equal((await run('rehearse --scene istio-default --help')).code, 7);
  });

  it('hands everything after rehearsal on to the control of a running one', async () => {
    assert.equal((await run('rehearsal crash -n foo --help')).code, 8);
  });
});
