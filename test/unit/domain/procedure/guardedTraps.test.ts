// What following the guide to the letter breaks on the simulated mesh, and that the procedure's own rows refuse it or see it.
import assert from 'node:assert/strict';
import { NOTHING_LISTED } from '../../../../src/domain/mesh/gateObjects.js';
import { isBlocked, planStep } from '../../../../src/domain/procedure/planStep.js';
import type { StepPlan } from '../../../../src/domain/procedure/procedureStep.js';
import { textAt } from '../../../../src/rehearsal/api/json.js';
import { DONE, afterwards, obstacles, onCluster, onNamespace, seen, warned } from '../../../support/guardedMesh.js';
import { addGateways, deleteCaSecrets, deleteOldGateways, moveEverything, moveNamespace, upgradeGateways } from '../../../support/rehearsedJourney.js';
import { REVISION_1, REVISION_2 } from '../../../support/rehearsedSituation.js';
import { canTalk, drawPods, meshOf, podsOf, relabel, remove, restart } from '../../rehearsal/mesh/drawnMesh.js';
import type { TestMesh } from '../../rehearsal/mesh/drawnMesh.js';

const DEPLOYMENTS = 'deployments.apps';
const ISTIO = 'istio-system';
const HOOKS = 'admissionregistration.k8s.io';
const A_MINUTE = 60_000;

describe('what the guide to the letter breaks, and the guard against it:', function () {
  // Keys for the CAs are made once; on a busy machine that takes longer than mocha waits.
  this.timeout(60_000);

  it('a cluster left behind cannot talk to one on Mesh CA; no label of phase 2 is set before it trusts Mesh CA', () => {
    const mesh = meshOf('istio-default', [REVISION_1, REVISION_2]);
    moveNamespace(mesh, mesh.first, 'foo', REVISION_1);
    const plan = planStep(onNamespace('migrate-namespace', 2, 'foo'), seen(mesh));
    assert.ok(isBlocked(plan));
    assert.match(obstacles(plan), /cluster-2@.* does not trust the Mesh CA root/u);
    moveNamespace(mesh, mesh.first, 'foo', REVISION_2);
    assert.equal(canTalk(mesh.second, 'bar/sleep', mesh.first, 'foo/httpbin'), 'the client does not trust the server');
  });

  it('everything moved to both roots first, Mesh CA in one cluster cuts nobody off, and the same obstacles are gone', () => {
    const mesh = meshOf('istio-default', [REVISION_1, REVISION_2]);
    moveEverything(mesh, REVISION_1);
    addGateways(mesh, REVISION_1);
    deleteOldGateways(mesh);
    assert.doesNotMatch(obstacles(planStep(onNamespace('migrate-namespace', 2, 'foo'), seen(mesh))), /cluster-2@.* does not trust the Mesh CA root/u);
    moveNamespace(mesh, mesh.first, 'foo', REVISION_2);
    assert.equal(canTalk(mesh.second, 'bar/sleep', mesh.first, 'foo/httpbin'), 'yes');
    assert.equal(canTalk(mesh.first, 'foo/httpbin', mesh.second, 'bar/sleep'), 'yes');
  });

  it('restarting Deployments alone leaves a StatefulSet on the old root; the row restarts it too and is open until it is done', () => {
    const mesh = meshOf('asm-citadel', [REVISION_1]);
    const plan = planStep(onNamespace('migrate-namespace', 1, 'bar'), seen(mesh));
    assert.ok(plan.commands.some(({ argv }) => argv.join(' ').includes('rollout restart statefulset')));
    relabel(mesh.first, 'bar', { 'istio.io/rev': REVISION_1, 'istio-injection': undefined });
    restart(mesh.first, DEPLOYMENTS, 'bar');
    mesh.clock.advance(A_MINUTE);
    assert.match(drawPods(mesh, mesh.first, 'bar'), /reports-0 · ready · asm-1162-2 · \[CITADEL\]/u);
    assert.match(afterwards(plan, mesh), /^open/u);
    restart(mesh.first, 'statefulsets.apps', 'bar');
    mesh.clock.advance(A_MINUTE);
    assert.doesNotMatch(drawPods(mesh, mesh.first, 'bar'), /asm-1162-2/u);
    assert.match(afterwards(plan, mesh), /^verified/u);
  });

  it('a namespace with both labels stays with the old injector; the row takes the other label away and does not believe the first', () => {
    const mesh = meshOf('istio-default', [REVISION_1]);
    const plan = planStep(onNamespace('migrate-namespace', 1, 'foo'), seen(mesh));
    assert.ok(plan.commands.some(({ argv }) => argv.includes('istio-injection-') && argv.includes(`istio.io/rev=${REVISION_1}`)));
    relabel(mesh.first, 'foo', { 'istio.io/rev': REVISION_1 });
    restart(mesh.first, DEPLOYMENTS, 'foo');
    mesh.clock.advance(A_MINUTE);
    assert.match(drawPods(mesh, mesh.first, 'foo'), /^httpbin · ready · default · \[CITADEL\]/u);
    assert.match(afterwards(plan, mesh), /^open/u);
    assert.match(warned(planStep(onNamespace('migrate-namespace', 1, 'foo'), seen(mesh))), /both/iu);
    moveNamespace(mesh, mesh.first, 'foo', REVISION_1);
    assert.match(afterwards(plan, mesh), /^verified/u);
  });

  it('the old istiod deleted under its proxies ends their renewals; the deletion is shut while one refers to it', () => {
    const mesh = meshOf('asm-citadel', [REVISION_1]);
    const plan = planStep(onCluster('delete-old-istiod', 1), seen(mesh));
    assert.ok(isBlocked(plan));
    assert.match(obstacles(plan), /still has proxies of revision asm-1162-2/u);
    const certifiedAt = (): number => mesh.first.proxyIn('foo', podsOf(mesh.first, 'foo')[0]!.metadata.name)!.trust!.certifiedAt;
    const before = certifiedAt();
    remove(mesh.first, DEPLOYMENTS, ISTIO, 'istiod-asm-1162-2');
    mesh.clock.advance(25 * 60 * A_MINUTE);
    assert.equal(certifiedAt(), before);
  });

  it('secrets deleted under an istiod that still signs with them switch its root; the deletion is shut while there is one', () => {
    const mesh = meshOf('istio-default', [REVISION_1, REVISION_2]);
    moveEverything(mesh, REVISION_1);
    const plan = planStep(onCluster('delete-secrets', 3), seen(mesh, { ...DONE, backedUp: true }));
    assert.ok(isBlocked(plan));
    assert.match(obstacles(plan), new RegExp(`Revision ${REVISION_1} still signs`, 'u'));
    remove(mesh.first, DEPLOYMENTS, ISTIO, 'istiod');
    remove(mesh.first, 'secrets', ISTIO, 'cacerts');
    restart(mesh.first, DEPLOYMENTS, ISTIO);
    mesh.clock.advance(10 * A_MINUTE);
    assert.equal(canTalk(mesh.second, 'bar/sleep', mesh.first, 'foo/httpbin'), 'the client does not trust the server');
  });
});

