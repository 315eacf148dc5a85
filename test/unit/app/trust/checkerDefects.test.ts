// What Google's migrate_ca of 2021 got wrong, found by reading and running it, and what is said here in the same situation. Its
// reading of proxies by istioctl, its lost results and its silence about permissions are met in adminTransports.test.ts,
// savedSurvey.test.ts and checks.test.ts.
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readPod } from '../../../../src/adapters/kubernetes/readPod.js';
import { runCommandLine } from '../../../../src/cli/commandLine.js';
import type { PodFacts } from '../../../../src/domain/mesh/facts.js';
import type { ClusterSnapshot } from '../../../../src/domain/mesh/snapshot.js';
import { parseSecretDump } from '../../../../src/domain/trust/envoyDump.js';
import { parseInboundDomains } from '../../../../src/domain/trust/inboundDomains.js';
import type { SecretDump } from '../../../../src/domain/trust/secretDump.js';
import type { Result } from '../../../../src/shared/failure.js';
import { fail } from '../../../../src/shared/failure.js';
import { textRenderer } from '../../../../src/shared/text/render.js';
import { checkWorld } from '../../../support/checkWorld.js';
import { chainEntry, domainMatchers, emptyEntry, flatAnswer, fullAnswer, listenersAnswer, rootsEntry } from '../../../support/envoyAnswers.js';
import { CITADEL_CHAIN, holding, MESH_CHAIN } from '../../../support/surveyRecords.js';
import { fingerprint, pemOf } from '../../../support/trustCertificates.js';
import { caRoots, meshConfigs, pod, snapshot } from '../../../support/trustMesh.js';

type Answers = Readonly<Record<string, Result<SecretDump>>>;

const REFUSED = fail({ kind: 'proxyUnreachable', reason: 'no answer' });
const CITADEL = holding(CITADEL_CHAIN, 'citadel-root');

interface Ran {
  readonly out: string;
  readonly error: string;
  readonly code: number;
  readonly asked: readonly string[];
}

function mesh(pods: readonly PodFacts[], context = 'one'): ClusterSnapshot {
  return snapshot(context, pods, {
    caRoots: caRoots(fingerprint('citadel-root')),
    declaredMeshCaRoots: [fingerprint('mesh-root')],
    meshConfigs: meshConfigs(['default', 'cluster.local', 'fleet-1.svc.id.goog']),
  });
}

async function run(args: string, pods: readonly PodFacts[] | readonly ClusterSnapshot[], answers: Answers, listeners: Readonly<Record<string, unknown>> = {}): Promise<Ran> {
  const written = { out: '', error: '' };
  const asked: string[] = [];
  const snapshots = pods.map((one) => ('kinds' in one ? one : undefined)).filter((one) => one !== undefined);
  const world = checkWorld(snapshots.length > 0 ? snapshots : [mesh(pods as readonly PodFacts[])], {
    readSecrets: ({ pod: name }) => {
      asked.push(name);
      return Promise.resolve(answers[name] ?? REFUSED);
    },
    readInboundDomains: ({ pod: name }) => Promise.resolve(name in listeners ? parseInboundDomains(listeners[name]) : REFUSED),
  });
  const code = await runCommandLine(args.split(' '), {
    render: textRenderer('en'),
    openWorld: () => Promise.resolve(world),
    rehearse: () => Promise.resolve(1),
    writeOut: (text) => { written.out += text; },
    writeError: (text) => { written.error += text; },
    signal: new AbortController().signal,
  });
  return { ...written, code, asked };
}

const ROOTS = 'check-root-cert --kubeconfig config --all-contexts';
const ISSUERS = 'check-workload-cert --kubeconfig config --all-contexts';
const DOMAINS = 'check-trustdomain --kubeconfig config --all-contexts';

