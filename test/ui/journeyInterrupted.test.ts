// A migration that is cut short: the editor is killed in the middle of an installation, its window is loaded anew in the middle of
// a move, a cluster goes away under a step. What is shown afterwards is what is so, and the migration goes on from there.
import assert from 'node:assert/strict';
import { eventually, eventuallyEquals } from './support/conditions.js';
import { distributeRoot } from './support/journeys.js';
import { contexts, kubectlOn, labelColumns, podRevisions } from './support/meshTruth.js';
import type { ClusterName } from './support/meshTruth.js';
import { MigrationJourney } from './support/migrationJourney.js';

const phase1 = 'Phase 1 · Distribute the Mesh CA root';
const install = 'Install Control Plane of Phase 1';
const move = 'Migrate Namespace to Revision';

describe('a migration that is cut short', function () {
  this.timeout(900_000);
  this.bail(true);
  let journey: MigrationJourney;

  before(async () => {
    journey = await MigrationJourney.begin({ name: 'journey-interrupted', scene: 'istio-default', speed: 20 });
    const { workbench } = journey;
    const planned = Object.entries(contexts).map(([name, context]) => ({ kubeconfig: workbench.rehearsal.kubeconfig, context, outputDirectory: `asm/${name}` }));
    const plan = { version: 1, startingPoint: 'istio', fleetProject: 'rehearsal-project', clusters: planned, revision1: distributeRoot, revision2: 'asm-1232-2-meshca-ca-migration', waveSize: 1 };
    workbench.writeFile('mesh-ca.plan.jsonc', JSON.stringify(plan, null, 2));
    await journey.removeToolboxes();
    await journey.chooseClusters();
    await journey.goOn({ title: /^Install / });
  });
  after(() => journey.workbench.close());
  afterEach(function () {
    return journey.workbench.pictureFailure(this.currentTest);
  });

  const said = async (step: string): Promise<string | undefined> => (await journey.migration.find(phase1, step))?.description;

  /** The next step, up to where it runs in the terminal and shows this. */
  async function beginNext(title: RegExp, shown: RegExp): Promise<void> {
    assert.match(await journey.driver.openNext(), title);
    await journey.workbench.quickInput.choose('Run in Terminal');
    await journey.workbench.terminal.waitForText(shown);
  }

  async function mesh(...words: readonly string[]): Promise<void> {
    const { code, stderr } = await journey.workbench.meshCa(['rehearsal', ...words]);
    assert.equal(code, 0, stderr);
  }

  async function isInstalled(cluster: ClusterName): Promise<boolean> {
    return (await kubectlOn(journey.workbench, cluster, 'get', 'deployment', `istiod-${distributeRoot}`, '-n', 'istio-system', '--ignore-not-found', '-o', 'name')) !== '';
  }

  it('killed in the middle of an installation, it is found as far as the clusters are, and installed from there', async () => {
    await beginNext(/^Install .* cluster-1$/, /asmcli: /);
    await journey.workbench.crash();
    await journey.workbench.restart();
    await journey.openAgain();
    await eventuallyEquals(() => said(install), '0 of 2 clusters');
    assert.deepEqual(await journey.workbench.notifications.texts(), []);
    await journey.goOn({ title: /^Probe / });
    assert.equal(await said(install), '2 of 2 clusters');
    for (const cluster of ['cluster-1', 'cluster-2'] as const) assert.ok(await isInstalled(cluster));
  });

  it('loaded anew in the middle of a move, it shows the namespace as it is, and goes on when its pods are there', async () => {
    await journey.goOn({ title: /^Migrate namespace / });
    await mesh('speed', '2');
    await beginNext(/^Migrate namespace bar · cluster-1$/, /rollout status/);
    await journey.workbench.reload();
    await mesh('speed', '20');
    await journey.openAgain();
    assert.deepEqual((await labelColumns(journey.workbench, 'cluster-1')).get('bar'), { revision: distributeRoot, injection: '' });
    assert.ok(!(await journey.workbench.notifications.texts()).some((text) => text.includes('verified')));
    await journey.goOn({ title: /^Migrate namespace (?!bar)/ });
    assert.deepEqual([...new Set((await podRevisions(journey.workbench, 'cluster-1', 'bar')).map(([, revision]) => revision))], [distributeRoot]);
    assert.equal(await journey.driver.status(), 'Mesh CA · phase 1 · 1 of 8 namespaces');
  });

  it('with a cluster gone under a step, it knows nothing of its namespaces, and verifies the step when the cluster is back', async () => {
    await mesh('speed', '2');
    await beginNext(/^Migrate namespace batch · cluster-1$/, /rollout status/);
    await mesh('down', '--context', contexts['cluster-1']);
    await eventually(
      () => said(move),
      (description) => {
        assert.match(description ?? '', /^0 of 8 · \d+ unknown$/);
      },
    );
    assert.deepEqual((await journey.workbench.notifications.texts()).filter((text) => text.includes('verified.')), []);
    await mesh('up', '--context', contexts['cluster-1']);
    await mesh('speed', '20');
    const { sentence, isVerified } = await journey.driver.answerUntilSaid();
    assert.ok(isVerified, sentence);
    await eventuallyEquals(() => said(move), '2 of 8');
  });

  it('with a cluster gone nothing is moved in another, because nobody knows what its proxies trust', async () => {
    await journey.goOn({ title: /^Migrate namespace / });
    const labels = (await labelColumns(journey.workbench, 'cluster-1')).get('baz');
    const title = await journey.driver.openNext();
    assert.equal(title, 'Migrate namespace baz · cluster-1');
    await mesh('down', '--context', contexts['cluster-2']);
    const { sentence } = await journey.driver.runPreviewed(title);
    assert.match(sentence, /^Migrate namespace baz · cluster-1 is not done: gate [\w-]+ is not known, so shut: /);
    assert.deepEqual((await labelColumns(journey.workbench, 'cluster-1')).get('baz'), labels);
    await mesh('up', '--context', contexts['cluster-2']);
    // Until its proxies have been read again, all that can be done is to look.
    await eventuallyEquals(() => said(move), '2 of 8');
    await journey.goOn({ status: /phase 1 · 3 of 8/ });
  });
});
