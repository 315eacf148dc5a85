// Gathering gate facts from clusters in memory: webhooks and their endpoints, references, waivers, evidence that is void, what is unread.
import assert from 'node:assert/strict';
import { controlPlaneIdentity } from '../../../../src/domain/evidence/controlPlaneFacts.js';
import type { ClusterEvidence, GateInputs } from '../../../../src/domain/evidence/gateInputs.js';
import { gatherGateFacts } from '../../../../src/domain/evidence/gatherGateFacts.js';
import { backupKey, backupText } from '../../../../src/domain/evidence/records/backupRecord.js';
import { baselineText } from '../../../../src/domain/evidence/records/baselineRecord.js';
import { probeKey, probeText } from '../../../../src/domain/evidence/records/probeRecord.js';
import { clusterKey } from '../../../../src/domain/cluster.js';
import type { ClusterGateFacts, GateFacts } from '../../../../src/domain/gates/gateFacts.js';
import type { WorkloadFacts } from '../../../../src/domain/mesh/facts.js';
import { emptySnapshot } from '../../../../src/domain/mesh/fold.js';
import type { ObjectFacts } from '../../../../src/domain/mesh/snapshot.js';
import type { GateObjects, SecretFacts } from '../../../../src/domain/mesh/gateObjects.js';
import type { MigrationPlan } from '../../../../src/domain/plan/migrationPlan.js';
import { MESH_CA_ROOT } from '../../../../src/domain/trust/rootNames.js';
import { textRenderer } from '../../../../src/shared/text/render.js';
import { planOf } from '../../../support/evidenceMesh.js';
import { CLUSTER_1, cluster, controlPlane, deployment, inState, namespace, pod, podOf, service } from '../../../support/meshBuilder.js';

const english = textRenderer('en');
const NOW = Date.UTC(2030, 0, 1);
const NEW = 'asm-1232-2-distribute-root';
const NONE = { state: 'listed', items: [], served: true } as const;
const NO_OBJECTS: GateObjects = {
  validatingWebhooks: NONE, mutatingWebhooks: NONE, autoscalers: NONE, disruptionBudgets: NONE, jobs: NONE, cronJobs: NONE,
  secrets: NONE, istioOperators: NONE, gatewayApi: NONE, gatewayRoutes: NONE, referenceGrants: NONE, istioGateways: NONE, virtualServices: NONE, workloadEntries: NONE, workloadGroups: NONE, memberships: NONE,
};
const CONFIGURED = { extraAnchors: [MESH_CA_ROOT], proxyMetadata: { PROXY_CONFIG_XDS_AGENT: 'true' }, trustDomainAliases: ['rehearsal-project.svc.id.goog'] };
const MULTI_ROOT = { ISTIO_MULTIROOT_MESH: 'true' };
const OLD_PLANE = controlPlane('default', '1.16.7', { isDefault: true });
const NEW_PLANE = controlPlane(NEW, '1.23.2-asm.2', { config: CONFIGURED, environment: MULTI_ROOT });

interface World {
  readonly objects?: Partial<GateObjects>;
  readonly records?: Readonly<Record<string, string>>;
  readonly inputs?: Partial<GateInputs>;
}

function mesh(things: readonly ObjectFacts[], { objects = {}, records = {}, inputs = {} }: World = {}): GateFacts {
  const snapshot = { ...cluster(things), objects: { ...NO_OBJECTS, ...objects } };
  const evidence: ClusterEvidence = { proxies: new Map(), records: { ok: true, value: records }, identity: { ok: true, value: [] } };
  return gatherGateFacts({
    snapshots: [snapshot], plan: planOf([CLUSTER_1]), evidence: new Map([[clusterKey(CLUSTER_1), evidence]]), surveys: [], changedAt: undefined,
    now: NOW, freshForMs: 60_000, ...inputs,
  });
}

