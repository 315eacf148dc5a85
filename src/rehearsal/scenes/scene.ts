// A scene: where the migration starts from, told as the few things in which starting points differ.
import type { PlacedObject } from '../mesh/installation/placedObject.js';
import type { ControlPlaneSpec, MeshPlace } from '../mesh/installation/controlPlaneSpec.js';
import type { MeshCaVariant } from '../mesh/controlPlane.js';
import type { CertificateAuthority } from '../pki/certificateAuthority.js';
import type { KeySource } from '../pki/keySource.js';
import type { Crowd } from './crowd.js';
import type { ClusterPlace } from './gkeCluster.js';
import type { MeshLabels } from './workloads.js';

export interface Scene {
  readonly name: string;
  readonly project: string;
  /** Where the fleet is registered, and with it Mesh CA's identities; the clusters' own project unless it is another. */
  readonly fleetProject?: string;
  readonly clusters: readonly ClusterPlace[];
  /** How the meshed namespaces ask for a sidecar. */
  readonly meshLabels: MeshLabels;
  /** Revisions that are there from the start. */
  readonly installedRevisions: readonly string[];
  /** One root for all clusters; without it each cluster's istiod makes itself one at its first start. */
  readonly createSharedAuthority: ((now: Date, newKey: KeySource) => CertificateAuthority) | undefined;
  readonly controlPlane: (place: MeshPlace) => ControlPlaneSpec;
  /** Tags and validators beside the control plane's own objects. */
  readonly extraWebhooks: (controlPlane: ControlPlaneSpec) => readonly PlacedObject[];
  /** What the Mesh CA control plane does beside signing; the first variant unless said otherwise. */
  readonly meshCaVariant?: MeshCaVariant;
  /** Applications beyond the guide's samples, in each cluster. */
  readonly crowd?: Crowd;
  /** One workload of each kind that a migration trips over. */
  readonly withAwkward?: boolean;
}

/** The project and the two clusters of every scene: one regional, one zonal. */
export const REHEARSAL_PROJECT = 'rehearsal-project';
export const REHEARSAL_CLUSTERS: readonly ClusterPlace[] = [
  { name: 'cluster-1', location: 'us-central1' },
  { name: 'cluster-2', location: 'us-east1-b' },
];
