// What each gate lets through and what it names as in the way, obstacle by obstacle.
import assert from 'node:assert/strict';
import type { GateId, GateSubject } from '../../../../src/domain/gates/gate.js';
import { MESH_CA_ANCHOR } from '../../../../src/domain/gates/gateFacts.js';
import type { ClusterGateFacts, FleetFacts, GateFacts, ProbeFacts } from '../../../../src/domain/gates/gateFacts.js';
import { placedProblem } from '../../../../src/domain/gates/gateItem.js';
import { gateObstacles, isGateOpen } from '../../../../src/domain/gates/gateObstacles.js';
import { judgeGate } from '../../../../src/domain/gates/judgeGate.js';
import { OBSTACLE_KINDS } from '../../../../src/domain/gates/obstacle.js';
import type { ObstacleKind } from '../../../../src/domain/gates/obstacle.js';
import { textRenderer } from '../../../../src/shared/text/render.js';
import { message } from '../../../../src/shared/text/message.js';
import { clusterAt, controlPlane, creatable, EAST, FLEET, meshOf, moved, OLD, ONE, proxy, TWO, webhook } from '../../../support/gateFacts.js';

const probe: ProbeFacts = { revision: ONE, passed: true, issuer: 'old', anchors: ['old', MESH_CA_ANCHOR], domain: 'cluster.local', controlPlane: `${ONE}#1` };
const probe2: ProbeFacts = { revision: TWO, passed: true, issuer: MESH_CA_ANCHOR, anchors: ['old', MESH_CA_ANCHOR], domain: FLEET, controlPlane: `${TWO}#1` };

/** Phase 2 under way: both istiods, everything still with REVISION_1, the probe of REVISION_2 made. */
const both: Partial<ClusterGateFacts> = { controlPlanes: [controlPlane(ONE), controlPlane(TWO)], webhooks: [webhook(ONE, { canMatch: true }), webhook(TWO)], probes: [probe2] };

interface Case {
  readonly gate: GateId;
  readonly subject?: Omit<GateSubject, 'cluster'>;
  readonly open: GateFacts;
  readonly spoiled: Partial<Readonly<Record<ObstacleKind, GateFacts>>>;
}

const atOne = clusterAt(ONE);
const phase1 = clusterAt(OLD, { controlPlanes: [controlPlane(OLD), controlPlane(ONE)], webhooks: [webhook(OLD, { canMatch: true }), webhook(ONE)], probes: [probe], proxies: [proxy('Deployment/web', OLD, { anchors: ['old'] })] });
const labels2 = clusterAt(ONE, both);
const done = clusterAt(TWO, { controlPlanes: [controlPlane(TWO), controlPlane(ONE)] });
const spire = creatable('Deployment/spire', { kind: 'injected', revision: ONE }, { ownCertificates: true });
const unknown = proxy('Deployment/web', ONE, { kind: 'unknown', reason: message('failure.timedOut', { seconds: 10 }) });

function one(change: Partial<ClusterGateFacts>): GateFacts {
  return meshOf({ ...atOne, ...change });
}
function probed(change: Partial<ProbeFacts>): GateFacts {
  return meshOf({ ...labels2, probes: [{ ...probe2, ...change }] });
}
function finishing(change: Partial<ClusterGateFacts>): GateFacts {
  return meshOf({ ...done, ...change });
}

const NEVER: FleetFacts = { state: 'unread', why: 'never', project: 'fleet' };
const STRANGER: FleetFacts = { state: 'read', members: 2, notInPlan: ['gke_fleet_here_west'] };

