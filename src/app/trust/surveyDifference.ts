// What became of the proxies between two surveys: who is new, who is gone, and what changed of the others. Works on rows, so a
// saved survey compares with one that was just made.
import type { Message } from '../../shared/text/message.js';
import { message } from '../../shared/text/message.js';
import type { RootBadge, TrustRow } from '../../shared/trustRows.js';
import type { Work } from './stretches.js';
import { each, finish } from './stretches.js';

/** What decides about a proxy; its certificate's dates are not among it, because every proxy renews. */
export type ChangedAspect = 'roots' | 'signedBy' | 'identity' | 'revision' | 'state' | 'why';

export interface RowChange {
  readonly before: TrustRow;
  readonly after: TrustRow;
  /** Never empty. */
  readonly aspects: readonly ChangedAspect[];
}

export interface SurveyDifference {
  readonly added: readonly TrustRow[];
  readonly gone: readonly TrustRow[];
  readonly changed: readonly RowChange[];
}

/** Every aspect of a row as what is compared; fingerprints for roots, because their names depend on who else was read. */
const ASPECTS: Readonly<Record<ChangedAspect, (row: TrustRow) => string>> = {
  roots: ({ roots }) => roots.map(({ fingerprint }) => fingerprint).sort().join(' '),
  signedBy: ({ signedBy }) => signedBy?.fingerprint ?? '',
  identity: ({ spiffeId }) => spiffeId ?? '',
  revision: ({ revision }) => revision ?? '',
  state: ({ state }) => state,
  why: ({ why }) => why?.key ?? '',
};

const ORDER: readonly ChangedAspect[] = ['state', 'roots', 'signedBy', 'identity', 'revision', 'why'];

/** Rows that are still waiting say nothing and are left out on both sides. Costs one look at each row. */
export function surveyDifference(before: Iterable<TrustRow>, after: Iterable<TrustRow>): SurveyDifference {
  return finish(differenceWork([...before], [...after]));
}

export function* differenceWork(before: readonly TrustRow[], after: readonly TrustRow[]): Work<SurveyDifference> {
  const known = new Map<string, TrustRow>();
  yield* each(before, (row) => {
    if (isAnswered(row)) known.set(placeOf(row), row);
  });
  const added: TrustRow[] = [];
  const changed: RowChange[] = [];
  yield* each(after, (row) => {
    const place = placeOf(row);
    const was = known.get(place);
    // A proxy that is asked again just now is not gone.
    known.delete(place);
    if (!isAnswered(row)) return;
    if (was === undefined) added.push(row);
    else changed.push(...changeOf(was, row));
  });
  return { added, gone: [...known.values()], changed };
}

/** One sentence an aspect: what it was and what it is. */
export function changeMessages({ before, after, aspects }: RowChange): readonly Message[] {
  return aspects.map((aspect) => message(`surveys.change.${aspect}`, { before: aspectText(before, aspect), after: aspectText(after, aspect) }));
}

function changeOf(before: TrustRow, after: TrustRow): readonly RowChange[] {
  const aspects = ORDER.filter((aspect) => ASPECTS[aspect](before) !== ASPECTS[aspect](after));
  return aspects.length === 0 ? [] : [{ before, after, aspects }];
}

function aspectText(row: TrustRow, aspect: ChangedAspect): string | Message {
  switch (aspect) {
    case 'roots':
      return row.roots.length === 0 ? message('surveys.change.nothing') : row.roots.map(badgeText).join(', ');
    case 'signedBy':
      return row.signedBy === undefined ? message('surveys.change.nothing') : badgeText(row.signedBy);
    case 'identity':
      return row.spiffeId ?? message('surveys.change.nothing');
    case 'revision':
      return row.revision ?? message('surveys.change.nothing');
    case 'state':
      return message(`trust.page.state.${row.state}`);
    case 'why':
      return row.why ?? message('surveys.change.nothing');
  }
}

/** Two roots may have one word, so a piece of the fingerprint tells them apart. */
function badgeText({ label, fingerprint }: RootBadge): string {
  return `${label} (${fingerprint.slice(0, 8)}…)`;
}

function isAnswered({ state }: TrustRow): boolean {
  return state !== 'waiting';
}

/** By context rather than by kubeconfig: a saved survey knows no paths. */
function placeOf({ context, namespace, pod }: TrustRow): string {
  return JSON.stringify([context, namespace, pod]);
}
