// What goes wrong where a sidecar is not where one looks, or not from where its label says; and that the procedure's rows see it.
import assert from 'node:assert/strict';
import { isBlocked, planStep } from '../../../../src/domain/procedure/planStep.js';
import type { KubeObject } from '../../../../src/rehearsal/kubeObject.js';
import { injectProxy } from '../../../../src/rehearsal/mesh/injection.js';
import { distributesMeshCaRoot } from '../../../../src/rehearsal/mesh/installation/controlPlaneSpec.js';
import { injectorOf } from '../../../../src/rehearsal/mesh/installation/istiodConfigMaps.js';
import type { PodSpec } from '../../../../src/rehearsal/mesh/podTypes.js';
import type { SimulatedCluster } from '../../../../src/rehearsal/mesh/simulatedCluster.js';
import { namespaceObject } from '../../../../src/rehearsal/scenes/workloads.js';
import { DONE, afterwards, obstacles, onCluster, onNamespace, seen, warned } from '../../../support/guardedMesh.js';
import { carryOut, carryOutLine, createdPod } from '../../../support/kubectlInMesh.js';
import { NAMESPACES, addGateways, clustersOf, deleteCaSecrets, deleteControlPlane, deleteOldGateways, moveEverything, moveNamespace, repointWebhook, upgradeGateways } from '../../../support/rehearsedJourney.js';
import { REVISION_1, REVISION_2 } from '../../../support/rehearsedSituation.js';
import { canTalk, create, drawPods, meshOf, podsOf, restart, rootsOf } from '../../rehearsal/mesh/drawnMesh.js';
import type { TestMesh } from '../../rehearsal/mesh/drawnMesh.js';

const DEPLOYMENTS = 'deployments.apps';
const ISTIO = 'istio-system';
const OLD_ASM = 'asm-1162-2';
const A_ROLLOUT = 60_000;
const PLACE = { fleetProject: 'rehearsal-project', project: 'rehearsal-project', location: 'us-central1', cluster: 'cluster-1' };

interface WithTemplate {
  readonly template: { readonly spec: PodSpec };
}

/** An overlay switches on istiod's `ENABLE_NATIVE_SIDECARS` (Istio 1.19 and later). */
function makeSidecarsNative(mesh: TestMesh, revision: string): void {
  for (const { backend: { store } } of clustersOf(mesh)) {
    const istiod = store.get(DEPLOYMENTS, ISTIO, `istiod-${revision}`)!;
    const spec = istiod.spec as WithTemplate;
    const containers = spec.template.spec.containers.map((container) => ({ ...container, env: [...(container.env ?? []), { name: 'ENABLE_NATIVE_SIDECARS', value: 'true' }] }));
    store.replace(DEPLOYMENTS, { ...istiod, spec: { ...spec, template: { ...spec.template, spec: { ...spec.template.spec, containers } } } });
  }
  mesh.clock.advance(A_ROLLOUT);
}

/** What a checker finds that looks for the proxy in `spec.containers` alone: namespaces, and who signed there. */
function plainSidecars(mesh: TestMesh, cluster: SimulatedCluster): string {
  const lines = NAMESPACES.flatMap((namespace) =>
    podsOf(cluster, namespace)
      .filter(({ spec }) => spec.containers.some(({ name }) => name === 'istio-proxy'))
      .map((pod) => `${namespace} ${rootsOf(cluster, pod, mesh.meshCaRootPem).replace(/^.* · /u, '')}`),
  );
  return [...new Set(lines)].join(', ');
}

describe('a native sidecar', function () {
  // Keys for the CAs are made once; on a busy machine that takes longer than mocha waits.
  this.timeout(60_000);

  /** All but `batch` are on Mesh CA; what is left there has its proxy among the init containers. */
  function oneNamespaceLeft(): TestMesh {
    const mesh = meshOf('istio-default', [REVISION_1, REVISION_2]);
    makeSidecarsNative(mesh, REVISION_1);
    moveEverything(mesh, REVISION_1);
    addGateways(mesh, REVISION_1);
    deleteOldGateways(mesh);
    for (const cluster of clustersOf(mesh)) {
      for (const namespace of ['foo', 'bar', 'baz']) moveNamespace(mesh, cluster, namespace, REVISION_2);
      moveNamespace(mesh, cluster, 'batch', cluster === mesh.first ? REVISION_1 : REVISION_2);
    }
    upgradeGateways(mesh, REVISION_2);
    for (const revision of ['default', REVISION_1]) deleteControlPlane(mesh, revision);
    return mesh;
  }

  it('is nowhere for a checker of spec.containers, and loses its peers with the old root; the deletion of that root names its workload', () => {
    const mesh = oneNamespaceLeft();
    assert.equal(plainSidecars(mesh, mesh.first), 'bar by MESHCA, baz by MESHCA, foo by MESHCA');
    assert.equal(canTalk(mesh.first, 'foo/httpbin', mesh.first, 'batch/worker'), 'yes');
    const plan = planStep(onCluster('delete-secrets', 3), seen(mesh, { ...DONE, backedUp: true }));
    assert.ok(isBlocked(plan));
    assert.match(obstacles(plan), /batch\/Deployment\/worker still has a certificate under root CITADEL/u);
    deleteCaSecrets(mesh);
    assert.equal(canTalk(mesh.first, 'foo/httpbin', mesh.first, 'batch/worker'), 'the client does not trust the server');
  });

  it('that was restarted under Mesh CA like the others is in nobody’s way', () => {
    const mesh = oneNamespaceLeft();
    moveNamespace(mesh, mesh.first, 'batch', REVISION_2);
    assert.doesNotMatch(obstacles(planStep(onCluster('delete-secrets', 3), seen(mesh, { ...DONE, backedUp: true }))), /batch/u);
    deleteCaSecrets(mesh);
    assert.equal(canTalk(mesh.first, 'foo/httpbin', mesh.first, 'batch/worker'), 'yes');
  });
});

