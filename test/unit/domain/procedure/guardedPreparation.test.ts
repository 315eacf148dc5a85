// What breaks a migration that is begun unprepared, on the simulated mesh: a forgotten cluster, a Mesh CA that refuses, changes that
// have not arrived everywhere; and that the gates stay shut or the row refuses.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { membersIn } from '../../../../src/adapters/gcloudFleet.js';
import type { ClusterRef } from '../../../../src/domain/cluster.js';
import { clusterKey } from '../../../../src/domain/cluster.js';
import { gatherGateFacts, isSettled } from '../../../../src/domain/evidence/gatherGateFacts.js';
import { clustersNotInPlan } from '../../../../src/domain/evidence/membership.js';
import { fleetText } from '../../../../src/domain/evidence/records/fleetRecord.js';
import { waiversAt } from '../../../../src/domain/evidence/waivers.js';
import type { MigrationPlan } from '../../../../src/domain/plan/migrationPlan.js';
import { membershipsCommand } from '../../../../src/domain/procedure/checkFleet.js';
import { isBlocked, planStep } from '../../../../src/domain/procedure/planStep.js';
import type { MeshSituation, StepPlan } from '../../../../src/domain/procedure/procedureStep.js';
import type { StepOrder } from '../../../../src/domain/procedure/stepOrder.js';
import type { KubeObject } from '../../../../src/rehearsal/kubeObject.js';
import { isReady } from '../../../../src/rehearsal/mesh/podTypes.js';
import { anchorsOf } from '../../../../src/rehearsal/mesh/proxyTrust.js';
import { applyDefaults } from '../../../../src/rehearsal/api/defaults.js';
import { pluggedInCaSecret } from '../../../../src/rehearsal/pki/caSecrets.js';
import { createPluggedInAuthority } from '../../../../src/rehearsal/pki/certificateAuthority.js';
import { generateEcKey } from '../../../../src/rehearsal/pki/keySource.js';
import type { KeySource } from '../../../../src/rehearsal/pki/keySource.js';
import { startRehearsal } from '../../../../src/rehearsal/rehearsal.js';
import type { RehearsedCluster, Rehearsal } from '../../../../src/rehearsal/rehearsal.js';
import { findScene } from '../../../../src/rehearsal/scenes/scenes.js';
import { runGcloud } from '../../../../src/rehearsal/standIns/gcloud/gcloud.js';
import { textRenderer } from '../../../../src/shared/text/render.js';
import { meshReaders, planOf, startAwkwardMesh } from '../../../support/evidenceMesh.js';
import { DONE, obstacles, onCluster, onNamespace } from '../../../support/guardedMesh.js';
import { plannedOn, wholly } from '../../../support/listedMesh.js';
import { situation as procedureSituation } from '../../../support/procedureMesh.js';
import { recycledKeys } from '../../../support/recycledKeys.js';
import { NAMESPACES, addGateways, deleteOldGateways, moveEverything, moveNamespace } from '../../../support/rehearsedJourney.js';
import { PLAN, REVISION_1, REVISION_2 } from '../../../support/rehearsedSituation.js';
import { runStandIn } from '../../../support/standInProcess.js';
import { temporaryFolder } from '../../../support/temporaryFolder.js';
import { NOW, canTalk, create, drawPods, fingerprint, meshOf, podsOf, restart } from '../../rehearsal/mesh/drawnMesh.js';
import type { TestMesh, TroubledMesh } from '../../rehearsal/mesh/drawnMesh.js';

const ISTIO = 'istio-system';
const DEPLOYMENTS = 'deployments.apps';
const PROBES = 'mesh-ca-migration-probe';
const A_MINUTE = 60_000;
const english = textRenderer('en');

/** Phase 1 is behind every proxy of the clusters. */
function afterPhaseOne(): TroubledMesh {
  const mesh = meshOf('istio-default', [REVISION_1, REVISION_2]);
  moveEverything(mesh, REVISION_1);
  addGateways(mesh, REVISION_1);
  deleteOldGateways(mesh);
  return mesh;
}

