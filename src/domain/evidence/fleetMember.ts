// A member of a fleet, by the names that Google Cloud and the member itself use for it.
import { gkeName } from '../cluster.js';

export interface FleetMember {
  /** `projects/FLEET/locations/LOCATION/memberships/NAME`. */
  readonly name: string;
  /** `projects/PROJECT/locations/LOCATION/clusters/NAME`; undefined for a cluster that is not GKE's. */
  readonly cluster: string | undefined;
}

/** A GKE cluster as gcloud names its context, any other member by its membership's whole name: what people confirm it by. */
export function memberName({ name, cluster }: FleetMember): string {
  // Links of zonal clusters that were registered long ago say `zones`.
  const [, project, location, of] = /^projects\/([^/]+)\/(?:locations|zones)\/([^/]+)\/clusters\/([^/]+)$/u.exec(cluster ?? '') ?? [];
  const context = `gke_${project ?? ''}_${location ?? ''}_${of ?? ''}`;
  return gkeName(context) === undefined ? name : context;
}

/** The fleet and the rest of a membership's name: a fleet may go by its project's id in one place and by its number in another. */
export function membershipOf(name: string): { readonly project: string; readonly membership: string } | undefined {
  const [, project, membership] = /^projects\/([^/]+)\/(locations\/[^/]+\/memberships\/[^/]+)$/u.exec(name) ?? [];
  return project === undefined || membership === undefined ? undefined : { project, membership };
}

/** A project's number says nothing about its id. */
export function mayBeProject(project: string, id: string): boolean {
  return project === id || /^\d+$/u.test(project);
}
