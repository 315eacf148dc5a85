// What stands in the way at a gate, as a plain value: what kind of thing, where, and which proxy. Words come later.
import type { Message } from '../../shared/text/message.js';
import type { ClusterGateFacts, ProxyFacts } from './gateFacts.js';

export const OBSTACLE_KINDS = [
  'clusterUnread',
  'clusterNotInPlan',
  'fleetUnread',
  'fleetMemberNotInPlan',
  'clusterMissing',
  'notSettled',
  'revisionNotPlanned',
  'controlPlaneMissing',
  'controlPlaneNotReady',
  'controlPlaneNotDistributing',
  'controlPlaneRejectsDomain',
  'webhookNotInjecting',
  'probeMissing',
  'probeFailed',
  'probeLacksMeshCa',
  'probeSigner',
  'probeLacksIssuer',
  'probeNotTrusted',
  'probeNotAccepted',
  'proxyLacksMeshCa',
  'proxyLacksIssuer',
  'proxyRejectsDomain',
  'proxyExpired',
  'proxyUnjudged',
  'proxyUnknown',
  'proxyOwnCertificates',
  'proxyRefers',
  'proxyOldCertificate',
  'proxyMeshCaCertificate',
  'creatableByOld',
  'creatableWithoutSidecar',
  'creatableRefused',
  'creatableUnknown',
  'creatableForeignImage',
  'creatableOwnCertificates',
  'creatableMeshCa',
  'oldInjectorMatches',
  'identityFindings',
  'identityNotScanned',
  'reference',
  'webhookWithoutEndpoint',
  'webhookLosesEndpoint',
  'istiodServiceRefers',
  'istiodServiceElsewhere',
  'gatewayLosesEndpoint',
  'citadelLeft',
  'caNotLoaded',
  'caSecretMissing',
  'backupMissing',
] as const;

export type ObstacleKind = (typeof OBSTACLE_KINDS)[number];

export interface Obstacle {
  readonly kind: ObstacleKind;
  /** `clusterKey`; undefined for what concerns the mesh. */
  readonly cluster: string | undefined;
  /** Namespace, `namespace/Kind/name`, revision, Secret, …: whatever it is about. */
  readonly subject: string;
  /** A revision, root or domain that belongs to it; empty where nothing does. */
  readonly detail: string;
  /** Why it is so, where the kind does not say it. */
  readonly reason?: Message;
  /** It is not known, rather than known to be wrong. */
  readonly unknown: boolean;
  /** The proxies that stand in the way: the obstacle goes when they go. */
  readonly proxy?: ProxyFacts;
}

/** Something known to be wrong. */
export function wrong(kind: ObstacleKind, cluster: string | undefined, subject: string, detail = ''): Obstacle {
  return { kind, cluster, subject, detail, unknown: false };
}

/** Something that is not known, and so does not satisfy. */
export function notKnown(kind: ObstacleKind, cluster: string | undefined, subject: string, detail = ''): Obstacle {
  return { kind, cluster, subject, detail, unknown: true };
}

/** Something that is not there or not ready, which is known only of a cluster of which everything was read. */
export function missing(kind: ObstacleKind, { cluster, unread }: Pick<ClusterGateFacts, 'cluster' | 'unread'>, subject: string, detail = ''): Obstacle {
  return { kind, cluster, subject, detail, unknown: unread.length > 0 };
}

/** What pods of this template would be is not known. */
export function creatableUnknown(cluster: string | undefined, subject: string, reason: Message): Obstacle {
  return { ...notKnown('creatableUnknown', cluster, subject), reason };
}

/** What these proxies hold is not known. */
export function proxyUnknown(cluster: ClusterGateFacts, proxy: ProxyFacts, reason: Message): Obstacle {
  return { ...proxyObstacle('proxyUnknown', cluster, proxy, '', true), reason };
}

/** Proxies that stand in the way. */
export function proxyObstacle(kind: ObstacleKind, { cluster }: ClusterGateFacts, proxy: ProxyFacts, detail = '', unknown = false): Obstacle {
  return { kind, cluster, subject: `${proxy.namespace}/${proxy.workload}`, detail, unknown, proxy };
}
