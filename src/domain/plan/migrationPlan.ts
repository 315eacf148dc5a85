// What the steps need and nobody should type twice: the content of mesh-ca.plan.jsonc once it has been read and found valid.
import type { ClusterRef } from '../cluster.js';

/** A cluster of the mesh as the plan names it. */
export interface PlannedCluster {
  readonly ref: ClusterRef;
  readonly project: string;
  readonly location: string;
  readonly name: string;
  /** Absolute; asmcli's `--output_dir`. */
  readonly outputDirectory: string;
  /** Absolute paths of `--custom_overlay` files, for both installs. */
  readonly overlays: readonly string[];
  /** The four CA files, all or none; see the notes on the root switch in the guide's install step. */
  readonly caFiles: { readonly caCert: string; readonly caKey: string; readonly rootCert: string; readonly certChain: string } | undefined;
}

export interface Waiver {
  /** `clusterKey`-free: a cluster's name, `cluster/namespace`, or `cluster/namespace/Kind/name`. */
  readonly subject: string;
  /** What is waived: `proxy`, `creatable`, `identity:ID`, `membership`, `vm`, `grpc`, `expiry`. */
  readonly what: string;
  readonly reason: string;
  /** ISO 8601 date after which it no longer holds. */
  readonly until: string;
}

export interface MigrationPlan {
  readonly version: 1;
  readonly startingPoint: 'istio' | 'asm';
  readonly fleetProject: string;
  readonly clusters: readonly PlannedCluster[];
  readonly revision1: string;
  readonly revision2: string;
  /** Path of asmcli; found on PATH where undefined. */
  readonly asmcli: string | undefined;
  /** `enable_all`, or the granular flags that the user chose instead (without the leading dashes). */
  readonly asmcliFlags: readonly string[];
  /** Namespaces moved at once. */
  readonly waveSize: number;
  /** A smoke test per namespace (`cluster/namespace` or `namespace` or `*`): argv, run with KUBECONFIG-free environment. */
  readonly tests: Readonly<Record<string, readonly string[]>>;
  readonly waivers: readonly Waiver[];
  /** Absolute directory for secret backups, outside any git work tree. */
  readonly backupDirectory: string | undefined;
}
