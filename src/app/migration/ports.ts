// What the migration needs of the outside world beyond reading clusters and proxies: evidence that is gathered or kept.
import type { ClusterRef } from '../../domain/cluster.js';
import type { FleetMember } from '../../domain/evidence/fleetMember.js';
import type { IdentityObject } from '../../domain/evidence/writtenIdentities.js';
import type { GateObjects } from '../../domain/mesh/gateObjects.js';
import type { Result } from '../../shared/failure.js';

/** Texts kept in the cluster itself (ConfigMap `mesh-ca-migration` of istio-system): baseline, probes, answers, backups. */
export interface ClusterRecords {
  read(cluster: ClusterRef, signal: AbortSignal): Promise<Result<Readonly<Record<string, string>>>>;
  /** Sets these keys and leaves the others; `undefined` removes one. */
  write(cluster: ClusterRef, entries: Readonly<Record<string, string | undefined>>, signal: AbortSignal): Promise<Result<undefined>>;
}

/** One permission, as a SelfSubjectAccessReview asks for it. */
export interface Permission {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly namespace: string | undefined;
}

export interface PermissionReviewer {
  /** In the order of the question; true is allowed. */
  review(cluster: ClusterRef, permissions: readonly Permission[], signal: AbortSignal): Promise<Result<readonly boolean[]>>;
}

/** A pod as the API server would admit it (`dryRun=All`): what its injector makes of it. */
export interface AdmittedPod {
  readonly revision: string | undefined;
  readonly proxyImage: string | undefined;
  readonly caAddress: string | undefined;
  readonly hasProxy: boolean;
}

export interface InjectionForecaster {
  /** By server-side dry-run of a pod with this workload's template (`Kind/name`), or of a bare pod where undefined. */
  forecast(
    cluster: ClusterRef,
    namespace: string,
    workload: { readonly kind: string; readonly name: string } | undefined,
    signal: AbortSignal,
  ): Promise<Result<AdmittedPod>>;
}

export interface SecretBackups {
  /** Reads the file and the secret, compares them in memory, and returns only what identifies the object. Never a key. */
  verify(
    cluster: ClusterRef,
    secret: string,
    file: string,
    signal: AbortSignal,
  ): Promise<Result<{ readonly uid: string; readonly resourceVersion: string; readonly sha256: string }>>;
  /** Reads the file alone: whether it is a whole backup of a CA secret of this name, and the fingerprint of its root. Never a key. */
  inspect(secret: string, file: string): Promise<Result<{ readonly root: string }>>;
}

/** The kinds that gates and steps ask for beside the watched ones. */
export interface GateObjectReader {
  /** Every kind listed once, each with a state of its own; nothing is thrown or failed as a whole. */
  readGateObjects(cluster: ClusterRef, signal: AbortSignal): Promise<GateObjects>;
}

/** Objects in which identities are written down. */
export interface IdentityObjectReader {
  /** All of them, or the failure of the first kind that could not be read: half a scan would be believed. */
  readIdentityObjects(cluster: ClusterRef, signal: AbortSignal): Promise<Result<readonly IdentityObject[]>>;
}

/** Asks Google Cloud. */
export interface FleetReader {
  /** Every member of the fleet of this host project; in bounded time, whatever that gcloud does. */
  readMembers(gcloud: string, project: string, signal: AbortSignal): Promise<Result<readonly FleetMember[]>>;
}

/** Everything about clusters, as the adapters give it. */
export interface EvidencePorts {
  readonly records: ClusterRecords;
  readonly permissions: PermissionReviewer;
  readonly injectionForecaster: InjectionForecaster;
  readonly secretBackups: SecretBackups;
  readonly gateObjects: GateObjectReader;
  readonly identityObjects: IdentityObjectReader;
}
