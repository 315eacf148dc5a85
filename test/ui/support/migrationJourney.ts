// The whole migration by clicks, for the journeys from each starting point: clusters, plan, step after step, a phase rolled back.
import assert from 'node:assert/strict';
import { eventually } from './conditions.js';
import { chooseClusters } from './journeys.js';
import type { ClusterName } from './meshTruth.js';
import { contexts, kubectlOn } from './meshTruth.js';
import { ProcedureDriver } from './procedureDriver.js';
import type { StepReport } from './procedureDriver.js';
import type { TreeView } from './treeView.js';
import type { Workbench, WorkbenchOptions } from './workbench.js';
import { openWorkbench } from './workbench.js';

/** More steps than any journey has. */
const MOST_STEPS = 90;

interface BarePod {
  readonly metadata: { readonly labels?: Readonly<Record<string, string>> };
  readonly spec: { readonly containers: readonly { readonly name: string; readonly image: string }[] };
}

/** Where to stop: before the step whose preview has this title, or when the status bar says so. */
export interface Stop {
  readonly title?: RegExp;
  readonly status?: RegExp;
}

/** A VS Code on a rehearsal, on its way from one end of the migration to the other. */
export class MigrationJourney {
  readonly workbench: Workbench;
  readonly driver: ProcedureDriver;
  readonly migration: TreeView;
  readonly clusters: TreeView;

  private constructor(workbench: Workbench) {
    this.workbench = workbench;
    this.driver = new ProcedureDriver(workbench);
    this.migration = workbench.tree('Migration');
    this.clusters = workbench.tree('Clusters');
  }

  static async begin(options: WorkbenchOptions): Promise<MigrationJourney> {
    const workbench = await openWorkbench(options);
    await workbench.openActivity('Mesh CA');
    await workbench.widenSideBar(620);
    return new MigrationJourney(workbench);
  }

  /** Chooses both clusters and shows the view Migration alone. */
  async chooseClusters(): Promise<void> {
    await chooseClusters(this.workbench, ...Object.keys(contexts));
    await this.migration.fillContainer();
  }

  /** Finds the view again after the window was loaded anew. */
  async openAgain(): Promise<void> {
    await this.workbench.openActivity('Mesh CA');
    await this.migration.fillContainer();
    await this.migration.row('Prerequisites');
  }

  /** Answers the form with what it suggests and a folder for backups, and lets a cluster's namespaces move together. */
  async createPlan(): Promise<void> {
    const { workbench } = this;
    await workbench.runCommand('Mesh CA: Create Plan…');
    for (let question = 1; question <= 7; question += 1) {
      await workbench.quickInput.waitForTitle(`Create Migration Plan (${question}/7)`);
      if (question === 7) await workbench.quickInput.type(workbench.fileIn('../backups'));
      await workbench.quickInput.accept();
    }
    const text = await eventually(
      () => workbench.editor.text(),
      (plan) => {
        assert.match(plan, /"revision1"/);
      },
    );
    for (const context of Object.values(contexts)) assert.ok(text.includes(`"context": "${context}"`), text);
    workbench.writeFile('mesh-ca.plan.jsonc', text.replace(/"waveSize": \d+/, '"waveSize": 4'));
    await eventually(
      () => this.migration.drawn(),
      (rows) => {
        assert.ok(!rows.some((row) => row.includes('No plan yet')), rows.join('\n'));
      },
    );
  }

  /** Runs what is next, again and again, until the stop or the end; returns the titles of what ran. */
  async goOn(stop: Stop = {}): Promise<readonly string[]> {
    const titles: string[] = [];
    while (titles.length < MOST_STEPS) {
      if (stop.status?.test(await this.driver.status()) === true) return titles;
      const began = performance.now();
      const title = await this.driver.openNextIfAny();
      if (title === undefined) return titles;
      if (stop.title?.test(title) === true) {
        await this.workbench.quickInput.cancel();
        await this.workbench.quickInput.waitUntilClosed();
        return titles;
      }
      const opened = performance.now();
      await this.settle(await this.driver.runPreviewed(title));
      tell(`${Math.round(opened - began)} + ${Math.round(performance.now() - opened)} ms ${title}`);
      titles.push(title);
    }
    throw new Error(`It does not come to an end:\n${titles.join('\n')}`);
  }

  /** What is not verified has to be the bare pod that nothing makes anew: somebody makes it anew by hand. */
  async settle({ isVerified, sentence }: StepReport): Promise<void> {
    if (isVerified) return;
    assert.match(sentence, /toolbox/, sentence);
    await this.#makeToolboxAnew(sentence.includes('cluster-1') ? 'cluster-1' : 'cluster-2');
  }

  /** Rolls the present phase back in both clusters, and again after what only a person can do in between. */
  async rollBack(ask: () => Promise<void>): Promise<void> {
    for (let time = 1; ; time += 1) {
      await this.workbench.notifications.clear();
      await ask();
      const report = await this.driver.runOpened();
      tell(report.sentence);
      if (report.isVerified) return;
      assert.ok(time < 3, report.sentence);
      await this.settle(report);
    }
  }

