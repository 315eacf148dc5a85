// A plan held to the disk: what it names must be there, and backups must be out of git's reach.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { parsePlanText } from '../../../../src/adapters/files/jsoncText.js';
import { DiskPlanFiles } from '../../../../src/adapters/files/planFiles.js';
import { KubeconfigFiles } from '../../../../src/adapters/kubernetes/kubeconfigFile.js';
import { loadPlan, utcDay } from '../../../../src/app/plan/loadPlan.js';
import { changed, drawProblem, PLAN_TEXT } from '../../../support/planText.js';
import { temporaryFolder } from '../../../support/temporaryFolder.js';

const KUBECONFIG = `apiVersion: v1
kind: Config
clusters: [{ name: c, cluster: { server: "https://127.0.0.1:1" } }]
users: [{ name: u, user: {} }]
contexts:
- { name: gke_project-1_us-central1_one, context: { cluster: c, user: u } }
- { name: gke_project-1_us-east1-b_two, context: { cluster: c, user: u } }
`;
const BEFORE_THE_END = Date.UTC(2026, 2, 31, 23, 59);

describe('loading a plan', () => {
  const inside = temporaryFolder();
  const world = (now = BEFORE_THE_END): Parameters<typeof loadPlan>[1] => ({
    planFiles: new DiskPlanFiles(),
    parsePlanText,
    kubeconfigReader: new KubeconfigFiles(),
    clock: { now: () => now, sleep: () => Promise.resolve() },
  });
  /** What is wrong with this text as the plan file of the folder. */
  const problems = async (text: string, now?: number): Promise<readonly string[]> => {
    const file = inside('work', 'mesh-ca.plan.jsonc');
    fs.writeFileSync(file, text);
    const state = await loadPlan(file, world(now));
    if (state.kind !== 'read') throw new Error(state.kind);
    assert.equal(state.plan === undefined, state.problems.some(({ severity }) => severity === 'error'));
    return state.problems.map((problem) => drawProblem(text, problem).replaceAll(inside(), ''));
  };

  before(() => {
    fs.mkdirSync(inside('work', 'overlays'), { recursive: true });
    fs.mkdirSync(inside('repository', '.git'), { recursive: true });
    fs.mkdirSync(inside('linked'));
    fs.writeFileSync(inside('linked', '.git'), 'gitdir: elsewhere');
    fs.symlinkSync(inside('repository'), inside('work', 'link'));
    fs.writeFileSync(inside('work', 'config'), KUBECONFIG);
    fs.writeFileSync(inside('work', 'overlays', 'a.yaml'), 'spec: [');
  });

  it('finds nothing wrong when everything is there', async () => {
    assert.deepEqual(await problems(PLAN_TEXT), []);
    assert.deepEqual(await problems(`\uFEFF${PLAN_TEXT}`), []);
  });

  it('names each thing that is not there or not what it should be, where the plan names it', async () => {
    const cases: readonly (readonly [string, string, ...(readonly string[])])[] = [
      ['"overlays/a.yaml"', '"overlays/b.yaml"', 'error: "overlays/b.yaml" | /work/overlays/b.yaml is not there'],
      ['"overlays/a.yaml"', '"overlays"', 'error: "overlays" | /work/overlays is a folder, not a file'],
      ['"/asm/one"', '"config"', 'error: "config" | /work/config is a file, not a folder'],
      ['"config"', '"kubeconfig"', 'error: "kubeconfig" | /work/kubeconfig is not there'],
      ['"config"', '"overlays/a.yaml"', 'error: "gke_project-1_us-central1_one" | cannot read the kubeconfig /work/overlays/a.yaml'],
      ['us-central1_one', 'us-central1_three", "name": "three', 'error: "gke_project-1_us-central1_three" | the kubeconfig /work/config has no context gke_project-1_us-central1_three', 'error: "one/foo/Deployment/httpbin" | the plan has no cluster one; it has: three, two'],
      ['"waveSize"', '"asmcli": "asmcli", "waveSize"', 'error: "asmcli" | /work/asmcli is not there'],
    ];
    for (const [from, to, ...expected] of cases) assert.deepEqual((await problems(changed(from, to))).map((line) => line.replace(/(cannot read .*?): .*/, '$1')), expected, to);
  });

  it('keeps backups out of git work trees, also behind a link, in a linked work tree and in folders not made yet', async () => {
    for (const [backups, tree] of [['../repository', '/repository'], ['../repository/new/one', '/repository'], ['link/backups', '/repository'], ['../linked', '/linked']] as const) {
      assert.deepEqual(await problems(changed('"../backups"', `"${backups}"`)), [`error: "${backups}" | backups hold private keys and must not be in a git work tree (${tree})`]);
    }
    assert.deepEqual(await problems(changed('"../backups"', '"config"')), ['error: "config" | /work/config is a file, not a folder']);
  });

  it('ends a waiver with its last day', async () => {
    assert.deepEqual(await problems(PLAN_TEXT, BEFORE_THE_END + 60_000), ['warning: "2026-03-31" | this waiver ended on 2026-03-31 and no longer counts']);
    assert.equal(utcDay(BEFORE_THE_END), '2026-03-31');
  });

  it('says that a file cannot be read', async () => {
    for (const file of [inside('nothing.jsonc'), inside('work')]) {
      const state = await loadPlan(file, world());
      assert.equal(state.kind, 'unreadable');
      assert.equal(path.isAbsolute(state.file), true);
    }
  });
});
