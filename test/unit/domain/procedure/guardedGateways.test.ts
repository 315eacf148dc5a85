// What breaks gateways on the simulated mesh when one moves as the guide says, and that the gateway rows refuse it, see it, or can take it back.
import assert from 'node:assert/strict';
import { gateways } from '../../../../src/domain/mesh/gateways.js';
import type { InspectionAnswer, InspectionRequest } from '../../../../src/domain/procedure/inspection.js';
import { isBlocked } from '../../../../src/domain/procedure/planStep.js';
import type { MeshSituation, StepPlan } from '../../../../src/domain/procedure/procedureStep.js';
import type { StepOrder } from '../../../../src/domain/procedure/stepOrder.js';
import { listAt } from '../../../../src/rehearsal/api/json.js';
import { answerOf } from '../../../../src/rehearsal/mesh/gatewayRoutes.js';
import { applyObjects } from '../../../../src/rehearsal/mesh/installation/placedObject.js';
import type { PlacedObject } from '../../../../src/rehearsal/mesh/installation/placedObject.js';
import { hasLabels } from '../../../../src/rehearsal/mesh/labelSelector.js';
import type { SimulatedCluster } from '../../../../src/rehearsal/mesh/simulatedCluster.js';
import { textRenderer } from '../../../../src/shared/text/render.js';
import { obstacles, onCluster, warned } from '../../../support/guardedMesh.js';
import { plannedOn, wholly } from '../../../support/listedMesh.js';
import { CLUSTER_REFS, REVISION_1 } from '../../../support/rehearsedSituation.js';
import { create, meshOf, podsOf, remove } from '../../rehearsal/mesh/drawnMesh.js';
import type { TestMesh } from '../../rehearsal/mesh/drawnMesh.js';

const OLD = 'asm-1162-2';
const EDGE = 'edge';
const GATEWAY = 'edge-gateway';
const CANARY = `${GATEWAY}-${REVISION_1}`;
const GATEWAYS = 'gateways.networking.istio.io';
const ROUTES = 'virtualservices.networking.istio.io';
const DEPLOYMENTS = 'deployments.apps';
const HOST = 'shop.example.com';
const A_ROLLOUT = 60_000;
const english = textRenderer('en');

function onGateway(step: StepOrder['step'], phase: StepOrder['phase'], name = GATEWAY, namespace = EDGE): StepOrder {
  return { step, phase, target: { scope: 'gateway', cluster: CLUSTER_REFS[0], namespace, name }, parameters: {} };
}

function route(labels: Record<string, string> = {}): PlacedObject {
  const spec = { hosts: [HOST], gateways: ['shop'], http: [{ route: [{ destination: { host: 'httpbin.foo.svc.cluster.local' } }] }] };
  return { resource: ROUTES, object: { apiVersion: 'networking.istio.io/v1', kind: 'VirtualService', metadata: { name: 'shop', namespace: EDGE, labels }, spec } };
}

function label({ backend: { store } }: SimulatedCluster, resource: string, labels: Record<string, string>): void {
  const object = store.get(resource, EDGE, 'shop')!;
  store.replace(resource, { ...object, metadata: { ...object.metadata, labels } });
}

/** With a gateway in a namespace of its own that serves a shop. */
function edgeMesh(): TestMesh {
  const mesh = meshOf('asm-citadel', [REVISION_1], undefined, { withAwkward: true });
  create(mesh.first, route());
  return mesh;
}

/** What `kubectl apply` of the row's manifest, and the rollout that it waits for, make. */
function carryOut(mesh: TestMesh, { commands }: StepPlan): void {
  const manifests = commands.flatMap(({ stdin }) => (stdin === undefined ? [] : [JSON.parse(stdin) as PlacedObject['object']]));
  applyObjects(mesh.first.backend.store, manifests.map((object) => ({ resource: DEPLOYMENTS, object })));
  mesh.clock.advance(A_ROLLOUT);
}

/** What a client gets from the pods of each Deployment behind the gateway's Service. */
function answers({ first }: TestMesh): readonly string[] {
  const seen = podsOf(first, EDGE).filter(({ metadata }) => metadata.name.startsWith(GATEWAY)).map((pod) => {
    const revision = first.proxyIn(EDGE, pod.metadata.name)!.settings.revision;
    return `${revision} ${answerOf(first.backend.store, pod, revision, { host: HOST, port: 443 })}`;
  });
  return [...new Set(seen)].sort();
}

function blockers({ findings }: StepPlan): string {
  return findings.filter(({ severity }) => severity === 'blocks').map(({ message }) => english(message)).join('\n');
}

function migrated(mesh: TestMesh): StepPlan {
  return plannedOn(mesh, onGateway('migrate-gateway', 1));
}

