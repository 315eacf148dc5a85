// `mesh-ca status`, `gate`, `plan validate` and `report` on a rehearsal mesh: what they print and with which exit code they end.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { runCommandLine } from '../../../src/cli/commandLine.js';
import { lineAndColumn } from '../../../src/cli/planCommand.js';
import { composeCore } from '../../../src/composeCore.js';
import type { Rehearsal } from '../../../src/rehearsal/rehearsal.js';
import { startRehearsal } from '../../../src/rehearsal/rehearsal.js';
import { findScene } from '../../../src/rehearsal/scenes/scenes.js';
import { textRenderer } from '../../../src/shared/text/render.js';
import { temporaryFolder } from '../../support/temporaryFolder.js';
import { recycledKeys } from '../../support/recycledKeys.js';

const ignore = (): void => undefined;
const log = { debug: ignore, info: ignore, warn: ignore, error: ignore };

describe('the commands about the migration', function () {
  this.timeout(120_000);
  const inside = temporaryFolder();
  let rehearsal: Rehearsal;

  async function run(...args: readonly string[]): Promise<{ out: string; error: string; code: number }> {
    const written = { out: '', error: '' };
    const open = (): ReturnType<typeof composeCore> => composeCore({ log });
    const code = await runCommandLine(args, {
      render: textRenderer('en'),
      openWorld: open,
      openMigration: open,
      rehearse: () => Promise.resolve(1),
      writeOut: (text) => { written.out += text; },
      writeError: (text) => { written.error += text; },
      signal: new AbortController().signal,
    });
    return { ...written, code };
  }

  /** A plan for the rehearsal's clusters, and one that cannot be reached where asked. */
  const writePlan = (name: string, more: readonly string[] = []): string => {
    const contexts = [...rehearsal.clusters.map(({ contextName }) => contextName), ...more];
    const plan = {
      version: 1,
      startingPoint: 'istio',
      fleetProject: 'rehearsal-project',
      revision1: 'asm-1232-2-distribute-root',
      revision2: 'asm-1232-2-meshca-ca-migration',
      clusters: contexts.map((context, index) => ({ kubeconfig: 'config', context, outputDirectory: `asm/${index}` })),
    };
    fs.writeFileSync(inside(name), JSON.stringify(plan, null, 2));
    return inside(name);
  };

  before(async () => {
    const scene = findScene('istio-default');
    assert.ok(scene);
    rehearsal = await startRehearsal({ scene, newKey: recycledKeys(), listen: { host: '127.0.0.1', port: 0 }, kubeconfigPath: inside('config'), withRevisions: [], speed: 1000, log: ignore });
  });
  after(() => rehearsal.stop());

  it('says where the migration stands, by the plan and by a kubeconfig alone', async () => {
    const planned = await run('status', '--plan', writePlan('plan.jsonc'));
    assert.match(planned.out, /^Phase [01], 0 of \d+ namespaces moved\nNext: /);
    assert.equal(planned.error, '');
    const json = JSON.parse((await run('status', '--plan', inside('plan.jsonc'), '--output', 'json')).out) as { phases: { phase: number; steps: { step: string; state: string }[] }[] };
    assert.deepEqual(json.phases.map(({ phase }) => phase), [0, 1, 2, 3]);
    assert.ok(json.phases[1]?.steps.some(({ step, state }) => step === 'install-revision-1' && state !== 'done'));
    const named = await run('status', '--kubeconfig', inside('config'), '--all-contexts');
    assert.match(named.error, /^Without a plan it is not known which revisions/);
    assert.equal(named.code, 1);
  });

  it('ends 1 at a gate that is shut and 3 at one of which not everything is known, in three forms', async () => {
    const plan = writePlan('plan.jsonc');
    const shut = await run('gate', 'phase-2', '--plan', plan);
    assert.equal(shut.code, 1);
    assert.match(shut.out, /^Before phase 2: Shut: \d+ items are in the way\.\n/);
    assert.match(shut.out, /\n✕ cluster-1 .*\n/);
    const json = JSON.parse((await run('gate', 'phase-2', '--plan', plan, '--output', 'json')).out) as { gate: string; state: string; items: { cluster?: string; problem: string }[] };
    assert.deepEqual([json.gate, json.state], ['phase-2', 'shut']);
    assert.ok(json.items.every(({ problem }) => problem !== ''));
    const junit = await run('gate', 'phase-2', '--plan', plan, '--output', 'junit');
    assert.equal(junit.code, 1);
    assert.equal([...junit.out.matchAll(/<testcase /g)].length, json.items.length);
    assert.match(junit.out, new RegExp(`<testsuite name="mesh-ca gate phase-2" tests="${json.items.length}" failures="\\d+" errors="\\d+">`));
    const nothingToGo = await run('gate', 'finish', '--plan', plan, '--revision', 'asm-1232-2-meshca-ca-migration');
    assert.deepEqual([nothingToGo.code, nothingToGo.out.split('\n')[0]], [0, 'Before the old control plane goes: Open.']);
    const mistyped = await run('gate', 'finish', '--plan', plan, '--revision', 'asm-1232-2-meshca');
    assert.deepEqual(mistyped, { out: '', error: 'mesh-ca: no cluster has a control plane of revision asm-1232-2-meshca, and no plan names it\n', code: 2 });
    const inUse = await run('gate', 'finish', '--plan', plan);
    assert.equal(inUse.code, 1);
  });

  it('does not open a gate when a planned cluster cannot be reached', async () => {
    const kubeconfig = fs.readFileSync(inside('config'), 'utf8');
    fs.writeFileSync(inside('with-gone'), kubeconfig.replace(/(server: "?https:\/\/127\.0\.0\.1:)\d+/, '$11'));
    const plan = writePlan('gone.jsonc');
    fs.writeFileSync(plan, fs.readFileSync(plan, 'utf8').replace('"kubeconfig": "config"', '"kubeconfig": "with-gone"'));
    const { error, code, out } = await run('gate', 'finish', '--plan', plan, '--revision', 'no-such-revision');
    assert.deepEqual([code, out.split(':')[1]], [3, ' Not known, so shut'], error);
    assert.match(out, /\n\? cluster-1: Could not be read: /);
    assert.equal((await run('status', '--plan', plan)).code, 1);
    const named = await run('gate', 'finish', '--kubeconfig', inside('with-gone'), '--all-contexts', '--revision', 'no-such-revision');
    assert.equal(named.code, 3);
    assert.match(named.out, /\n\? cluster-1: Could not be read: /);
    assert.match(named.error, /\nThe pods of cluster-1 cannot be listed, so proxies of it may be missing here: /);
    const status = await run('status', '--kubeconfig', inside('with-gone'), '--all-contexts');
    assert.equal(status.code, 1);
    assert.match(status.out, /^Phase \d/);
  });

  it('validates a plan with file, line and column', async () => {
    const plan = writePlan('plan.jsonc');
    assert.deepEqual(await run('plan', 'validate', plan), { out: '', error: `${plan}: no errors\n`, code: 0 });
    fs.writeFileSync(plan, fs.readFileSync(plan, 'utf8').replace('"istio"', '"anthos"').replace('asm/1', '$PWD/asm'));
    const { out, error, code } = await run('plan', 'validate', plan);
    assert.deepEqual(out.split('\n').map((line) => line.replace(`${plan}:`, '')), [
      '3:20: error: anthos is none of: istio, asm',
      '16:26: error: $PWD is not expanded here, and asmcli takes it as it stands. Write the path out, or relative to this file',
      '',
    ]);
    assert.deepEqual([error, code], ['2 errors\n', 1]);
    assert.equal((await run('plan', 'validate', inside('none.jsonc'))).code, 2);
    const refused = await run('gate', 'phase-2', '--plan', plan);
    assert.deepEqual([refused.code, refused.error], [2, `mesh-ca: the plan ${plan} has errors; mesh-ca plan validate lists them\n`]);
    assert.deepEqual(lineAndColumn('a\r\nbc\rd', 7), { line: 3, column: 2 });
  });

  it('writes the report as Markdown and as HTML', async () => {
    const plan = writePlan('plan.jsonc');
    const markdown = await run('report', '--plan', plan);
    assert.match(markdown.out, /^# Migration from Istio CA to Mesh CA: rehearsal-project\n/);
    assert.match(markdown.out, /\n\| Mesh CA|\n\| Istio CA \(Citadel\) \| [0-9A-F:]{95} \| cluster-1 \|/);
    const html = await run('report', '--plan', plan, '--format', 'html', '--output', inside('report.html'));
    assert.deepEqual([html.out, html.error], ['', `The report is in ${inside('report.html')}.\n`]);
    assert.match(fs.readFileSync(inside('report.html'), 'utf8'), /^<!DOCTYPE html>/);
    assert.equal((await run('report', '--plan', plan, '--output', inside('none', 'report.md'))).code, 2);
  });

  it('asks nothing when it is not clear which mesh is meant', async () => {
    const config = inside('config');
    for (const [args, sentence] of [
      [['--plan', 'x', '--kubeconfig', config, '--all-contexts'], '--plan names the clusters itself; --kubeconfig excludes it'],
      [['--plan', 'x', '--all-contexts'], '--context and --all-contexts belong to --kubeconfig; a plan is asked about as a whole'],
      [['--kubeconfig', config], 'say which clusters: --context NAME (several may follow) or --all-contexts'],
      [[], 'say which mesh: --plan FILE, or --kubeconfig FILE with --context or --all-contexts (there is no mesh-ca.plan.jsonc here)'],
    ] as const) {
      assert.deepEqual(await run('status', ...args), { out: '', error: `mesh-ca: ${sentence}\n`, code: 2 });
    }
    assert.equal((await run('gate', 'phase-7', '--plan', 'x')).code, 2);
  });
});
