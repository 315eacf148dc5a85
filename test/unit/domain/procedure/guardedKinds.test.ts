// What goes wrong with parts of the mesh that no scan of Envoys sees, on the simulated mesh; and that the procedure's rows stop for them.
import assert from 'node:assert/strict';
import { planStep } from '../../../../src/domain/procedure/planStep.js';
import { gatherGateFacts } from '../../../../src/domain/evidence/gatherGateFacts.js';
import type { MeshSituation } from '../../../../src/domain/procedure/procedureStep.js';
import { anchorsOf, firstCertificate } from '../../../../src/rehearsal/mesh/proxyTrust.js';
import type { PlacedObject } from '../../../../src/rehearsal/mesh/installation/placedObject.js';
import type { SimulatedCluster } from '../../../../src/rehearsal/mesh/simulatedCluster.js';
import { textRenderer } from '../../../../src/shared/text/render.js';
import { obstacles, onNamespace } from '../../../support/guardedMesh.js';
import { addGateways, deleteControlPlane, deleteOldGateways, moveEverything, moveNamespace } from '../../../support/rehearsedJourney.js';
import { PLAN, REVISION_1, REVISION_2 } from '../../../support/rehearsedSituation.js';
import { surveyed } from '../../../support/surveyedMesh.js';
import { canTalk, create, meshOf, podsOf, relabel, remove, restart } from '../../rehearsal/mesh/drawnMesh.js';
import type { TestMesh } from '../../rehearsal/mesh/drawnMesh.js';

const ISTIO = 'istio-system';
const A_ROLLOUT = 60_000;
const english = textRenderer('en');

/** Both clusters through with phase 1: nothing but what a test adds keeps phase 2 shut. */
function throughPhaseOne(): TestMesh {
  const mesh = meshOf('istio-default', [REVISION_1, REVISION_2]);
  moveEverything(mesh, REVISION_1);
  addGateways(mesh, REVISION_1);
  deleteOldGateways(mesh);
  deleteControlPlane(mesh, 'default');
  return mesh;
}

/** What keeps REVISION_2 from being installed: the gate of the phase, without what probes add to it. */
function inTheWay(situation: MeshSituation): string {
  const order = { step: 'install-revision-2', phase: 2, target: onNamespace('migrate-namespace', 2, 'foo').target, parameters: {} } as const;
  return obstacles(planStep({ ...order, target: { scope: 'cluster', cluster: situation.snapshots[0]!.ref } }, situation));
}

/** What `check-clusters` blocks or warns of. */
function checked(situation: MeshSituation): string {
  const { findings } = planStep({ step: 'check-clusters', phase: 0, target: { scope: 'mesh' }, parameters: {} }, situation);
  return findings.map(({ severity, message }) => `${severity} ${english(message)}`).join('\n');
}

describe('ambient mode', function () {
  // Keys for the CAs are made once; on a busy machine that takes longer than mocha waits.
  this.timeout(60_000);

  /** As Istio's chart makes it, told to ask this revision's istiod; the traffic of its node's ambient pods goes through it. */
  function ztunnel(revision: string): PlacedObject {
    const address = `istiod-${revision}.istio-system.svc:15012`;
    const env = [{ name: 'CA_ADDRESS', value: address }, { name: 'XDS_ADDRESS', value: address }, { name: 'RUST_LOG', value: 'info' }];
    const container = { name: 'istio-proxy', image: 'docker.io/istio/ztunnel:1.23.2', args: ['proxy', 'ztunnel'], env };
    const labels = { app: 'ztunnel', 'sidecar.istio.io/inject': 'false', 'istio.io/rev': revision };
    const spec = { selector: { matchLabels: { app: 'ztunnel' } }, template: { metadata: { labels }, spec: { containers: [container] } } };
    return { resource: 'daemonsets.apps', object: { apiVersion: 'apps/v1', kind: 'DaemonSet', metadata: { name: 'ztunnel', namespace: ISTIO, labels: { app: 'ztunnel' } }, spec } };
  }

  it('does not trust Mesh CA however often it is restarted; it blocks the check of the clusters and keeps phase 2 shut', async () => {
    const mesh = throughPhaseOne();
    assert.equal(inTheWay(await surveyed(mesh)), '');
    assert.doesNotMatch(checked(await surveyed(mesh)), /^blocks .*ambient/mu);
    create(mesh.first, ztunnel(REVISION_1));
    relabel(mesh.first, 'plain', { 'istio.io/dataplane-mode': 'ambient' });
    mesh.clock.advance(A_ROLLOUT);
    restart(mesh.first, 'daemonsets.apps', ISTIO);
    mesh.clock.advance(A_ROLLOUT);
    assert.equal(canTalk(mesh.first, 'istio-system/ztunnel', mesh.first, 'foo/httpbin'), 'yes');
    const situation = await surveyed(mesh);
    moveNamespace(mesh, mesh.first, 'foo', REVISION_2);
    assert.equal(canTalk(mesh.first, 'istio-system/ztunnel', mesh.first, 'foo/httpbin'), 'the client does not trust the server');
    assert.match(checked(situation), /^blocks .*istio-system\/ztunnel/mu);
    assert.match(checked(situation), /^blocks .*plain/mu);
    assert.match(inTheWay(situation), /DaemonSet\/ztunnel trusts is not known: ztunnel: it trusts the root of its own chain alone/u);
    remove(mesh.first, 'daemonsets.apps', ISTIO, 'ztunnel');
    relabel(mesh.first, 'plain', { 'istio.io/dataplane-mode': undefined });
    mesh.clock.advance(A_ROLLOUT);
    assert.doesNotMatch(`${checked(await surveyed(mesh))}\n${inTheWay(await surveyed(mesh))}`, /ambient|ztunnel/u);
  });
});

