// The one object that registering puts into a cluster: which member of which fleet it is (hub.gke.io; asmcli reads its owner).
import type { KubeObject } from '../../kubeObject.js';
import type { MeshPlace } from './controlPlaneSpec.js';

export function membershipObject({ fleetProject, project, location, cluster }: MeshPlace): KubeObject {
  return {
    apiVersion: 'hub.gke.io/v1',
    kind: 'Membership',
    metadata: { name: 'membership' },
    spec: {
      identity_provider: `https://container.googleapis.com/v1/projects/${project}/locations/${location}/clusters/${cluster}`,
      owner: { id: `//gkehub.googleapis.com/projects/${fleetProject}/locations/global/memberships/${cluster}` },
      workload_identity_pool: `${fleetProject}.svc.id.goog`,
    },
  };
}
