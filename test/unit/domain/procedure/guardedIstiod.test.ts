// What goes wrong around a restart of istiod: its CA, the root that others verify it by, and what else is restarted with it.
import assert from 'node:assert/strict';
import { readSecret } from '../../../../src/adapters/kubernetes/gateObjectFacts.js';
import { gatherGateFacts } from '../../../../src/domain/evidence/gatherGateFacts.js';
import type { ProxyFacts } from '../../../../src/domain/gates/gateFacts.js';
import { MESH_CA_ANCHOR } from '../../../../src/domain/gates/gateFacts.js';
import { judgeGate } from '../../../../src/domain/gates/judgeGate.js';
import { isBlocked, planStep } from '../../../../src/domain/procedure/planStep.js';
import type { MeshSituation, StepPlan } from '../../../../src/domain/procedure/procedureStep.js';
import { textAt } from '../../../../src/rehearsal/api/json.js';
import { anchorsOf } from '../../../../src/rehearsal/mesh/proxyTrust.js';
import type { SimulatedCluster } from '../../../../src/rehearsal/mesh/simulatedCluster.js';
import { pluggedInCaSecret } from '../../../../src/rehearsal/pki/caSecrets.js';
import { createPluggedInAuthority } from '../../../../src/rehearsal/pki/certificateAuthority.js';
import { textRenderer } from '../../../../src/shared/text/render.js';
import { lastly, obstacles, onCluster, onNamespace, seen, warned } from '../../../support/guardedMesh.js';
import { carryOut, carryOutLine } from '../../../support/kubectlInMesh.js';
import { recycledKeys } from '../../../support/recycledKeys.js';
import { addGateways, clustersOf, deleteControlPlane, deleteOldGateways, moveEverything, upgradeGateways } from '../../../support/rehearsedJourney.js';
import { REVISION_1, REVISION_2 } from '../../../support/rehearsedSituation.js';
import { canTalk, create, fingerprint, meshOf, podsOf, remove, restart, shortName } from '../../rehearsal/mesh/drawnMesh.js';
import type { TestMesh } from '../../rehearsal/mesh/drawnMesh.js';

const DEPLOYMENTS = 'deployments.apps';
const ISTIO = 'istio-system';
const PUBLISHED = 'istio-ca-root-cert';
const VALIDATORS = 'validatingwebhookconfigurations.admissionregistration.k8s.io';
const A_MINUTE = 60_000;
const english = textRenderer('en');

/** Everything is on REVISION_2, whose istiod makes itself a root when it starts without a CA secret. */
function onMeshCa(): TestMesh {
  const mesh = meshOf('istio-default', [REVISION_1, REVISION_2], 'newRootAfterwards');
  moveEverything(mesh, REVISION_2);
  addGateways(mesh, REVISION_2);
  deleteOldGateways(mesh);
  upgradeGateways(mesh, REVISION_2);
  return mesh;
}

function deleteSecrets(mesh: TestMesh): void {
  for (const cluster of clustersOf(mesh)) remove(cluster, 'secrets', ISTIO, 'cacerts');
}

/** Of these namespaces, those whose proxies hear within a few minutes what istiod of REVISION_2 is told from now on. */
function hearing(mesh: TestMesh, ...namespaces: readonly string[]): readonly string[] {
  const { store } = mesh.first.backend;
  const map = store.get('configmaps', ISTIO, `istio-${REVISION_2}`)!;
  const domain = `news-${store.resourceVersion}.example`;
  store.replace('configmaps', { ...map, data: { ...(map.data as object), mesh: textAt(map, 'data', 'mesh').replace('trustDomainAliases:', `trustDomainAliases:\n  - ${domain}`) } });
  mesh.clock.advance(2 * A_MINUTE);
  const hears = (namespace: string, pod: string): boolean => mesh.first.proxyIn(namespace, pod)?.trust?.push?.acceptedDomains.includes(domain) === true;
  return namespaces.filter((namespace) => podsOf(mesh.first, namespace).every(({ metadata }) => hears(namespace, metadata.name)));
}

/** What is known of the mesh, with every root under a name of its own: a new one of istiod's is another than the old. */
function known(mesh: TestMesh): MeshSituation {
  const read = seen(mesh);
  const clusters = read.facts.clusters.map((facts, index) => ({ ...facts, proxies: facts.proxies.map((proxy) => withRoots(proxy, mesh, clustersOf(mesh)[index]!)) }));
  return { ...read, facts: { ...read.facts, clusters, baseline: undefined } };
}

