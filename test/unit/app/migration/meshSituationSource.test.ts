// The situation of a rehearsal mesh with one of everything that a migration trips over: what gates see of it.
import assert from 'node:assert/strict';
import { Emitter } from '../../../../src/app/events.js';
import type { ClusterChange } from '../../../../src/app/inventory/meshInventory.js';
import { MeshSituationSource } from '../../../../src/app/migration/meshSituationSource.js';
import { fixedSnapshots } from '../../../../src/app/migration/snapshotSource.js';
import type { ClusterGateFacts } from '../../../../src/domain/gates/gateFacts.js';
import { foldDeltas } from '../../../../src/domain/mesh/fold.js';
import type { ClusterSnapshot } from '../../../../src/domain/mesh/snapshot.js';
import type { MeshSituation } from '../../../../src/domain/procedure/procedureStep.js';
import { message } from '../../../../src/shared/text/message.js';
import { silentLog } from '../../../support/clusterFollower.js';
import type { AwkwardMesh } from '../../../support/evidenceMesh.js';
import { drawCreatable, drawProxies, firstCluster, meshReaders, planOf, REVISION_1, startAwkwardMesh, TOOLS } from '../../../support/evidenceMesh.js';
import { ManualClock } from '../../../support/manualClock.js';

const OLD = 'asm-1162-2';

