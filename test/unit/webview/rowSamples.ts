// Rows for tests of the page, with only what a test is about written out.
import { message } from '../../../src/shared/text/message.js';
import type { RootBadge, TrustRow } from '../../../src/shared/trustRows.js';

export const citadel: RootBadge = { label: 'CITADEL', detail: message('trust.root.istioCa', { clusters: 'cluster-1' }), fingerprint: 'AA:01' };
export const meshca: RootBadge = { label: 'MESHCA', detail: message('trust.root.meshCa'), fingerprint: 'BB:02' };
export const otherRoot: RootBadge = { label: 'OTHER', detail: message('trust.root.lookalike'), fingerprint: 'CC:03' };

/** `namespace/pod` and whatever differs from a proxy that trusts both roots. */
export function rowNamed(name: string, different: Partial<TrustRow> = {}): TrustRow {
  const [namespace = '', pod = ''] = name.split('/');
  const cluster = different.cluster ?? 'cluster-1';
  return {
    id: `${cluster}/${name}`,
    cluster,
    context: `gke_project_location_${cluster}`,
    clusterKey: `gke_project_location_${cluster}@/config`,
    namespace,
    pod,
    gateway: false,
    revision: 'default',
    state: 'read',
    roots: [citadel, meshca],
    signedBy: citadel,
    spiffeId: `spiffe://cluster.local/ns/${namespace}/sa/${pod}`,
    notBefore: 0,
    notAfter: 86_400_000,
    why: undefined,
    ...different,
  };
}

export function rowsById(rows: readonly TrustRow[]): ReadonlyMap<string, TrustRow> {
  return new Map(rows.map((row) => [row.id, row]));
}

export function namesOf(rows: readonly TrustRow[]): readonly string[] {
  return rows.map(({ namespace, pod }) => `${namespace}/${pod}`);
}