describe('a cluster of the mesh that the plan does not name', function () {
  // Keys for the CAs are made once; on a busy machine that takes longer than mocha waits.
  this.timeout(60_000);

  /** Only the first cluster is looked at, with a plan of it alone or of both. */
  function onlyFirst(mesh: TestMesh, plan: MigrationPlan = { ...PLAN, clusters: PLAN.clusters.slice(0, 1) }): MeshSituation {
    const whole = wholly(mesh, { ...DONE, plan });
    const [snapshot] = whole.snapshots;
    const snapshots = snapshot === undefined ? [] : [snapshot];
    const strangers = clustersNotInPlan(snapshots, plan, waiversAt(plan, 0));
    return { ...whole, snapshots, facts: { ...whole.facts, clusters: whole.facts.clusters.slice(0, 1), clustersNotInPlan: strangers } };
  }

  /** As `istioctl create-remote-secret` and `asmcli create-mesh` leave it. */
  function addRemoteSecret({ first }: TestMesh): void {
    const name = 'istio-remote-secret-cn-rehearsal-project-us-east1-b-cluster-2';
    const metadata = { name, namespace: ISTIO, labels: { 'istio/multiCluster': 'true' } };
    create(first, { resource: 'secrets', object: { apiVersion: 'v1', kind: 'Secret', metadata, type: 'Opaque', data: {} } });
  }

  it('is cut off by phase 2; a remote secret gives it away, and no label of phase 2 is set until it is planned or waived', () => {
    const mesh = meshOf('istio-default', [REVISION_1, REVISION_2]);
    for (const namespace of NAMESPACES) moveNamespace(mesh, mesh.first, namespace, REVISION_1);
    const move = onNamespace('migrate-namespace', 2, 'foo');
    assert.doesNotMatch(obstacles(planStep(move, onlyFirst(mesh))), /cluster-2/u, 'nothing here knows of it');
    addRemoteSecret(mesh);
    const plan = planStep(move, onlyFirst(mesh));
    assert.ok(isBlocked(plan));
    assert.match(obstacles(plan), /cn-rehearsal-project-us-east1-b-cluster-2 .*not in the plan/u);
    const check = planStep({ step: 'check-clusters', phase: 0, target: { scope: 'mesh' }, parameters: {} }, onlyFirst(mesh));
    assert.ok(check.findings.some(({ severity, message }) => severity === 'blocks' && message.key === 'procedureChecks.clusters.notInPlan'));
    moveNamespace(mesh, mesh.first, 'foo', REVISION_2);
    assert.equal(canTalk(mesh.second, 'bar/sleep', mesh.first, 'foo/httpbin'), 'the client does not trust the server');
    assert.doesNotMatch(obstacles(planStep(move, onlyFirst(mesh, PLAN))), /not in the plan/u);
    const waivers = [{ subject: 'cn-rehearsal-project-us-east1-b-cluster-2', what: 'membership', reason: 'switched off', until: '2099-01-01' }];
    assert.doesNotMatch(obstacles(planStep(move, onlyFirst(mesh, { ...PLAN, clusters: PLAN.clusters.slice(0, 1), waivers }))), /not in the plan/u);
  });
});

