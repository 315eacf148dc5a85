// Every gate, condition and lock by name, the property that is lost without it, and a scene small enough to show it.
// Conditions that cover each other are taken out together, the fewest that lose something; `unmutated.ts` has the others, with why.
// Not relevant to the proof: typed confirmations, application tests, guards on what is typed (revision names, files).
import type { GateId } from '../../../src/domain/gates/gate.js';
import type { ClusterGateFacts, GateFacts } from '../../../src/domain/gates/gateFacts.js';
import type { ObstacleKind } from '../../../src/domain/gates/obstacle.js';
import type { Mutation } from './mutation.js';
import type { Flaw, Scene } from './scene.js';

export interface NamedMutation extends Mutation {
  readonly scene: Scene;
  /** How the name of the lost property begins. */
  readonly loses: string;
  /** For the full proof: its story is long. */
  readonly isLong?: true;
}

const ONE = { clusters: 1, namespaces: 1, reinstalls: false } as const;
const FROM_ASM: Scene = { start: 'asm', roots: 'same', fleet: 'otherProject', variant: 'oldRootToo', extent: ONE };
const FROM_ISTIO: Scene = { ...FROM_ASM, start: 'istio' };
const MESH_CA_ONLY: Scene = { ...FROM_ASM, variant: 'meshCaOnly' };
const NO_INJECTION: Scene = { ...FROM_ASM, variant: 'injectionRefused' };
const TWO_CLUSTERS: Scene = { ...FROM_ASM, extent: { ...ONE, clusters: 2 } };
const REINSTALLED: Scene = { ...FROM_ASM, extent: { ...ONE, reinstalls: true } };
const WAIVED: Scene = { ...FROM_ASM, isWaived: true };
const OWN_CERTIFICATES: Scene = { ...FROM_ASM, ownCertificates: true };
const STATEFUL: Scene = { ...FROM_ASM, extent: { ...ONE, namespaces: 2 } };

function flawed(flaw: Flaw): Scene {
  return { ...FROM_ASM, flaw };
}

function opens(gate: GateId, loses: string, scene: Scene): NamedMutation {
  return { name: `gate ${gate}`, loses, scene, opens: (asked) => asked === gate };
}

/** By which the gate of phase 2 tells an injector whose pods will not do. */
const DISTRIBUTES: readonly ObstacleKind[] = ['creatableByOld', 'oldInjectorMatches', 'reference', 'proxyUnjudged'];

/** The gate of phase 2 is asked twice, before the install and before each label; a condition goes from both. */
function without(gate: GateId, lock: string, kinds: readonly ObstacleKind[], loses: string, scene: Scene): NamedMutation {
  const gates: readonly GateId[] = gate === 'phase-2-labels' ? ['phase-2', 'phase-2-labels'] : [gate];
  return { name: `${gate}: ${lock}`, loses, scene, ignores: (asked, kind) => gates.includes(asked) && kinds.includes(kind) };
}

function withoutTag(cluster: ClusterGateFacts): ClusterGateFacts {
  const { references, creatable, webhooks } = cluster;
  return {
    ...cluster,
    references: references.filter(({ kind }) => kind === 'template'),
    creatable: creatable.filter(({ role }) => role === 'router'),
    webhooks: webhooks.filter(({ tag, kind }) => tag === undefined || kind === 'validating'),
  };
}