  /** Asks for the rollback in the palette, and ticks the clusters. */
  async askInPalette(): Promise<void> {
    const { quickInput } = this.workbench;
    const title = 'Roll Back Cluster';
    await this.workbench.runCommand(`Mesh CA: ${title}`);
    await quickInput.waitForTitle(title);
    for (const name of Object.keys(contexts)) await quickInput.setChecked(name, true);
    await quickInput.accept();
    await quickInput.waitUntilTitleIsNot(title);
  }

  /** Asks for the rollback by a right-click on the selected clusters. */
  async askByRightClick(phase: string): Promise<void> {
    await this.clusters.fillContainer();
    const names = Object.keys(contexts).map((name) => [name]);
    await this.clusters.select(...names);
    await this.clusters.chooseFromContextMenu(names.at(-1) ?? [], 'Roll Back Cluster', phase);
  }

  /** Everything that both views show of a phase, and the status bar: the mesh down to its namespaces, and each step's count. */
  async drawn(phase: string): Promise<readonly string[]> {
    await this.clusters.fillContainer();
    for (const name of Object.keys(contexts)) await this.clusters.expand(name);
    // The canonical service controller in asm-system is asmcli's and of no revision: the guide's rollback leaves it as well.
    const mesh = (await this.clusters.drawn()).filter((row) => !row.includes('Not in the mesh'));
    return [await this.driver.status(), ...(await this.steps(phase)), ...mesh];
  }

  /** The phases, and the steps of one of them with what each says. */
  async steps(phase: string): Promise<readonly string[]> {
    await this.migration.fillContainer();
    await this.migration.collapseAll();
    await this.migration.expand(phase);
    return (await this.migration.rows()).filter(({ level }) => level < 3).map(({ level, label, description }) => `${'  '.repeat(level - 1)}${label}${description === '' ? '' : `  ${description}`}`);
  }

  /** What our own command line says of every proxy: its roots and its signer, each combination once. */
  async trust(): Promise<readonly string[]> {
    const words: string[] = [];
    for (const context of Object.values(contexts)) {
      for (const check of ['check-root-cert', 'check-workload-cert']) {
        const { stdout, stderr } = await this.workbench.meshCa([check, '--kubeconfig', this.workbench.rehearsal.kubeconfig, '--context', context]);
        const found = [...stdout.matchAll(/ (trusts|issued by) (\[[^\]]*\])$/gm)].map(([, what = '', roots = '']) => `${what} ${roots}`);
        assert.ok(found.length >= 10, `${stdout}${stderr}`);
        words.push(...found, ...(stdout.match(/\[WARNING\].*/g) ?? []));
      }
    }
    return [...new Set(words)].sort();
  }

  /** Nothing is left to do, both views and the status bar say so, and every proxy has Mesh CA alone. */
  async expectTheEnd(): Promise<void> {
    assert.equal(await this.driver.status(), 'Mesh CA · migration finished');
    await this.workbench.notifications.clear();
    await this.workbench.hidePanel();
    // The end is said at the top.
    await this.migration.collapseAll();
    const rows = await eventually(
      () => this.migration.drawn(),
      (drawn) => {
        assert.ok(drawn.some((row) => row.includes('Finished: every proxy trusts Mesh CA alone')), drawn.join('\n'));
      },
    );
    tell(rows.join('\n'));
    assert.deepEqual(await this.trust(), ['issued by [MESHCA]', 'trusts [MESHCA]']);
  }

  /** Takes away the pods that no restart replaces. */
  async removeToolboxes(): Promise<void> {
    for (const cluster of Object.keys(contexts)) await kubectlOn(this.workbench, cluster as ClusterName, 'delete', 'pod', 'toolbox', '-n', 'batch');
  }

  async #makeToolboxAnew(cluster: ClusterName): Promise<void> {
    const { workbench } = this;
    const pod = JSON.parse(await kubectlOn(workbench, cluster, 'get', 'pod', 'toolbox', '-n', 'batch', '-o', 'json')) as BarePod;
    // Without what the injector added: it is to add its own of today.
    const containers = pod.spec.containers.filter(({ name }) => name !== 'istio-proxy').map(({ name, image }) => ({ name, image }));
    const file = workbench.writeFile('toolbox.json', JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'toolbox', labels: pod.metadata.labels }, spec: { containers } }));
    await kubectlOn(workbench, cluster, 'delete', 'pod', 'toolbox', '-n', 'batch');
    await kubectlOn(workbench, cluster, 'apply', '-n', 'batch', '-f', file);
    await kubectlOn(workbench, cluster, 'wait', '--for=condition=Ready', 'pod/toolbox', '-n', 'batch', '--timeout=60s');
  }
}

/** What happens on the way, for who runs a journey by hand with MESH_CA_TELL set. */
export function tell(text: string): void {
  if (process.env.MESH_CA_TELL !== undefined) process.stderr.write(`${text}\n`);
}
