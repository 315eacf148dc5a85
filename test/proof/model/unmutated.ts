// Conditions of gates that no mutation takes out, each with the reason: what else says the same, or what the model does not have.
import type { GateId } from '../../../src/domain/gates/gate.js';
import type { ObstacleKind } from '../../../src/domain/gates/obstacle.js';

export interface Unmutated {
  /** All of them where nothing is said. */
  readonly gates?: readonly GateId[];
  readonly kinds: readonly ObstacleKind[];
  readonly why: string;
}

/** Redundant in the mesh of this model: taken out by itself each loses nothing, because another condition says the same. */
const REDUNDANT: readonly Unmutated[] = [
  {
    gates: ['phase-2'],
    kinds: ['controlPlaneMissing', 'controlPlaneNotReady'],
    why: 'each label of phase 2 asks whether somebody injects, and whoever creates pods has to vouch for them (creatableByOld, reference)',
  },
  {
    gates: ['phase-1-labels', 'phase-2-labels', 'rollback-1', 'rollback-2'],
    kinds: ['controlPlaneMissing', 'controlPlaneNotReady'],
    why: 'no webhook of the revision leads to a ready istiod then (webhookNotInjecting)',
  },
  { gates: ['finish'], kinds: ['controlPlaneMissing'], why: 'no step offers a successor that is not there; one that is not ready counts' },
  {
    gates: ['phase-2', 'phase-2-labels'],
    kinds: ['proxyLacksIssuer'],
    why: 'whatever trusts Mesh CA comes from REVISION_1 or 2, which hold the old root; where roots were renewed rollback-2 asks, with a mutation',
  },
  {
    gates: ['phase-1-labels'],
    kinds: ['probeNotAccepted'],
    why: 'REVISION_1 signs as a Citadel in the domain of the old one, whatever else is wrong with it; another root is probeNotTrusted',
  },
  { gates: ['phase-2-labels'], kinds: ['probeSigner', 'probeLacksMeshCa'], why: 'in every variant REVISION_2 signs under Mesh CA, whose root comes with the certificate' },
  { gates: ['phase-1-labels'], kinds: ['notSettled'], why: 'a label that is put back leads from one injector that does no harm to another; what goes waits for rest by itself' },
  { gates: ['phase-3', 'rollback-2', 'restore'], kinds: ['notSettled'], why: 'everything that a label put back could lead to has gone, or is asked for by these gates as it is' },
  { gates: ['finish'], kinds: ['webhookWithoutEndpoint'], why: 'a webhook of others leads to what goes through Service istiod alone (istiodServiceRefers)' },
  {
    gates: ['phase-3'],
    kinds: ['proxyUnjudged', 'proxyUnknown', 'reference', 'creatableByOld'],
    why: 'of a control plane that is there, which citadelLeft says; or of one that is not, when S2 and S3 are lost long before',
  },
  {
    gates: ['phase-3', 'rollback-2'],
    kinds: ['proxyOwnCertificates', 'creatableOwnCertificates'],
    why: 'phase 2 begins only when somebody has answered for them, and a waiver of the model does not end',
  },
  { gates: ['rollback-2'], kinds: ['proxyRejectsDomain'], why: 'both new revisions accept the old domain and its aliases; one that does not never gets to phase 2' },
  { gates: ['rollback-1'], kinds: ['proxyUnknown'], why: 'a proxy of REVISION_2 is in the way read or not (proxyMeshCaCertificate), and others have no certificate of Mesh CA' },
  { gates: ['restore'], kinds: ['backupMissing'], why: 'phase 3 deletes nothing without a backup' },
];

/** What the model does not have: unit tests hold these (`judgeGate.test.ts` has a case for each). */
const NOT_IN_THE_MODEL: readonly Unmutated[] = [
  { kinds: ['clusterUnread', 'clusterNotInPlan'], why: 'a cluster is in a scan or left out as a whole, which the mutation of clusterMissing shows; half a cluster is not modelled' },
  { kinds: ['fleetUnread', 'fleetMemberNotInPlan'], why: 'the fleet is another list of the clusters of the mesh; that one which is left out is cut off shows the mutation of clusterMissing' },
  { kinds: ['revisionNotPlanned'], why: 'the plan names both revisions' },
  { kinds: ['identityNotScanned'], why: 'a scan that was not made and one with findings are both no leave to go on; the mutation of identityFindings shows what for' },
  { kinds: ['proxyExpired'], why: 'renewals that fail for ever are excluded (weak fairness of E3); that somebody answers them is S3' },
  { kinds: ['creatableUnknown'], why: 'webhooks and namespaces are read whole or not at all, and no workload is without Envoy' },
  { kinds: ['creatableWithoutSidecar', 'creatableRefused'], why: 'where they hold S2 is lost already; they keep phase 2 from beginning in a mesh that came to it broken' },
  { kinds: ['creatableForeignImage'], why: 'proxies have the image of their injector' },
];

export const UNMUTATED: readonly Unmutated[] = [...REDUNDANT, ...NOT_IN_THE_MODEL];
