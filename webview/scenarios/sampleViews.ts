// What the extension would have worked out of the invented mesh: its overview, its matrix and its certificates.
import type { CertificateHolding } from '../../src/shared/certificateHolding.js';
import { message } from '../../src/shared/text/message.js';
import type { ClassCounts, SignerCounts } from '../../src/shared/trustClass.js';
import { signerClasses, signerClassOf, trustClasses, trustClassOf } from '../../src/shared/trustClass.js';
import type { RootBadge, TrustRow } from '../../src/shared/trustRows.js';
import type {
  CertificatesView,
  MatrixCell,
  MatrixClass,
  MatrixPairView,
  MatrixView,
  ObstacleGroup,
  ProxyExplanation,
  TrustCounts,
  TrustOverview,
} from '../../src/shared/trustViews.js';
import { clusterContexts, istioCa, meshCa, other, scenarioNow } from './sampleRows.js';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

function countsOf(rows: readonly TrustRow[]): TrustCounts {
  const trust = Object.fromEntries(trustClasses.map((name) => [name, rows.filter((row) => trustClassOf(row) === name).length])) as unknown as ClassCounts;
  const signing = Object.fromEntries(signerClasses.map((name) => [name, rows.filter((row) => signerClassOf(row) === name).length])) as unknown as SignerCounts;
  return { total: rows.length, trust, signing };
}

function group(cluster: 1 | 2, namespace: string, workloads: readonly string[], pods: number, reason: ObstacleGroup['reason'], action: ObstacleGroup['action']): ObstacleGroup {
  return { id: `${cluster} ${namespace} ${reason.key}`, clusterKey: `${clusterContexts[cluster - 1] ?? ''}@/home/me/.kube/config`, cluster: `cluster-${cluster}`, namespace, workloads, pods, reason, action };
}

const revision = 'asm-1232-2-distribute-root';

export function sampleOverview(rows: readonly TrustRow[]): TrustOverview {
  const keys = [...new Set(rows.map(({ clusterKey }) => clusterKey))];
  const all = countsOf(rows);
  return {
    ...all,
    clusters: keys.map((key) => {
      const own = rows.filter(({ clusterKey }) => clusterKey === key);
      return { key, context: own[0]?.context ?? '', name: own[0]?.cluster ?? key, ...countsOf(own) };
    }),
    gates: [
      {
        phase: 'trust',
        ready: all.trust.both,
        total: all.total,
        standing: 'shut',
        notes: [],
        obstacles: [
          group(2, 'bar', ['httpbin', 'sleep'], 2, message('panel.reason.notRestarted', { revision: 'default', wanted: revision }), 'restart'),
          group(2, 'baz', ['legacy'], 1, message('panel.reason.bothLabels'), 'migrate'),
          group(1, 'istio-system', ['istio-ingressgateway'], 1, message('panel.reason.gateway', { revision: 'default' }), undefined),
          group(2, 'reports', ['reports'], 1, message('panel.reason.unread', { why: message('failure.timedOut', { seconds: 5 }) }), 'survey'),
          group(2, 'reports', ['reports'], 1, message('panel.reason.otherRoots'), undefined),
          group(2, 'batch', ['nightly'], 1, message('panel.reason.notLoaded'), undefined),
        ],
        more: 0,
      },
      {
        phase: 'signing',
        ready: all.signing.meshCa,
        total: all.total,
        standing: 'shut',
        notes: [],
        obstacles: [
          group(1, 'shop', ['cart', 'checkout', 'frontend', 'redis', 'search', 'stock'], 4, message('panel.reason.signedByRevision', { revision }), 'migrate'),
          group(1, 'foo', ['httpbin', 'sleep'], 3, message('panel.reason.signedByRevision', { revision }), 'migrate'),
          group(2, 'foo', ['httpbin', 'sleep', 'tcp-echo'], 3, message('panel.reason.signedByRevision', { revision }), 'migrate'),
        ],
        more: 6,
      },
    ],
    difference: {
      since: scenarioNow - 11 * 60_000,
      added: 1,
      gone: 1,
      changed: 2,
      list: rows.slice(0, 2).map((row) => ({
        id: row.id,
        cluster: row.cluster,
        pod: `${row.namespace}/${row.pod}`,
        change: message('panel.difference.trust', { before: '[CITADEL]', after: '[CITADEL MESHCA]' }),
      })),
      more: 2,
    },
  };
}