describe('a cluster of the fleet that nothing in the mesh names', function () {
  this.timeout(60_000);
  const inside = temporaryFolder();

  it('is named by Google Cloud alone; until it is planned or confirmed to be no part of the mesh, phase 2 does not begin', async () => {
    // The second cluster joined the fleet, and nobody has made a remote secret for it yet.
    const contexts = PLAN.clusters.map(({ ref }) => ref.context);
    const clusters = contexts.map((name) => ({ name, cluster: { server: 'https://127.0.0.1:1', 'certificate-authority-data': 'Q0E=' } }));
    const users = contexts.map((name) => ({ name, user: { token: 't' } }));
    writeFileSync(inside('kubeconfig'), JSON.stringify({ apiVersion: 'v1', kind: 'Config', clusters, users, contexts: contexts.map((name) => ({ name, context: { cluster: name, user: name } })) }));
    writeFileSync(inside('mesh.json'), JSON.stringify({ kubeconfigPath: inside('kubeconfig'), contexts, members: contexts, meshCaRootPem: '', speed: 1, script: '', node: '' }));
    const [, ...words] = membershipsCommand('gcloud', PLAN.fleetProject).argv;
    const { stdout } = await runStandIn(runGcloud, words, { cwd: inside(), env: { MESH_CA_REHEARSAL: inside() } });
    const members = membersIn(stdout);
    assert.ok(members.ok);

    const mesh = meshOf('istio-default', [REVISION_1, REVISION_2]);
    for (const namespace of NAMESPACES) moveNamespace(mesh, mesh.first, namespace, REVISION_1);
    const record = (at: number): string => fleetText({ at, project: PLAN.fleetProject, members: members.value });
    const onlyFirst = (kept: Readonly<Record<string, string>>, changes: Partial<MigrationPlan> = {}): MeshSituation => {
      const plan = { ...PLAN, clusters: PLAN.clusters.slice(0, 1), ...changes };
      const whole = wholly(mesh, { ...DONE, plan });
      const snapshots = whole.snapshots.slice(0, plan.clusters.length);
      const evidence = new Map(snapshots.map(({ ref }) => [clusterKey(ref), { proxies: new Map(), records: { ok: true, value: kept }, identity: undefined } as const]));
      const { fleet } = gatherGateFacts({ snapshots, plan, evidence, surveys: [], changedAt: undefined, now: 0, freshForMs: 0 });
      return { ...whole, snapshots, facts: { ...whole.facts, clusters: whole.facts.clusters.slice(0, plan.clusters.length), fleet } };
    };
    const install = onCluster('install-revision-2', 2);
    const fleetItems = (situation: MeshSituation): string => obstacles(planStep(install, situation)).split('\n').filter((line) => line.includes('fleet')).join('\n');
    assert.match(fleetItems(onlyFirst({})), /not known who is in fleet rehearsal-project: nobody has asked/u);
    assert.match(fleetItems(onlyFirst({ fleet: record(-10 * 24 * 60 * A_MINUTE) })), /Google Cloud was asked 10 days ago/u);
    assert.match(fleetItems(onlyFirst({ fleet: record(0) })), /gke_rehearsal-project_us-east1-b_cluster-2 is in the fleet and not in the plan/u);
    assert.equal(fleetItems(onlyFirst({ fleet: record(0) }, { clusters: PLAN.clusters })), '');
    const waivers = [{ subject: 'gke_rehearsal-project_us-east1-b_cluster-2', what: 'membership', reason: 'a cluster for builds', until: '2099-01-01' }];
    assert.equal(fleetItems(onlyFirst({ fleet: record(0) }, { waivers })), '');
    moveNamespace(mesh, mesh.first, 'foo', REVISION_2);
    assert.equal(canTalk(mesh.second, 'bar/sleep', mesh.first, 'foo/httpbin'), 'the client does not trust the server');
  });
});

describe('a Mesh CA that gives out no certificate', function () {
  this.timeout(60_000);

  /** What `kubectl apply` of the probe row's manifests makes, its dry-run left out; whether `kubectl wait` would see it Ready. */
  function probe(mesh: TestMesh): boolean {
    const { backend } = mesh.first;
    const { commands } = plannedOn(mesh, onCluster('probe-revision-2', 2));
    const manifests = commands.flatMap(({ argv, stdin }) => (stdin === undefined || argv.includes('--dry-run=server') ? [] : [JSON.parse(stdin) as KubeObject]));
    for (const object of manifests) {
      if (object.kind === 'Namespace') backend.store.create('namespaces', applyDefaults(object));
      else {
        const answer = backend.admitPod(applyDefaults(object));
        if ('admitted' in answer) backend.store.create('pods', answer.admitted);
      }
    }
    mesh.clock.advance(A_MINUTE);
    const isProven = podsOf(mesh.first, PROBES).some(isReady);
    for (const { metadata } of podsOf(mesh.first, PROBES)) backend.store.remove('pods', PROBES, metadata.name);
    backend.store.remove('namespaces', undefined, PROBES);
    return isProven;
  }

  it('stops every workload that is moved to it; the probe meets it first, and without its proof no namespace is moved', () => {
    const mesh = afterPhaseOne();
    const heal = mesh.troubles.add({ kind: 'caOutage', pods: { revision: REVISION_2 } });
    const move = onNamespace('migrate-namespace', 2, 'bar');
    const proven = (): readonly string[] => (probe(mesh) ? [REVISION_1, REVISION_2] : [REVISION_1]);
    assert.match(obstacles(planStep(move, wholly(mesh, { ...DONE, probed: proven() }))), /cluster-1@.* has not been tried with a probe pod/u);
    moveNamespace(mesh, mesh.first, 'bar', REVISION_2);
    assert.match(drawPods(mesh, mesh.first, 'bar'), /reports-1 · running · no proxy/u);
    heal();
    mesh.clock.advance(2 * A_MINUTE);
    assert.doesNotMatch(obstacles(planStep(move, wholly(mesh, { ...DONE, probed: proven() }))), /probe pod/u);
    assert.match(drawPods(mesh, mesh.first, 'bar'), new RegExp(`reports-1 · ready · ${REVISION_2} · .* · by MESHCA`, 'u'));
  });
});