const CASES: readonly Case[] = [
  {
    gate: 'phase-1-labels',
    open: meshOf(phase1),
    spoiled: {
      revisionNotPlanned: meshOf(phase1, { revision1: undefined }),
      controlPlaneMissing: meshOf({ ...phase1, controlPlanes: [controlPlane(OLD)] }),
      controlPlaneNotReady: meshOf({ ...phase1, controlPlanes: [controlPlane(ONE, { ready: false })] }),
      webhookNotInjecting: meshOf({ ...phase1, webhooks: [webhook(ONE, { endpointReady: false })] }),
      probeMissing: meshOf({ ...phase1, probes: [{ ...probe, controlPlane: `${ONE}#0` }] }),
      probeFailed: meshOf({ ...phase1, probes: [{ ...probe, passed: false }] }),
      probeLacksMeshCa: meshOf({ ...phase1, probes: [{ ...probe, anchors: ['old'] }] }),
      probeSigner: meshOf({ ...phase1, probes: [{ ...probe, issuer: MESH_CA_ANCHOR }] }),
      probeLacksIssuer: meshOf({ ...phase1, probes: [{ ...probe, anchors: ['new', MESH_CA_ANCHOR] }] }),
      probeNotTrusted: meshOf({ ...phase1, probes: [{ ...probe, issuer: 'new' }] }),
      probeNotAccepted: meshOf({ ...phase1, probes: [{ ...probe, domain: 'elsewhere' }] }),
      controlPlaneRejectsDomain: meshOf({ ...phase1, controlPlanes: [controlPlane(OLD), controlPlane(ONE, { accepts: [FLEET] })] }),
    },
  },
  {
    gate: 'phase-2',
    open: meshOf(atOne),
    spoiled: {
      clusterUnread: one({ unread: [message('reason.unread', { what: 'pods', reason: message('reason.notReadYet') })] }),
      clusterMissing: meshOf(atOne, { clusters: [] }),
      clusterNotInPlan: meshOf(atOne, { clustersNotInPlan: ['west'] }),
      fleetUnread: meshOf(atOne, { fleet: NEVER }),
      fleetMemberNotInPlan: meshOf(atOne, { fleet: STRANGER }),
      notSettled: meshOf(atOne, { settled: false }),
      controlPlaneNotDistributing: one({ controlPlanes: [controlPlane(ONE, { handsOutMeshCa: 'unknown' })] }),
      controlPlaneRejectsDomain: one({ controlPlanes: [controlPlane(ONE, { accepts: ['cluster.local'] })] }),
      proxyLacksMeshCa: one({ proxies: [proxy('Deployment/web', ONE, { anchors: ['old'] })] }),
      proxyLacksIssuer: one({ proxies: [proxy('Deployment/web', ONE), proxy('Deployment/db', ONE, { anchors: [MESH_CA_ANCHOR] })] }),
      proxyRejectsDomain: one({ proxies: [proxy('Deployment/web', ONE, { outbound: ['cluster.local'] })] }),
      proxyExpired: one({ proxies: [proxy('Deployment/web', ONE, { expired: true })] }),
      proxyUnjudged: one({ proxies: [proxy('Deployment/web', ONE, { kind: 'followsInjector' })] }),
      proxyUnknown: one({ proxies: [unknown] }),
      proxyOwnCertificates: one({ proxies: [proxy('Deployment/web', ONE, { kind: 'ownCertificates' })] }),
      creatableByOld: one({ creatable: [creatable('CronJob/night', { kind: 'injected', revision: OLD })] }),
      creatableWithoutSidecar: one({ creatable: [creatable('Deployment/web', { kind: 'withoutSidecar' })] }),
      creatableRefused: one({ creatable: [creatable('Deployment/web', { kind: 'refused', reason: message('reason.webhookRefuses', { webhook: 'w', address: 'a' }) })] }),
      creatableUnknown: one({ creatable: [creatable('Deployment/web', { kind: 'unknown', reason: message('failure.forbidden', { reason: 'no' }) })] }),
      creatableForeignImage: one({ creatable: [creatable('Deployment/web', { kind: 'injected', revision: ONE }, { foreignProxyImage: true })] }),
      creatableOwnCertificates: one({ proxies: [], creatable: [spire] }),
      oldInjectorMatches: one({ webhooks: [webhook(OLD, { canMatch: true })] }),
      reference: one({ references: [{ kind: 'namespace', name: 'empty', revision: OLD }] }),
      identityFindings: one({ openIdentityFindings: 2 }),
      identityNotScanned: one({ openIdentityFindings: undefined }),
    },
  },
  {
    gate: 'phase-2-labels',
    open: meshOf(labels2),
    spoiled: {
      revisionNotPlanned: meshOf(labels2, { revision2: undefined }),
      webhookNotInjecting: meshOf({ ...labels2, webhooks: [webhook(ONE, { canMatch: true })] }),
      probeMissing: meshOf({ ...labels2, probes: [] }),
      fleetUnread: meshOf(labels2, { fleet: NEVER }),
      probeSigner: probed({ issuer: 'old' }),
      probeLacksIssuer: probed({ anchors: [MESH_CA_ANCHOR] }),
      probeNotAccepted: probed({ domain: 'other.svc.id.goog' }),
      controlPlaneRejectsDomain: meshOf({ ...labels2, controlPlanes: [controlPlane(ONE), controlPlane(TWO, { accepts: [FLEET] })] }),
    },
  },
  {
    gate: 'finish',
    subject: { revision: ONE },
    open: meshOf(done),
    spoiled: {
      proxyRefers: finishing({ proxies: [moved('Deployment/web'), proxy('Deployment/db', ONE)] }),
      proxyUnknown: finishing({ proxies: [{ ...moved('Deployment/web'), revision: undefined }] }),
      reference: finishing({ references: [{ kind: 'tag', name: 'prod', revision: ONE }] }),
      creatableByOld: finishing({ creatable: [creatable('Job/hand', { kind: 'handInjected', revision: ONE })] }),
      webhookLosesEndpoint: finishing({ webhooks: [webhook('prod', { tag: 'prod', service: `istio-system/istiod-${ONE}`, canMatch: true })] }),
      webhookWithoutEndpoint: finishing({ webhooks: [webhook(TWO, { canMatch: true, endpointReady: false })] }),
      istiodServiceRefers: finishing({ istiodService: ONE }),
    },
  },
  {
    gate: 'finish',
    subject: { goes: 'istiodService', revision: ONE, successor: TWO },
    open: finishing({ istiodService: ONE }),
    spoiled: { controlPlaneMissing: finishing({ controlPlanes: [controlPlane(ONE)] }), controlPlaneNotReady: finishing({ controlPlanes: [controlPlane(TWO, { ready: false })] }) },
  },
  {
    gate: 'finish',
    subject: { goes: 'gateway', namespace: 'edge', gateway: 'gw' },
    open: meshOf(atOne),
    spoiled: { gatewayLosesEndpoint: one({ gatewayServices: [{ namespace: 'edge', name: 'ingress', ready: { 'Deployment/gw': 2, 'Deployment/gw-canary': 0 } }] }) },
  },
  {
    gate: 'phase-3',
    open: meshOf(clusterAt(TWO)),
    spoiled: {
      citadelLeft: meshOf(done),
      creatableOwnCertificates: meshOf(clusterAt(TWO, { creatable: [creatable('Deployment/spire', { kind: 'injected', revision: TWO }, { ownCertificates: true })] })),
      fleetUnread: meshOf(clusterAt(TWO), { fleet: NEVER }),
      fleetMemberNotInPlan: meshOf(clusterAt(TWO), { fleet: STRANGER }),
      proxyOldCertificate: meshOf(clusterAt(TWO, { proxies: [{ ...proxy('Deployment/web', TWO), waived: true }] })),
      proxyUnknown: meshOf(clusterAt(TWO, { proxies: [unknown] })),
      proxyUnjudged: meshOf(clusterAt(TWO, { proxies: [proxy('Deployment/web', ONE, { kind: 'notLoaded' })] })),
      reference: meshOf(clusterAt(TWO, { references: [{ kind: 'namespace', name: 'empty', revision: ONE }] })),
      backupMissing: meshOf(clusterAt(TWO, { caSecrets: [{ name: 'cacerts', present: true, backedUp: false }] })),
    },
  },
  {
    gate: 'rollback-1',
    subject: { revision: OLD },
    open: meshOf(clusterAt(ONE, { controlPlanes: [controlPlane(OLD), controlPlane(ONE)], webhooks: [webhook(OLD)] })),
    spoiled: {
      controlPlaneMissing: meshOf(atOne),
      proxyMeshCaCertificate: meshOf({ ...labels2, proxies: [moved('Deployment/web')] }),
      creatableMeshCa: meshOf({ ...labels2, references: [{ kind: 'namespace', name: 'bank', revision: TWO }] }),
    },
  },
  {
    gate: 'rollback-1',
    subject: { revision: 'default' },
    open: meshOf(clusterAt(ONE, { controlPlanes: [controlPlane('default')], webhooks: [webhook('default')], istiodService: 'default' })),
    spoiled: { istiodServiceElsewhere: meshOf(clusterAt(ONE, { controlPlanes: [controlPlane('default')], webhooks: [webhook('default')], istiodService: ONE })) },
  },
  {
    gate: 'rollback-2',
    open: meshOf({ ...labels2, proxies: [moved('Deployment/web')] }),
    spoiled: {
      controlPlaneNotReady: meshOf({ ...labels2, controlPlanes: [controlPlane(ONE, { ready: false })] }),
      caSecretMissing: meshOf({ ...labels2, caSecrets: [] }),
      creatableOwnCertificates: meshOf({ ...labels2, creatable: [spire] }),
      caNotLoaded: meshOf({ ...labels2, controlPlanes: [controlPlane(ONE), controlPlane(TWO, { loadedPresentCa: false })] }),
      proxyLacksIssuer: meshOf({ ...labels2, proxies: [proxy('Deployment/web', TWO, { issuer: MESH_CA_ANCHOR, domain: FLEET, anchors: [MESH_CA_ANCHOR] })] }),
      proxyUnknown: meshOf({ ...labels2, proxies: [unknown] }),
    },
  },
  {
    gate: 'restore',
    open: meshOf(clusterAt(TWO, { caSecrets: [{ name: 'cacerts', present: false, backedUp: true }] })),
    spoiled: { backupMissing: meshOf(clusterAt(TWO, { caSecrets: [] })), citadelLeft: meshOf(done) },
  },
];

