// Which rows the person wants to see: a search text and one choice in each of four facets.
import type { TrustRow, TrustState } from '../../src/shared/trustRows.js';
import type { RootClass } from '../../src/shared/trustClass.js';
import { signerClassOf, trustClassOf } from '../../src/shared/trustClass.js';
import type { GatePhase } from '../../src/shared/trustViews.js';

export interface RowFilter {
  readonly text: string;
  /** The key of one. */
  readonly cluster: string | undefined;
  readonly namespace: string | undefined;
  readonly state: TrustState | undefined;
  readonly roots: RootClass | undefined;
  /** The gate that the proxies keep shut. */
  readonly gate: GatePhase | undefined;
}

export const noFilter: RowFilter = { text: '', cluster: undefined, namespace: undefined, state: undefined, roots: undefined, gate: undefined };

export function isFiltering(filter: RowFilter): boolean {
  return searchWords(filter).length > 0 || [filter.cluster, filter.namespace, filter.state, filter.roots, filter.gate].some((choice) => choice !== undefined);
}

/** Makes the test for one filter, so that the search text is taken apart once and not for each row. */
export function rowMatcher(filter: RowFilter): (row: TrustRow) => boolean {
  const words = searchWords(filter);
  return (row) =>
    (filter.cluster === undefined || row.clusterKey === filter.cluster) &&
    (filter.namespace === undefined || row.namespace === filter.namespace) &&
    (filter.state === undefined || row.state === filter.state) &&
    (filter.roots === undefined || trustClassOf(row) === filter.roots) &&
    (filter.gate === undefined || isInTheWay(row, filter.gate)) &&
    (words.length === 0 || hasAllWords(searchedText(row), words));
}

function isInTheWay(row: TrustRow, gate: GatePhase): boolean {
  return gate === 'trust' ? trustClassOf(row) !== 'both' : signerClassOf(row) !== 'meshCa';
}

function searchWords({ text }: RowFilter): readonly string[] {
  return text.toLowerCase().split(/\s+/).filter((word) => word !== '');
}

function hasAllWords(text: string, words: readonly string[]): boolean {
  return words.every((word) => text.includes(word));
}

function searchedText(row: TrustRow): string {
  const roots = row.roots.map(({ label, fingerprint }) => `${label} ${fingerprint}`).join(' ');
  const signer = row.signedBy === undefined ? '' : `${row.signedBy.label} ${row.signedBy.fingerprint}`;
  return `${row.namespace}/${row.pod} ${row.cluster} ${row.context} ${row.spiffeId ?? ''} ${row.revision ?? ''} ${roots} ${signer}`.toLowerCase();
}
