// Everything the page knows, and how each message and each thing the person does changes it. Pure: draws nothing.
import { assertNever } from '../../src/shared/assertNever.js';
import type { AnyMessage } from '../../src/shared/messaging.js';
import type { Message } from '../../src/shared/text/message.js';
import type { Locale } from '../../src/shared/text/render.js';
import type { ToTrustPage } from '../../src/shared/trustProtocol.js';
import type { SurveyProgress, TrustRow, TrustScope } from '../../src/shared/trustRows.js';
import type { RememberedView } from './rememberedView.js';
import type { RowFilter } from './rowFilter.js';
import { noFilter } from './rowFilter.js';
import type { Column, RowSort } from './rowOrder.js';
import { byPod } from './rowOrder.js';

export interface TrustPageState {
  /** False until the extension has answered `ready`. */
  readonly connected: boolean;
  readonly locale: Locale;
  /** Milliseconds since the epoch, by the extension's clock. */
  readonly now: number;
  readonly scope: TrustScope;
  readonly chosen: readonly string[];
  readonly progress: SurveyProgress;
  readonly notices: readonly Message[];
  /** By id. */
  readonly rows: ReadonlyMap<string, TrustRow>;
  readonly filter: RowFilter;
  readonly sort: RowSort;
  /** Id of the row that the keyboard stands on. It may be filtered out or gone. */
  readonly selected: string | undefined;
  readonly detailsOpen: boolean;
}

/** What the person can do to the page itself. */
export interface PageIntents {
  readonly filter: Partial<RowFilter>;
  readonly clearFilters: Record<string, never>;
  /** A click on a column's head: by this column, or the other way round if it is already. */
  readonly sort: { readonly column: Column };
  readonly select: { readonly id: string };
  readonly openDetails: { readonly id: string };
  readonly closeDetails: Record<string, never>;
  readonly clock: { readonly now: number };
}

export type PageEvent = AnyMessage<ToTrustPage> | AnyMessage<PageIntents>;

const nothingSurveyed: SurveyProgress = {
  running: false,
  cancelled: false,
  total: 0,
  done: 0,
  unknown: 0,
  startedAt: undefined,
  finishedAt: undefined,
};

export function initialState(locale: Locale, remembered: RememberedView | undefined): TrustPageState {
  return {
    connected: false,
    locale,
    now: 0,
    scope: remembered?.scope ?? { contexts: [], namespaces: [] },
    chosen: [],
    progress: nothingSurveyed,
    notices: [],
    rows: new Map(),
    filter: remembered?.filter ?? noFilter,
    sort: remembered?.sort ?? byPod,
    selected: remembered?.selected,
    detailsOpen: remembered?.detailsOpen ?? false,
  };
}

export function reduce(state: TrustPageState, event: PageEvent): TrustPageState {
  switch (event.type) {
    case 'start':
      return { ...state, ...event.payload, connected: true, rows: new Map(), notices: [] };
    case 'rows':
      return { ...state, rows: withRows(state.rows, event.payload.rows) };
    case 'removed':
      return { ...state, rows: withoutRows(state.rows, event.payload.ids) };
    case 'progress':
    case 'scope':
    case 'chosen':
    case 'notices':
    case 'clock':
      return { ...state, ...event.payload };
    case 'filter':
      return { ...state, filter: { ...state.filter, ...event.payload } };
    case 'clearFilters':
      return { ...state, filter: noFilter };
    case 'sort':
      return { ...state, sort: nextSort(state.sort, event.payload.column) };
    case 'select':
      return { ...state, selected: event.payload.id };
    case 'openDetails':
      return { ...state, selected: event.payload.id, detailsOpen: true };
    case 'closeDetails':
      return { ...state, detailsOpen: false };
    default:
      return assertNever(event);
  }
}

function withRows(rows: ReadonlyMap<string, TrustRow>, changed: readonly TrustRow[]): ReadonlyMap<string, TrustRow> {
  const next = new Map(rows);
  for (const row of changed) next.set(row.id, row);
  return next;
}

function withoutRows(rows: ReadonlyMap<string, TrustRow>, ids: readonly string[]): ReadonlyMap<string, TrustRow> {
  const next = new Map(rows);
  for (const id of ids) next.delete(id);
  return next;
}

function nextSort(sort: RowSort, column: Column): RowSort {
  const turned = sort.column === column && sort.direction === 'ascending';
  return { column, direction: turned ? 'descending' : 'ascending' };
}
