// What a gateway loses of the Gateway API on the simulated mesh when its istiod is another one: routes and grants that are labelled for the
// old revision, certificates it may not use, and the CA for clients; and that the gateway rows refuse it or say so.
import assert from 'node:assert/strict';
import type { InspectionAnswer, InspectionRequest } from '../../../../src/domain/procedure/inspection.js';
import { requestKey } from '../../../../src/domain/procedure/inspection.js';
import { isBlocked, planStep } from '../../../../src/domain/procedure/planStep.js';
import { PROCEDURE } from '../../../../src/domain/procedure/procedure.js';
import type { StepPlan } from '../../../../src/domain/procedure/procedureStep.js';
import type { StepOrder } from '../../../../src/domain/procedure/stepOrder.js';
import { answerOf } from '../../../../src/rehearsal/mesh/gatewayRoutes.js';
import { gatewaySecrets } from '../../../../src/rehearsal/mesh/gatewaySecrets.js';
import type { StoredPod } from '../../../../src/rehearsal/mesh/podTypes.js';
import { textRenderer } from '../../../../src/shared/text/render.js';
import { warned } from '../../../support/guardedMesh.js';
import { plannedOn, wholly } from '../../../support/listedMesh.js';
import { CLUSTER_REFS, REVISION_1, REVISION_2 } from '../../../support/rehearsedSituation.js';
import { create, meshOf, podsOf, remove } from '../../rehearsal/mesh/drawnMesh.js';
import type { TestMesh } from '../../rehearsal/mesh/drawnMesh.js';

const OLD = 'asm-1162-2';
const EDGE = 'edge';
const HOST = 'partners.example.com';
const OLDS = { 'istio.io/rev': OLD };
const ORDER: StepOrder = { step: 'migrate-gateway', phase: 1, target: { scope: 'gateway', cluster: CLUSTER_REFS[0], namespace: EDGE, name: 'edge-gateway' }, parameters: {} };
const english = textRenderer('en');

function api(kind: string, name: string, spec: object, labels: Record<string, string> = {}, namespace = EDGE): Parameters<typeof create>[1] {
  const version = kind === 'ReferenceGrant' ? 'v1beta1' : 'v1';
  return { resource: `${kind.toLowerCase()}s.gateway.networking.k8s.io`, object: { apiVersion: `gateway.networking.k8s.io/${version}`, kind, metadata: { name, namespace, labels }, spec } };
}

function secret(name: string, data: Record<string, string>, namespace = EDGE): Parameters<typeof create>[1] {
  return { resource: 'secrets', object: { apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace }, data } };
}

/** Gateway `shop-api` is for the gateway that stands for itself: its address is the Service in front of it. */
function gateway(labels: Record<string, string> = {}, tls: object = {}): Parameters<typeof create>[1] {
  const listener = { name: 'https', port: 8443, protocol: 'HTTPS', hostname: HOST, tls: { certificateRefs: [{ name: 'shop-tls' }], ...tls } };
  return api('Gateway', 'shop-api', { gatewayClassName: 'istio', addresses: [{ type: 'Hostname', value: 'edge-gateway.edge.svc.cluster.local' }], listeners: [listener] }, labels);
}

function route(labels: Record<string, string> = {}): Parameters<typeof create>[1] {
  return api('HTTPRoute', 'partners', { parentRefs: [{ name: 'shop-api' }], hostnames: [HOST] }, labels);
}