export const MUTATIONS: readonly NamedMutation[] = [
  opens('phase-1-labels', 'S2', FROM_ASM),
  without('phase-1-labels', 'REVISION_1 injects', ['webhookNotInjecting'], 'S2', FROM_ASM),
  without('phase-1-labels', 'the probe was made', ['probeMissing'], 'S2', flawed('refusesInjection')),
  without('phase-1-labels', 'the probe passed', ['probeFailed'], 'S2', flawed('refusesInjection')),
  without('phase-1-labels', 'the probe and those that live trust each other', ['probeNotTrusted', 'probeLacksIssuer', 'probeSigner'], 'S1', flawed('otherRoot')),
  without('phase-1-labels', 'and so would those that the old istiod makes next', ['probeSigner'], 'S1', flawed('otherRoot')),
  opens('phase-2-labels', 'S', FROM_ASM),
  without('phase-2-labels', 'the mesh has come to rest', ['notSettled'], 'S1', FROM_ASM),
  without('phase-2-labels', 'proxies trust the root of Mesh CA, as such and as the probe has it', ['proxyLacksMeshCa', 'probeNotTrusted'], 'S1', FROM_ASM),
  without('phase-2-labels', 'proxies that cannot be read follow an injector that vouches', ['proxyUnjudged'], 'S1', FROM_ASM),
  without('phase-2-labels', 'unknown is not satisfied', ['proxyUnknown'], 'S1', FROM_ASM),
  without('phase-2-labels', 'nothing that is created next comes from an old injector', ['creatableByOld', 'oldInjectorMatches', 'reference'], 'S1', FROM_ASM),
  without('phase-2-labels', 'the identity scan has no open finding', ['identityFindings'], 'S1 authorization', FROM_ASM),
  without('phase-2-labels', 'REVISION_2 injects', ['webhookNotInjecting'], 'S2', FROM_ASM),
  without('phase-2-labels', 'the probe was made', ['probeMissing'], 'S1', MESH_CA_ONLY),
  without('phase-2-labels', 'the probe passed', ['probeFailed'], 'S2', NO_INJECTION),
  without('phase-2-labels', 'the probe trusts the roots of its peers', ['probeLacksIssuer'], 'S1', MESH_CA_ONLY),
  without('phase-2-labels', 'proxies with certificates of their own are answered for', ['proxyOwnCertificates'], 'S1', OWN_CERTIFICATES),
  without('phase-2-labels', 'and those that would be created with such', ['creatableOwnCertificates'], 'S1', OWN_CERTIFICATES),
  {
    name: 'phase-2-labels: REVISION_1 accepts the domain of Mesh CA, as such and as its proxies and the probe have it',
    loses: 'S1',
    scene: flawed('losesAliases'),
    ignores: (gate, kind) => gate.startsWith('phase-2') && [...DISTRIBUTES, 'controlPlaneRejectsDomain', 'proxyRejectsDomain', 'probeNotAccepted'].includes(kind),
  },
  {
    name: 'phase-2-labels: REVISION_1 hands out the root of Mesh CA, as such and as its proxies and the probes have it',
    loses: 'S1',
    scene: flawed('keepsRootToItself'),
    ignores: (gate, kind) =>
      (gate.startsWith('phase-2') && [...DISTRIBUTES, 'controlPlaneNotDistributing', 'proxyLacksMeshCa', 'probeNotTrusted'].includes(kind)) ||
      (gate === 'phase-1-labels' && kind === 'probeLacksMeshCa'),
  },
  {
    name: 'phase-2-labels: every cluster is looked at',
    loses: 'S1',
    scene: TWO_CLUSTERS,
    view: (gate, facts) => (gate.startsWith('phase-2') ? { ...facts, clusters: facts.clusters.slice(0, 1) } : undefined),
    ignores: (gate, kind) => gate.startsWith('phase-2') && kind === 'clusterMissing',
  },
  opens('finish', 'S5', FROM_ASM),
  without('finish', 'the mesh has come to rest', ['notSettled'], 'S2', FROM_ASM),
  without('finish', 'no proxy refers to it', ['proxyRefers'], 'S3', FROM_ASM),
  {
    name: 'finish: a proxy that the plan waives refers to it all the same',
    loses: 'S3',
    scene: WAIVED,
    view: (gate, facts) =>
      gate === 'finish' ? { ...facts, clusters: facts.clusters.map((cluster) => ({ ...cluster, proxies: cluster.proxies.filter(({ waived }) => !waived) })) } : undefined,
  },
  ...(['prod', 'default'] as const).map((tag) => ({
    name: `finish: no tag, nor what follows it, refers to it (${tag})`,
    loses: 'S2',
    scene: { ...FROM_ASM, extent: { ...ONE, namespaces: 2 }, tag } as const,
    view: (gate: GateId, facts: GateFacts) => (gate === 'finish' ? { ...facts, clusters: facts.clusters.map(withoutTag) } : undefined),
  })),
  without('finish', 'no label, template or webhook refers to it', ['reference', 'creatableByOld', 'webhookLosesEndpoint'], 'S2', FROM_ASM),
  without('finish', 'Service istiod no longer leads to it', ['istiodServiceRefers'], 'S4', FROM_ASM),
  without('finish', 'the successor is ready', ['controlPlaneNotReady'], 'S4', FROM_ASM),
  without('finish', 'every gateway Service keeps a ready endpoint', ['gatewayLosesEndpoint'], 'S5', FROM_ASM),
  without('finish', 'Service istiod is the address of the proxies of revision default', ['proxyRefers'], 'S3', FROM_ISTIO),
  without('finish', 'Service istiod is the address of what revision default will make', ['reference', 'creatableByOld'], 'S3', FROM_ISTIO),
  opens('phase-3', 'S6', FROM_ASM),
  without('phase-3', 'backups are verified', ['backupMissing'], 'S6', FROM_ASM),
  without('phase-3', 'no control plane is left that can issue under the old root', ['citadelLeft'], 'L2', FROM_ASM),
  without('phase-3', 'and nothing lives under it', ['citadelLeft', 'proxyOldCertificate'], 'S1', FROM_ASM),
  opens('rollback-1', 'S', FROM_ASM),
  without('rollback-1', 'the old istiod is there and injects', ['webhookNotInjecting'], 'S2', FROM_ASM),
  without('rollback-1', 'Service istiod leads to the old istiod', ['istiodServiceElsewhere'], 'S3', FROM_ISTIO),
  without('rollback-1', 'no Mesh CA certificate lives', ['proxyMeshCaCertificate'], 'S1', FROM_ASM),
  without('rollback-1', 'no Mesh CA certificate can be issued', ['creatableMeshCa'], 'S1', FROM_ASM),
  without('rollback-1', 'the mesh has come to rest', ['notSettled'], 'S1', FROM_ASM),
  opens('rollback-2', 'S', FROM_ASM),
  without('rollback-2', 'REVISION_1 injects', ['webhookNotInjecting'], 'S2', FROM_ASM),
  without('rollback-2', 'istiods hand out the CA that is there now', ['caNotLoaded'], 'S1', REINSTALLED),
  without('rollback-2', 'every proxy trusts what REVISION_1 signs under', ['proxyLacksIssuer'], 'S1', REINSTALLED),
  without('rollback-2', 'unknown is not satisfied', ['proxyUnknown'], 'S1', REINSTALLED),
  {
    ...without('rollback-2', 'the CA that was saved is in place again in every cluster', ['caSecretMissing'], 'S1', { ...FROM_ISTIO, extent: { clusters: 2, namespaces: 1, reinstalls: true } }),
    isLong: true,
  },
  {
    name: 'restore: no Citadel would switch its root, nor does rollback-2 go on with the one that it has made',
    loses: 'S1',
    scene: REINSTALLED,
    ignores: (gate, kind) => (gate === 'restore' && kind === 'citadelLeft') || (gate === 'rollback-2' && kind === 'caSecretMissing'),
  },
  {
    name: 'restart-workloads: StatefulSets are restarted too',
    loses: 'L1',
    scene: STATEFUL,
    restarts: (workload) => !workload.startsWith('StatefulSet/'),
  },
];