describe('after the control plane was restarted under another root,', function () {
  this.timeout(60_000);

  function atTheEnd(): { readonly mesh: TestMesh; readonly plan: StepPlan } {
    const mesh = meshOf('istio-default', [REVISION_1, REVISION_2], 'newRootAfterwards');
    moveEverything(mesh, REVISION_2);
    addGateways(mesh, REVISION_2);
    deleteOldGateways(mesh);
    upgradeGateways(mesh, REVISION_2);
    const plan = planStep(onCluster('restart-control-plane', 3), seen(mesh));
    for (const cluster of [mesh.first, mesh.second]) {
      for (const name of ['istiod', `istiod-${REVISION_1}`]) remove(cluster, DEPLOYMENTS, ISTIO, name);
    }
    return { mesh, plan };
  }

  it('a webhook of a revision that is gone trusts the old root only, and the step stays open until it is gone too', () => {
    const { mesh, plan } = atTheEnd();
    deleteCaSecrets(mesh);
    assert.match(afterwards(plan, mesh), /^open[\s\S]*webhook istio-sidecar-injector does not trust any root/u);
    for (const { backend: { store } } of [mesh.first, mesh.second]) {
      for (const kind of ['mutatingwebhookconfigurations', 'validatingwebhookconfigurations']) {
        for (const { metadata } of store.list(`${kind}.${HOOKS}`)) if (metadata.labels?.['istio.io/rev'] !== REVISION_2) store.remove(`${kind}.${HOOKS}`, undefined, metadata.name);
      }
    }
    assert.doesNotMatch(afterwards(plan, mesh), /does not trust any root/u);
  });

  it('a namespace whose published root was left behind is named: its proxies cannot verify istiod', () => {
    const { mesh, plan } = atTheEnd();
    const { store } = mesh.first.backend;
    const old = store.get('configmaps', 'foo', 'istio-ca-root-cert')!.data;
    deleteCaSecrets(mesh);
    const published = store.get('configmaps', 'foo', 'istio-ca-root-cert')!;
    assert.notDeepEqual(published.data, old);
    assert.doesNotMatch(afterwards(plan, mesh), /istio-ca-root-cert differs/u);
    store.replace('configmaps', { ...published, data: old });
    assert.match(afterwards(plan, mesh), /^open[\s\S]*lagging: foo/u);
  });

  it('what was not read is not believed to agree', () => {
    const { mesh, plan } = atTheEnd();
    deleteCaSecrets(mesh);
    const read = seen(mesh);
    const blind = read.snapshots.map((snapshot) => ({ ...snapshot, objects: NOTHING_LISTED }));
    assert.equal(plan.verify?.({ ...read, snapshots: blind }).kind, 'unknown');
  });
});

describe('a customisation that was forgotten', function () {
  this.timeout(60_000);

  it('is gone from the mesh config of the new revision, and whoever moves a namespace there is told', () => {
    const mesh = meshOf('istio-default', [REVISION_1]);
    const moved = (): string => warned(planStep(onNamespace('migrate-namespace', 1, 'foo'), seen(mesh)));
    assert.doesNotMatch(moved(), /outboundTrafficPolicy/u);
    const { store } = mesh.first.backend;
    const append = (name: string): void => {
      const map = store.get('configmaps', ISTIO, name)!;
      const data = map.data as Record<string, string>;
      store.replace('configmaps', { ...map, data: { ...data, mesh: `${data.mesh ?? ''}\noutboundTrafficPolicy:\n  mode: REGISTRY_ONLY\n` } });
    };
    append('istio');
    assert.doesNotMatch(textAt(store.get('configmaps', ISTIO, `istio-${REVISION_1}`), 'data', 'mesh'), /REGISTRY_ONLY/u);
    assert.match(moved(), new RegExp(`${REVISION_1} sets .*outboundTrafficPolicy.* otherwise than default`, 'u'));
    append(`istio-${REVISION_1}`);
    assert.doesNotMatch(moved(), /outboundTrafficPolicy/u);
  });
});
