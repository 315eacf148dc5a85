// What may stand between the proxies of a cluster and those who serve them: asked at each request and each push.
import type { StoredPod } from './podTypes.js';

export interface MeshFaults {
  /** Nobody answers this pod's certificate requests. */
  refusesCertificate(pod: StoredPod): boolean;
  /** Milliseconds by which configuration reaches this pod late; `lost`: it does not, until the proxy connects anew. */
  pushDelay(pod: StoredPod): number | 'lost';
  /** How long certificates that are given out now are good for; undefined: a day. */
  certificateLifetimeMs(): number | undefined;
}

/** Everything gets through. */
export const NO_MESH_FAULTS: MeshFaults = { refusesCertificate: () => false, pushDelay: () => 0, certificateLifetimeMs: () => undefined };