function judged({ gate, subject = {} }: Case, facts: GateFacts): readonly ObstacleKind[] {
  return [...gateObstacles(gate, facts, { ...subject, cluster: EAST })].map(({ kind }) => kind);
}

describe('judgeGate', () => {
  for (const known of CASES) {
    const about = known.subject?.goes ?? known.subject?.revision ?? '';
    it(`${known.gate} ${about} is open when nothing is in the way`, () => {
      assert.deepEqual(judged(known, known.open), []);
      assert.equal(judgeGate(known.gate, known.open, { ...known.subject, cluster: EAST }).state, 'open');
    });
    for (const [kind, facts] of Object.entries(known.spoiled)) {
      it(`${known.gate} ${about} is in the way of: ${kind}`, () => {
        const kinds: readonly string[] = judged(known, facts);
        assert.ok(kinds.includes(kind), `found ${kinds.join(', ') || 'nothing'}`);
        assert.equal(isGateOpen(known.gate, facts, { ...known.subject, cluster: EAST }), false);
      });
    }
  }

  it('has a case for each kind of obstacle', () => {
    const covered = new Set(CASES.flatMap(({ spoiled }) => Object.keys(spoiled)));
    assert.deepEqual(OBSTACLE_KINDS.filter((kind) => !covered.has(kind)), []);
  });

  it('asks about the fleet before phases 2 and 3 alone, never in front of a way back, and calls it unknown, to be confirmed in the plan', () => {
    for (const fleet of [NEVER, STRANGER]) {
      const asking = CASES.filter(({ gate, subject = {}, open }) => !isGateOpen(gate, { ...open, fleet }, { ...subject, cluster: EAST })).map(({ gate }) => gate);
      assert.deepEqual(asking, ['phase-2', 'phase-2-labels', 'phase-3']);
      const { state, items } = judgeGate('phase-2', meshOf(atOne, { fleet }), { cluster: EAST });
      assert.equal(state, 'unknown');
      assert.deepEqual(items.map(({ waivable }) => waivable), [true]);
    }
    const old: FleetFacts = { state: 'unread', why: 'old', days: 9, project: 'fleet' };
    const [item] = judgeGate('phase-2', meshOf(atOne, { fleet: old }), { cluster: EAST }).items;
    assert.deepEqual(item?.remedy, { step: 'check-fleet', phase: 0, target: { scope: 'mesh' } });
    assert.deepEqual([item.problem.key, item.subject], ['gates.fleetUnread.old', 'fleet']);
    assert.equal(isGateOpen('phase-2', meshOf(atOne, { fleet: { state: 'waived' } }), { cluster: EAST }), true);
  });

  it('asks first of all whether everything was read, whichever gate it is', () => {
    for (const { gate, subject = {}, open } of CASES) {
      const [cluster] = open.clusters;
      assert.ok(cluster);
      const facts: GateFacts = { ...open, clusters: [{ ...cluster, unread: [message('reason.unread', { what: 'pods', reason: message('reason.notReadYet') })] }] };
      const [first] = gateObstacles(gate, facts, { ...subject, cluster: EAST });
      assert.equal(first?.kind, 'clusterUnread');
    }
  });

  it('is unknown, not shut, where nothing known stands in the way', () => {
    assert.equal(judgeGate('phase-2', one({ openIdentityFindings: undefined }), { cluster: undefined }).state, 'unknown');
  });

  it('is shut to a cluster of which nothing is known', () => {
    assert.equal(judgeGate('finish', meshOf(done), { cluster: 'west', revision: ONE }).state, 'unknown');
  });

  it('does not take for missing what may be there in a cluster that was not read', () => {
    const west: ClusterGateFacts = { ...clusterAt(ONE), cluster: 'west', ref: { kubeconfig: '/c', context: 'gke_p_us-west1_west' }, unread: [message('reason.unread', { what: message('reason.everything'), reason: message('reason.notReadYet') })], controlPlanes: [], webhooks: [], proxies: [], creatable: [], caSecrets: [] };
    const { state, items } = judgeGate('phase-2', meshOf(atOne, { clusters: [atOne, west] }), { cluster: EAST });
    assert.equal(state, 'unknown');
    const english = textRenderer('en');
    assert.deepEqual(items.map((item) => english(placedProblem(item))).slice(0, 2), [
      'west: Could not be read: everything (not read yet).',
      `west: Not known: There is no control plane of revision ${ONE}.`,
    ]);
    assert.equal(textRenderer('ko')(placedProblem(items[0]!)), 'west: 읽지 못했습니다: 모든 항목(아직 읽지 않음).');
  });

  it('asks only for peers that could authenticate at the baseline', () => {
    const west: ClusterGateFacts = { ...atOne, cluster: 'west', proxies: [proxy('Deployment/far', ONE, { issuer: 'west', anchors: ['west', MESH_CA_ANCHOR] })] };
    const facts = meshOf(atOne, { clusters: [atOne, west], baseline: { pairs: new Set([`${EAST}|old,${EAST}|old`, 'west|west,west|west']) } });
    assert.equal(isGateOpen('phase-2', facts, { cluster: EAST }), true);
    const talked = { ...facts, baseline: { pairs: new Set([`${EAST}|old,west|west`]) } };
    assert.equal(isGateOpen('phase-2', talked, { cluster: EAST }), false);
  });

  it('lets a waived proxy pass in phase 2, but never a living certificate of the old root in phase 3', () => {
    const waived = { ...proxy('Deployment/web', ONE, { anchors: ['old'] }), waived: true };
    assert.equal(isGateOpen('phase-2', one({ proxies: [waived] }), { cluster: EAST }), true);
    assert.equal(isGateOpen('phase-3', meshOf(clusterAt(TWO, { proxies: [waived] })), { cluster: EAST }), false);
  });

  it('lets no label of phase 1 lead to another root than the old istiod signs under, even while no pod of that one lives', () => {
    const signed = (issuer: string): boolean => isGateOpen('phase-1-labels', meshOf({ ...phase1, proxies: [], probes: [{ ...probe, issuer }] }), { cluster: EAST });
    assert.deepEqual([signed('old'), signed('new')], [true, false]);
  });

  it('names pods with certificates of their own once, as those that live or as those that would be made, and neither where that is waived', () => {
    const lives = proxy('Deployment/spire', ONE, { kind: 'ownCertificates' });
    const kinds = (change: Partial<ClusterGateFacts>): readonly ObstacleKind[] => [...gateObstacles('phase-2', one(change), { cluster: EAST })].map(({ kind }) => kind);
    assert.deepEqual(kinds({ proxies: [lives], creatable: [spire] }), ['proxyOwnCertificates']);
    assert.deepEqual(kinds({ proxies: [], creatable: [spire] }), ['creatableOwnCertificates']);
    assert.deepEqual(kinds({ proxies: [], creatable: [{ ...spire, waived: true }] }), []);
    assert.deepEqual(kinds({ proxies: [], creatable: [{ ...spire, outcome: { kind: 'withoutSidecar' }, meshed: false }] }), []);
  });

  it('knows nothing of a workload without Envoy, also where it is scaled to nothing, until that is waived', () => {
    const grpc = creatable('Deployment/grpc', { kind: 'injected', revision: ONE }, { proxyless: true });
    const kinds = (change: Partial<ClusterGateFacts>): readonly ObstacleKind[] => [...gateObstacles('phase-2', one(change), { cluster: EAST })].map(({ kind }) => kind);
    assert.deepEqual(kinds({ proxies: [], creatable: [grpc] }), ['creatableUnknown']);
    assert.deepEqual(kinds({ proxies: [proxy('Deployment/grpc', ONE, { kind: 'unknown', reason: message('reason.proxyless') })], creatable: [grpc] }), ['proxyUnknown'], 'named once');
    assert.deepEqual(kinds({ proxies: [], creatable: [{ ...grpc, waived: true }] }), []);
  });

  it('asks no backup of the Secret that an istiod made for itself after a restart', () => {
    const isOpen = (madeAnew: boolean): boolean => {
      const own = { name: 'istio-ca-secret', present: true, backedUp: false, ...(madeAnew && { madeAnew }) } as const;
      return isGateOpen('phase-3', meshOf(clusterAt(TWO, { caSecrets: [{ name: 'cacerts', present: false, backedUp: true }, own] })), { cluster: EAST });
    };
    assert.deepEqual([isOpen(true), isOpen(false)], [true, false]);
  });

  it('goes back to the old CA only when the Secret that was saved is in place again, not with the one that a Citadel made in its stead', () => {
    const isOpen = (saved: boolean, present: boolean): boolean => {
      const caSecrets = [{ name: 'cacerts', present, backedUp: saved }, { name: 'istio-ca-secret', present: true, backedUp: false }] as const;
      const other: ClusterGateFacts = { ...clusterAt(TWO, { caSecrets }), cluster: 'west' };
      return isGateOpen('rollback-2', meshOf(labels2, { clusters: [{ ...labels2, proxies: [moved('Deployment/web')] }, other] }), { cluster: EAST });
    };
    assert.equal(isOpen(true, false), false);
    assert.equal(isOpen(true, true), true);
    // It never had one: its Citadel signs under its own.
    assert.equal(isOpen(false, false), true);
  });

  it('lets other clusters go on when one is through with phase 2 and has no REVISION_1 any more', () => {
    const through: ClusterGateFacts = { ...clusterAt(TWO), cluster: 'west' };
    assert.equal(isGateOpen('phase-2', meshOf(atOne, { clusters: [atOne, through] }), { cluster: EAST }), true);
  });

  it('says in words what is in the way, and which step leads past it', () => {
    const { items } = judgeGate('phase-2', one({ proxies: [proxy('Deployment/web', ONE, { anchors: ['old'] })] }), { cluster: EAST });
    const [item] = items;
    assert.ok(item);
    assert.equal(textRenderer('en')(item.problem), 'shop/Deployment/web does not trust the Mesh CA root.');
    assert.equal(item.remedy?.step, 'restart-workloads');
    assert.deepEqual(item.remedy.target.scope === 'namespace' && item.remedy.target.namespace, 'shop');
  });

  it('looks, before Service istiod moves, at the revision that the Service leads to, whichever the phase says is old', () => {
    const subject: GateSubject = { cluster: EAST, goes: 'istiodService', revision: ONE, successor: TWO };
    const late = finishing({ istiodService: 'default', references: [{ kind: 'namespace', name: 'foo', revision: 'default' }] });
    assert.deepEqual([...gateObstacles('finish', late, subject)].map(({ kind }) => kind), ['reference']);
    const through = finishing({ istiodService: TWO, references: [{ kind: 'namespace', name: 'foo', revision: 'default' }] });
    assert.equal(isGateOpen('finish', through, subject), true);
  });

  it('does not take an unknown list of accepted domains for one that accepts', () => {
    const facts = meshOf({ ...phase1, controlPlanes: [controlPlane(OLD), controlPlane(ONE, { accepts: 'unknown' })] });
    assert.equal(judgeGate('phase-1-labels', facts, { cluster: EAST }).state, 'unknown');
  });

  it('moves a tag that is in the way by its tag, and a namespace of the same name by its label', () => {
    const tag = { kind: 'tag', name: 'prod', revision: ONE } as const;
    const stepFor = (references: ClusterGateFacts['references']): string | undefined =>
      judgeGate('phase-3', meshOf(clusterAt(TWO, { references })), { cluster: EAST }).items.find(({ remedy }) => remedy !== undefined)?.remedy?.step;
    assert.equal(stepFor([tag]), 'move-tags');
    assert.equal(stepFor([{ ...tag, kind: 'namespace' }]), 'migrate-namespace');
    const { items } = judgeGate('phase-3', meshOf(clusterAt(TWO, { references: [tag] })), { cluster: EAST });
    const remedy = items.find((item) => item.remedy !== undefined)?.remedy;
    assert.equal(remedy?.target.scope, 'cluster');
    assert.equal(remedy.phase, 2);
  });
});
