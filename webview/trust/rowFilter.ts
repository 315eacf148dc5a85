// Which rows the person wants to see: a search text and one choice in each of four facets.
import type { TrustRow, TrustState } from '../../src/shared/trustRows.js';
import type { RootClass } from './trustClass.js';
import { trustClassOf } from './trustClass.js';

export interface RowFilter {
  readonly text: string;
  /** A context name. */
  readonly cluster: string | undefined;
  readonly namespace: string | undefined;
  readonly state: TrustState | undefined;
  readonly roots: RootClass | undefined;
}

export const noFilter: RowFilter = { text: '', cluster: undefined, namespace: undefined, state: undefined, roots: undefined };

export function isFiltering(filter: RowFilter): boolean {
  return searchWords(filter).length > 0 || [filter.cluster, filter.namespace, filter.state, filter.roots].some((choice) => choice !== undefined);
}

/** Makes the test for one filter, so that the search text is taken apart once and not for each row. */
export function rowMatcher(filter: RowFilter): (row: TrustRow) => boolean {
  const words = searchWords(filter);
  return (row) =>
    (filter.cluster === undefined || row.context === filter.cluster) &&
    (filter.namespace === undefined || row.namespace === filter.namespace) &&
    (filter.state === undefined || row.state === filter.state) &&
    (filter.roots === undefined || trustClassOf(row) === filter.roots) &&
    (words.length === 0 || hasAllWords(searchedText(row), words));
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