describe('a canary gateway behind the Service of the old one', function () {
  // Keys for the CAs are made once; on a busy machine that takes longer than mocha waits.
  this.timeout(60_000);

  it('drops what is labelled for the old revision: the row is blocked until the label is gone, and says its share of the traffic', () => {
    const mesh = edgeMesh();
    for (const resource of [GATEWAYS, ROUTES]) label(mesh.first, resource, { 'istio.io/rev': OLD });
    const plan = migrated(mesh);
    assert.match(blockers(plan), new RegExp(`Gateway edge/shop is labelled istio.io/rev=${OLD}`, 'u'));
    assert.ok(plan.changes.some((change) => english(change).includes('about 50 %, of the traffic of: edge-gateway')));
    carryOut(mesh, plan);
    assert.deepEqual(answers(mesh), [`${OLD} served`, `${REVISION_1} connection refused`].sort());
    label(mesh.first, GATEWAYS, {});
    assert.deepEqual(answers(mesh), [`${OLD} served`, `${REVISION_1} 404`].sort());
    assert.match(blockers(migrated(mesh)), new RegExp(`VirtualService edge/shop is labelled istio.io/rev=${OLD}`, 'u'));
    label(mesh.first, ROUTES, {});
    assert.deepEqual(answers(mesh), [`${OLD} served`, `${REVISION_1} served`].sort());
    remove(mesh.first, DEPLOYMENTS, EDGE, CANARY);
    assert.equal(blockers(migrated(mesh)), '');
  });

  it('serves where the same is there for the new revision too: nothing is in the way', () => {
    const mesh = edgeMesh();
    label(mesh.first, ROUTES, { 'istio.io/rev': OLD });
    const { object } = route({ 'istio.io/rev': REVISION_1 });
    create(mesh.first, { resource: ROUTES, object: { ...object, metadata: { ...object.metadata, name: 'shop-new' } } });
    const plan = migrated(mesh);
    assert.equal(blockers(plan), '');
    carryOut(mesh, plan);
    assert.deepEqual(answers(mesh), [`${OLD} served`, `${REVISION_1} served`].sort());
  });

  it('is not reached by a Gateway whose selector names the old revision', () => {
    const mesh = edgeMesh();
    const { store } = mesh.first.backend;
    const gateway = store.get(GATEWAYS, EDGE, 'shop')!;
    store.replace(GATEWAYS, { ...gateway, spec: { ...(gateway.spec as object), selector: { app: GATEWAY, 'istio.io/rev': OLD } } });
    const plan = migrated(mesh);
    assert.match(blockers(plan), /Gateway edge\/shop is for the present pods and would not be for those of/u);
    carryOut(mesh, plan);
    assert.deepEqual(answers(mesh), [`${OLD} served`, `${REVISION_1} connection refused`].sort());
  });

  it('cannot open a TLS port whose Secret is gone, as the old pods could not again either: it is said', () => {
    const mesh = edgeMesh();
    assert.equal(warned(migrated(mesh)).includes('shop-tls'), false);
    remove(mesh.first, 'secrets', EDGE, 'shop-tls');
    const plan = migrated(mesh);
    assert.match(warned(plan), /Secret edge\/shop-tls, which Gateway edge\/shop names, is not there/u);
    carryOut(mesh, plan);
    assert.ok(answers(mesh).includes(`${REVISION_1} no certificate`));
  });

  it('is not begun while it is not known what the old one serves', () => {
    const mesh = edgeMesh();
    const read = wholly(mesh);
    const blind = { ...read, snapshots: read.snapshots.map((snapshot) => ({ ...snapshot, objects: { ...snapshot.objects, virtualServices: { state: 'unread', failure: undefined } as const } })) };
    assert.match(blockers(plannedOn(mesh, onGateway('migrate-gateway', 1), undefined, blind)), /Could not be listed: virtualServices/u);
  });

  it('is held to the same when a gateway is upgraded in place', () => {
    const mesh = edgeMesh();
    carryOut(mesh, migrated(mesh));
    label(mesh.first, ROUTES, { 'istio.io/rev': REVISION_1 });
    assert.match(blockers(plannedOn(mesh, onGateway('upgrade-gateway', 2, CANARY))), new RegExp(`VirtualService edge/shop is labelled istio.io/rev=${REVISION_1}`, 'u'));
  });
});

/** `kubectl delete deploy -l … -n istio-system --ignore-not-found=true`, which ends with 0 whatever it found. */
function deleteAsTheGuideSays({ first: { backend: { store } } }: TestMesh): readonly string[] {
  const found = store.list(DEPLOYMENTS, 'istio-system').filter(({ metadata }) => hasLabels({ app: 'istio-ingressgateway', 'istio.io/rev': OLD }, metadata.labels ?? {}));
  for (const { metadata } of found) store.remove(DEPLOYMENTS, metadata.namespace, metadata.name);
  return found.map(({ metadata }) => metadata.name);
}

