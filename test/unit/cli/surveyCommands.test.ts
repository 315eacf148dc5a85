// What `mesh-ca survey` and `mesh-ca matrix` print, byte for byte, and with which exit code they end.
import assert from 'node:assert/strict';
import type { InboundDomainReader, ProxyReader } from '../../../src/app/ports.js';
import { runCommandLine } from '../../../src/cli/commandLine.js';
import { className } from '../../../src/app/trust/matrixWords.js';
import { csvCell, markdownCell } from '../../../src/app/trust/surveyExport.js';
import type { CheckWorld } from '../../../src/cli/runCheck.js';
import { unreadSnapshot } from '../../../src/domain/mesh/fold.js';
import type { ClusterSnapshot } from '../../../src/domain/mesh/snapshot.js';
import { parseSecretDump } from '../../../src/domain/trust/envoyDump.js';
import type { SecretDump } from '../../../src/domain/trust/secretDump.js';
import type { Failure, Result } from '../../../src/shared/failure.js';
import { fail } from '../../../src/shared/failure.js';
import type { Locale } from '../../../src/shared/text/render.js';
import { textRenderer } from '../../../src/shared/text/render.js';
import { checkWorld } from '../../support/checkWorld.js';
import { chainEntry, flatAnswer, rootsEntry } from '../../support/envoyAnswers.js';
import type { FixtureName } from '../../support/trustCertificates.js';
import { certificate, fingerprint, pemOf } from '../../support/trustCertificates.js';
import { caRoots, cluster, meshConfigs, pod, snapshot } from '../../support/trustMesh.js';

const CITADEL: readonly FixtureName[] = ['citadel-leaf', 'citadel-root'];
const MESH: readonly FixtureName[] = ['mesh-leaf', 'mesh-intermediate', 'mesh-root'];

function holding(chain: readonly FixtureName[], ...roots: readonly FixtureName[]): Result<SecretDump> {
  return parseSecretDump(flatAnswer([chainEntry(pemOf(...chain)), rootsEntry(pemOf(...roots))]));
}

const refused = fail({ kind: 'proxyUnreachable', reason: 'connection refused, "twice"' });
/** By pod. */
const ANSWERS: Readonly<Record<string, Result<SecretDump>>> = {
  'old-1': holding(CITADEL, 'citadel-root'),
  'both-1': holding(CITADEL, 'citadel-root', 'mesh-root'),
  'both-2': holding(CITADEL, 'mesh-root', 'citadel-root'),
  'new-1': holding(MESH, 'mesh-root', 'citadel-root'),
};

const KNOWN = { caRoots: caRoots(fingerprint('citadel-root')), declaredMeshCaRoots: [fingerprint('mesh-root')] };
const CONFIGS = meshConfigs(['default', 'cluster.local', 'fleet-1.svc.id.goog'], ['asm-2', 'fleet-1.svc.id.goog', 'cluster.local']);
const WHOLE = snapshot('gke_p_z-a_one', [pod('foo', 'both-1'), pod('bar', 'new-1', { revision: 'asm-2' })], { ...KNOWN, meshConfigs: CONFIGS });
const MIXED = snapshot(
  'gke_p_z-a_two',
  [pod('foo', 'old-1'), pod('foo', 'both-2'), pod('foo', 'refused-1'), pod('bar', 'new-1', { revision: 'asm-2' })],
  { ...KNOWN, meshConfigs: CONFIGS },
);
const EMPTY = snapshot('empty', []);
const UNREACHABLE: Failure = { kind: 'clusterUnreachable', reason: 'connection refused' };
const GONE = unreadSnapshot(cluster('gke_p_z-a_gone'), UNREACHABLE);
const GONE_TOO = unreadSnapshot(cluster('gone-too'), UNREACHABLE);

function world(snapshots: readonly ClusterSnapshot[]): CheckWorld {
  const proxyReader: ProxyReader & InboundDomainReader = {
    readSecrets: ({ pod: name }) => Promise.resolve(ANSWERS[name] ?? refused),
    readInboundDomains: () => Promise.resolve(refused),
  };
  return checkWorld(snapshots, proxyReader);
}

