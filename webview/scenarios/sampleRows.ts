// Rows of an invented mesh in the middle of its migration.
import type { Failure } from '../../src/shared/failure.js';
import { failureMessage } from '../../src/shared/failure.js';
import { message } from '../../src/shared/text/message.js';
import type { RootBadge, TrustRow } from '../../src/shared/trustRows.js';

/** The moment at which every scenario plays. */
export const scenarioNow = Date.UTC(2026, 0, 15, 12, 4, 31);

const hourMs = 3_600_000;

export const clusterContexts = ['gke_rehearsal-project_us-central1_cluster-1', 'gke_rehearsal-project_us-east1-b_cluster-2'] as const;

function fingerprint(seed: number): string {
  return Array.from({ length: 32 }, (_, index) => ((seed * 37 + index * 73 + index * index * seed) % 256).toString(16).toUpperCase().padStart(2, '0')).join(':');
}

export const istioCa: readonly RootBadge[] = ['cluster-1', 'cluster-2'].map((cluster, index) => ({
  label: 'CITADEL',
  detail: message('trust.root.istioCa', { clusters: cluster }),
  fingerprint: fingerprint(index + 3),
}));
export const meshCa: RootBadge = { label: 'MESHCA', detail: message('trust.root.rehearsalMeshCa'), fingerprint: fingerprint(11) };
export const other: RootBadge = {
  label: 'OTHER',
  detail: message('trust.root.other', { subject: 'CN=corporate-root, O=Example' }),
  fingerprint: fingerprint(29),
};

type Trust = 'istioCa' | 'both' | 'meshCa' | 'other';

export interface SampleProxy {
  /** Position in `clusterContexts`. */
  readonly cluster: number;
  readonly name: string;
  readonly trust?: Trust;
  readonly failure?: Failure;
  readonly state?: 'waiting' | 'notLoaded';
  readonly gateway?: boolean;
  readonly revision?: string;
  readonly hoursLeft?: number;
}

function rootsOf(trust: Trust, cluster: number): readonly RootBadge[] {
  const own = istioCa[cluster % istioCa.length] ?? meshCa;
  switch (trust) {
    case 'istioCa':
      return [own];
    case 'both':
      return [own, meshCa];
    case 'meshCa':
      return [meshCa];
    case 'other':
      return [other];
  }
}

export function sampleRow({ cluster, name, trust = 'both', failure, state, gateway = false, revision, hoursLeft = 22.4 }: SampleProxy): TrustRow {
  const [namespace = '', pod = ''] = name.split('/');
  const context = clusterContexts[cluster % clusterContexts.length] ?? '';
  const isRead = failure === undefined && state === undefined;
  const roots = isRead ? rootsOf(trust, cluster) : [];
  return {
    id: `${context}/${name}`,
    cluster: context.split('_')[3] ?? context,
    context,
    clusterKey: `${context}@/home/me/.kube/config`,
    namespace,
    pod,
    gateway,
    revision: revision ?? (trust === 'both' ? 'asm-1232-2-distribute-root' : 'default'),
    state: failure === undefined ? (state ?? 'read') : 'unknown',
    roots,
    signedBy: roots[0],
    spiffeId: isRead ? `spiffe://cluster.local/ns/${namespace}/sa/${pod.split('-')[0] ?? 'default'}` : undefined,
    notBefore: isRead ? scenarioNow + (hoursLeft - 24) * hourMs : undefined,
    notAfter: isRead ? scenarioNow + hoursLeft * hourMs : undefined,
    why: whyOf(failure, state, hoursLeft),
  };
}

function whyOf(failure: Failure | undefined, state: SampleProxy['state'], hoursLeft: number): TrustRow['why'] {
  if (failure !== undefined) return failureMessage(failure);
  if (state === 'notLoaded') return message('trust.why.notLoaded');
  return hoursLeft <= 0 ? message('trust.why.expired') : undefined;
}