function grant(labels: Record<string, string> = {}): Parameters<typeof create>[1] {
  return api('ReferenceGrant', 'for-edge', { from: [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', namespace: EDGE }], to: [{ group: '', kind: 'Secret', name: 'elsewhere-tls' }] }, labels, 'foo');
}

const ELSEWHERE = { certificateRefs: [{ name: 'elsewhere-tls', namespace: 'foo' }] };

function meshWith(...objects: readonly Parameters<typeof create>[1][]): TestMesh {
  const mesh = meshOf('asm-citadel', [REVISION_1], undefined, { withAwkward: true });
  for (const object of objects) create(mesh.first, object);
  return mesh;
}

function migrated(mesh: TestMesh): StepPlan {
  return plannedOn(mesh, ORDER);
}

function blockers({ findings }: StepPlan): string {
  return findings.filter(({ severity }) => severity === 'blocks').map(({ message }) => english(message)).join('\n');
}

function gatewayPod({ first }: TestMesh): StoredPod {
  const [pod] = podsOf(first, EDGE).filter(({ metadata }) => metadata.name.startsWith('edge-gateway-'));
  assert.ok(pod);
  return pod;
}

/** What a client gets of the gateway's pods when istiod of the revision told them what to serve. */
function answer(mesh: TestMesh, revision: string): string {
  return answerOf(mesh.first.backend.store, gatewayPod(mesh), revision, { host: HOST, port: 8443 });
}

describe('a gateway with Gateways of the Gateway API', function () {
  this.timeout(60_000);

  it('serves them under the other revision as well where nothing is labelled', () => {
    const mesh = meshWith(gateway(), route());
    assert.deepEqual([answer(mesh, OLD), answer(mesh, REVISION_1)], ['served', 'served']);
    assert.equal(isBlocked({ ...migrated(mesh), gates: [] }), false);
  });

  it('drops a route, and does not open a Gateway, that is labelled for the old revision: the row is blocked', () => {
    const routed = meshWith(gateway(), route(OLDS));
    assert.deepEqual([answer(routed, OLD), answer(routed, REVISION_1)], ['served', '404']);
    assert.match(blockers(migrated(routed)), new RegExp(`HTTPRoute edge/partners is labelled istio.io/rev=${OLD}`, 'u'));
    const opened = meshWith(gateway(OLDS), route());
    assert.deepEqual([answer(opened, OLD), answer(opened, REVISION_1)], ['served', 'connection refused']);
    assert.match(blockers(migrated(opened)), new RegExp(`Gateway edge/shop-api is labelled istio.io/rev=${OLD}`, 'u'));
    assert.doesNotMatch(blockers(migrated(opened)), /HTTPRoute/u, 'a route of a lost Gateway is lost with it');
  });

  it('loses nothing where another route takes the host over', () => {
    const mesh = meshWith(gateway(), route(OLDS), api('HTTPRoute', 'partners-new', { parentRefs: [{ name: 'shop-api' }], hostnames: [HOST] }, { 'istio.io/rev': REVISION_1 }));
    assert.equal(answer(mesh, REVISION_1), 'served');
    assert.equal(blockers(migrated(mesh)), '');
  });

  it('closes the port for whose certificate a grant is labelled for the old revision; one that no grant allows is closed already, which is only said', () => {
    const mesh = meshWith(gateway({}, ELSEWHERE), route(), secret('elsewhere-tls', { 'tls.crt': '', 'tls.key': '' }, 'foo'), grant(OLDS));
    assert.deepEqual([answer(mesh, OLD), answer(mesh, REVISION_1)], ['served', 'connection refused']);
    assert.match(blockers(migrated(mesh)), new RegExp(`Gateway edge/shop-api may use secret foo/elsewhere-tls by a ReferenceGrant that istiod of ${REVISION_1} takes no notice of`, 'u'));
    remove(mesh.first, 'referencegrants.gateway.networking.k8s.io', 'foo', 'for-edge');
    assert.equal(answer(mesh, OLD), 'connection refused');
    assert.equal(blockers(migrated(mesh)), '');
    assert.match(warned(migrated(mesh)), /names secret foo\/elsewhere-tls of another namespace without a ReferenceGrant/u);
    create(mesh.first, grant());
    assert.deepEqual([answer(mesh, OLD), answer(mesh, REVISION_1)], ['served', 'served']);
    assert.equal(blockers(migrated(mesh)), '');
    assert.doesNotMatch(warned(migrated(mesh)), /elsewhere-tls/u);
    remove(mesh.first, 'secrets', 'foo', 'elsewhere-tls');
    assert.equal(answer(mesh, REVISION_1), 'no certificate');
    assert.match(warned(migrated(mesh)), /Secret foo\/elsewhere-tls, which Gateway edge\/shop-api names, is not there/u);
  });

  it('is not begun while routes or grants are not known; who may not list them and has no such Gateway is not held up', () => {
    const blind = (mesh: TestMesh): string => {
      const read = wholly(mesh);
      const unread = { state: 'unread', failure: undefined } as const;
      const situation = { ...read, snapshots: read.snapshots.map((snapshot) => ({ ...snapshot, objects: { ...snapshot.objects, gatewayRoutes: unread, referenceGrants: unread } })) };
      return blockers(plannedOn(mesh, ORDER, undefined, situation));
    };
    assert.match(blind(meshWith(gateway(), route())), /Could not be listed: gatewayRoutes, referenceGrants/u);
    assert.equal(blind(meshWith()), '');
  });

  it('that a controller made is held to the same when its label moves it', () => {
    const mesh = meshWith(api('HTTPRoute', 'to-partners', { parentRefs: [{ name: 'partners' }], hostnames: [HOST] }, OLDS));
    const name = mesh.first.backend.store.list('deployments.apps', EDGE).find(({ metadata }) => metadata.name.startsWith('partners'))?.metadata.name ?? '';
    const order: StepOrder = { step: 'migrate-gateway', phase: 1, target: { scope: 'gateway', cluster: CLUSTER_REFS[0], namespace: EDGE, name }, parameters: {} };
    assert.match(blockers(plannedOn(mesh, order)), new RegExp(`HTTPRoute edge/to-partners is labelled istio.io/rev=${OLD}`, 'u'));
  });
});

describe('a gateway that verifies its clients', function () {
  this.timeout(60_000);
  const MUTUAL = { options: { 'gateway.istio.io/tls-terminate-mode': 'MUTUAL' } };
  const anchors = (mesh: TestMesh): readonly string[] =>
    gatewaySecrets(mesh.first.backend.store, gatewayPod(mesh), REVISION_1, new Date(0)).flatMap((one) => (one.kind === 'clientAnchors' ? [one.pem] : []));

  it('takes the CA from a Secret of its own before the one beside the certificate', () => {
    const base64 = (text: string): string => Buffer.from(text).toString('base64');
    const mesh = meshWith(gateway({}, { certificateRefs: [{ name: 'mutual' }], ...MUTUAL }), route(), secret('mutual', { 'ca.crt': base64('beside') }));
    assert.deepEqual(anchors(mesh), ['beside']);
    create(mesh.first, secret('mutual-cacert', { 'ca.crt': base64('own') }));
    assert.deepEqual(anchors(mesh), ['own']);
  });

  it('is warned of where there is neither, in Gateways of both kinds, and not where there is one', () => {
    const bare = secret('mutual', { 'tls.crt': '', 'tls.key': '' });
    const mesh = meshWith(gateway({}, { certificateRefs: [{ name: 'mutual' }], ...MUTUAL }), route(), bare);
    const said = /Gateway edge\/shop-api verifies its clients, and there is neither secret edge\/mutual-cacert nor a CA in secret edge\/mutual/u;
    assert.match(warned(migrated(mesh)), said);
    create(mesh.first, secret('mutual-cacert', { 'ca.crt': '' }));
    assert.doesNotMatch(warned(migrated(mesh)), /verifies its clients/u);

    const istio = meshWith(bare);
    const { store } = istio.first.backend;
    const shop = store.get('gateways.networking.istio.io', EDGE, 'shop')!;
    const server = { port: { number: 443, name: 'https', protocol: 'HTTPS' }, hosts: ['shop.example.com'], tls: { mode: 'MUTUAL', credentialName: 'mutual' } };
    store.replace('gateways.networking.istio.io', { ...shop, spec: { ...(shop.spec as object), servers: [server] } });
    assert.match(warned(migrated(istio)), /Gateway edge\/shop verifies its clients, and there is neither/u);
    store.replace('secrets', { ...store.get('secrets', EDGE, 'mutual')!, data: { 'ca.crt': '' } });
    assert.doesNotMatch(warned(migrated(istio)), /verifies its clients/u);
  });

  it('is said not to be known where a Secret’s metadata does not tell what is in it, and not spoken of where that Secret is missing', () => {
    const mesh = meshWith(gateway({}, { certificateRefs: [{ name: 'mutual' }], ...MUTUAL }), route());
    assert.match(warned(migrated(mesh)), /Secret edge\/mutual, which Gateway edge\/shop-api names, is not there/u);
    assert.doesNotMatch(warned(migrated(mesh)), /verifies its clients/u, 'what is not there has no CA either');
    const situation = wholly(mesh);
    const requests = PROCEDURE['migrate-gateway'].needs?.(ORDER, situation) ?? [];
    const answers = (request: InspectionRequest): InspectionAnswer => {
      if (request.kind === 'object') return { kind: 'object', json: mesh.first.backend.store.get('deployments.apps', EDGE, 'edge-gateway') };
      return request.kind === 'secretName' && !request.name.endsWith('-cacert') ? { kind: 'secret', keys: undefined } : { kind: 'absent' };
    };
    const plan = planStep(ORDER, { ...situation, inspection: Object.fromEntries(requests.map((request) => [requestKey(request), answers(request)])) });
    assert.match(warned(plan), /Gateway edge\/shop-api verifies its clients. It is not known whether secret edge\/mutual-cacert is there/u);
  });
});

describe('a gateway that istiod makes of a Gateway', function () {
  this.timeout(60_000);
  const NAME = 'partners-istio';
  const on = (step: StepOrder['step'], phase: StepOrder['phase']): StepOrder => ({ step, phase, target: { scope: 'gateway', cluster: CLUSTER_REFS[0], namespace: EDGE, name: NAME }, parameters: {} });

  /** What `kubectl label` of the row does, and the rollout that it waits for. */
  function carryOut({ first, clock }: TestMesh, { commands }: StepPlan): void {
    const { store } = first.backend;
    const [, , , , , verb, kind, name = '', , , label = ''] = commands[0]!.argv;
    assert.deepEqual([verb, kind], ['label', 'gateways.gateway.networking.k8s.io']);
    const [key = '', value] = label.split('=');
    const object = store.get('gateways.gateway.networking.k8s.io', EDGE, name)!;
    store.replace('gateways.gateway.networking.k8s.io', { ...object, metadata: { ...object.metadata, labels: { ...object.metadata.labels, [key]: value ?? '' } } });
    clock.advance(60_000);
  }

  const revisions = ({ first }: TestMesh): readonly string[] =>
    [...new Set(podsOf(first, EDGE).filter(({ metadata }) => metadata.name.startsWith(NAME)).map(({ metadata }) => first.proxyIn(EDGE, metadata.name)!.settings.revision))];

  it('is moved, and taken back in phase 1, by its own label, and never deleted: there is no canary beside it', () => {
    const mesh = meshWith();
    const there = plannedOn(mesh, on('migrate-gateway', 1));
    carryOut(mesh, there);
    assert.deepEqual(revisions(mesh), [REVISION_1]);
    assert.equal(there.verify!(wholly(mesh)).kind, 'verified');
    const back = plannedOn(mesh, on('roll-back-gateway', 1));
    assert.equal(blockers(back), '');
    assert.deepEqual(back.commands.map(({ argv }) => argv.slice(5).join(' ')), [
      `label gateways.gateway.networking.k8s.io partners -n ${EDGE} istio.io/rev=${OLD} --overwrite`,
      `rollout status deployment/${NAME} -n ${EDGE} --timeout=10m`,
    ]);
    assert.equal(back.confirmation, undefined);
    assert.equal(back.verify!(wholly(mesh)).kind, 'open');
    carryOut(mesh, back);
    assert.deepEqual(revisions(mesh), [OLD]);
    assert.equal(back.verify!(wholly(mesh)).kind, 'verified');
  });

  it('is upgraded in place in phase 2 although its proxy stands in the template: its controller writes it', () => {
    const mesh = meshOf('asm-citadel', [REVISION_1, REVISION_2], undefined, { withAwkward: true });
    carryOut(mesh, plannedOn(mesh, on('migrate-gateway', 1)));
    const up = plannedOn(mesh, on('upgrade-gateway', 2));
    assert.equal(blockers(up), '');
    carryOut(mesh, up);
    assert.deepEqual([revisions(mesh), up.verify!(wholly(mesh)).kind], [[REVISION_2], 'verified']);
    const back = plannedOn(mesh, on('roll-back-gateway', 2));
    assert.equal(blockers(back), '');
    carryOut(mesh, back);
    assert.deepEqual([revisions(mesh), back.verify!(wholly(mesh)).kind], [[REVISION_1], 'verified']);
  });

  it('loses a label that it did not have before, where that is the way back', () => {
    const mesh = meshWith();
    const resource = 'gateways.gateway.networking.k8s.io';
    const object = mesh.first.backend.store.get(resource, EDGE, 'partners')!;
    mesh.first.backend.store.replace(resource, { ...object, metadata: { ...object.metadata, labels: {} } });
    mesh.clock.advance(60_000);
    assert.deepEqual(plannedOn(mesh, on('migrate-gateway', 1)).undo?.commands[0]?.argv.slice(5), ['label', resource, 'partners', '-n', EDGE, 'istio.io/rev-', '--overwrite']);
  });
});