async function run(args: string, snapshots: readonly ClusterSnapshot[], locale: Locale = 'en'): Promise<{ out: string; error: string; code: number }> {
  const written = { out: '', error: '' };
  const code = await runCommandLine(args.split(' '), {
    render: textRenderer(locale),
    openWorld: () => Promise.resolve(world(snapshots)),
    rehearse: () => Promise.resolve(1),
    writeOut: (text) => { written.out += text; },
    writeError: (text) => { written.error += text; },
    signal: new AbortController().signal,
  });
  return { ...written, code };
}

const ISTIO_ROOT = `CITADEL ${fingerprint('citadel-root')} (Istio CA of one)`;
const ISTIO_ROOT_TWO = `CITADEL ${fingerprint('citadel-root')} (Istio CA of two)`;
const MESH_ROOT = `MESHCA ${fingerprint('mesh-root')} (the root that stands for Mesh CA in this rehearsal)`;
const validity = (name: FixtureName): string => [certificate(name).notBefore, certificate(name).notAfter].map((at) => new Date(at).toISOString()).join(',');
const COLUMNS = ['cluster', 'context', 'namespace', 'pod', 'revision', 'state', 'roots', 'signedBy', 'spiffeId', 'notBefore', 'notAfter', 'why'];
const SURVEY_WHY = 'the proxy cannot be reached: connection refused, "twice"';

