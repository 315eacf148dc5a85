// Every gate, condition and lock by name, the property that is lost without it, and a scene small enough to show it.
// Conditions that stand in for each other are taken out together: each alone would be covered by the others.
// Not relevant to the proof: typed confirmations, application tests, guards on what is typed (revision names, files).
// Implied by others in every scene: that phase 2 asks before the install (each label asks again), that a backup is there to
// restore (none is deleted without), that the CA Secret is there for rollback-2 (its istiods must have loaded it).
import type { GateId } from '../../../src/domain/gates/gate.js';
import type { ObstacleKind } from '../../../src/domain/gates/obstacle.js';
import type { Mutation } from './mutation.js';
import type { Scene } from './scene.js';

export interface NamedMutation extends Mutation {
  readonly scene: Scene;
  /** How the name of the lost property begins. */
  readonly loses: string;
}

const ONE = { clusters: 1, namespaces: 1, reinstalls: false } as const;
const FROM_ASM: Scene = { start: 'asm', roots: 'same', fleet: 'otherProject', variant: 'oldRootToo', extent: ONE };
const FROM_ISTIO: Scene = { ...FROM_ASM, start: 'istio' };
const MESH_CA_ONLY: Scene = { ...FROM_ASM, variant: 'meshCaOnly' };
const NO_INJECTION: Scene = { ...FROM_ASM, variant: 'injectionRefused' };
const TWO_CLUSTERS: Scene = { ...FROM_ASM, extent: { ...ONE, clusters: 2 } };
const REINSTALLED: Scene = { ...FROM_ASM, extent: { ...ONE, reinstalls: true } };
const STATEFUL: Scene = { ...FROM_ASM, extent: { ...ONE, namespaces: 2 } };

function opens(gate: GateId, loses: string, scene: Scene): NamedMutation {
  return { name: `gate ${gate}`, loses, scene, opens: (asked) => asked === gate };
}

/** The gate of phase 2 is asked twice, before the install and before each label; a condition goes from both. */
function without(gate: GateId, lock: string, kinds: readonly ObstacleKind[], loses: string, scene: Scene): NamedMutation {
  const gates: readonly GateId[] = gate === 'phase-2-labels' ? ['phase-2', 'phase-2-labels'] : [gate];
  return { name: `${gate}: ${lock}`, loses, scene, ignores: (asked, kind) => gates.includes(asked) && kinds.includes(kind) };
}

const READY: readonly ObstacleKind[] = ['controlPlaneMissing', 'controlPlaneNotReady', 'webhookNotInjecting'];

export const MUTATIONS: readonly NamedMutation[] = [
  opens('phase-1-labels', 'S2', FROM_ASM),
  without('phase-1-labels', 'REVISION_1 is ready and injects', [...READY, 'probeMissing', 'probeFailed'], 'S2', FROM_ASM),
  opens('phase-2-labels', 'S', FROM_ASM),
  without('phase-2-labels', 'the mesh has come to rest', ['notSettled'], 'S1', FROM_ASM),
  without('phase-2-labels', 'proxies trust the root of Mesh CA and accept its domain', ['proxyLacksMeshCa', 'proxyLacksIssuer', 'proxyRejectsDomain', 'probeNotTrusted', 'probeNotAccepted'], 'S1', FROM_ASM),
  without('phase-2-labels', 'proxies that cannot be read follow an injector that vouches', ['proxyUnjudged'], 'S1', FROM_ASM),
  without('phase-2-labels', 'unknown is not satisfied', ['proxyUnknown'], 'S1', FROM_ASM),
  without('phase-2-labels', 'nothing that is created next comes from an old injector', ['creatableByOld', 'oldInjectorMatches', 'reference', 'proxyLacksMeshCa', 'proxyLacksIssuer', 'proxyRejectsDomain', 'probeNotTrusted', 'probeNotAccepted'], 'S1', FROM_ASM),
  without('phase-2-labels', 'the identity scan has no open finding', ['identityFindings'], 'S1 authorization', FROM_ASM),
  without('phase-2-labels', 'REVISION_2 is ready and injects', READY, 'S2', FROM_ASM),
  without('phase-2-labels', 'the probe was made', ['probeMissing'], 'S1', MESH_CA_ONLY),
  without('phase-2-labels', 'the probe passed', ['probeFailed'], 'S2', NO_INJECTION),
  without('phase-2-labels', 'the probe trusts the roots of its peers', ['probeLacksIssuer'], 'S1', MESH_CA_ONLY),
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
  without('finish', 'no label, template or webhook refers to it', ['reference', 'creatableByOld', 'webhookLosesEndpoint'], 'S2', FROM_ASM),
  without('finish', 'Service istiod no longer leads to it', ['istiodServiceRefers', 'webhookWithoutEndpoint'], 'S4', FROM_ASM),
  without('finish', 'the successor is ready', READY, 'S4', FROM_ASM),
  without('finish', 'every gateway Service keeps a ready endpoint', ['gatewayLosesEndpoint'], 'S5', FROM_ASM),
  without('finish', 'Service istiod of revision default is its own address', ['reference', 'creatableByOld', 'webhookLosesEndpoint', 'proxyRefers'], 'S', FROM_ISTIO),
  opens('phase-3', 'S6', FROM_ASM),
  without('phase-3', 'backups are verified', ['backupMissing'], 'S6', FROM_ASM),
  without('phase-3', 'no control plane can still issue, and nothing lives, under the old root', ['citadelLeft', 'proxyOldCertificate', 'proxyUnjudged', 'reference', 'creatableByOld'], 'S1', FROM_ASM),
  opens('rollback-1', 'S', FROM_ASM),
  without('rollback-1', 'the old istiod is there', READY, 'S2', FROM_ASM),
  without('rollback-1', 'Service istiod leads to the old istiod', ['istiodServiceElsewhere'], 'S1', FROM_ISTIO),
  without('rollback-1', 'no Mesh CA certificate lives', ['proxyMeshCaCertificate'], 'S1', FROM_ASM),
  without('rollback-1', 'no Mesh CA certificate can be issued', ['creatableMeshCa', 'proxyMeshCaCertificate'], 'S1', FROM_ASM),
  without('rollback-1', 'the mesh has come to rest', ['notSettled'], 'S1', FROM_ASM),
  opens('rollback-2', 'S', FROM_ASM),
  without('rollback-2', 'REVISION_1 is ready', READY, 'S2', FROM_ASM),
  without('rollback-2', 'istiods hand out the CA that is there now', ['caNotLoaded', 'caSecretMissing'], 'S1', REINSTALLED),
  without('rollback-2', 'every proxy trusts what REVISION_1 signs under', ['proxyLacksIssuer'], 'S1', REINSTALLED),
  without('rollback-2', 'unknown is not satisfied', ['proxyUnknown'], 'S1', REINSTALLED),
  without('restore', 'no Citadel would switch its root', ['citadelLeft'], 'S1', REINSTALLED),
  {
    name: 'restart-workloads: StatefulSets are restarted too',
    loses: 'L1',
    scene: STATEFUL,
    restarts: (workload) => !workload.startsWith('StatefulSet/'),
  },
];