/** Each kind of proxy there is: what it trusts and what signed it, by key. */
function classesOf({ first, second }: TestMesh): ReadonlySet<string> {
  return new Set([first, second].flatMap((cluster) => NAMESPACES.flatMap((namespace) => podsOf(cluster, namespace).flatMap(({ metadata }) => {
    const proxy = cluster.proxyIn(namespace, metadata.name);
    return proxy?.trust === undefined ? [] : [[...anchorsOf(proxy.settings.agent, proxy.trust), proxy.trust.signer.root].map(fingerprint).join(' ')];
  }))));
}

describe('issuer and bundle changed in one step', function () {
  this.timeout(60_000);

  const talks = (mesh: TestMesh): boolean => canTalk(mesh.first, 'foo/sleep', mesh.first, 'foo/httpbin') === 'yes' && canTalk(mesh.first, 'foo/httpbin', mesh.first, 'foo/sleep') === 'yes';

  it('let a proxy that has heard sign anew before its peer trusts the new root: the files that would do it are refused', () => {
    const mesh = afterPhaseOne();
    const authority = createPluggedInAuthority('New', NOW, generateEcKey);
    const names = { caCert: '/srv/ca-cert.pem', caKey: '/srv/ca-key.pem', rootCert: '/srv/root-cert.pem', certChain: '/srv/cert-chain.pem' };
    const read = wholly(mesh);
    const planned = { ...PLAN, clusters: PLAN.clusters.map((cluster) => ({ ...cluster, caFiles: names })) };
    const facts = { root: fingerprint(authority.rootPem), keyMatches: true, chainVerifies: true, keyType: 'rsa', expiresAt: 1 } as const;
    const install = plannedOn(mesh, onCluster('install-revision-1', 1), (request) => (request.kind === 'caFiles' ? { kind: 'caFiles', facts } : { kind: 'absent' }), { ...read, plan: planned });
    assert.ok(install.findings.some(({ severity, message }) => severity === 'blocks' && message.key === 'procedureChecks.caFiles.rootSwitch'));

    const surveys = [{ startedAt: 1, classes: classesOf(mesh) }];
    mesh.first.backend.store.replace('secrets', { ...mesh.first.backend.store.get('secrets', ISTIO, 'cacerts')!, ...secretData(pluggedInCaSecret(authority)) });
    restart(mesh.first, DEPLOYMENTS, ISTIO);
    let broken = 0;
    for (let step = 0; step < 1_200; step += 1) {
      mesh.clock.advance(100);
      if (talks(mesh)) continue;
      broken += 1;
      if (surveys.length === 1) surveys.push({ startedAt: 2, classes: classesOf(mesh) });
    }
    assert.ok(broken > 0, 'at some moment one of two had the new certificate and the other not the new root');
    assert.equal(isSettled(surveys, undefined), false);
  });

  it('which a gate does not take for the end: it waits until two surveys, begun after the step, agree', () => {
    const mesh = afterPhaseOne();
    const move = onNamespace('migrate-namespace', 2, 'foo');
    const gate = (surveys: Parameters<typeof isSettled>[0]): string => {
      const read = wholly(mesh);
      return obstacles(planStep(move, { ...read, facts: { ...read.facts, settled: isSettled(surveys, 1) } }));
    };
    const before = { startedAt: 2, classes: classesOf(mesh) };
    restart(mesh.second, DEPLOYMENTS, 'bar');
    const fresh = (): boolean => podsOf(mesh.second, 'bar').some(({ metadata }) => mesh.second.proxyIn('bar', metadata.name)?.trust !== undefined && mesh.second.proxyIn('bar', metadata.name)?.trust?.push === undefined);
    while (!fresh()) mesh.clock.advance(50);
    const during = { startedAt: 3, classes: classesOf(mesh) };
    assert.notDeepEqual(during.classes, before.classes, 'a fresh proxy has its CA’s root alone until the first push');
    assert.match(gate([before, during]), /two surveys/iu);
    mesh.clock.advance(A_MINUTE);
    const after = { startedAt: 4, classes: classesOf(mesh) };
    assert.match(gate([during, after]), /two surveys/iu);
    assert.doesNotMatch(gate([after, { ...after, startedAt: 5 }]), /two surveys/iu);
  });
});

function secretData({ data }: KubeObject): { readonly data: unknown } {
  return { data };
}