describe('a sidecar that somebody wrote into the template', function () {
  this.timeout(60_000);

  function line(mesh: TestMesh): string {
    return drawPods(mesh, mesh.first, 'odd').split('\n').find((text) => text.startsWith('handmade')) ?? '';
  }

  /** `istioctl kube-inject` with the new revision, as its owner does in the repository. */
  function injectAnew(mesh: TestMesh): void {
    const { store } = mesh.first.backend;
    const live = store.get(DEPLOYMENTS, 'odd', 'handmade')!;
    const plain: KubeObject & { spec: PodSpec } = {
      apiVersion: 'v1', kind: 'Pod', metadata: { name: 'handmade', namespace: 'odd', labels: { app: 'handmade' } },
      spec: { containers: [{ name: 'handmade', image: 'gcr.io/rehearsal-project/handmade:1.0.0' }] },
    };
    const { metadata, spec } = injectProxy(plain, injectorOf(distributesMeshCaRoot(PLACE, REVISION_1, mesh.meshCaRootPem)));
    store.replace(DEPLOYMENTS, { ...live, spec: { ...(live.spec as object), template: { metadata: { labels: metadata.labels, annotations: metadata.annotations }, spec } } });
    mesh.clock.advance(A_ROLLOUT);
  }

  it('follows no label and keeps the old root; the row says so, stays open for it, and phase 2 waits until it is injected anew', () => {
    const mesh = meshOf('asm-citadel', [REVISION_1, REVISION_2], undefined, { withAwkward: true });
    const plan = planStep(onNamespace('migrate-namespace', 1, 'odd'), seen(mesh));
    assert.match(warned(plan), /Deployment\/handmade/u);
    moveNamespace(mesh, mesh.first, 'odd', REVISION_1);
    assert.equal(line(mesh), `handmade · ready · ${OLD_ASM} · [CITADEL] · by CITADEL`);
    assert.match(afterwards(plan, mesh), /^open[\s\S]*handmade-/u);
    const nextPhase = (): string => obstacles(planStep(onNamespace('migrate-namespace', 2, 'foo'), seen(mesh)));
    assert.match(nextPhase(), /cluster-1@\S+ odd\/Deployment\/handmade .*does not trust the Mesh CA root/u);
    assert.match(nextPhase(), new RegExp(`cluster-1@\\S+ odd/Deployment/handmade .*injected by revision ${OLD_ASM}`, 'u'));
    moveNamespace(mesh, mesh.first, 'foo', REVISION_2);
    assert.equal(canTalk(mesh.first, 'foo/httpbin', mesh.first, 'odd/handmade'), 'the server does not trust the client');
    injectAnew(mesh);
    assert.equal(line(mesh), `handmade · ready · ${REVISION_1} · [CITADEL MESHCA] · by CITADEL`);
    assert.doesNotMatch(afterwards(plan, mesh), /handmade-/u);
    assert.doesNotMatch(nextPhase(), /cluster-1@\S+ odd\/Deployment\/handmade/u);
  });
});

describe('the injection webhook of an old revision', function () {
  this.timeout(60_000);

  /** Nothing runs in `nightly` at the moment, and nobody thought of it. */
  function withForgottenNamespace(): TestMesh {
    const mesh = meshOf('istio-default', [REVISION_1]);
    create(mesh.first, namespaceObject('nightly', { 'istio-injection': 'enabled' }));
    moveEverything(mesh, REVISION_1);
    addGateways(mesh, REVISION_1);
    deleteOldGateways(mesh);
    repointWebhook(mesh, REVISION_1);
    return mesh;
  }

  it('lets no pod be made in a forgotten namespace once the guide’s line has deleted its Service; the deletion is shut while it matches one', () => {
    const mesh = withForgottenNamespace();
    const plan = planStep(onCluster('delete-old-istiod', 1), seen(mesh));
    assert.ok(isBlocked(plan));
    assert.match(obstacles(plan), /Webhook istio-sidecar-injector \(nightly\) can still match/u);
    carryOutLine(mesh.first, plan.guideForm?.lines[0] ?? '');
    mesh.clock.advance(A_ROLLOUT);
    assert.match(createdPod(mesh.first, 'nightly'), /failed calling webhook "namespace\.sidecar-injector\.istio\.io": .*service "istiod" not found/u);
  });

  it('goes with its istiod when nothing matches it any more, and leaves no namespace that cannot make pods', () => {
    const mesh = withForgottenNamespace();
    carryOut(mesh.first, planStep(onNamespace('migrate-namespace', 1, 'nightly'), seen(mesh)).commands);
    const plan = planStep(onCluster('delete-old-istiod', 1), seen(mesh));
    assert.doesNotMatch(obstacles(plan), /nightly|istio-sidecar-injector/u);
    carryOut(mesh.first, plan.commands);
    mesh.clock.advance(A_ROLLOUT);
    assert.ok(mesh.first.backend.store.get('services', ISTIO, 'istiod'), 'whoever calls it finds the new control plane');
    assert.deepEqual([...NAMESPACES, 'nightly'].map((namespace) => createdPod(mesh.first, namespace)), new Array(5).fill(REVISION_1));
    restart(mesh.first, DEPLOYMENTS, 'foo');
    mesh.clock.advance(A_ROLLOUT);
    assert.match(afterwards(plan, mesh), /^verified/u);
  });
});
