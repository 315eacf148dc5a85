// What of the page survives hiding it and restarting the editor: the choices, never the rows.
import { gatePhases, trustViews } from '../../src/shared/trustViews.js';
import type { TrustView } from '../../src/shared/trustViews.js';
import type { TrustScope, TrustState } from '../../src/shared/trustRows.js';
import type { RowFilter } from './rowFilter.js';
import type { RowGrouping } from './rowGroups.js';
import { rowGroupings } from './rowGroups.js';
import type { RowSort } from './rowOrder.js';
import { byPod, columns } from './rowOrder.js';
import { rootClasses } from '../../src/shared/trustClass.js';

export interface RememberedView {
  readonly scope: TrustScope;
  readonly filter: RowFilter;
  readonly sort: RowSort;
  readonly selected: string | undefined;
  readonly detailsOpen: boolean;
  readonly view: TrustView;
  readonly grouping: RowGrouping;
}

const states = ['waiting', 'read', 'notLoaded', 'unknown'] as const satisfies readonly TrustState[];

/** Exactly the fields that are kept. */
export function rememberedView({ scope, filter, sort, selected, detailsOpen, view, grouping }: RememberedView): RememberedView {
  return { scope, filter, sort, selected, detailsOpen, view, grouping };
}

/** Reads what an earlier page, perhaps of an earlier version, has kept. Undefined for what is no such thing. */
export function parseRememberedView(kept: unknown): RememberedView | undefined {
  if (!isRecord(kept)) return undefined;
  const scope = isRecord(kept.scope) ? kept.scope : {};
  const filter = isRecord(kept.filter) ? kept.filter : {};
  const sort = isRecord(kept.sort) ? kept.sort : {};
  return {
    scope: { contexts: texts(scope.contexts), namespaces: texts(scope.namespaces) },
    filter: {
      text: text(filter.text) ?? '',
      cluster: text(filter.cluster),
      namespace: text(filter.namespace),
      state: oneOf(states, filter.state),
      roots: oneOf(rootClasses, filter.roots),
      gate: oneOf(gatePhases, filter.gate),
    },
    sort: {
      column: oneOf(columns, sort.column) ?? byPod.column,
      direction: oneOf(['ascending', 'descending'] as const, sort.direction) ?? byPod.direction,
    },
    selected: text(kept.selected),
    detailsOpen: kept.detailsOpen === true,
    view: oneOf(trustViews, kept.view) ?? 'overview',
    grouping: oneOf(rowGroupings, kept.grouping) ?? 'none',
  };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((entry) => typeof entry === 'string') : [];
}

function oneOf<Choice extends string>(choices: readonly Choice[], value: unknown): Choice | undefined {
  return choices.find((choice) => choice === value);
}
