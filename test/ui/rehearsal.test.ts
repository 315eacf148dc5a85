// A newcomer without any mesh: a rehearsal is started from the welcome view, found by terminals, and stopped again.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { eventually, eventuallyEquals } from './support/conditions.js';
import { contexts } from './support/meshTruth.js';
import type { TreeView } from './support/treeView.js';
import type { Workbench } from './support/workbench.js';
import { openWorkbench } from './support/workbench.js';

/** Command lines of the rehearsals that this run's installed extension has started. */
function rehearsalProcesses(): readonly string[] {
  const extensions = process.env.MESH_CA_EXTENSIONS ?? '';
  return fs
    .readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(commandLineOf)
    .filter((line) => line.includes(extensions) && line.includes('rehearsal.js'));
}

function commandLineOf(pid: string): string {
  try {
    return fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    // It has ended since the folder was listed.
    return '';
  }
}

describe('a rehearsal started from the editor', function () {
  this.timeout(600_000);
  let workbench: Workbench;
  let tree: TreeView;

  before(async () => {
    workbench = await openWorkbench({ name: 'rehearsal', rehearse: false, theme: 'high-contrast' });
    await workbench.openActivity('Mesh CA');
    await workbench.widenSideBar(620);
    tree = workbench.tree('Clusters');
    await tree.fillContainer();
  });
  after(() => workbench.close());
  afterEach(function () {
    return workbench.pictureFailure(this.currentTest);
  });

  it('Choose Clusters says where it looked when there is nothing to choose', async () => {
    await tree.pressWelcome('Choose Clusters');
    await workbench.notifications.waitFor(/^No contexts were found\. Looked in: .*no-kubeconfig/);
    await workbench.notifications.clear();
  });

  async function chooseMesh(): Promise<void> {
    await workbench.quickInput.waitForTitle('Which mesh do you want to rehearse on?');
    await workbench.quickInput.choose('Anthos Service Mesh with Istio CA');
    await workbench.quickInput.waitForTitle('What is installed beside the old control plane at the start?');
    await workbench.quickInput.choose('asm-1232-2-distribute-root is installed already');
    await workbench.notifications.waitFor('The rehearsal runs: 2 clusters on this machine. Nothing you do here touches a real mesh.');
  }

  it('begins in the welcome view and puts both clusters of the scene into the tree', async () => {
    await tree.pressWelcome('Start Rehearsal');
    await chooseMesh();
    const expected = [
      '  ▾ Control planes',
      '    ▸ asm-1162-2  1.16.2-asm.2 · 12 proxies · signs with Istio CA',
      '    ▸ asm-1232-2-distribute-root  1.23.2-asm.2 · 0 proxies · signs with Istio CA, hands out Mesh CA root',
      '  ▾ Gateways',
      '    ▸ istio-ingressgateway (istio-system)  asm-1162-2 · 2 of 2 endpoints',
      '  ▾ Namespaces',
      '    ▸ bar  istio.io/rev=asm-1162-2 · 3 pods',
      '    ▸ batch  istio.io/rev=asm-1162-2 · 3 pods',
      '    ▸ baz  ⚠ istio-injection and istio.io/rev · 1 pod by asm-1162-2',
      '    ▸ foo  istio.io/rev=asm-1162-2 · 3 pods',
      '    ▸ Not in the mesh (5)',
    ];
    await eventuallyEquals(() => tree.drawn(), ['▾ cluster-1  us-central1 · rehearsal-project', ...expected, '▾ cluster-2  us-east1-b · rehearsal-project', ...expected]);
    assert.equal(rehearsalProcesses().length, 1);
    await workbench.notifications.clear();
    await workbench.screenshot('high-contrast');
  });

  it('is found by kubectl in a new terminal', async () => {
    await workbench.runCommand('Terminal: Create New Terminal');
    await workbench.terminal.waitForText(/\S/);
    await workbench.terminal.typeLine(`kubectl --context ${contexts['cluster-2']} get ns -L istio.io/rev`);
    await workbench.terminal.waitForText(/^foo +Active +\S+ +asm-1162-2$/m);
  });

  it('ends with its window and takes its clusters along, and can be started again', async () => {
    await workbench.reload();
    await eventuallyEquals(() => Promise.resolve(rehearsalProcesses()), []);
    await tree.pressWelcome('Start Rehearsal');
    await chooseMesh();
    for (const [cluster, place] of [['cluster-1', 'us-central1'], ['cluster-2', 'us-east1-b']] as const) {
      await eventuallyEquals(async () => (await tree.find(cluster))?.description, `${place} · rehearsal-project`);
    }
  });

  it('ends with its processes and its clusters when it is stopped', async () => {
    await workbench.runCommand('Mesh CA: Stop Rehearsal');
    await workbench.notifications.waitFor('The rehearsal is stopped. Its clusters no longer take part.');
    await eventually(
      () => tree.welcome(),
      (text) => {
        assert.match(text, /No cluster takes part yet/);
      },
    );
    await eventuallyEquals(() => Promise.resolve(rehearsalProcesses()), []);
  });
});
