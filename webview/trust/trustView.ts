// The page as a whole: its parts in their places, all drawn from the same moment.
import type { Locale } from '../../src/shared/text/render.js';
import { textRenderer } from '../../src/shared/text/render.js';
import { createAnnouncer } from './announcer.js';
import type { DerivedRows } from './derivedRows.js';
import { deriveRows } from './derivedRows.js';
import { createDetails } from './detailsView.js';
import { createElement, setAttribute } from './dom.js';
import { createEmptyView } from './emptyView.js';
import { createFilterBar } from './filterBar.js';
import type { MeshSummary } from './meshSummary.js';
import { summariseMesh } from './meshSummary.js';
import { createNotices } from './noticesView.js';
import type { PageActions, PageFrame } from './pageFrame.js';
import { createSummary } from './summaryView.js';
import { createTable } from './tableView.js';
import { createToolbar } from './toolbarView.js';
import type { TrustPageState } from './trustState.js';
import { momentFormatter } from './validity.js';

export interface TrustView {
  draw(state: TrustPageState): void;
}

/** Builds the page in `root`. `askForDraw` is called when the view itself needs a draw, after a scroll for example. */
export function createTrustView(root: HTMLElement, actions: PageActions, askForDraw: () => void): TrustView {
  const table = createTable(actions, askForDraw);
  const empty = createEmptyView(actions);
  const details = createDetails(actions, () => {
    table.focus();
  });
  const above = [createToolbar(actions), createNotices(), createSummary(actions), createFilterBar(actions)];
  const announcer = createAnnouncer();
  const tableFrame = createElement('div', { className: 'tableFrame', children: [table.element, empty.element] });
  const main = createElement('div', { className: 'main', children: [tableFrame, details.element] });
  root.append(createElement('main', { className: 'page', children: [...above.map(({ element }) => element), main, announcer.element] }));
  const parts = [...above, table, empty, details, announcer];
  const frameOf = createFrames();
  return {
    draw: (state) => {
      const frame = frameOf(state);
      setAttribute(document.documentElement, 'lang', state.locale === 'ko' ? 'ko' : 'en');
      for (const part of parts) part.draw(frame);
    },
  };
}

/** From state to frame, keeping what follows only from what has not changed. */
function createFrames(): (state: TrustPageState) => PageFrame {
  let rows: DerivedRows | undefined;
  let summarised: { readonly rows: TrustPageState['rows']; readonly summary: MeshSummary } | undefined;
  let spoken: { readonly locale: Locale; readonly say: PageFrame['say']; readonly showMoment: PageFrame['showMoment'] } | undefined;
  return (state) => {
    rows = deriveRows(rows, { rows: state.rows, filter: state.filter, sort: state.sort });
    if (summarised?.rows !== state.rows) summarised = { rows: state.rows, summary: summariseMesh(state.rows) };
    if (spoken?.locale !== state.locale) spoken = { locale: state.locale, say: textRenderer(state.locale), showMoment: momentFormatter(state.locale) };
    return { state, rows, summary: summarised.summary, say: spoken.say, showMoment: spoken.showMoment };
  };
}
