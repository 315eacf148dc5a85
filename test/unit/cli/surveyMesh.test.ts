// Survey and matrix against a rehearsal mesh: kubeconfig, API server, port-forward and Envoy as they are outside.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runCommandLine } from '../../../src/cli/commandLine.js';
import { composeCore } from '../../../src/composeCore.js';
import type { Rehearsal } from '../../../src/rehearsal/rehearsal.js';
import { startRehearsal } from '../../../src/rehearsal/rehearsal.js';
import { findScene } from '../../../src/rehearsal/scenes/scenes.js';
import { textRenderer } from '../../../src/shared/text/render.js';
import { recycledKeys } from '../../support/recycledKeys.js';

const ignore = (): void => undefined;
const log = { debug: ignore, info: ignore, warn: ignore, error: ignore };

interface MatrixJson {
  readonly classes: readonly { readonly name: string; readonly places: readonly { readonly cluster: string }[] }[];
  readonly pairs: readonly { readonly client: string; readonly server: string; readonly state: string; readonly reasons: readonly { readonly kind: string }[] }[];
}

describe('mesh-ca survey and matrix against a rehearsal mesh', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'mesh-ca-survey-'));
  const rehearsals: Rehearsal[] = [];

  async function rehearse(sceneName: string): Promise<string> {
    const scene = findScene(sceneName);
    assert.ok(scene);
    const kubeconfigPath = path.join(folder, sceneName);
    rehearsals.push(await startRehearsal({ scene, newKey: recycledKeys(), listen: { host: '127.0.0.1', port: 0 }, kubeconfigPath, withRevisions: [], speed: 1000, log: ignore }));
    return kubeconfigPath;
  }

  async function run(command: string, kubeconfig: string, output: string): Promise<{ out: string; error: string; code: number }> {
    const written = { out: '', error: '' };
    const code = await runCommandLine([command, '--kubeconfig', kubeconfig, '--all-contexts', '--output', output], {
      render: textRenderer('en'),
      openWorld: () => composeCore({ log }),
      rehearse: () => Promise.resolve(1),
      writeOut: (text) => { written.out += text; },
      writeError: (text) => { written.error += text; },
      signal: new AbortController().signal,
    });
    return { ...written, code };
  }

  after(async () => {
    await Promise.all(rehearsals.map((rehearsal) => rehearsal.stop()));
    rmSync(folder, { recursive: true, force: true });
  });

  it('find every pair between two clusters with roots of their own broken, and every pair within one whole', async function () {
    this.timeout(60_000);
    const kubeconfig = await rehearse('asm-citadel');
    const { out, code } = await run('matrix', kubeconfig, 'json');
    const { classes, pairs } = JSON.parse(out) as MatrixJson;
    const clustersOf = new Map(classes.map(({ name, places }) => [name, places.map(({ cluster }) => cluster).join()]));
    assert.deepEqual(new Set(clustersOf.values()), new Set(['cluster-1', 'cluster-2']));
    for (const { client, server, state, reasons } of pairs) {
      const across = clustersOf.get(client) !== clustersOf.get(server);
      assert.equal(state, across ? 'broken' : 'authenticates', `${client} to ${server}`);
      if (across) assert.ok(reasons.every(({ kind }) => kind === 'noAnchor'));
    }
    assert.equal(code, 1);
  });

  it('find no broken pair where both clusters share a root, and a row for every proxy', async function () {
    this.timeout(60_000);
    const kubeconfig = await rehearse('istio-default');
    const matrix = await run('matrix', kubeconfig, 'text');
    assert.match(matrix.out, /\n {3}A ✓/);
    assert.doesNotMatch(matrix.out, /\n[✕?] {2}/);
    assert.deepEqual([matrix.error, matrix.code], ['', 0]);
    const survey = await run('survey', kubeconfig, 'csv');
    assert.match(survey.out, /\r\ncluster-1,[^,]+,foo,httpbin-[a-z0-9-]+,default,read,"CITADEL [0-9A-F:]{95} \(Istio CA of cluster-1, cluster-2\)"/);
    assert.equal(survey.code, 0);
  });
});