function withRoots(proxy: ProxyFacts, { meshCaRootPem }: TestMesh, cluster: SimulatedCluster): ProxyFacts {
  const running = cluster.proxyIn(proxy.namespace, proxy.pods[0]!);
  if (proxy.standing.kind !== 'read' || running?.trust === undefined) return proxy;
  const name = (pem: string): string => (pem === meshCaRootPem ? MESH_CA_ANCHOR : fingerprint(pem));
  const anchors = anchorsOf(running.settings.agent, running.trust).map(name);
  return { ...proxy, standing: { ...proxy.standing, anchors, issuer: name(running.trust.signer.root) } };
}

function afterRestart({ verify }: StepPlan, mesh: TestMesh): string {
  const verdict = verify?.(known(mesh));
  return [verdict?.kind, ...(verdict?.kind === 'open' ? verdict.items.map(english) : [])].join('\n');
}

/** Another tool holds a namespace's published root to what it was. Returns how to end that. */
function holdPublishedRoot({ backend: { store } }: SimulatedCluster, namespace: string): () => void {
  const { data } = store.get('configmaps', namespace, PUBLISHED)!;
  return store.onChange(({ type, resource, object }) => {
    const isHeld = resource === 'configmaps' && object.metadata.namespace === namespace && object.metadata.name === PUBLISHED;
    if (isHeld && type === 'MODIFIED' && JSON.stringify(object.data) !== JSON.stringify(data)) store.replace('configmaps', { ...object, data });
  });
}

/** Istiod notices within moments what was done to its config map while the tool was there. */
function letGo(mesh: TestMesh, namespace: string, release: () => void): void {
  release();
  const { store } = mesh.first.backend;
  const map = store.get('configmaps', namespace, PUBLISHED)!;
  store.replace('configmaps', { ...map, metadata: { ...map.metadata, annotations: { touched: 'yes' } } });
  mesh.clock.advance(5 * A_MINUTE);
}

describe('when istiod comes back under another root,', function () {
  // Keys for the CAs are made once; on a busy machine that takes longer than mocha waits.
  this.timeout(60_000);

  function restarted(mesh: TestMesh): StepPlan {
    deleteSecrets(mesh);
    const plan = planStep(onCluster('restart-control-plane', 3), known(mesh));
    carryOut(mesh.first, plan.commands);
    mesh.clock.advance(A_MINUTE);
    return plan;
  }

  it('proxies whose namespace publishes the old one hear nothing any more; the restart stays open and names the namespace', () => {
    const mesh = onMeshCa();
    for (const revision of ['default', REVISION_1]) deleteControlPlane(mesh, revision);
    assert.deepEqual(hearing(mesh, 'foo', 'bar'), ['foo', 'bar']);
    const release = holdPublishedRoot(mesh.first, 'foo');
    const plan = restarted(mesh);
    assert.deepEqual(hearing(mesh, 'foo', 'bar'), ['bar']);
    assert.match(afterRestart(plan, mesh), /^open[\s\S]*lagging: foo/u);
    // Whoever has heard from the new istiod has lost the old root: those that are cut off are named one by one.
    assert.match(afterRestart(plan, mesh), /foo\/Deployment\/httpbin/u);
    assert.doesNotMatch(afterRestart(plan, mesh), /bar\/Deployment\/sleep/u);
    letGo(mesh, 'foo', release);
    assert.deepEqual(hearing(mesh, 'foo', 'bar'), ['foo', 'bar']);
    assert.doesNotMatch(afterRestart(plan, mesh), /lagging|foo\/Deployment\/httpbin/u);
  });

  it('an istiod of another revision goes on publishing its own, and nobody hears the new one; phase 3 is shut while it signs', () => {
    const mesh = onMeshCa();
    deleteControlPlane(mesh, 'default');
    const plan = restarted(mesh);
    assert.ok(isBlocked(plan));
    assert.match(obstacles(plan), new RegExp(`Revision ${REVISION_1} still signs`, 'u'));
    assert.deepEqual(hearing(mesh, 'foo', 'bar'), []);
    assert.match(afterRestart(plan, mesh), new RegExp(`^open[\\s\\S]*webhook istio-sidecar-injector-${REVISION_2} does not trust any root`, 'u'));
    deleteControlPlane(mesh, REVISION_1);
    mesh.clock.advance(5 * A_MINUTE);
    assert.deepEqual(hearing(mesh, 'foo', 'bar'), ['foo', 'bar']);
    assert.doesNotMatch(afterRestart(plan, mesh), new RegExp(`webhook istio-sidecar-injector-${REVISION_2}`, 'u'));
  });
});

