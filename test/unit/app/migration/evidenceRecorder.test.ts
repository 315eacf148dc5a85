// What is written down in the clusters of a rehearsal mesh, and what gates then make of it; and the forecast before a restart.
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { stringify } from 'yaml';
import { EvidenceRecorder } from '../../../../src/app/migration/evidenceRecorder.js';
import { forecastNamespace } from '../../../../src/app/migration/injectionForecast.js';
import type { ClusterRef } from '../../../../src/domain/cluster.js';
import { clusterKey } from '../../../../src/domain/cluster.js';
import { controlPlaneIdentity } from '../../../../src/domain/evidence/controlPlaneFacts.js';
import { concernsOf } from '../../../../src/domain/evidence/concerns.js';
import { textRenderer } from '../../../../src/shared/text/render.js';
import { wallClock } from '../../../support/clusterFollower.js';
import type { AwkwardMesh } from '../../../support/evidenceMesh.js';
import { firstCluster, meshReaders, planOf, REVISION_1, REVISION_2, startAwkwardMesh } from '../../../support/evidenceMesh.js';

describe('evidence of a rehearsal mesh', function () {
  this.timeout(60_000);
  let mesh: AwkwardMesh;
  let folder: string;
  const readers = meshReaders();
  const signal = new AbortController().signal;
  const one = (): readonly ClusterRef[] => mesh.refs.slice(0, 1);
  const recorder = new EvidenceRecorder({ ...readers.evidence, clock: wallClock });

  before(async () => {
    mesh = await startAwkwardMesh('asm-citadel', [REVISION_1, REVISION_2]);
    folder = await mkdtemp(path.join(os.tmpdir(), 'mesh-ca-recorder-'));
  });
  after(async () => {
    await mesh.end();
    await rm(folder, { recursive: true });
  });

  it('records who could talk before: within each cluster, and not between clusters with roots of their own', async () => {
    const plan = planOf(mesh.refs);
    const attempt = await recorder.recordBaseline(await readers.situation(mesh.refs, plan), signal);
    assert.ok(attempt.ok);
    assert.deepEqual(attempt.value.unknown, []);
    const places = attempt.value.record.pairs.map((pair) => pair.replace(/\|[^,]*/g, ''));
    assert.deepEqual(places, ['cluster-1,cluster-1', 'cluster-2,cluster-2']);
    const after = await readers.situation(mesh.refs, plan);
    const keys = mesh.refs.map(clusterKey);
    assert.deepEqual([...(after.facts.baseline?.pairs ?? [])].map((pair) => keys.filter((key) => pair.includes(key)).length), [1, 1]);
  });

  it('records in every cluster who is in the fleet, so that the gates of whoever looks at one of them see it', async () => {
    const plan = planOf(mesh.refs);
    const members = [{ name: 'projects/rehearsal-project/locations/global/memberships/billing', cluster: 'projects/rehearsal-project/locations/us-east1/clusters/billing' }];
    const before = await readers.situation(mesh.refs, plan);
    assert.deepEqual(before.facts.fleet, { state: 'unread', why: 'never', project: 'rehearsal-project' });
    assert.ok((await recorder.recordFleet(before, { project: 'rehearsal-project', members }, signal)).ok);
    for (const ref of mesh.refs) {
      const seen = await readers.situation([ref], plan);
      assert.deepEqual(seen.facts.fleet, { state: 'read', members: 1, notInPlan: ['gke_rehearsal-project_us-east1_billing'] });
    }
  });

  it('records no baseline while a proxy is unknown, and names it', async () => {
    const allowAgain = mesh.rehearsal.clusters[0]!.alsoDeny({ resources: ['pods/portforward', 'pods/exec'], namespaces: ['foo'] });
    const situation = await readers.situation(one(), planOf(one()));
    allowAgain();
    await readers.evidence.records.write(mesh.refs[0]!, { baseline: undefined }, signal);
    const attempt = await recorder.recordBaseline(situation, signal);
    assert.deepEqual(attempt.ok && attempt.value.unknown.map(({ proxy }) => `${proxy.namespace}/${proxy.workload}`), ['foo/Deployment/httpbin', 'foo/Deployment/sleep']);
    const kept = await readers.evidence.records.read(mesh.refs[0]!, signal);
    assert.equal(kept.ok && kept.value.baseline, undefined);
  });

  it('records no baseline while a cluster of the plan was not read, and names it', async () => {
    await readers.evidence.records.write(mesh.refs[0]!, { baseline: undefined }, signal);
    const attempt = await recorder.recordBaseline(await readers.situation(one(), planOf(mesh.refs)), signal);
    assert.deepEqual(attempt.ok && [attempt.value.unknown, attempt.value.unread], [[], ['cluster-2']]);
    const kept = await readers.evidence.records.read(mesh.refs[0]!, signal);
    assert.equal(kept.ok && kept.value.baseline, undefined);
  });

  it('records a backup after reading it back, and the secret counts as backed up until it changes', async () => {
    const [ref] = mesh.refs;
    const { store } = mesh.rehearsal.clusters[0]!;
    const backedUp = async (): Promise<boolean | undefined> => {
      const facts = firstCluster(await readers.situation(one(), planOf(one())));
      return facts.caSecrets.find(({ name }) => name === 'istio-ca-secret')?.backedUp;
    };
    const file = path.join(folder, 'ca.yaml');
    await writeFile(file, '', { mode: 0o600 });
    assert.equal((await recorder.recordBackup(ref!, { secret: 'istio-ca-secret', file, roots: [] }, signal)).ok, false);
    assert.equal(await backedUp(), false);
    const stored = store.get('secrets', 'istio-system', 'istio-ca-secret')!;
    await writeFile(file, stringify(stored));
    assert.equal((await recorder.recordBackup(ref!, { secret: 'istio-ca-secret', file, roots: [] }, signal)).ok, true);
    assert.equal(await backedUp(), true);
    store.replace('secrets', { ...stored, metadata: { ...stored.metadata, labels: { touched: 'yes' } } });
    assert.equal(await backedUp(), false);
  });

  it('keeps what a probe held, as evidence of the istiod that is there now and of no other', async () => {
    const [ref] = mesh.refs;
    const revision = 'asm-1162-2';
    const { snapshots } = await readers.situation(one(), planOf(one()));
    const held = { at: 0, revision, passed: true, issuer: 'AA', anchors: ['AA'], domain: 'cluster.local' };
    const probes = async () => firstCluster(await readers.situation(one(), planOf(one()))).probes.map((probe) => [probe.revision, probe.passed, probe.domain]);
    await recorder.recordProbe(ref!, { ...held, controlPlane: 'of an istiod before it' }, signal);
    assert.deepEqual(await probes(), []);
    await recorder.recordProbe(ref!, { ...held, controlPlane: controlPlaneIdentity(snapshots[0]!, revision)! }, signal);
    assert.deepEqual(await probes(), [[revision, true, 'cluster.local']]);
  });

  it('keeps the last answer of a namespace\'s test among what steps left behind', async () => {
    const [ref] = mesh.refs;
    await recorder.recordTest(ref!, { namespace: 'foo', revision: REVISION_1, passed: true, by: 'answer' }, signal);
    const situation = await readers.situation(one(), planOf(one()));
    const traces = situation.traces?.get(clusterKey(ref!));
    assert.deepEqual(traces?.applicationTests, [{ namespace: 'foo', revision: REVISION_1, passed: true }]);
    assert.ok(traces.installedStates?.includes('asm-1162-2'));
  });

  it('forecasts by the API server what a restart would inject, and refuses pinned open-source images in phase 2 alone', async () => {
    const [ref] = mesh.refs;
    const situation = await readers.situation(one(), planOf(one()));
    const forecast = async (phase: 1 | 2) => {
      const found = await forecastNamespace(situation, { cluster: ref!, namespace: 'odd', phase }, readers.evidence.injectionForecaster, signal);
      assert.ok(found.every(({ asked }) => asked));
      return found.filter(({ pinnedForeignImage }) => pinnedForeignImage !== undefined).map(({ workload, pinnedForeignImage }) => [workload, pinnedForeignImage]);
    };
    assert.deepEqual(await forecast(2), [['Deployment/pinned', 'docker.io/istio/proxyv2:1.23.2']]);
    assert.deepEqual(await forecast(1), []);
  });

  it('falls back to the webhooks\' selectors where pods may not be created', async () => {
    const [ref] = mesh.refs;
    const situation = await readers.situation(one(), planOf(one()));
    const allowAgain = mesh.rehearsal.clusters[0]!.alsoDeny({ verbs: ['create'], resources: ['pods'] });
    const found = await forecastNamespace(situation, { cluster: ref!, namespace: 'odd', phase: 2 }, readers.evidence.injectionForecaster, signal);
    allowAgain();
    assert.ok(found.length > 5 && found.every(({ asked }) => !asked));
    assert.deepEqual(found.find(({ workload }) => workload === 'CronJob/nightly')?.outcome, {
      kind: 'injected', revision: 'asm-1162-2', proxyImage: undefined, caAddress: undefined,
    });
    assert.deepEqual(found.filter(({ pinnedForeignImage }) => pinnedForeignImage).map(({ workload }) => workload), ['Deployment/pinned']);
  });

  it('says what is worth knowing: budgets, autoscalers and aliases that a successor lacks', async () => {
    const { store } = mesh.rehearsal.clusters[0]!;
    const budget = (name: string) => ({ apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata: { name, namespace: 'foo' }, spec: { minAvailable: 1, selector: { matchLabels: { app: 'httpbin' } } } });
    for (const name of ['one', 'two']) store.create('poddisruptionbudgets.policy', budget(name));
    const config = store.get('configmaps', 'istio-system', 'istio-asm-1162-2')!;
    const data = config.data as { readonly mesh: string };
    const aliased = data.mesh.replace(/trustDomainAliases:\n( *)/, 'trustDomainAliases:\n$1- corp.example\n$1');
    assert.notEqual(aliased, data.mesh);
    store.replace('configmaps', { ...config, data: { ...data, mesh: aliased } });
    const plan = planOf(one());
    const { snapshots, evidence, now } = await readers.situation(one(), plan);
    const english = textRenderer('en');
    const said = concernsOf(snapshots[0]!, evidence?.get(clusterKey(mesh.refs[0]!)), plan, now).map(english).join('\n');
    assert.match(said, /foo: pods of Deployment\/httpbin are matched by the budgets one, two/);
    assert.match(said, /distribute-root does not accept corp\.example, which asm-1162-2 accepts/);
  });
});