describe('mesh-ca survey', () => {
  it('prints CSV with one row a proxy, in the order of the API, and ends with 1 when one could not be read', async () => {
    const { out, error, code } = await run('survey --kubeconfig config --all-contexts -n foo --output csv', [MIXED]);
    const leaf = `spiffe://cluster.local/ns/foo/sa/httpbin,${validity('citadel-leaf')},`;
    assert.equal(
      out,
      `${COLUMNS.join(',')}\r\n` +
        `two,gke_p_z-a_two,foo,both-2,default,read,${ISTIO_ROOT_TWO}; ${MESH_ROOT},${ISTIO_ROOT_TWO},${leaf}\r\n` +
        `two,gke_p_z-a_two,foo,old-1,default,read,${ISTIO_ROOT_TWO},${ISTIO_ROOT_TWO},${leaf}\r\n` +
        `two,gke_p_z-a_two,foo,refused-1,default,unknown,,,,,,"${SURVEY_WHY.replaceAll('"', '""')}"\r\n`,
    );
    assert.deepEqual([error, code], ['not known: 1 of 3 proxies\n', 1]);
  });

  it('prints a Markdown table', async () => {
    const { out, error, code } = await run('survey --kubeconfig config --all-contexts -n foo --output markdown', [WHOLE]);
    const cells = ['one', 'gke_p_z-a_one', 'foo', 'both-1', 'default', 'read', `${ISTIO_ROOT}; ${MESH_ROOT}`, ISTIO_ROOT, 'spiffe://cluster.local/ns/foo/sa/httpbin', ...validity('citadel-leaf').split(','), ''];
    assert.equal(out, [COLUMNS, COLUMNS.map(() => '---'), cells].map((line) => `| ${line.join(' | ')} |\n`).join(''));
    assert.deepEqual([error, code], ['', 0]);
  });

  it('tells the same as JSON, and asks only what is in scope', async () => {
    const { out, code } = await run('survey --kubeconfig config --context gke_p_z-a_one -n bar', [WHOLE, MIXED]);
    const { proxies } = JSON.parse(out) as { proxies: Record<string, unknown>[] };
    assert.deepEqual(proxies.map(({ pod: name, revision, state }) => [name, revision, state]), [['new-1', 'asm-2', 'read']]);
    assert.deepEqual(proxies[0]?.signedBy, { word: 'MESHCA', fingerprint: fingerprint('mesh-root'), origin: 'the root that stands for Mesh CA in this rehearsal' });
    assert.equal(code, 0);
  });

  it('tells what the other clusters say beside one that cannot be reached, which is an error of its own, and ends with 1', async () => {
    const notice = 'The pods of gone cannot be listed, so proxies of it may be missing here: cannot be reached: connection refused';
    const csv = await run('survey --kubeconfig config --all-contexts --output csv', [WHOLE, GONE]);
    assert.equal(csv.out.split('\r\n').filter((line) => line.startsWith('one,')).length, 2);
    assert.deepEqual([csv.error, csv.code], [`${notice}\n`, 1]);
    const junit = (await run('survey --kubeconfig config --all-contexts --output junit', [WHOLE, GONE])).out;
    assert.match(junit, /<testsuites name="mesh-ca survey" tests="3" failures="0" errors="1" skipped="0">/);
    assert.ok(junit.includes(`<testcase classname="clusters" name="gone">\n      <error message="${notice}"/>`), junit);
    const sarif = JSON.parse((await run('survey --kubeconfig config --all-contexts --output sarif', [WHOLE, GONE])).out) as { runs: { invocations: object[]; results: { ruleId: string; level: string }[] }[] };
    assert.deepEqual(sarif.runs[0]?.results.map(({ ruleId, level }) => [ruleId, level]), [['cluster-incomplete', 'error']]);
    assert.match(JSON.stringify(sarif.runs[0].invocations), /"executionSuccessful":false/);
    assert.ok((await run('survey --kubeconfig config --all-contexts --output markdown', [WHOLE, GONE])).out.endsWith(`|\n\n> ${notice}\n`));
    assert.deepEqual((await run('matrix --kubeconfig config --all-contexts', [WHOLE, GONE])).code, 1);
  });

  it('does not say of a namespace that no cluster has it while one cannot be asked', async () => {
    const { error, code } = await run('survey --kubeconfig config --all-contexts -n elsewhere --output csv', [WHOLE, GONE]);
    assert.match(error, /^The pods of gone cannot be listed/);
    assert.equal(code, 1);
  });

  it('ends with 2 and a line for each cluster when none can be reached', async () => {
    const { out, error, code } = await run('survey --kubeconfig config --all-contexts', [GONE, GONE_TOO]);
    assert.deepEqual([out, error, code], ['', 'mesh-ca: gke_p_z-a_gone: cannot be reached: connection refused\nmesh-ca: gone-too: cannot be reached: connection refused\n', 2]);
  });

  it('ends with 2 when the question cannot be asked', async () => {
    for (const args of ['survey --kubeconfig config', 'survey --kubeconfig config --all-contexts --output xml', 'matrix --kubeconfig config --context gone', 'matrix --kubeconfig config --all-contexts -n nowhere']) {
      const { out, code } = await run(args, [WHOLE]);
      assert.deepEqual([out, code], ['', 2], args);
    }
  });

  it('writes cells that a spreadsheet or a Markdown reader takes for text', () => {
    assert.deepEqual(['plain', 'a,b', 'say "x"', 'two\nlines', '=1+1', '@x', '-1', '+1', '\t=x', '=a,b'].map(csvCell), ['plain', '"a,b"', '"say ""x"""', '"two\nlines"', "'=1+1", "'@x", "'-1", "'+1", "'\t=x", `"'=a,b"`]);
    assert.equal(markdownCell('a|b\\|\n<img> & [x](y) `z` *w*'), 'a\\|b\\\\\\| &lt;img> &amp; \\[x\\](y) \\`z\\` \\*w\\*');
  });
});