function matrixClass(name: string, count: number, roots: readonly RootBadge[], place: readonly [cluster: string, revision: string | undefined]): MatrixClass {
  const [cluster, ofRevision] = place;
  const accepts = ['cluster.local', 'rehearsal-project.svc.id.goog'];
  return { id: name, name, count, roots, signedBy: roots[0], identity: 'cluster.local', accepts, mode: 'permissive', remarks: [], places: [{ cluster, revisions: [ofRevision] }] };
}

/** Who authenticates whom between these five: both roots of cluster-1 and of cluster-2, one root, another root, unknown. */
const pairs = ['yynnu', 'yyynu', 'nyynu', 'nnnyu', 'uuuuu'] as const;
/** After bar has moved to the revision that hands out both roots. */
const pairsAfter = ['yyynu', 'yyynu', 'yyynu', 'nnnyu', 'uuuuu'] as const;
const states = { y: 'yes', n: 'no', u: 'unknown' } as const;

function stateOf(table: readonly string[], row: number, column: number): MatrixCell['out'] {
  return states[(table[row]?.[column] ?? 'u') as keyof typeof states];
}

function cells(table: readonly string[]): MatrixView['cells'] {
  return table.map((_, row) =>
    [...table].map((__, column) => {
      const out = stateOf(table, row, column);
      const back = stateOf(table, column, row);
      return { out, back, changed: out !== stateOf(pairs, row, column) || back !== stateOf(pairs, column, row) };
    }),
  );
}

function pairsCounted(table: MatrixView['cells']): MatrixView['pairs'] {
  const once = table.flatMap((row, index) => row.slice(index));
  const count = (state: MatrixCell['out']): number => once.filter(({ out, back }) => out === state || back === state).length;
  return { broken: count('no'), unknown: count('unknown') };
}

export function sampleMatrix(hypothesis: string | undefined): MatrixView {
  const [first = meshCa, second = meshCa] = istioCa;
  const unknown = { ...matrixClass('E', 2, [], ['cluster-2', undefined]), signedBy: undefined, identity: undefined, accepts: undefined };
  return {
    classes: [
      matrixClass('A', 8, [first, meshCa], ['cluster-1', revision]),
      matrixClass('B', 3, [second, first, meshCa], ['cluster-2', revision]),
      matrixClass('C', 4, [second], ['cluster-2', 'default']),
      { ...matrixClass('D', 1, [other], ['cluster-2', 'default']), remarks: [message('trust.why.expired')] },
      { ...unknown, remarks: [message('failure.timedOut', { seconds: 5 })] },
    ],
    cells: cells(hypothesis === undefined ? pairs : pairsAfter),
    pairs: pairsCounted(cells(hypothesis === undefined ? pairs : pairsAfter)),
    more: 0,
    hypotheses: [
      { id: 'migrate bar', label: message('panel.matrix.pair', { row: 'bar', column: revision }) },
      { id: 'migrate baz', label: message('panel.matrix.pair', { row: 'baz', column: revision }) },
    ],
    hypothesis,
    notes: [],
  };
}

export function samplePair(rows: readonly TrustRow[], { row, column, rowOffset, columnOffset }: { row: number; column: number; rowOffset: number; columnOffset: number }): MatrixPairView {
  const pods = rows.map(({ id, cluster, namespace, pod }) => ({ id, cluster, name: `${namespace}/${pod}` }));
  const page = (offset: number): MatrixPairView['rowMembers'] => ({ total: 30, offset, pods: [...pods, ...pods].slice(offset, Math.min(30, offset + 20)) });
  const reason = message('matrix.broken.noAnchor', { side: message('matrix.side.server', { name: 'C' }), root: 'CITADEL' });
  const says = (from: number, to: number): MatrixPairView['out'] => (stateOf(pairs, from, to) === 'yes' ? [] : [reason]);
  return { row, column, out: says(row, column), back: says(column, row), rowMembers: page(rowOffset), columnMembers: page(columnOffset) };
}