describe('the situation of a mesh with self-signed roots', function () {
  this.timeout(60_000);
  let mesh: AwkwardMesh;
  let situation: MeshSituation;
  let facts: ClusterGateFacts;
  const readers = meshReaders();
  const signal = new AbortController().signal;

  before(async () => {
    mesh = await startAwkwardMesh('asm-citadel');
    situation = await readers.situation(mesh.refs, planOf(mesh.refs), 2);
    facts = firstCluster(situation);
  });
  after(async () => { await mesh.end(); });

  it('leaves nothing unread where everything may be read, although kinds of Istio and fleets are not served', () => {
    assert.deepEqual(situation.facts.clusters.map(({ unread }) => unread), [[], []]);
  });

  it('counts pods whatever owns them, a Job whose sidecar still runs among them', () => {
    assert.deepEqual(drawProxies(facts, 'odd').map((line) => line.replace(/nightly-\d+/, 'nightly')), [
      `DaemonSet/agent 3 ${OLD} read 1 anchors cluster.local`,
      `Deployment/frozen 2 ${OLD} read 1 anchors cluster.local`,
      `Deployment/handmade 1 ${OLD} read 1 anchors cluster.local`,
      `Deployment/pinned 1 ${OLD} read 1 anchors cluster.local`,
      `Job/import 1 ${OLD} read 1 anchors cluster.local`,
      `Job/nightly 1 ${OLD} read 1 anchors cluster.local`,
      `StatefulSet/cache 2 ${OLD} read 1 anchors cluster.local`,
    ]);
  });

  it('says what could be created next: scaled to zero, scheduled, injected by hand, or a plain pod', () => {
    assert.deepEqual(drawCreatable(facts, 'odd'), [
      `CronJob/nightly meshed injected ${OLD}`,
      `DaemonSet/agent meshed injected ${OLD}`,
      `Deployment/dormant meshed injected ${OLD}`,
      `Deployment/frozen meshed injected ${OLD}`,
      `Deployment/handmade meshed handInjected ${OLD}`,
      `Deployment/pinned meshed injected ${OLD}`,
      `Job/import meshed injected ${OLD}`,
      `StatefulSet/cache meshed injected ${OLD}`,
      `Namespace/odd meshed injected ${OLD}`,
    ]);
  });

  it('finds a workload whose own labels ask for a sidecar in a namespace that does not', () => {
    assert.deepEqual(drawCreatable(facts, 'plain'), [`Deployment/volunteer meshed injected ${OLD}`, 'Deployment/website outside withoutSidecar']);
  });

  it('marks a pinned open-source proxy image, and no other', () => {
    assert.deepEqual(facts.creatable.filter(({ foreignProxyImage }) => foreignProxyImage).map(({ workload }) => workload), ['Deployment/pinned']);
  });

  it('resolves a tag to the revision behind it, and lists the tag itself', () => {
    const named = facts.references.filter(({ name }) => name === 'tagged' || name === 'stable');
    assert.deepEqual(named, [{ kind: 'namespace', name: 'tagged', revision: OLD }, { kind: 'tag', name: 'stable', revision: OLD }]);
  });

  it('names both revisions of a namespace with both labels: the one that loses today wins when the other goes', () => {
    assert.deepEqual(facts.references.filter(({ name }) => name === 'baz').map(({ revision }) => revision).sort(), [OLD, REVISION_1]);
  });

  it('finds gateways in any namespace, injected or rendered from a Gateway, with their Services', () => {
    const services = facts.gatewayServices.map(({ namespace, name, ready }) => [namespace, name, ready]);
    assert.deepEqual(services, [
      ['edge', 'edge-gateway', { 'Deployment/edge-gateway': 2 }],
      ['edge', 'partners-istio', { 'Deployment/partners-istio': 1 }],
      ['istio-system', 'istio-eastwestgateway', { 'Deployment/istio-eastwestgateway': 2 }],
      ['istio-system', 'istio-ingressgateway', { 'Deployment/istio-ingressgateway': 2 }],
    ]);
    assert.ok(facts.references.some(({ kind, name }) => kind === 'gatewayApi' && name === 'edge/Gateway/partners'));
  });

  it('tells a gateway that has loaded no certificates from one that trusts nothing', () => {
    assert.deepEqual(drawProxies(facts, 'istio-system')[0], `Deployment/istio-eastwestgateway 2 ${OLD} notLoaded`);
  });

  it('names the roots of two clusters apart although their subjects are equal', () => {
    const issuers = situation.facts.clusters.map(({ controlPlanes }) => controlPlanes.find(({ revision }) => revision === OLD)?.issuer);
    assert.equal(new Set(issuers).size, 2);
    assert.ok(issuers.every((issuer) => issuer !== undefined && issuer !== 'MESHCA'));
  });

  it('sees the CA secret by name alone, and no backup of it', () => {
    assert.deepEqual(facts.caSecrets, [
      { name: 'cacerts', present: false, backedUp: false },
      { name: 'istio-ca-secret', present: true, backedUp: false },
    ]);
    assert.doesNotMatch(JSON.stringify(situation.snapshots[0]?.objects.secrets), /ca-key|BEGIN/);
  });

  it('is settled by two surveys that met the same classes, and not by one', async () => {
    assert.equal(situation.facts.settled, true);
    const [ref] = mesh.refs;
    const once = await readers.situation([ref!], planOf([ref!]), 1);
    assert.equal(once.facts.settled, false);
    const read = await readers.clusterReader.readOnce(ref!, signal);
    assert.ok(read.ok);
    const source = readers.source(fixedSnapshots([read.value]), () => planOf([ref!]));
    assert.equal((await source.refresh(signal)).facts.settled, true, 'a refresh reads as often as it takes');
    source.dispose();
  });

  it('names a cluster that a remote secret knows and the plan does not, and one of the plan that is not looked at', async () => {
    const { store } = mesh.rehearsal.clusters[0]!;
    const labels = { 'istio/multiCluster': 'true' };
    for (const name of ['cn-rehearsal-project-us-east1_x', 'cluster-2']) {
      const metadata = { name: `istio-remote-secret-${name.replace('_', '-')}`, namespace: 'istio-system', labels, annotations: { 'networking.istio.io/cluster': name } };
      store.create('secrets', { apiVersion: 'v1', kind: 'Secret', metadata, data: {} });
    }
    const seen = await readers.situation(mesh.refs.slice(0, 1), planOf(mesh.refs));
    assert.deepEqual(seen.facts.clustersNotInPlan, ['cn-rehearsal-project-us-east1_x']);
    assert.deepEqual(seen.facts.clusters.map(({ unread }) => unread.map(({ key }) => key)), [[], ['reason.clusterNotRead']]);
    const waived = { subject: 'cn-rehearsal-project-us-east1_x', what: 'membership', reason: 'switched off', until: '2099-01-01' };
    const after = await readers.situation(mesh.refs.slice(0, 1), planOf(mesh.refs, { waivers: [waived] }));
    assert.deepEqual(after.facts.clustersNotInPlan, []);
  });

  it('goes on with the rest where kinds are forbidden, and names them', async () => {
    const [cluster] = mesh.rehearsal.clusters;
    const allowAgain = cluster!.alsoDeny({ resources: ['secrets', 'cronjobs.batch', 'authorizationpolicies.security.istio.io'] });
    const seen = firstCluster(await readers.situation(mesh.refs, planOf(mesh.refs)));
    allowAgain();
    assert.deepEqual(seen.unread.map(({ args }) => args.what).sort(), ['cronJobs', 'secrets']);
    assert.match(JSON.stringify(seen.unread), /forbidden/);
    assert.equal(seen.caSecrets[0]?.present, 'unknown');
    assert.equal(seen.openIdentityFindings, undefined);
    assert.ok(seen.proxies.length > 10);
  });

  it('lets readings grow old, and makes nothing of one that a pod has outlived', async () => {
    const clock = new ManualClock(Date.now());
    const read = await readers.clusterReader.readOnce(mesh.refs[0]!, signal);
    assert.ok(read.ok);
    const source: MeshSituationSource = readers.source(fixedSnapshots([read.value]), () => planOf(mesh.refs.slice(0, 1)), clock);
    assert.match(JSON.stringify(firstCluster(source.current()).proxies[0]?.standing), /reason.notReadYet/);
    await source.readOnce(signal);
    assert.equal(firstCluster(source.current()).proxies[0]?.standing.kind, 'read');
    clock.advance(16 * 60_000);
    assert.match(JSON.stringify(firstCluster(source.current()).proxies[0]?.standing), /reason.readLongAgo/);
    source.dispose();
  });

  it('is not settled by surveys that began before the last change', async () => {
    const clock = new ManualClock(Date.now());
    const read = await readers.clusterReader.readOnce(mesh.refs[0]!, signal);
    assert.ok(read.ok);
    const source = readers.source(fixedSnapshots([read.value]), () => planOf(mesh.refs.slice(0, 1)), clock);
    for (let pass = 0; pass < 2; pass += 1) {
      clock.advance(1000);
      await source.readOnce(signal);
    }
    assert.equal(source.current().facts.settled, true);
    source.noteChange();
    assert.equal(source.current().facts.settled, false);
    clock.advance(1000);
    assert.equal((await source.readOnce(signal)).facts.settled, false);
    clock.advance(1000);
    assert.equal((await source.readOnce(signal)).facts.settled, true);
    source.dispose();
  });

  it('forgets what it read of a proxy that stopped since, even when the same pod runs again, and announces a burst once', async () => {
    const clock = new ManualClock(Date.now());
    const read = await readers.clusterReader.readOnce(mesh.refs[0]!, signal);
    assert.ok(read.ok);
    const changes = new Emitter<readonly ClusterChange[]>(() => undefined);
    const [ref] = mesh.refs;
    let now: ClusterSnapshot = read.value;
    const clusters = { clusters: [ref!], snapshot: () => now, onDidChange: changes.event };
    const source = readers.source(clusters, () => planOf(mesh.refs.slice(0, 1)), clock);
    await source.readOnce(signal);
    const [name, foo] = [...now.namespaces.get('bar')!.pods].find(([, { labels }]) => labels.app === 'sleep')!;
    const becomes = (state: 'waiting' | 'running'): void => {
      const before = now;
      const object = { kind: 'pods', facts: { ...foo, proxy: { ...foo.proxy!, state } } } as const;
      now = foldDeltas(before, [{ type: 'set', object }]);
      changes.fire([{ ref: ref!, before, after: now }]);
    };
    const standing = (): unknown => firstCluster(source.current()).proxies.find(({ namespace, pods }) => namespace === 'bar' && pods.includes(name))?.standing;
    const heard: string[] = [];
    source.onDidChange(() => heard.push('changed'));
    becomes('waiting');
    assert.deepEqual(standing(), { kind: 'followsInjector' });
    becomes('running');
    assert.deepEqual(standing(), { kind: 'unknown', reason: message('reason.notReadYet') });
    assert.equal(drawProxies(firstCluster(source.current()), 'foo').length, 2, 'what did not change is still known');
    assert.deepEqual(heard, []);
    clock.advance(60_000);
    await Promise.resolve();
    await Promise.resolve();
    assert.deepEqual(heard, ['changed']);
    source.dispose();
  });

  it('lets go at once whoever does not want to wait behind another reading any more, and begins nothing for them', async () => {
    const begun: string[] = [];
    const reading = (): Promise<never> => {
      begun.push('reading');
      return new Promise(() => undefined);
    };
    const source = new MeshSituationSource({ reading, plan: () => undefined, tools: () => TOOLS, clock: new ManualClock(), clusters: fixedSnapshots([]), log: silentLog });
    void source.readOnce(signal);
    const stop = new AbortController();
    const waiting = source.refresh(stop.signal);
    stop.abort();
    assert.deepEqual((await waiting).facts.clusters, []);
    assert.deepEqual((await source.refresh(AbortSignal.abort())).facts.clusters, []);
    assert.deepEqual(begun, ['reading']);
    source.dispose();
  });

  it('keeps what it knew when reading fails by a bug, and says so in the log', async () => {
    const lines: string[] = [];
    const parts = { reading: () => Promise.reject(new Error('late bundle missing')), plan: () => undefined, tools: () => TOOLS, clock: new ManualClock() };
    const source = new MeshSituationSource({ ...parts, clusters: fixedSnapshots([]), log: { ...silentLog, error: (line) => lines.push(line) } });
    assert.deepEqual((await source.readOnce(signal)).facts.clusters, []);
    assert.match(lines.join(), /late bundle missing/);
    source.dispose();
  });
});
