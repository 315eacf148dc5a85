// Each kind of obstacle in words: what stands in the way, as a message with its subject.
import type { Message } from '../../shared/text/message.js';
import { message } from '../../shared/text/message.js';
import { MESH_CA_ANCHOR } from './gateFacts.js';
import type { Obstacle, ObstacleKind } from './obstacle.js';

/** Enough of a fingerprint to tell roots apart on a screen. */
const SHOWN_FINGERPRINT = 12;

function root(anchor: string): string {
  return anchor === MESH_CA_ANCHOR ? 'Mesh CA' : anchor.slice(0, SHOWN_FINGERPRINT);
}

const MESSAGES: Readonly<Record<ObstacleKind, (obstacle: Obstacle) => Message>> = {
  clusterUnread: ({ detail, reason = detail }) => message('gates.clusterUnread', { what: reason }),
  clusterNotInPlan: ({ subject }) => message('gates.clusterNotInPlan', { cluster: subject }),
  fleetUnread: ({ subject, detail }) =>
    detail === '' ? message('gates.fleetUnread.never', { project: subject }) : message('gates.fleetUnread.old', { project: subject, days: Number(detail) }),
  fleetMemberNotInPlan: ({ subject }) => message('gates.fleetMemberNotInPlan', { cluster: subject }),
  clusterMissing: () => message('gates.clusterMissing'),
  notSettled: () => message('gates.notSettled'),
  revisionNotPlanned: () => message('gates.revisionNotPlanned'),
  controlPlaneMissing: ({ subject }) => message('gates.controlPlaneMissing', { revision: subject }),
  controlPlaneNotReady: ({ subject }) => message('gates.controlPlaneNotReady', { revision: subject }),
  controlPlaneNotDistributing: ({ subject }) => message('gates.controlPlaneNotDistributing', { revision: subject }),
  controlPlaneRejectsDomain: ({ subject, detail }) => message('gates.controlPlaneRejectsDomain', { revision: subject, domain: detail }),
  webhookNotInjecting: ({ subject }) => message('gates.webhookNotInjecting', { revision: subject }),
  probeMissing: ({ subject }) => message('gates.probeMissing', { revision: subject }),
  probeFailed: ({ subject }) => message('gates.probeFailed', { revision: subject }),
  probeLacksMeshCa: ({ subject }) => message('gates.probeLacksMeshCa', { revision: subject }),
  probeSigner: ({ subject, detail }) => message('gates.probeSigner', { revision: subject, root: root(detail) }),
  probeLacksIssuer: ({ subject, detail }) => message('gates.probeLacksIssuer', { revision: subject, root: root(detail) }),
  probeNotTrusted: ({ subject, detail }) => message('gates.probeNotTrusted', { workload: subject, root: root(detail) }),
  probeNotAccepted: ({ subject, detail }) => message('gates.probeNotAccepted', { workload: subject, domain: detail }),
  proxyLacksMeshCa: ({ subject }) => message('gates.proxyLacksMeshCa', { workload: subject }),
  proxyLacksIssuer: ({ subject, detail }) => message('gates.proxyLacksIssuer', { workload: subject, root: root(detail) }),
  proxyRejectsDomain: ({ subject, detail }) => message('gates.proxyRejectsDomain', { workload: subject, domain: detail }),
  proxyExpired: ({ subject }) => message('gates.proxyExpired', { workload: subject }),
  proxyUnjudged: ({ subject, detail }) => message('gates.proxyUnjudged', { workload: subject, revision: detail }),
  proxyUnknown: ({ subject, reason = '' }) => message('gates.proxyUnknown', { workload: subject, reason }),
  proxyOwnCertificates: ({ subject }) => message('gates.proxyOwnCertificates', { workload: subject }),
  proxyRefers: ({ subject, detail }) => message('gates.proxyRefers', { workload: subject, revision: detail }),
  proxyOldCertificate: ({ subject, detail }) => message('gates.proxyOldCertificate', { workload: subject, root: root(detail) }),
  proxyMeshCaCertificate: ({ subject }) => message('gates.proxyMeshCaCertificate', { workload: subject }),
  creatableByOld: ({ subject, detail }) => message('gates.creatableByOld', { workload: subject, revision: detail }),
  creatableWithoutSidecar: ({ subject }) => message('gates.creatableWithoutSidecar', { workload: subject }),
  creatableRefused: ({ subject, reason = '' }) => message('gates.creatableRefused', { workload: subject, reason }),
  creatableUnknown: ({ subject, reason = '' }) => message('gates.creatableUnknown', { workload: subject, reason }),
  creatableForeignImage: ({ subject }) => message('gates.creatableForeignImage', { workload: subject }),
  creatableOwnCertificates: ({ subject }) => message('gates.creatableOwnCertificates', { workload: subject }),
  creatableMeshCa: ({ subject, detail }) => message('gates.creatableMeshCa', { workload: subject, revision: detail }),
  oldInjectorMatches: ({ subject, detail }) => message('gates.oldInjectorMatches', { webhook: subject, revision: detail }),
  identityFindings: ({ detail }) => message('gates.identityFindings', { count: Number(detail) }),
  identityNotScanned: () => message('gates.identityNotScanned'),
  reference: ({ subject, detail }) => message('gates.reference', { name: subject, revision: detail }),
  webhookWithoutEndpoint: ({ subject }) => message('gates.webhookWithoutEndpoint', { webhook: subject }),
  webhookLosesEndpoint: ({ subject, detail }) => message('gates.webhookLosesEndpoint', { webhook: subject, revision: detail }),
  istiodServiceRefers: ({ subject }) => message('gates.istiodServiceRefers', { revision: subject }),
  istiodServiceElsewhere: ({ subject, detail }) => message('gates.istiodServiceElsewhere', { revision: subject, present: detail }),
  gatewayLosesEndpoint: ({ subject, detail }) => message('gates.gatewayLosesEndpoint', { service: subject, gateway: detail }),
  citadelLeft: ({ subject }) => message('gates.citadelLeft', { revision: subject }),
  caNotLoaded: ({ subject }) => message('gates.caNotLoaded', { revision: subject }),
  caSecretMissing: () => message('gates.caSecretMissing'),
  backupMissing: ({ subject }) => message('gates.backupMissing', { secret: subject }),
};

export function obstacleMessage(obstacle: Obstacle): Message {
  const inWords = MESSAGES[obstacle.kind](obstacle);
  return obstacle.unknown && !UNKNOWN_BY_NATURE.has(obstacle.kind) ? message('gates.notKnown', { problem: inWords }) : inWords;
}

/** Kinds whose own words say already that something is not known. */
const UNKNOWN_BY_NATURE: ReadonlySet<ObstacleKind> = new Set<ObstacleKind>([
  'clusterUnread',
  'clusterMissing',
  'fleetUnread',
  'fleetMemberNotInPlan',
  'notSettled',
  'revisionNotPlanned',
  'probeMissing',
  'proxyUnknown',
  'proxyUnjudged',
  'creatableUnknown',
  'identityNotScanned',
]);