function holding(name: RootBadge, role: CertificateHolding['role'], anchoredBy: number, signs: number, years: number, remarks: CertificateHolding['remarks'] = []): CertificateHolding {
  const isMeshCa = name.label === 'MESHCA';
  return {
    fingerprint: name.fingerprint,
    spki: name.fingerprint,
    name,
    role,
    subject: isMeshCa ? 'CN=istio_v1_cloud_workload_root-signer-0-2018-04-25T14:11:33-07:00, O=Google LLC' : 'O=cluster.local',
    serial: '6F:1C:90:B4:77:2A',
    notBefore: scenarioNow - 400 * dayMs,
    notAfter: scenarioNow + years * 365 * dayMs,
    keyAlgorithm: isMeshCa ? 'RSA 4096' : 'RSA 2048',
    anchoredBy,
    signs,
    holders: [
      { cluster: 'cluster-1', context: clusterContexts[0], namespaces: ['foo', 'shop', 'istio-system'].map((namespace, index) => ({ namespace, anchoredBy: anchoredBy === 0 ? 0 : index + 2, signs: signs === 0 ? 0 : index + 1 })) },
      { cluster: 'cluster-2', context: clusterContexts[1], namespaces: ['bar', 'baz', 'foo', 'reports', 'batch', 'one', 'two', 'three'].map((namespace) => ({ namespace, anchoredBy: anchoredBy === 0 ? 0 : 1, signs: 0 })) },
    ],
    source: name.detail,
    remarks,
  };
}

export function sampleCertificates(): CertificatesView {
  const [first = meshCa, second = meshCa] = istioCa;
  const lookalike: RootBadge = { ...other, detail: message('trust.root.lookalike'), fingerprint: meshCa.fingerprint.replace('A', 'B') };
  const start = scenarioNow - (scenarioNow % hourMs);
  const year = Date.UTC(2026, 0, 1);
  return {
    holdings: [
      holding(first, 'anchor', 9, 9, 8.6),
      holding(second, 'anchor', 7, 6, 0.2),
      holding(meshCa, 'anchor', 12, 0, 92),
      holding(lookalike, 'anchor', 1, 1, 3, [message('trust.why.lookalikeRoot')]),
      holding({ ...other, detail: message('trust.root.other', { subject: 'CN=intermediate, O=Example' }) }, 'leafIssuer', 0, 1, 2),
    ],
    calendars: [
      { unit: 'hour', buckets: Array.from({ length: 25 }, (_, hour) => ({ start: start + hour * hourMs, leaves: [0, 0, 1, 2, 0, 0, 1, 3, 0, 1][hour % 10] ?? 0, issuers: 0, roots: 0 })) },
      { unit: 'year', buckets: Array.from({ length: 10 }, (_, index) => ({ start: year + index * 365 * dayMs, leaves: 0, issuers: index === 2 ? 1 : 0, roots: index === 0 || index === 8 ? 1 : index === 3 ? 1 : 0 })) },
    ],
    expired: 1,
  };
}

export function sampleExplanation(row: TrustRow): ProxyExplanation {
  const isBehind = trustClassOf(row) !== 'both';
  return {
    id: row.id,
    workload: undefined,
    obstacles: [
      ...(isBehind ? [{ phase: 'trust' as const, reason: message('panel.reason.notRestarted', { revision: 'default', wanted: revision }), action: 'restart' as const }] : []),
      { phase: 'signing', reason: message('panel.reason.signedByRevision', { revision }), action: 'migrate' },
    ],
    chain: row.signedBy === undefined ? [] : [{ fingerprint: other.fingerprint, subject: '' }, { fingerprint: row.signedBy.fingerprint, subject: 'O=cluster.local' }],
  };
}