describe('mesh-ca matrix', () => {
  it('prints the classes and a green grid, and ends with 0', async () => {
    const { out, error, code } = await run('matrix --kubeconfig config --all-contexts', [WHOLE]);
    assert.equal(
      out,
      'Classes of proxies\n' +
        '\nA  1 proxy: one (asm-2)\n' +
        `   trusts     ${MESH_ROOT}\n   trusts     ${ISTIO_ROOT}\n   signed by  ${MESH_ROOT}\n` +
        '   identity   fleet-1.svc.id.goog\n   accepts    fleet-1.svc.id.goog, cluster.local\n' +
        '\nB  1 proxy: one (default)\n' +
        `   trusts     ${ISTIO_ROOT}\n   trusts     ${MESH_ROOT}\n   signed by  ${ISTIO_ROOT}\n` +
        '   identity   cluster.local\n   accepts    cluster.local, fleet-1.svc.id.goog\n' +
        '\nWho can authenticate whom: rows open connections to columns (✓ yes, ✕ no, ? not known)\n' +
        '     A B\n   A ✓ ✓\n   B ✓ ✓\n',
    );
    assert.deepEqual([error, code], ['', 0]);
  });

  it('names for each cell that is not green both sides, the reason and two pods, and ends with 1', async () => {
    const { out, error, code } = await run('matrix --kubeconfig config --all-contexts', [MIXED]);
    const grid = out.slice(out.indexOf('     A B'));
    const pair = (head: string, reason: string, example: string): string => `\n${head}\n     ${reason}\n     such as ${example}\n`;
    const [fresh, both, old, dead] = ['bar/new-1 (two)', 'foo/both-2 (two)', 'foo/old-1 (two)', 'foo/refused-1 (two)'] as const;
    const unknown = (side: string): string => `of the ${side} D it is not known: ${SURVEY_WHY}`;
    assert.equal(
      grid,
      '     A B C D\n   A ✓ ✓ ✕ ?\n   B ✓ ✓ ✓ ?\n   C ✕ ✓ ✓ ?\n   D ? ? ? ?\n' +
        pair('✕  A → C', `the server C has no anchor for ${MESH_ROOT}`, `${fresh} to ${old}`) +
        pair('?  A → D', unknown('server'), `${fresh} to ${dead}`) +
        pair('?  B → D', unknown('server'), `${both} to ${dead}`) +
        pair('✕  C → A', `the client C has no anchor for ${MESH_ROOT}`, `${old} to ${fresh}`) +
        pair('?  C → D', unknown('server'), `${old} to ${dead}`) +
        pair('?  D → A', unknown('client'), `${dead} to ${fresh}`) +
        pair('?  D → B', unknown('client'), `${dead} to ${both}`) +
        pair('?  D → C', unknown('client'), `${dead} to ${old}`) +
        pair('?  D → D', `${unknown('client')}\n     ${unknown('server')}`, `${dead} to ${dead}`),
    );
    assert.match(out, /\nD {2}1 proxy: two \(default\)\n {3}not known {2}could not be read, such as foo\/refused-1 \(two\): /);
    assert.deepEqual([error, code], ['not known: 1 of 4 proxies\n', 1]);
  });

  it('tells everything as JSON, with every pod of each class', async () => {
    const { out, code } = await run('matrix --kubeconfig config --all-contexts --output json', [WHOLE, MIXED]);
    const { classes, pairs } = JSON.parse(out) as { classes: Record<string, unknown>[]; pairs: Record<string, unknown>[] };
    assert.deepEqual(classes.map(({ name, proxies }) => [name, proxies]), [['A', 2], ['B', 2], ['C', 1], ['D', 1]]);
    assert.deepEqual(classes[0]?.pods, [{ context: 'gke_p_z-a_one', namespace: 'bar', pod: 'new-1' }, { context: 'gke_p_z-a_two', namespace: 'bar', pod: 'new-1' }]);
    const broken = pairs.filter(({ state }) => state === 'broken');
    assert.deepEqual(broken.map(({ client, server, reasons }) => [client, server, reasons]), [
      ['A', 'C', [{ kind: 'noAnchor', side: 'server' }]],
      ['C', 'A', [{ kind: 'noAnchor', side: 'client' }]],
    ]);
    assert.deepEqual([pairs.length, code], [16, 1]);
  });

  it('speaks Korean, and says when there is no proxy', async () => {
    assert.match((await run('matrix --kubeconfig config --all-contexts', [MIXED], 'ko')).out, /서버 C에 다음 루트의 앵커가 없음/);
    const { out, code } = await run('matrix --kubeconfig config --all-contexts', [EMPTY]);
    assert.deepEqual([out, code], ['No running pod here has an Istio proxy.\n', 0]);
  });

  it('names its classes as spreadsheets name columns', () => {
    assert.deepEqual([0, 25, 26, 27, 51, 52, 701, 702].map(className), ['A', 'Z', 'AA', 'AB', 'AZ', 'BA', 'ZZ', 'AAA']);
  });
});