describe('an istiod that nobody can reach any more after its restart', function () {
  this.timeout(60_000);

  function withoutOldControlPlanes(): TestMesh {
    const mesh = onMeshCa();
    for (const revision of ['default', REVISION_1]) deleteControlPlane(mesh, revision);
    for (const { backend: { store } } of clustersOf(mesh)) {
      for (const { metadata } of store.list(VALIDATORS)) if (metadata.labels?.['istio.io/rev'] !== REVISION_2) store.remove(VALIDATORS, undefined, metadata.name);
    }
    return mesh;
  }

  /** With the baseline of a mesh under this root, which alone is old then. */
  function restarted(mesh: TestMesh, root: string): StepPlan {
    const read = known(mesh);
    const plan = planStep(onCluster('restart-control-plane', 3), { ...read, facts: { ...read.facts, baseline: { pairs: new Set([`c|${root},c|${root}`]) } } });
    carryOut(mesh.first, plan.commands);
    mesh.clock.advance(5 * A_MINUTE);
    return plan;
  }

  /** A word too many in the selector of its Service: nobody notices while connections last. */
  function select(mesh: TestMesh, more: Readonly<Record<string, string>>): void {
    const { store } = mesh.first.backend;
    const service = store.get('services', ISTIO, `istiod-${REVISION_2}`)!;
    store.replace('services', { ...service, spec: { ...(service.spec as object), selector: { app: 'istiod', 'istio.io/rev': REVISION_2, ...more } } });
    mesh.clock.advance(A_MINUTE);
  }

  it('leaves nothing open that is watched, and proxies that hear nothing; asked last, each of them is named', () => {
    const mesh = withoutOldControlPlanes();
    const root = fingerprint(textAt(mesh.first.backend.store.get('configmaps', 'foo', PUBLISHED)!, 'data', 'root-cert.pem'));
    deleteSecrets(mesh);
    const first = restarted(mesh, root);
    assert.equal(afterRestart(first, mesh), 'verified');
    assert.equal(lastly(first, mesh), 'verified');
    select(mesh, { istio: 'pilot' });
    assert.equal(lastly(first, mesh), 'verified', 'whoever is connected stays so');
    const again = restarted(mesh, root);
    assert.deepEqual(hearing(mesh, 'foo', 'bar'), [], 'the breakage');
    assert.equal(afterRestart(again, mesh), 'verified', 'what was asked without the guard');
    assert.match(lastly(again, mesh), /^open\n[^]*foo\/Deployment\/httpbin \(httpbin-\S+\) is not connected to istiod/u);
    assert.match(lastly(again, mesh), /istio-system\/Deployment\/istio-ingressgateway-canary \(/u);
    select(mesh, {});
    mesh.clock.advance(2 * A_MINUTE);
    assert.equal(lastly(again, mesh), 'verified');
    assert.deepEqual(hearing(mesh, 'foo', 'bar'), ['foo', 'bar']);
  });
});

describe('a CA secret that was written while istiod ran', function () {
  this.timeout(60_000);

  /** With the Secrets' metadata, as a reading of the cluster lists them. */
  function withSecrets(mesh: TestMesh): MeshSituation {
    const read = seen(mesh);
    const snapshots = read.snapshots.map((snapshot, index) => {
      const items = clustersOf(mesh)[index]!.backend.store.list('secrets', ISTIO).flatMap((secret) => readSecret(secret) ?? []);
      return { ...snapshot, objects: { ...snapshot.objects, secrets: { state: 'listed', served: true, items } as const } };
    });
    const gathered = gatherGateFacts({ snapshots, plan: read.plan, evidence: new Map(), surveys: [], changedAt: undefined, now: 0, freshForMs: 0 });
    const clusters = read.facts.clusters.map((facts, index) => ({ ...facts, controlPlanes: gathered.clusters[index]!.controlPlanes }));
    return { ...read, snapshots, facts: { ...read.facts, clusters } };
  }

  function told(mesh: TestMesh): string {
    return warned(planStep(onNamespace('migrate-namespace', 1, 'foo'), withSecrets(mesh)));
  }

  /** The way back from phase 2 leads to istiods that sign with what the secret holds. */
  function wayBack(mesh: TestMesh): string {
    const { facts } = withSecrets(mesh);
    return judgeGate('rollback-2', facts, { cluster: facts.clusters[0]!.cluster }).items.map(({ problem }) => english(problem)).join('\n');
  }

  it('changes nothing until a restart cuts its proxies off from the others; whoever moves a namespace is told, and so is the way back', () => {
    const mesh = meshOf('istio-default', [REVISION_1]);
    const { store } = mesh.first.backend;
    const root = (): string | undefined => mesh.first.proxyIn('foo', podsOf(mesh.first, 'foo')[0]!.metadata.name)?.trust?.signer.root;
    const before = root();
    assert.doesNotMatch(told(mesh), /CA from before/u);
    remove(mesh.first, 'secrets', ISTIO, 'cacerts');
    store.create('secrets', pluggedInCaSecret(createPluggedInAuthority('Another', mesh.clock.now(), recycledKeys())));
    assert.ok(mesh.first.renewCertificate('foo', podsOf(mesh.first, 'foo')[0]!.metadata.name));
    assert.equal(root(), before, 'istiod goes on with the CA in its memory');
    assert.match(told(mesh), /istiod of default started before its CA secret was last written/u);
    assert.match(told(mesh), new RegExp(`istiod of ${REVISION_1} started before`, 'u'));
    assert.match(wayBack(mesh), /default/u);
    restart(mesh.first, DEPLOYMENTS, ISTIO);
    mesh.clock.advance(A_MINUTE);
    restart(mesh.first, DEPLOYMENTS, 'foo');
    mesh.clock.advance(A_MINUTE);
    assert.notEqual(root(), before);
    assert.equal(canTalk(mesh.first, 'foo/httpbin', mesh.second, 'bar/sleep'), 'the client does not trust the server');
    assert.doesNotMatch(told(mesh), /CA from before/u);
  });
});

describe('the guide’s last restart', function () {
  this.timeout(60_000);

  function atTheEnd(): TestMesh {
    const mesh = onMeshCa();
    for (const revision of ['default', REVISION_1]) deleteControlPlane(mesh, revision);
    const { store } = mesh.first.backend;
    for (const { metadata } of store.list(VALIDATORS)) if (metadata.labels?.['istio.io/rev'] !== REVISION_2) store.remove(VALIDATORS, undefined, metadata.name);
    const container = { name: 'kiali', image: 'quay.io/kiali/kiali:v1.89' };
    const template = { metadata: { labels: { app: 'kiali' } }, spec: { containers: [container] } };
    const spec = { replicas: 1, selector: { matchLabels: { app: 'kiali' } }, template };
    create(mesh.first, { resource: DEPLOYMENTS, object: { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'kiali', namespace: ISTIO }, spec } });
    mesh.clock.advance(A_MINUTE);
    deleteSecrets(mesh);
    return mesh;
  }

  function pods({ first }: TestMesh): ReadonlyMap<string, string> {
    return new Map(podsOf(first, ISTIO).map((pod) => [pod.metadata.uid, shortName(pod)]));
  }

  /** Of which workloads pods are not those of before any more. */
  function replaced(mesh: TestMesh, before: ReadonlyMap<string, string>): readonly string[] {
    const now = pods(mesh);
    return [...new Set([...before].filter(([uid]) => !now.has(uid)).map(([, name]) => name))].sort();
  }

  it('takes gateways and add-ons with it; the row restarts istiod of REVISION_2 alone', () => {
    const [guide, ours] = [atTheEnd(), atTheEnd()];
    const plan = planStep(onCluster('restart-control-plane', 3), seen(ours));
    const [before, beforeOurs] = [pods(guide), pods(ours)];
    carryOutLine(guide.first, plan.guideForm?.lines[0] ?? '');
    carryOut(ours.first, plan.commands);
    for (const { clock } of [guide, ours]) clock.advance(A_MINUTE);
    assert.deepEqual(replaced(guide, before), ['istio-ingressgateway-canary', `istiod-${REVISION_2}`, 'kiali']);
    assert.deepEqual(replaced(ours, beforeOurs), [`istiod-${REVISION_2}`]);
  });

  it('leaves gateways that cannot verify the new istiod; theirs is a row of its own, shut until they can', () => {
    const mesh = atTheEnd();
    const release = holdPublishedRoot(mesh.first, ISTIO);
    const gateways = (): StepPlan => planStep(onCluster('restart-gateways', 3), seen(mesh));
    assert.ok(!isBlocked(gateways()), 'before istiod has changed its root');
    carryOutLine(mesh.first, `kubectl rollout restart deployment -n ${ISTIO}`);
    mesh.clock.advance(A_MINUTE);
    const fresh = podsOf(mesh.first, ISTIO).filter(({ metadata }) => mesh.first.proxyIn(ISTIO, metadata.name)?.trust === undefined);
    assert.ok(fresh.some((pod) => shortName(pod) === 'istio-ingressgateway-canary'), 'a gateway’s new pod waits for its istiod');
    assert.ok(isBlocked(gateways()));
    assert.match(gateways().findings.map(({ message }) => english(message)).join('\n'), /lagging: istio-system/u);
    letGo(mesh, ISTIO, release);
    assert.ok(!isBlocked(gateways()));
  });
});