function scalingOf({ first: { backend: { store } } }: TestMesh, namespace: string): readonly string[] {
  return ['horizontalpodautoscalers.autoscaling', 'poddisruptionbudgets.policy'].flatMap((kind) => store.list(kind, namespace).map(({ metadata }) => `${kind.replace(/s\..*/u, '')} ${metadata.name}`));
}

describe('gateways that commands for app=istio-ingressgateway in istio-system never meet', function () {
  this.timeout(60_000);

  it('stay on the old revision after the guide’s deletion said nothing: they are found by what they are, and hold up the end', () => {
    const mesh = edgeMesh();
    deleteAsTheGuideSays(mesh);
    assert.deepEqual(deleteAsTheGuideSays(mesh), [], 'and it ends with 0 all the same');
    mesh.clock.advance(A_ROLLOUT);
    assert.deepEqual(answers(mesh), [`${OLD} served`]);
    const found = gateways(wholly(mesh).snapshots[0]!).map(({ namespace, workload }) => `${namespace}/${workload.name}`);
    assert.deepEqual(found, ['edge/edge-gateway', 'edge/partners-istio', 'istio-system/istio-eastwestgateway']);
    const end = plannedOn(mesh, onCluster('delete-old-istiod', 1));
    assert.ok(isBlocked(end));
    assert.match(obstacles(end), new RegExp(`edge/Deployment/edge-gateway.* still has proxies of revision ${OLD}`, 'u'));
  });

  it('leave their autoscaler behind when the Deployment alone is deleted: the row takes it too, and is open until it is gone', () => {
    const mesh = edgeMesh();
    carryOut(mesh, migrated(mesh));
    const plan = plannedOn(mesh, onGateway('delete-old-gateway', 1));
    assert.equal(blockers(plan), '');
    remove(mesh.first, DEPLOYMENTS, EDGE, GATEWAY);
    mesh.clock.advance(A_ROLLOUT);
    assert.deepEqual(scalingOf(mesh, EDGE), ['horizontalpodautoscaler edge-gateway', 'poddisruptionbudget edge-gateway']);
    const items = (): string => {
      const verdict = plan.verify?.(wholly(mesh));
      return [verdict?.kind, ...(verdict?.kind === 'open' ? verdict.items.map(english) : [])].join(' ');
    };
    assert.match(items(), /^open edge\/edge-gateway is still there/u);
    remove(mesh.first, 'horizontalpodautoscalers.autoscaling', EDGE, GATEWAY);
    assert.equal(items(), 'verified', 'the budget stays: it protects the canary too');
  });

  const FOLDER = '/srv/backups/gke_rehearsal-project_us-central1_cluster-1';
  const SHARED = 'poddisruptionbudget edge-gateway';
  const AUTOSCALERS = 'horizontalpodautoscalers.autoscaling';

  function keeping(mesh: TestMesh): MeshSituation {
    const read = wholly(mesh);
    return { ...read, plan: { ...read.plan!, backupDirectory: '/srv/backups' } };
  }

  function endpoints({ first }: TestMesh): number {
    return listAt(first.backend.store.get('endpoints', EDGE, GATEWAY), 'subsets', 0, 'addresses').length;
  }

  /** What the command lines of a deletion, and of a rollback, do: `get` into a file, `delete`, and `create` from a file. */
  function carryOutWithFiles(mesh: TestMesh, { commands }: Pick<StepPlan, 'commands'>, files: Map<string, readonly PlacedObject[]>): void {
    const { store } = mesh.first.backend;
    const kinds: Readonly<Record<string, string>> = { deployment: DEPLOYMENTS, horizontalpodautoscaler: AUTOSCALERS };
    for (const { argv, stdoutFile } of commands) {
      const [verb, first = '', name = ''] = argv.slice(5);
      if (verb === 'get' && stdoutFile !== undefined) {
        const named = argv.slice(6, argv.indexOf('-n')).map((one) => one.split('/'));
        files.set(stdoutFile, named.map(([kind = '', of = '']) => ({ resource: kinds[kind]!, object: store.get(kinds[kind]!, EDGE, of)! })));
      } else if (verb === 'delete') {
        store.remove(kinds[first.toLowerCase()]!, EDGE, name);
      } else if (verb === 'create') {
        for (const one of files.get(name) ?? []) create(mesh.first, one);
      }
      mesh.clock.advance(A_ROLLOUT);
    }
  }

  it('are lost for good by a deletion that keeps nothing: the row saves its manifests in one file first, and its undo puts the same back', () => {
    const mesh = edgeMesh();
    carryOut(mesh, migrated(mesh));
    assert.equal(endpoints(mesh), 4);
    const plan = plannedOn(mesh, onGateway('delete-old-gateway', 1), undefined, keeping(mesh));
    const files = new Map<string, readonly PlacedObject[]>();
    carryOutWithFiles(mesh, plan, files);
    assert.deepEqual([endpoints(mesh), scalingOf(mesh, EDGE)], [2, [SHARED]]);
    const file = `${FOLDER}/gateway-edge-edge-gateway.yaml`;
    assert.deepEqual([...files.keys()], [file]);
    assert.deepEqual(plan.undo?.commands.map(({ argv }) => argv.slice(5)), [['create', '-f', file]]);
    carryOutWithFiles(mesh, plan.undo, files);
    assert.deepEqual([endpoints(mesh), scalingOf(mesh, EDGE)], [4, ['horizontalpodautoscaler edge-gateway', SHARED]]);
  });

  it('that a rollback takes away are kept in the same way, and come back from what was kept', () => {
    const mesh = edgeMesh();
    carryOut(mesh, migrated(mesh));
    const plan = plannedOn(mesh, onGateway('roll-back-gateway', 1, CANARY), undefined, keeping(mesh));
    const file = `${FOLDER}/gateway-edge-${CANARY}.yaml`;
    assert.deepEqual(plan.commands.map(({ argv, stdoutFile }) => [argv[5], stdoutFile]), [['get', file], ['delete', undefined]]);
    assert.deepEqual(plan.undo?.commands.map(({ argv }) => argv.slice(5)), [['create', '-f', file]]);
    assert.equal(plan.undo.explanation.key, 'procedure.deleteGateway.undoKept');
  });

  it('that were deleted already come back before a rollback takes the canary: the Service always has an endpoint, and phase 1 is where it began', () => {
    const mesh = edgeMesh();
    carryOut(mesh, migrated(mesh));
    const files = new Map<string, readonly PlacedObject[]>();
    carryOutWithFiles(mesh, plannedOn(mesh, onGateway('delete-old-gateway', 1), undefined, keeping(mesh)), files);
    const back = onGateway('roll-back-gateway', 1, CANARY);
    const isThere = (request: InspectionRequest): InspectionAnswer => (request.kind === 'path' && files.has(request.path) ? { kind: 'present', where: request.path } : { kind: 'absent' });
    const file = `${FOLDER}/gateway-edge-edge-gateway.yaml`;
    assert.match(blockers(plannedOn(mesh, back, undefined, keeping(mesh))), /Gateway edge-gateway, whose place it took, has been deleted, and no manifests of it were kept/u);
    const plan = plannedOn(mesh, back, isThere, keeping(mesh));
    assert.equal(blockers(plan), '');
    assert.deepEqual(plan.commands.map(({ argv }) => argv.slice(5).join(' ')), [
      `create -f ${file}`,
      `rollout status deployment/${GATEWAY} -n ${EDGE} --timeout=10m`,
      `get deployment/${CANARY} -n ${EDGE} -o yaml`,
      `delete Deployment ${CANARY} -n ${EDGE} --ignore-not-found=true`,
    ]);
    const [putBack, wait, ...others] = plan.commands;
    carryOutWithFiles(mesh, { commands: [putBack!, wait!] }, files);
    assert.equal(endpoints(mesh), 4, 'both serve before one goes');
    assert.equal(plan.verify?.(wholly(mesh)).kind, 'open');
    carryOutWithFiles(mesh, { commands: others }, files);
    assert.deepEqual([endpoints(mesh), scalingOf(mesh, EDGE)], [2, ['horizontalpodautoscaler edge-gateway', SHARED]]);
    assert.equal(plan.verify(wholly(mesh)).kind, 'verified');
  });

  it('are said to be beyond an undo where there is no folder for their manifests, or no free name', () => {
    const mesh = edgeMesh();
    carryOut(mesh, migrated(mesh));
    assert.match(warned(plannedOn(mesh, onGateway('delete-old-gateway', 1))), /cannot be kept for the undo/u);
    const read = wholly(mesh);
    const situation = { ...read, tools: { ...read.tools, storage: '/srv/own' } };
    const full = plannedOn(mesh, onGateway('delete-old-gateway', 1), () => ({ kind: 'present', where: 'there' }), situation);
    assert.match(warned(full), /cannot be kept for the undo/u);
    assert.ok(full.commands.every(({ stdoutFile }) => stdoutFile === undefined));
  });
});