function gather(things: readonly ObjectFacts[], world: World = {}): ClusterGateFacts {
  return mesh(things, world).clusters[0]!;
}

function outcomes({ creatable }: ClusterGateFacts): readonly string[] {
  return creatable.map(({ namespace: name, workload, outcome }) => `${name}/${workload} ${outcome.kind}${'revision' in outcome ? ` ${outcome.revision ?? ''}` : ''}`);
}

function secret(name: string, changes: Partial<SecretFacts> = {}): SecretFacts {
  return { namespace: 'istio-system', name, uid: `uid-${name}`, labels: {}, resourceVersion: '7', changedAt: 0, remoteCluster: undefined, ...changes };
}

describe('gathering gate facts', () => {
  const moved = [...OLD_PLANE, ...NEW_PLANE, namespace('foo', { 'istio.io/rev': NEW }), deployment('foo', 'web', 1), podOf('foo', 'web', '1', { by: 'default' })];

  it('keeps pods that were not restarted with the revision that injected them, while the next ones are the new revision\'s', () => {
    const facts = gather(moved);
    assert.deepEqual(facts.proxies.map(({ workload, revision }) => [workload, revision]), [['Deployment/web', 'default']]);
    assert.deepEqual(outcomes(facts).filter((line) => line.startsWith('foo/')), [`foo/Deployment/web injected ${NEW}`, `foo/Namespace/foo injected ${NEW}`]);
  });

  it('believes a namespace\'s label before the pod\'s own, as the webhooks do', () => {
    const web = deployment('foo', 'web', 0, { templateLabels: { 'istio.io/rev': 'default' } });
    const facts = gather([...OLD_PLANE, ...NEW_PLANE, namespace('foo', { 'istio.io/rev': NEW }), web]);
    assert.ok(outcomes(facts).includes(`foo/Deployment/web injected ${NEW}`));
  });

  it('expects no sidecar where the pod shares the node\'s network or refuses by label or annotation', () => {
    const templates: readonly Partial<WorkloadFacts>[] = [
      { hostNetwork: true },
      { templateLabels: { 'sidecar.istio.io/inject': 'false' } },
      { templateAnnotations: { 'sidecar.istio.io/inject': 'false' } },
    ];
    for (const template of templates) {
      const facts = gather([...OLD_PLANE, namespace('foo', { 'istio-injection': 'enabled' }), deployment('foo', 'web', 0, template)]);
      const web = facts.creatable.find(({ workload }) => workload === 'Deployment/web');
      assert.deepEqual([web?.outcome.kind, web?.meshed], ['withoutSidecar', false]);
    }
  });

  it('says that a pod would be refused when its injector has no ready endpoint, and that the webhook has none', () => {
    const gone = gather(moved.filter((object) => !(object.kind === 'services' && object.facts.name === `istiod-${NEW}`)));
    assert.ok(outcomes(gone).includes('foo/Deployment/web refused'));
    const webhook = gone.webhooks.find(({ revision }) => revision === NEW);
    assert.deepEqual([webhook?.canMatch, webhook?.endpointReady, webhook?.service], [true, false, `istio-system/istiod-${NEW}`]);
  });

  it('sees that an old webhook still matches a namespace that everybody forgot', () => {
    const forgotten = gather([...moved, namespace('forgotten', { 'istio-injection': 'enabled' })]);
    const canMatch = ({ webhooks }: ClusterGateFacts): boolean | undefined => webhooks.find(({ revision }) => revision === 'default')?.canMatch;
    assert.equal(canMatch(forgotten), true);
    assert.equal(forgotten.webhooks.find(({ revision }) => revision === 'default')?.matches, 'forgotten');
    assert.equal(canMatch(gather(moved)), false);
  });

  it('judges a validating webhook by the Service it calls', () => {
    const webhooks = [{ name: 'v', service: { namespace: 'istio-system', name: 'istiod-gone' }, caBundle: [], failurePolicy: 'Fail', resources: [] }];
    const validator = { namespace: '', name: 'istiod-default-validator', uid: 'u', labels: {}, annotations: {}, revision: 'default', tag: undefined, webhooks };
    const facts = gather(moved, { objects: { validatingWebhooks: { state: 'listed', items: [validator], served: true } } });
    const found = facts.webhooks.find(({ kind }) => kind === 'validating');
    assert.deepEqual([found?.canMatch, found?.endpointReady], [true, false]);
  });

  it('tells roots that are configured from roots that are handed out: istiod\'s switch and the agents\' flag are both needed', () => {
    const handsOut = (config: object, environment: Readonly<Record<string, string>>): string | undefined =>
      gather(controlPlane(NEW, '1.23.2', { config, environment })).controlPlanes[0]?.handsOutMeshCa;
    assert.equal(handsOut(CONFIGURED, MULTI_ROOT), 'yes');
    assert.equal(handsOut(CONFIGURED, {}), 'no');
    assert.equal(handsOut({ ...CONFIGURED, proxyMetadata: {} }, MULTI_ROOT), 'no');
    assert.equal(handsOut({ ...CONFIGURED, extraAnchors: [] }, MULTI_ROOT), 'no');
    assert.equal(handsOut({ ...CONFIGURED, unreadable: 'no YAML' }, MULTI_ROOT), 'unknown');
  });

  it('says what each control plane accepts by its mesh config, aliases included', () => {
    const facts = gather([...OLD_PLANE, ...NEW_PLANE]);
    assert.deepEqual(facts.controlPlanes.map(({ revision, accepts }) => [revision, accepts]), [
      [NEW, ['cluster.local', 'rehearsal-project.svc.id.goog']],
      ['default', ['cluster.local']],
    ]);
  });

  it('counts a virtual machine as unknown until somebody answers for it', () => {
    const entry = { namespace: 'foo', name: 'vm-1', uid: 'u', labels: {}, kind: 'WorkloadEntry' } as const;
    const objects = { workloadEntries: { state: 'listed', items: [entry], served: true } } as const;
    const machine = (until: string): readonly unknown[] => {
      const waivers = [{ subject: 'cluster-1/foo', what: 'vm', reason: 'moved by hand', until }];
      const facts = gather(moved, { objects, inputs: { plan: planOf([CLUSTER_1], { waivers }) } });
      const found = facts.proxies.find(({ workload }) => workload === 'WorkloadEntry/vm-1');
      return [found?.standing.kind, found?.waived];
    };
    assert.deepEqual(machine('2030-01-01'), ['unknown', true]);
    assert.deepEqual(machine('2029-12-31'), ['unknown', false], 'its end has come');
  });

  it('knows pods that bring certificates of their own from their template, before one lives, until somebody answers for them', () => {
    const annotated = (templateAnnotations: Readonly<Record<string, string>>, waivers: MigrationPlan['waivers'] = []): boolean | undefined => {
      const things = [...OLD_PLANE, namespace('foo', { 'istio-injection': 'enabled' }), deployment('foo', 'web', 0, { templateAnnotations })];
      const facts = gather(things, { inputs: { plan: planOf([CLUSTER_1], { waivers }) } });
      return facts.creatable.find(({ workload }) => workload === 'Deployment/web')?.ownCertificates;
    };
    const spire = { 'inject.istio.io/templates': 'sidecar,spire' };
    assert.equal(annotated({}), false);
    assert.equal(annotated(spire), true);
    assert.equal(annotated({ 'proxy.istio.io/config': 'proxyMetadata:\n  FILE_MOUNTED_CERTS: "true"\n' }), true);
    assert.equal(annotated({ 'proxy.istio.io/config': '{"proxyMetadata":{"FILE_MOUNTED_CERTS":"false"}}' }), false);
    assert.equal(annotated(spire, [{ subject: 'cluster-1/foo/Deployment/web', what: 'proxy', reason: 'its bundle has both roots', until: '2030-01-01' }]), false);
  });

  it('knows pods without Envoy from their template, before one lives, until somebody waives that', () => {
    const proxyless = (waivers: MigrationPlan['waivers'] = []): boolean | undefined => {
      const web = deployment('foo', 'web', 0, { templateAnnotations: { 'inject.istio.io/templates': 'grpc-agent' } });
      const facts = gather([...OLD_PLANE, namespace('foo', { 'istio-injection': 'enabled' }), web], { inputs: { plan: planOf([CLUSTER_1], { waivers }) } });
      return facts.creatable.find(({ workload }) => workload === 'Deployment/web')?.proxyless;
    };
    assert.equal(proxyless(), true);
    assert.equal(proxyless([{ subject: 'cluster-1/foo/Deployment/web', what: 'grpc', reason: 'its library was tried with both roots', until: '2030-01-01' }]), undefined);
  });

  it('voids a probe when the istiod that it was injected by is another one now', () => {
    const controlled = controlPlaneIdentity(cluster(NEW_PLANE), NEW);
    const text = probeText({ at: 1, revision: NEW, passed: true, issuer: 'R', anchors: ['R'], domain: 'cluster.local', controlPlane: controlled ?? '' });
    const records = { [probeKey(NEW)]: text };
    assert.equal(gather(NEW_PLANE, { records }).probes.length, 1);
    assert.equal(gather(controlPlane(NEW, '1.24.0', { config: CONFIGURED, environment: MULTI_ROOT }), { records }).probes.length, 0);
    assert.equal(gather(controlPlane(NEW, '1.23.2-asm.2', { config: CONFIGURED, environment: {} }), { records }).probes.length, 0);
  });

  it('takes a backup only for the very object it is of, and remembers it when the object is gone', () => {
    const records = { [backupKey('cacerts')]: backupText({ at: 1, secret: 'cacerts', uid: 'uid-cacerts', resourceVersion: '7', sha256: 'f', file: '/f' }) };
    const held = (items: readonly SecretFacts[]): unknown => gather(moved, { records, objects: { secrets: { state: 'listed', items, served: true } } }).caSecrets[0];
    assert.deepEqual(held([secret('cacerts')]), { name: 'cacerts', present: true, backedUp: true });
    assert.deepEqual(held([secret('cacerts', { resourceVersion: '8' })]), { name: 'cacerts', present: true, backedUp: false });
    assert.deepEqual(held([]), { name: 'cacerts', present: false, backedUp: true });
  });

  it('takes a secret for one that istiod made anew only where what was saved is gone and no old root is held or published any more', () => {
    const saved = (uid: string, roots: string[] | undefined): Record<string, string> => ({ [backupKey('istio-ca-secret')]: backupText({ at: 1, secret: 'istio-ca-secret', uid, resourceVersion: '7', sha256: 'f', file: '/f', roots }) });
    const published = (...fingerprints: string[]): ObjectFacts => ({ kind: 'caRoots', facts: { namespace: 'shop', uid: 'r', fingerprints } });
    const fresh = { things: [...controlPlane(NEW, '1.23.2-asm.2', { config: CONFIGURED, environment: MULTI_ROOT }), published('FRESH')], records: saved('another', ['OLD']), items: [secret('istio-ca-secret', { changedAt: -1000 })] };
    const isMadeAnew = (change: Partial<typeof fresh & { inputs: Partial<GateInputs> }> = {}): boolean => {
      const { things, records, items, inputs } = { inputs: {}, ...fresh, ...change };
      return gather(things, { records, inputs, objects: { secrets: { state: 'listed', items, served: true } } }).caSecrets[1]?.madeAnew === true;
    };
    assert.equal(isMadeAnew(), true);
    assert.equal(isMadeAnew({ records: {} }), false, 'nothing was saved');
    assert.equal(isMadeAnew({ records: saved('uid-istio-ca-secret', ['OLD']) }), false, 'it is what was saved');
    assert.equal(isMadeAnew({ records: saved('another', undefined) }), false, 'nobody noted which roots are old');
    assert.equal(isMadeAnew({ things: [...fresh.things, published('OLD')] }), false, 'the old root is published');
    assert.equal(isMadeAnew({ items: [...fresh.items, secret('cacerts', { changedAt: -1000 })] }), false, 'istiod runs with plugged-in keys');
    assert.equal(isMadeAnew({ items: [secret('istio-ca-secret', { changedAt: 1_000_000 })] }), false, 'somebody put it there under a running istiod');
    const unread = { ...cluster([...fresh.things, pod('shop', 'web', { by: NEW })]), objects: { ...NO_OBJECTS, secrets: { state: 'listed', items: fresh.items, served: true } } } as const;
    assert.equal(isMadeAnew({ inputs: { snapshots: [unread] } }), false, 'a proxy was not read');
    const unlisted = { ...unread, ...cluster(fresh.things), objects: unread.objects };
    assert.equal(isMadeAnew({ inputs: { snapshots: [unlisted] } }), true);
    assert.equal(isMadeAnew({ inputs: { snapshots: [inState(unlisted, { state: 'loading' }, ['caRoots'])] } }), false, 'what is published was not read');
  });

  it('sees an istiod that still signs under a CA from before the secret was changed, and does not know what happened within one second', () => {
    const loaded = (name: string, changedAt: number, plane = OLD_PLANE): unknown => {
      const secrets = { state: 'listed', items: [secret(name, { changedAt })], served: true } as const;
      return gather(plane, { objects: { secrets } }).controlPlanes[0]?.loadedPresentCa;
    };
    assert.deepEqual([loaded('cacerts', -1000), loaded('cacerts', 0), loaded('cacerts', 1000)], [true, 'unknown', false]);
    assert.equal(gather(OLD_PLANE, { objects: { secrets: { state: 'unread', failure: undefined } } }).controlPlanes[0]?.loadedPresentCa, 'unknown');
  });

  it('takes a root that was made right after a Citadel started for its own, and not where Mesh CA signs: another istiod made that one', () => {
    const loaded = (changedAt: number, plane: readonly ObjectFacts[]): unknown => {
      const secrets = { state: 'listed', items: [secret('istio-ca-secret', { changedAt })], served: true } as const;
      return gather(plane, { objects: { secrets } }).controlPlanes[0]?.loadedPresentCa;
    };
    const meshCa = controlPlane(NEW, '1.23.2-asm.2', { config: CONFIGURED, environment: { CA_PROVIDER: 'GoogleCA' } });
    assert.deepEqual([-1000, 0, 60_000, 61_000].map((changedAt) => loaded(changedAt, OLD_PLANE)), [true, true, true, false]);
    assert.deepEqual([-1000, 0, 60_000, 61_000].map((changedAt) => loaded(changedAt, meshCa)), [true, 'unknown', 'unknown', false]);
  });

  it('names what is stale, failed or was never asked for, and nothing is known of a cluster that is not looked at', () => {
    const failure = { kind: 'forbidden', reason: 'no' } as const;
    const snapshot = inState(cluster(moved), { state: 'stale', since: 0, failure }, ['pods']);
    const facts = gatherGateFacts({ snapshots: [snapshot], plan: undefined, evidence: new Map(), surveys: [], changedAt: undefined, now: NOW, freshForMs: 1 });
    const { unread } = facts.clusters[0]!;
    assert.deepEqual(unread.map(english), [
      'pods (not permitted: no)',
      'validatingWebhooks, jobs, cronJobs, secrets, gatewayApi, workloadEntries, workloadGroups, records (not read yet)',
    ]);
    const unreachable = { state: 'failed', failure: { kind: 'clusterUnreachable', reason: 'connection refused' } } as const;
    const away = gatherGateFacts({ snapshots: [inState(emptySnapshot(CLUSTER_1), unreachable)], plan: undefined, evidence: new Map(), surveys: [], changedAt: undefined, now: NOW, freshForMs: 1 });
    assert.equal(away.clusters[0]?.unread.map(english)[0], 'everything (cannot be reached: connection refused)');
    const other = { ...CLUSTER_1, context: 'gke_rehearsal-project_us-east1_cluster-2' };
    const planned = mesh(moved, { inputs: { plan: planOf([CLUSTER_1, other]) } });
    assert.deepEqual(planned.clusters.map(({ ref, unread: why }) => [ref.context, why.map(english)]), [[CLUSTER_1.context, []], [other.context, ['cluster (not read)']]]);
  });

  it('reads a baseline in the words of this machine, whoever recorded it', () => {
    assert.equal(mesh(moved).baseline, undefined);
    const records = { baseline: baselineText({ at: 1, pairs: ['cluster-1|A,cluster-1|B'], meshed: ['cluster-1/quiet'] }) };
    const facts = mesh([...moved, namespace('quiet')], { records });
    const key = clusterKey(CLUSTER_1);
    assert.deepEqual([...(facts.baseline?.pairs ?? [])], [`${key}|A,${key}|B`]);
    assert.ok(outcomes(facts.clusters[0]!).includes('quiet/Namespace/quiet withoutSidecar'), 'it was meshed, and a pod would have no sidecar now');
  });

  it('says which revision Service istiod leads to, and that it leads nowhere', () => {
    assert.equal(gather(moved).istiodService, 'default');
    const spoilt = service('istio-system', 'istiod', { app: 'istiod', istio: 'pilot', 'istio.io/rev': NEW });
    assert.equal(gather([...moved.filter((object) => !(object.kind === 'services' && object.facts.name === 'istiod')), spoilt]).istiodService, undefined);
  });

  it('does not take the labels of istiod itself for somebody who asks for its revision', () => {
    const facts = gather([...OLD_PLANE, ...NEW_PLANE]);
    assert.deepEqual(facts.references, []);
  });

  it('stays small: a thousand pods of one workload that stand alike are one entry', () => {
    const pods = Array.from({ length: 1000 }, (_each, index) => podOf('foo', 'web', String(index), { by: 'default' }));
    const facts = gather([...OLD_PLANE, namespace('foo', { 'istio-injection': 'enabled' }), ...pods, pod('foo', 'bare', { by: 'default' })]);
    assert.deepEqual(facts.proxies.map(({ workload, pods: names }) => [workload, names.length]), [['Deployment/web', 1000], ['Pod/bare', 1]]);
  });

  it('takes two clusters of one name for two, also without a plan, and believes no baseline that does not say which it is of', () => {
    const elsewhere = { ...CLUSTER_1, context: 'gke_rehearsal-project_us-east1_cluster-1' };
    const pairsOf = (...pairs: string[]): unknown => {
      const evidence: ClusterEvidence = { proxies: new Map(), records: { ok: true, value: { baseline: baselineText({ at: 1, pairs, meshed: [] }) } }, identity: undefined };
      const snapshots = [CLUSTER_1, elsewhere].map((ref) => ({ ...cluster([], ref), objects: NO_OBJECTS }));
      return mesh([], { inputs: { plan: undefined, snapshots, evidence: new Map([[clusterKey(CLUSTER_1), evidence]]) } }).baseline?.pairs;
    };
    assert.equal(pairsOf('cluster-1|A,cluster-1|A'), undefined);
    const [here, there] = [clusterKey(CLUSTER_1), clusterKey(elsewhere)];
    assert.deepEqual(pairsOf(`${here}|A,${here}|A`, `${there}|B,${there}|B`), new Set([`${here}|A,${here}|A`, `${there}|B,${there}|B`]));
  });
});
