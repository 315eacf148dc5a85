// Everything the page knows, and how each message and each thing the person does changes it. Pure: draws nothing.
import { assertNever } from '../../src/shared/assertNever.js';
import type { AnyMessage } from '../../src/shared/messaging.js';
import type { Message } from '../../src/shared/text/message.js';
import type { Locale } from '../../src/shared/text/render.js';
import type { ToTrustPage } from '../../src/shared/trustProtocol.js';
import type { SurveyProgress, TrustRow, TrustScope } from '../../src/shared/trustRows.js';
import type {
  CertificatesView,
  MatrixPairView,
  MatrixView,
  ProxyExplanation,
  SavedSurveyFacts,
  TrustOverview,
  TrustView,
} from '../../src/shared/trustViews.js';
import type { RememberedView } from './rememberedView.js';
import type { RowFilter } from './rowFilter.js';
import { noFilter } from './rowFilter.js';
import type { RowGrouping } from './rowGroups.js';
import { groupHeadId } from './rowGroups.js';
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
  /** The row to bring into view as soon as it is there; another object for each time that it is asked for. */
  readonly sought: { readonly id: string } | undefined;
  readonly detailsOpen: boolean;
  readonly view: TrustView;
  readonly grouping: RowGrouping;
  /** Keys of the groups whose rows are folded away. */
  readonly folded: ReadonlySet<string>;
  /** The survey comes from this file. */
  readonly saved: SavedSurveyFacts | undefined;
  readonly overview: TrustOverview | undefined;
  readonly matrix: MatrixView | undefined;
  readonly certificates: CertificatesView | undefined;
  /** The cell of the matrix that the keyboard stands on. */
  readonly cell: CellPlace;
  readonly pair: MatrixPairView | undefined;
  readonly explanation: ProxyExplanation | undefined;
}

export interface CellPlace {
  readonly row: number;
  readonly column: number;
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
  readonly show: { readonly view: TrustView };
  /** To the rows that this leaves, whatever was filtered before. */
  readonly showPods: { readonly filter: Partial<RowFilter> };
  readonly group: { readonly grouping: RowGrouping };
  readonly toggleGroup: { readonly key: string };
  readonly cell: { readonly cell: CellPlace };
  readonly closePair: Record<string, never>;
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
    sought: undefined,
    detailsOpen: remembered?.detailsOpen ?? false,
    view: remembered?.view ?? 'overview',
    grouping: remembered?.grouping ?? 'none',
    folded: new Set(),
    saved: undefined,
    overview: undefined,
    matrix: undefined,
    certificates: undefined,
    cell: { row: 0, column: 0 },
    pair: undefined,
    explanation: undefined,
  };
}

export function reduce(state: TrustPageState, event: PageEvent): TrustPageState {
  switch (event.type) {
    case 'start':
      return { ...state, ...event.payload, ...nothingWorkedOut, connected: true, rows: new Map(), notices: [] };
    case 'rows':
      return { ...state, rows: withRows(state.rows, event.payload.rows) };
    case 'removed':
      return { ...state, rows: withoutRows(state.rows, event.payload.ids) };
    case 'matrix':
      return { ...state, ...event.payload, ...withinMatrix(state, event.payload.matrix) };
    case 'progress':
    case 'scope':
    case 'chosen':
    case 'notices':
    case 'clock':
    case 'overview':
    case 'certificates':
    case 'pair':
    case 'explanation':
    case 'cell':
      return { ...state, ...event.payload };
    case 'focus':
      return focusOn(state, event.payload);
    case 'filter':
    case 'clearFilters':
    case 'sort':
    case 'select':
    case 'openDetails':
    case 'closeDetails':
    case 'show':
    case 'showPods':
    case 'group':
    case 'toggleGroup':
    case 'closePair':
      // Who does something else does not want to be taken elsewhere.
      return intend({ ...state, sought: undefined }, event);
    default:
      return assertNever(event);
  }
}

type ChoiceIntents = Omit<PageIntents, 'clock' | 'cell'>;

/** What the person does to the choices that the page remembers. */
function intend(state: TrustPageState, event: AnyMessage<ChoiceIntents>): TrustPageState {
  switch (event.type) {
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
    case 'show':
      return { ...state, view: event.payload.view };
    case 'showPods':
      return { ...state, view: 'pods', filter: { ...noFilter, ...event.payload.filter } };
    case 'group':
      return { ...state, grouping: event.payload.grouping, folded: new Set() };
    case 'toggleGroup':
      return { ...state, folded: toggled(state.folded, event.payload.key) };
    case 'closePair':
      return { ...state, pair: undefined };
    default:
      return assertNever(event);
  }
}

/** What belongs to the survey that a start makes an end of. */
const nothingWorkedOut = { overview: undefined, matrix: undefined, certificates: undefined, pair: undefined, explanation: undefined };

/** A subject to look at is not to be hidden by what was filtered before. */
function focusOn(state: TrustPageState, { view, id, namespace }: ToTrustPage['focus']): TrustPageState {
  const shown = { ...state, view, filter: noFilter, folded: new Set<string>() };
  if (id !== undefined) return { ...shown, selected: id, sought: { id }, detailsOpen: true };
  if (namespace === undefined) return shown;
  const head = groupHeadId(namespace);
  return { ...shown, grouping: 'namespace', selected: head, sought: { id: head }, detailsOpen: false };
}

/** A matrix with other classes has other cells: what was open is another pair now. */
function withinMatrix({ cell, pair, matrix: before }: TrustPageState, { classes, hypothesis }: MatrixView): Pick<TrustPageState, 'cell' | 'pair'> {
  const last = Math.max(0, classes.length - 1);
  const same = before?.hypothesis === hypothesis && JSON.stringify(before?.classes.map(({ id }) => id)) === JSON.stringify(classes.map(({ id }) => id));
  return { cell: { row: Math.min(cell.row, last), column: Math.min(cell.column, last) }, pair: same ? pair : undefined };
}

function toggled(keys: ReadonlySet<string>, key: string): ReadonlySet<string> {
  const next = new Set(keys);
  if (!next.delete(key)) next.add(key);
  return next;
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
