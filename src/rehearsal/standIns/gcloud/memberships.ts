// Memberships of a fleet as the API of GKE Hub has them and `gcloud container fleet memberships list` prints them.
import { createHash } from 'node:crypto';
import { textAt } from '../../api/json.js';
import { gkeLinkOf } from '../cloudRecord.js';

/** When the fleet's clusters were registered, for whoever reads times. */
const REGISTERED_AT = '2024-07-02T08:15:30.000000000Z';

export function membershipRecord(fleet: string, { contextName, name }: { readonly contextName: string; readonly name: string }): Record<string, unknown> {
  const link = gkeLinkOf(contextName);
  const issuer = `https://container.googleapis.com/v1/${link}`;
  return {
    authority: { identityProvider: issuer, issuer, workloadIdentityPool: `${fleet}.svc.id.goog` },
    createTime: REGISTERED_AT,
    endpoint: {
      gkeCluster: { resourceLink: `//container.googleapis.com/${link}` },
      kubernetesMetadata: { kubernetesApiServerVersion: 'v1.32.4-gke.1106006', nodeCount: 3, nodeProviderId: 'gce', updateTime: REGISTERED_AT },
    },
    externalId: uniqueId(contextName),
    name: `projects/${fleet}/locations/global/memberships/${name}`,
    state: { code: 'READY' },
    uniqueId: uniqueId(`${fleet}/${name}`),
    updateTime: REGISTERED_AT,
  };
}

/** The table names the parts of the resource's name. */
export function shortMembership(record: unknown): unknown {
  const [, , , location, , name] = textAt(record, 'name').split('/');
  return { name, location, uniqueId: textAt(record, 'uniqueId') };
}

/** Looks like a UUID, and is the same each time. */
function uniqueId(of: string): string {
  const digits = createHash('sha256').update(of).digest('hex');
  return [digits.slice(0, 8), digits.slice(8, 12), digits.slice(12, 16), digits.slice(16, 20), digits.slice(20, 32)].join('-');
}