/** Two clusters, eighteen proxies: most trust both roots, some do not yet, one did not answer. */
export const mixedMesh: readonly SampleProxy[] = [
  { cluster: 0, name: 'foo/httpbin-66cdbdb6c5-pmzps' },
  { cluster: 0, name: 'foo/httpbin-66cdbdb6c5-x2lk8', hoursLeft: 21.1 },
  { cluster: 0, name: 'foo/sleep-64d7d56698-6tmjm', hoursLeft: 23.6 },
  { cluster: 0, name: 'shop/cart-7f9b5c6d4-8s2vq' },
  { cluster: 0, name: 'shop/checkout-5d8f7b9c6-lmn4t', hoursLeft: 13 },
  { cluster: 0, name: 'shop/frontend-6b7c8d9f5-qz7wd' },
  { cluster: 0, name: 'shop/redis-0', hoursLeft: 17.2 },
  { cluster: 0, name: 'istio-system/istio-ingressgateway-7c9d6b5f8-vx4rk', gateway: true },
  { cluster: 0, name: 'istio-system/istio-ingressgateway-58f4c7d9b-2hg6p', gateway: true, trust: 'istioCa', hoursLeft: 3.2 },
  { cluster: 1, name: 'foo/httpbin-66cdbdb6c5-9wv7c' },
  { cluster: 1, name: 'foo/sleep-64d7d56698-kk2pd' },
  { cluster: 1, name: 'foo/tcp-echo-5c6d7f8b9-mmb5z', hoursLeft: 22.9 },
  { cluster: 1, name: 'bar/sleep-64d7d56698-h8nzt', trust: 'istioCa', hoursLeft: 15.3 },
  { cluster: 1, name: 'bar/httpbin-66cdbdb6c5-t5wqr', trust: 'istioCa', hoursLeft: 14.8 },
  { cluster: 1, name: 'baz/legacy', trust: 'istioCa', hoursLeft: -0.2 },
  { cluster: 1, name: 'reports/reports-0', failure: { kind: 'timedOut', seconds: 5 }, revision: 'default' },
  { cluster: 1, name: 'reports/reports-1', trust: 'other', hoursLeft: 19 },
  { cluster: 1, name: 'batch/nightly-28459440-c4x9f', state: 'notLoaded' },
];

const failures: readonly Failure[] = [
  { kind: 'timedOut', seconds: 5 },
  { kind: 'forbidden', reason: 'User "viewer" cannot create resource "pods/portforward" in API group "" in the namespace "payments"' },
  { kind: 'proxyNotRunning', state: 'CrashLoopBackOff' },
  { kind: 'proxyUnreachable', reason: 'connection refused on port 15000' },
  { kind: 'proxyAnswerUnreadable', reason: 'no dynamic_active_secrets' },
];

/** More unknown than known. */
export const unreadableMesh: readonly SampleProxy[] = mixedMesh.map((proxy, index) =>
  index % 3 === 0 ? proxy : { ...proxy, failure: failures[index % failures.length] ?? { kind: 'timedOut', seconds: 5 } },
);

/** As large a mesh as the page is made for: 2,000 namespaces, 50,000 proxies. */
export function largeMesh(): readonly SampleProxy[] {
  const trusts: readonly Trust[] = ['both', 'both', 'istioCa', 'both', 'both', 'istioCa', 'both', 'meshCa'];
  return Array.from({ length: 50_000 }, (_, index) => {
    const namespace = `team-${String(index % 2000).padStart(4, '0')}`;
    const name = `${namespace}/service-${((index * 7919) % 100_003).toString(36)}-${index.toString(36)}`;
    const trust = trusts[index % trusts.length] ?? 'both';
    const base = { cluster: index % 2, name, trust, hoursLeft: 6.1 + (index % 17) };
    return index % 97 === 0 ? { ...base, failure: { kind: 'timedOut', seconds: 5 } } : base;
  });
}