describe('CAs that end in the middle', function () {
  this.timeout(60_000);
  const inside = temporaryFolder();
  const DAY_MS = 86_400_000;

  /** An intermediate that has so many days left, and what is read of the mesh under it. */
  async function meshWithDaysLeft(days: number): Promise<{ readonly rehearsal: Rehearsal; readonly refs: readonly ClusterRef[]; readonly situation: MeshSituation }> {
    const meshAge = 61;
    const scene = { ...findScene('istio-default')!, createSharedAuthority: (now: Date, newKey: KeySource) => createPluggedInAuthority('Rehearsal', now, newKey, meshAge + days) };
    const rehearsal = await startRehearsal({ scene, newKey: recycledKeys(), listen: { host: '127.0.0.1', port: 0 }, kubeconfigPath: inside(`config-${days}`), withRevisions: [], speed: 0, log: () => undefined });
    const refs = rehearsal.clusters.map(({ contextName }) => ({ kubeconfig: rehearsal.kubeconfigPath, context: contextName }));
    return { rehearsal, refs, situation: await meshReaders().situation(refs, planOf(refs)) };
  }

  /** In openssl's words, what a proxy says of a certificate under this CA after so many days. */
  function verifiedAfter({ clusters: [first] }: Rehearsal, days: number): string {
    const { data } = first!.store.get('secrets', ISTIO, 'cacerts') as unknown as { readonly data: Readonly<Record<string, string>> };
    for (const name of ['root-cert.pem', 'ca-cert.pem']) writeFileSync(inside(name), Buffer.from(data[name] ?? '', 'base64'));
    const at = Math.floor((Date.now() + days * DAY_MS) / 1_000);
    const { status, stderr } = spawnSync('openssl', ['verify', '-attime', `${at}`, '-CAfile', inside('root-cert.pem'), inside('ca-cert.pem')], { encoding: 'utf8' });
    return status === 0 ? 'OK' : stderr;
  }

  it('end mTLS whatever step it is at: the first install is refused until they are renewed, or waived with a reason', async () => {
    const { rehearsal, refs, situation } = await meshWithDaysLeft(10);
    const words = [verifiedAfter(rehearsal, 5), verifiedAfter(rehearsal, 20)];
    await rehearsal.stop();
    assert.equal(words[0], 'OK');
    assert.match(words[1] ?? '', /certificate has expired/u);
    const install: StepOrder = { step: 'install-revision-1', phase: 1, target: { scope: 'cluster', cluster: refs[0]! }, parameters: {} };
    const refused = (plan: MigrationPlan): readonly string[] =>
      planStep(install, { ...situation, plan }).findings.flatMap(({ message }) => (message.key === 'procedureChecks.install.caEnds' ? [english(message)] : []));
    const [only, ...more] = refused(planOf(refs));
    assert.match(only ?? '', /Intermediate CA.* ends within (9|10) days/u);
    assert.deepEqual(more, []);
    const waivers = [{ subject: 'cluster-1', what: 'expiry', reason: 'everything is moved this week', until: '2099-01-01' }];
    assert.deepEqual(refused(planOf(refs, { waivers })), []);
    const earlier = planStep(install, { ...situation, now: situation.now - 30 * DAY_MS });
    assert.deepEqual(earlier.findings.filter(({ message }) => message.key === 'procedureChecks.install.caEnds'), []);
  });
});