describe('where migrate_ca errs', () => {
  it('two bundles that begin with one certificate are two bundles: nothing is remembered by the first serial', async () => {
    const { out } = await run(ROOTS, [pod('foo', 'a'), pod('foo', 'b')], { a: CITADEL, b: holding(CITADEL_CHAIN, 'citadel-root', 'mesh-root') });
    assert.match(out, / - a\.foo trusts \[CITADEL\]\n - b\.foo trusts \[CITADEL MESHCA\]\n/);
  });

  it('trust domains come from the proxy’s own matchers, and a proxy that does not answer is not OK', async () => {
    const listeners = { old: listenersAnswer(domainMatchers('cluster.local')), both: listenersAnswer(domainMatchers('cluster.local', 'fleet-1.svc.id.goog')) };
    const { out, code } = await run(DOMAINS, [pod('foo', 'old'), pod('foo', 'both'), pod('foo', 'silent')], {}, listeners);
    assert.match(out, /\nboth\.foo trusts trust domains for \[CITADEL MESHCA\]\n/);
    assert.match(out, /\nold\.foo is MISSING trust domain for \[MESHCA\]\n/);
    assert.match(out, /\[WARNING\] silent\.foo/);
    assert.equal(code, 1);
  });

  it('a sidecar without an inbound listener accepts nothing that is known, and a gateway what its mesh config says', async () => {
    const gateway = pod('foo', 'gateway', { proxy: { ...pod('foo', 'x').proxy!, role: 'router' } });
    const { out, code } = await run(DOMAINS, [pod('foo', 'young'), gateway], {}, { young: {}, gateway: {} });
    assert.match(out, /\[WARNING\] young\.foo/);
    assert.match(out, /\ngateway\.foo trusts trust domains for \[CITADEL MESHCA\]/);
    assert.equal(code, 1);
  });

  it('a gateway’s own TLS secrets stand first and last without being taken for the mesh’s', async () => {
    const [own, other] = ['kubernetes://shop', 'kubernetes://zeta'].map((name) => chainEntry(pemOf('corporate-root'), { name }));
    const answer = parseSecretDump(fullAnswer([own!, rootsEntry(pemOf('citadel-root', 'mesh-root')), other!, chainEntry(pemOf('citadel-leaf', 'citadel-root'))]));
    const gateway = pod('foo', 'gateway', { proxy: { ...pod('foo', 'x').proxy!, role: 'router' } });
    assert.match((await run(ROOTS, [gateway], { gateway: answer })).out, /gateway\.foo trusts \[CITADEL MESHCA\]/);
    assert.match((await run(ISSUERS, [gateway], { gateway: answer })).out, /gateway\.foo is using the mTLS certificate issued by \[CITADEL\]/);
  });

  it('a native sidecar among the init containers is a proxy, and a container that is only named like one is none', () => {
    const object = (spec: object): unknown => ({ metadata: { name: 'a', namespace: 'foo', uid: 'u' }, spec, status: { phase: 'Running' } });
    const native = readPod(object({ containers: [{ name: 'app' }], initContainers: [{ name: 'istio-proxy', restartPolicy: 'Always', image: 'proxyv2' }] }));
    assert.equal(native?.proxy?.native, true);
    assert.equal(readPod(object({ containers: [{ name: 'istio-proxy-exporter', image: 'exporter' }] }))?.proxy, undefined);
  });

  it('the exit code says whether all is known, and a command that does not exist is an error', async () => {
    assert.equal((await run(ROOTS, [pod('foo', 'a')], { a: CITADEL })).code, 0);
    assert.equal((await run(ROOTS, [pod('foo', 'a')], {})).code, 1);
    assert.equal((await run('check-nothing', [], {})).code, 2);
  });

  it('a cluster that cannot be reached is called so, not a missing tool', async () => {
    const { error, code } = await run('check-root-cert --kubeconfig config --context elsewhere', [], {});
    assert.match(error, /elsewhere/);
    assert.doesNotMatch(error, /could not be found|awk|istioctl/);
    assert.equal(code, 2);
  });

  it('a root that is neither is not CITADEL, and one that only has Mesh CA’s name is not MESHCA', async () => {
    const pods = [pod('foo', 'corporate'), pod('foo', 'spoofed')];
    const answers = { corporate: holding(['ec-leaf', 'ec-intermediate'], 'ec-root', 'corporate-root'), spoofed: holding(CITADEL_CHAIN, 'citadel-root', 'lookalike-root') };
    const { out } = await run(ROOTS, pods, answers);
    assert.match(out, / - corporate\.foo trusts \[OTHER\]\n - spoofed\.foo trusts \[CITADEL OTHER\]\n/);
    assert.match((await run(ISSUERS, pods, answers)).out, /corporate\.foo is using the mTLS certificate issued by \[OTHER\]/);
  });

  it('an issuer is who signed, not a name that stands in the chain', async () => {
    const answers = { a: holding(['citadel-leaf', 'mesh-intermediate', 'mesh-root'], 'citadel-root', 'mesh-root'), b: holding(['mesh-leaf', 'citadel-root'], 'citadel-root') };
    const { out, error, code } = await run(ISSUERS, [pod('foo', 'a'), pod('foo', 'b')], answers);
    assert.match(out, /a\.foo is using the mTLS certificate issued by \[CITADEL\]/);
    assert.match(out, /\[WARNING\] b\.foo cannot find/);
    assert.match(error, /b\.foo: its certificate verifies to no root/);
    assert.equal(code, 1);
  });

  it('nothing is written beside the answer', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'mesh-ca-none-'));
    const before = process.env.TMPDIR;
    process.env.TMPDIR = folder;
    try {
      await run(ISSUERS, [pod('foo', 'a')], { a: CITADEL });
      assert.deepEqual(readdirSync(folder), []);
    } finally {
      if (before === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = before;
      rmSync(folder, { recursive: true });
    }
  });

  it('each proxy is asked once, in all clusters of the file by one command, and each block says which cluster', async () => {
    const { out, asked } = await run(ROOTS, [mesh([pod('foo', 'a')], 'one'), mesh([pod('foo', 'b')], 'two')], { a: CITADEL, b: CITADEL });
    assert.deepEqual([...asked].sort(), ['a', 'b']);
    assert.match(out, /Context: one\n[^]*a\.foo[^]*Context: two\n[^]*b\.foo/);
  });

  it('no cluster is asked that was not named: there is no current context', async () => {
    const { asked, code } = await run('check-root-cert --kubeconfig config', [pod('foo', 'a')], { a: CITADEL });
    assert.deepEqual([asked, code], [[], 2]);
  });

  it('a proxy in kube-system is a proxy', async () => {
    assert.match((await run(ROOTS, [pod('kube-system', 'a')], { a: CITADEL })).out, /Namespace: kube-system\n - a\.kube-system trusts \[CITADEL\]/);
  });

  it('a field that is null is no certificate, and ends neither the proxy’s check nor the others’', async () => {
    const broken = parseSecretDump(flatAnswer([{ name: 'default', secret: { tls_certificate: { certificate_chain: { inline_bytes: null } } } }, { name: 'ROOTCA', secret: { validation_context: null } }]));
    const { out, code } = await run(ROOTS, [pod('foo', 'a'), pod('foo', 'b')], { a: broken, b: CITADEL });
    assert.match(out, / - \[WARNING\] a\.foo cannot find certificate information\n - b\.foo trusts \[CITADEL\]\n/);
    assert.equal(code, 1);
  });

  it('pods that are over are no problem, and those that wait or crash say that they do', async () => {
    const waiting = { ...pod('foo', 'x').proxy!, state: 'waiting' as const };
    const pods = [pod('foo', 'done', { phase: 'Succeeded' }), pod('foo', 'pending', { phase: 'Pending', proxy: waiting }), pod('foo', 'crashing', { proxy: waiting, trouble: 'CrashLoopBackOff' })];
    const { out, error } = await run(ROOTS, pods, {});
    assert.doesNotMatch(out + error, /done/);
    assert.match(error, /crashing\.foo: .*CrashLoopBackOff[^]*pending\.foo: .*Pending/);
  });

  it('a secret on its way and a certificate that has expired are told, with dates', async () => {
    const warming = parseSecretDump(fullAnswer([chainEntry(pemOf(...CITADEL_CHAIN))], [emptyEntry('ROOTCA')]));
    const { error } = await run(ROOTS, [pod('foo', 'a')], { a: warming });
    assert.match(error, /a\.foo: still waiting for its CA to deliver/);
    const { out } = await run('survey --kubeconfig config --all-contexts', [pod('foo', 'a')], { a: CITADEL });
    const document = JSON.parse(out) as { surveyedAt: string; proxies: { cluster: string; notAfter: string }[] };
    assert.match(document.surveyedAt, /^2030-01-01T/);
    assert.match(document.proxies[0]?.notAfter ?? '', /^\d{4}-\d\d-\d\dT/);
    assert.equal(document.proxies[0]?.cluster, 'one');
  });

  it('who cannot authenticate whom is told for every pair', async () => {
    const { out, code } = await run('matrix --kubeconfig config --all-contexts', [pod('foo', 'old'), pod('foo', 'new')], { old: CITADEL, new: holding(MESH_CHAIN, 'mesh-root', 'citadel-root') });
    assert.match(out, /✕ {2}A → B\n[^]*has no anchor for MESHCA/);
    assert.equal(code, 1);
  });
});