describe('what takes part in the mesh without an Envoy in a pod', function () {
  this.timeout(60_000);

  function waived(situation: MeshSituation, what: string, subject: string): string {
    const plan = { ...PLAN, waivers: [{ what, subject, reason: 'restarted by hand, and looked at', until: '2099-01-01' }] };
    const { snapshots, evidence = new Map(), now } = situation;
    const { clusters } = gatherGateFacts({ snapshots, plan, evidence, surveys: [], changedAt: undefined, now, freshForMs: 60_000 });
    return inTheWay({ ...situation, plan, facts: { ...situation.facts, clusters } });
  }

  /** Installed while the old Istio CA was the only one, from the files that it was given then. */
  function machine({ clock }: TestMesh, cluster: SimulatedCluster): { readonly anchors: readonly string[]; readonly root: string } {
    const { signer } = cluster.proxyIn('foo', podsOf(cluster, 'foo')[0]!.metadata.name)!.trust!;
    const agent = { listensForAnchors: false, resignsOnNewAnchors: false, speaksMeshCa: false };
    return { anchors: anchorsOf(agent, firstCertificate(signer, clock.now().getTime())), root: signer.root };
  }

  it('a virtual machine is cut off by the first namespace on Mesh CA; phase 2 is shut until somebody vouches for it', async () => {
    const mesh = throughPhaseOne();
    const { anchors } = machine(mesh, mesh.first);
    assert.equal(inTheWay(await surveyed(mesh)), '', 'the pods alone are all ready for phase 2');
    create(mesh.first, {
      resource: 'workloadentries.networking.istio.io',
      object: { apiVersion: 'networking.istio.io/v1', kind: 'WorkloadEntry', metadata: { name: 'till', namespace: 'foo' }, spec: { address: '10.1.0.7', labels: { app: 'till' } } },
    });
    const situation = await surveyed(mesh);
    moveNamespace(mesh, mesh.first, 'foo', REVISION_2);
    const peer = mesh.first.proxyIn('foo', podsOf(mesh.first, 'foo')[0]!.metadata.name)!.trust!;
    assert.ok(!anchors.includes(peer.signer.root), 'the machine does not trust what foo shows now');
    assert.match(checked(situation), /^warns .*foo\/till/mu);
    assert.match(inTheWay(situation), /foo\/WorkloadEntry\/till trusts is not known: a virtual machine/u);
    assert.equal(waived(situation, 'vm', 'cluster-1/foo/WorkloadEntry/till'), '');
  });

  it('an application that speaks gRPC without a proxy answers nobody, and old ones are cut off; phase 2 is shut until somebody vouches for it', async () => {
    const mesh = meshOf('istio-default', [REVISION_1, REVISION_2]);
    const labels = { app: 'quotes' };
    const template = { metadata: { labels, annotations: { 'inject.istio.io/templates': 'grpc-agent' } }, spec: { containers: [{ name: 'quotes', image: 'quotes:1' }] } };
    // On its next restart it would take both roots; it has had none since the old Istio CA was the only one.
    const spec = { updateStrategy: { type: 'OnDelete' }, selector: { matchLabels: labels }, template };
    create(mesh.first, { resource: 'daemonsets.apps', object: { apiVersion: 'apps/v1', kind: 'DaemonSet', metadata: { name: 'quotes', namespace: 'foo' }, spec } });
    mesh.clock.advance(A_ROLLOUT);
    moveEverything(mesh, REVISION_1);
    addGateways(mesh, REVISION_1);
    deleteOldGateways(mesh);
    deleteControlPlane(mesh, 'default');
    const situation = await surveyed(mesh);
    moveNamespace(mesh, mesh.first, 'bar', REVISION_2);
    assert.equal(canTalk(mesh.first, 'foo/quotes', mesh.first, 'bar/sleep'), 'the client does not trust the server');
    assert.match(checked(situation), /^warns .*foo\/quotes/mu);
    assert.match(inTheWay(situation), /^.*foo\/DaemonSet\/quotes trusts is not known: proxyless gRPC: no Envoy to ask$/u);
    assert.equal(waived(situation, 'grpc', 'cluster-1/foo/DaemonSet/quotes'), '');
  });

  it('nothing of it is overlooked where its kind could not be listed', async () => {
    const situation = await surveyed(throughPhaseOne());
    const snapshots = situation.snapshots.map((snapshot) => ({ ...snapshot, objects: { ...snapshot.objects, workloadGroups: { state: 'unread', failure: undefined } as const } }));
    const { clusters } = gatherGateFacts({ snapshots, plan: PLAN, evidence: situation.evidence!, surveys: [], changedAt: undefined, now: situation.now, freshForMs: 60_000 });
    assert.match(inTheWay({ ...situation, snapshots, facts: { ...situation.facts, clusters } }), /workloadGroups/u);
  });
});