describe('downloading migrate_ca', () => {
  const inside = temporaryFolder();
  const pages: { server?: Server; script: string | undefined } = { script: undefined };
  before(async () => {
    pages.server = createServer((_request, response) => {
      response.writeHead(pages.script === undefined ? 404 : 200).end(pages.script ?? '404: Not Found');
    });
    pages.server.listen(0, '127.0.0.1');
    await once(pages.server, 'listening');
  });
  after(() => { pages.server?.close(); });

  async function run(words: readonly string[]): Promise<{ readonly code: number | null; readonly stdout: string }> {
    const address = pages.server?.address() as AddressInfo;
    const [tool = '', ...rest] = words.map((word) => (word.startsWith('https://') ? `http://127.0.0.1:${address.port}/migrate_ca` : word));
    const child = spawn(tool, rest, { stdio: ['ignore', 'pipe', 'ignore'] });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    const [code] = (await once(child, 'close')) as [number | null];
    return { code, stdout: Buffer.concat(chunks).toString() };
  }

  it('as the guide says makes a script of the page that says 404; the row’s line fails, and what is there is not believed', async () => {
    const file = inside('migrate_ca');
    const order: StepOrder = { step: 'download-migrate-ca', phase: 0, target: { scope: 'mesh' }, parameters: { directory: inside() } };
    const situation = procedureSituation();
    const plan = planStep(order, situation);
    const verdict = (): string | undefined => plan.verify?.({ ...situation, inspection: existsSync(file) ? { [`file ${file}`]: { kind: 'file', text: readFileSync(file, 'utf8') } } : {} }).kind;
    const url = plan.guideForm?.lines[0]?.split(' ')[1] ?? '';
    const { code, stdout } = await run(['curl', '--silent', url]);
    writeFileSync(file, stdout);
    assert.deepEqual([code, readFileSync(file, 'utf8')], [0, '404: Not Found']);
    assert.equal(verdict(), 'open');
    rmSync(file);
    assert.notEqual((await run(plan.commands[0]?.argv ?? [])).code, 0);
    assert.deepEqual([existsSync(file), verdict()], [false, 'open']);
    pages.script = '#!/usr/bin/env bash\n# check-trust-anchor: the tool of the same name on another branch\n';
    assert.equal((await run(plan.commands[0]?.argv ?? [])).code, 0);
    assert.equal(verdict(), 'open');
    pages.script = '#!/bin/bash\ncheck-root-cert() { :; }\n';
    for (const { argv } of plan.commands) assert.equal((await run(argv)).code, 0);
    assert.equal(verdict(), 'verified');
  });
});

describe('the record of an installation', function () {
  this.timeout(60_000);
  const NOT_FOUND = /not ?found|could not find/iu;
  const started: { end?: () => Promise<void>; cluster?: RehearsedCluster | undefined; ref?: ClusterRef | undefined } = {};
  before(async () => {
    const mesh = await startAwkwardMesh('istio-default');
    Object.assign(started, { end: () => mesh.end(), cluster: mesh.rehearsal.clusters[0], ref: mesh.refs[0] });
  });
  after(() => started.end?.());

  it('has another name for revision default, and may be of a kind that is not served: the guide’s line errs, the row’s does not', async () => {
    const { cluster, ref } = started;
    assert.ok(cluster !== undefined && ref !== undefined);
    const read = async (): Promise<MeshSituation> => {
      const objects = await meshReaders().evidence.gateObjects.readGateObjects(ref, new AbortController().signal);
      const situation = procedureSituation({ planned: { ref } });
      return { ...situation, snapshots: situation.snapshots.map((snapshot) => ({ ...snapshot, ref, objects })) };
    };
    const planned = async (): Promise<StepPlan> => planStep({ step: 'delete-old-operator', phase: 1, target: { scope: 'cluster', cluster: ref }, parameters: {} }, await read());
    /** What kubectl is told when it asks for the object of this command line. */
    const asked = (line: readonly string[]): Promise<string> => deleteObject(cluster, line[line.findIndex((word) => /^istiooperator/iu.test(word)) + 1] ?? '');
    const plan = await planned();
    assert.match(await asked(plan.guideForm?.lines[0]?.split(' ') ?? []), /istiooperators\.install\.istio\.io "installed-state-default" not found/u);
    assert.equal((await planned()).verify?.(await read()).kind, 'open');
    assert.doesNotMatch(await asked(plan.commands[0]?.argv ?? []), NOT_FOUND);
    assert.ok(plan.commands[0]?.argv.includes('--ignore-not-found=true'), 'a second time it finds nothing, and ends well');
    assert.equal(plan.verify?.(await read()).kind, 'verified');
    cluster.gate.addApiFault({ kind: 'api', trouble: 'fail', requests: { resource: 'istiooperators.install.istio.io' }, code: 404, seconds: 0 }, () => undefined);
    assert.match(await asked(plan.commands[0]?.argv ?? []), NOT_FOUND);
    const unserved = await planned();
    assert.deepEqual(unserved.commands, []);
    assert.equal(unserved.verify?.(await read()).kind, 'verified');
  });
});

/** As `kubectl delete` sends it; the answer's text, its quotes as people see them. */
async function deleteObject(cluster: RehearsedCluster, name: string): Promise<string> {
  const { server, token, certificateAuthorityPem } = cluster.access();
  const url = `${server}/apis/install.istio.io/v1alpha1/namespaces/${ISTIO}/istiooperators/${name}`;
  const request = https.request(url, { method: 'DELETE', ca: certificateAuthorityPem, headers: { authorization: `Bearer ${token}` } });
  request.end();
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  const chunks = (await response.toArray()) as Buffer[];
  return Buffer.concat(chunks).toString().replaceAll('\\"', '"');
}
