// The checks against a rehearsal mesh: kubeconfig, API server, port-forward and Envoy as they are outside.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import https from 'node:https';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ClusterConnections } from '../../../src/adapters/kubernetes/clusterConnection.js';
import { composeCore } from '../../../src/composeCore.js';
import { runCommandLine } from '../../../src/cli/commandLine.js';
import type { ClusterRef } from '../../../src/domain/cluster.js';
import type { Rehearsal } from '../../../src/rehearsal/rehearsal.js';
import { startRehearsal } from '../../../src/rehearsal/rehearsal.js';
import { findScene } from '../../../src/rehearsal/scenes/scenes.js';
import { INJECTION_LABEL, RESTARTED_AT_ANNOTATION, REVISION_LABEL } from '../../../src/shared/istioNames.js';
import { textRenderer } from '../../../src/shared/text/render.js';
import { recycledKeys } from '../../support/recycledKeys.js';

const REVISION_1 = 'asm-1232-2-distribute-root';

const ignore = (): void => undefined;
const log = { debug: ignore, info: ignore, warn: ignore, error: ignore };

/** As kubectl would, so that the mesh rolls its pods by itself. */
async function patch(ref: ClusterRef, apiPath: string, body: object): Promise<void> {
  const connection = await new ClusterConnections().connectionOf(ref);
  assert.ok(connection.ok);
  const options = await connection.value.httpsOptions();
  const headers = { ...options.headers, 'Content-Type': 'application/merge-patch+json' };
  const status = await new Promise((resolve, reject) => {
    const request = https.request(new URL(apiPath, connection.value.server), { ...options, method: 'PATCH', headers, agent: false }, (response) => {
      response.resume().once('end', () => { resolve(response.statusCode); });
    });
    request.once('error', reject).end(JSON.stringify(body));
  });
  assert.equal(status, 200);
}

describe('mesh-ca checks against a rehearsal mesh', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'mesh-ca-checks-'));
  const rehearsals: Rehearsal[] = [];

  /** Its clusters, one of which a test may change and the other only look at. */
  async function rehearse(sceneName: string, withRevisions: readonly string[] = []): Promise<Rehearsal> {
    const scene = findScene(sceneName);
    assert.ok(scene);
    const kubeconfigPath = path.join(folder, sceneName);
    const rehearsal = await startRehearsal({ scene, newKey: recycledKeys(), listen: { host: '127.0.0.1', port: 0 }, kubeconfigPath, withRevisions, speed: 1000, log: ignore });
    rehearsals.push(rehearsal);
    return rehearsal;
  }

  function refOf({ kubeconfigPath, clusters }: Rehearsal, index: 0 | 1): ClusterRef {
    return { kubeconfig: kubeconfigPath, context: clusters[index]?.contextName ?? '' };
  }

  async function check(name: string, { kubeconfig, context }: ClusterRef, ...namespaces: readonly string[]): Promise<{ out: string; error: string; code: number }> {
    const written = { out: '', error: '' };
    const scope = namespaces.length > 0 ? ['-n', ...namespaces] : [];
    const code = await runCommandLine([`check-${name}`, '--kubeconfig', kubeconfig, '--context', context, ...scope], {
      render: textRenderer('en'),
      openWorld: () => composeCore({ log }),
      rehearse: () => Promise.resolve(1),
      writeOut: (text) => { written.out += text; },
      writeError: (text) => { written.error += text; },
      signal: new AbortController().signal,
    });
    return { ...written, code };
  }

  before(async function () {
    this.timeout(60_000);
    await rehearse('istio-default', [REVISION_1]);
    await rehearse('asm-citadel');
  });

  after(async () => {
    await Promise.all(rehearsals.map((rehearsal) => rehearsal.stop()));
    rmSync(folder, { recursive: true, force: true });
  });

  it('find Istio CA everywhere in Istio on GKE, and Mesh CA nowhere', async function () {
    this.timeout(20_000);
    const ref = refOf(rehearsals[0]!, 1);
    const roots = await check('root-cert', ref);
    assert.deepEqual([roots.code, roots.error], [0, '']);
    assert.match(roots.out, /^\nChecking the root certificates loaded on each pod\.\.\.\n\nNamespace: bar\n - reports-0\.bar trusts \[CITADEL\]\n/);
    assert.match(roots.out, /\n - httpbin-[a-z0-9]+-[a-z0-9]+\.foo trusts \[CITADEL\]\n/);
    assert.match(roots.out, /\n - istio-ingressgateway-[a-z0-9-]+\.istio-system trusts \[CITADEL\]\n/);
    assert.match(roots.out, /\nNamespace: plain\n(\n|$)/);
    assert.doesNotMatch(roots.out, /MESHCA|OTHER|WARNING/);
    const issuers = await check('workload-cert', ref, 'foo');
    assert.match(issuers.out, / - sleep-[a-z0-9-]+\.foo is using the mTLS certificate issued by \[CITADEL\]\n/);
    const domains = await check('trustdomain', ref, 'foo');
    assert.match(domains.out, /\nsleep-[a-z0-9-]+\.foo is MISSING trust domain for \[MESHCA\]\n/);
  });

  it('find both trust domains accepted in ASM with Istio CA', async function () {
    this.timeout(20_000);
    const { out, code } = await check('trustdomain', refOf(rehearsals[1]!, 1), 'foo');
    assert.match(out, /\nsleep-[a-z0-9-]+\.foo trusts trust domains for \[CITADEL MESHCA\]\n/);
    assert.equal(code, 0);
  });

  it('find both roots in the pods of a namespace that was moved, and only there', async function () {
    this.timeout(30_000);
    const ref = refOf(rehearsals[0]!, 0);
    await patch(ref, '/api/v1/namespaces/foo', { metadata: { labels: { [INJECTION_LABEL]: null, [REVISION_LABEL]: REVISION_1 } } });
    for (const name of ['httpbin', 'sleep']) {
      const restarted = { metadata: { annotations: { [RESTARTED_AT_ANNOTATION]: '2026-01-01T00:00:00Z' } } };
      await patch(ref, `/apis/apps/v1/namespaces/foo/deployments/${name}`, { spec: { template: restarted } });
    }
    let roots = await check('root-cert', ref, 'foo', 'bar');
    while (roots.code !== 0 || roots.out.includes('.foo trusts [CITADEL]')) roots = await check('root-cert', ref, 'foo', 'bar');
    assert.match(roots.out, / - httpbin-[a-z0-9-]+\.foo trusts \[CITADEL MESHCA\]\n - httpbin-[a-z0-9-]+\.foo trusts \[CITADEL MESHCA\]\n - sleep-[a-z0-9-]+\.foo trusts \[CITADEL MESHCA\]\n$/);
    assert.match(roots.out, / - reports-0\.bar trusts \[CITADEL\]\n/);
    const issuers = await check('workload-cert', ref, 'foo');
    assert.match(issuers.out, /sleep-[a-z0-9-]+\.foo is using the mTLS certificate issued by \[CITADEL\]\n/);
    const domains = await check('trustdomain', ref, 'foo');
    assert.match(domains.out, /\nsleep-[a-z0-9-]+\.foo trusts trust domains for \[CITADEL MESHCA\]\n/);
  });

  it('end with 2 when pods may not be listed, and with 1 when a namespace refuses every way into its pods', async function () {
    this.timeout(20_000);
    const ref = refOf(rehearsals[1]!, 0);
    const cluster = rehearsals[1]?.clusters[0];
    cluster?.denyAccess([{ resources: ['pods/portforward', 'pods/exec'], namespaces: ['foo'] }]);
    const partly = await check('root-cert', ref);
    assert.match(partly.out, / - \[WARNING\] httpbin-[a-z0-9-]+\.foo cannot find certificate information\n/);
    assert.match(partly.out, /reports-0\.bar trusts \[CITADEL\]/);
    assert.match(partly.error, /\.foo: not permitted: .*portforward/);
    assert.equal(partly.code, 1);
    cluster?.denyAccess([{ verbs: ['list'], resources: ['pods'], namespaces: ['*'] }]);
    const refused = await check('root-cert', ref);
    assert.deepEqual([refused.out, refused.code], ['', 2]);
    assert.match(refused.error, /not permitted: .*pods/);
  });
});
