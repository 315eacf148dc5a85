// The page as a whole: its parts in their places, all drawn from the same moment.
import { assertNever } from '../../src/shared/assertNever.js';
import type { Locale } from '../../src/shared/text/languages.js';
import type { TrustView as ViewName } from '../../src/shared/trustViews.js';
import { trustViews } from '../../src/shared/trustViews.js';
import { createAnnouncer } from './announcer.js';
import { createCertificatesView } from './certificatesView.js';
import type { DerivedRows } from './derivedRows.js';
import { deriveRows } from './derivedRows.js';
import { createElement, setAttribute, setHidden } from './dom.js';
import { createMatrixView } from './matrixView.js';
import type { MeshSummary } from './meshSummary.js';
import { summariseMesh } from './meshSummary.js';
import { createNotices } from './noticesView.js';
import { createOverview } from './overviewView.js';
import type { PageActions, PageFrame, PagePart } from './pageFrame.js';
import { createPodsView } from './podsView.js';
import { pageRenderer } from './pageTexts.js';
import type { TableItem } from './rowGroups.js';
import { tableItems } from './rowGroups.js';
import { createSavedNotice } from './savedNotice.js';
import { createToolbar } from './toolbarView.js';
import type { TrustPageState } from './trustState.js';
import { momentFormatter } from './validity.js';
import { createViewTabs, tabIds } from './viewTabs.js';

export interface TrustView {
  draw(state: TrustPageState): void;
}

/** Builds the page in `root`. `askForDraw` is called when the view itself needs a draw, after a scroll for example. */
export function createTrustView(root: HTMLElement, actions: PageActions, askForDraw: () => void): TrustView {
  const above = [createToolbar(actions), createSavedNotice(actions), createNotices(), createViewTabs(actions)];
  const views = trustViews.map((name) => ({ name, panel: createPanel(name, createView(name, actions, askForDraw)) }));
  const announcer = createAnnouncer();
  const elements = [...above, ...views.map(({ panel }) => panel), announcer].map(({ element }) => element);
  root.append(createElement('main', { className: 'page', children: elements }));
  const frameOf = createFrames();
  return {
    draw: (state) => {
      const frame = frameOf(state);
      setAttribute(document.documentElement, 'lang', state.locale === 'ko' ? 'ko' : 'en');
      for (const part of above) part.draw(frame);
      for (const { name, panel } of views) {
        setHidden(panel.element, name !== state.view);
        if (name === state.view) panel.draw(frame);
      }
      announcer.draw(frame);
    },
  };
}

function createView(name: ViewName, actions: PageActions, askForDraw: () => void): PagePart {
  switch (name) {
    case 'overview':
      return createOverview(actions);
    case 'pods':
      return createPodsView(actions, askForDraw);
    case 'matrix':
      return createMatrixView(actions);
    case 'certificates':
      return createCertificatesView(actions);
    default:
      return assertNever(name);
  }
}

function createPanel(name: ViewName, part: PagePart): PagePart {
  const { tab, panel } = tabIds(name);
  const attributes = { role: 'tabpanel', id: panel, 'aria-labelledby': tab };
  return {
    element: createElement('div', { className: 'panel', attributes, children: [part.element] }),
    draw: (frame) => {
      part.draw(frame);
    },
  };
}

/** From state to frame, keeping what follows only from what has not changed. */
function createFrames(): (state: TrustPageState) => PageFrame {
  let rows: DerivedRows | undefined;
  let listed: { readonly rows: DerivedRows; readonly folded: TrustPageState['folded']; readonly items: readonly TableItem[] } | undefined;
  let summarised: { readonly rows: TrustPageState['rows']; readonly summary: MeshSummary } | undefined;
  let spoken: { readonly locale: Locale; readonly say: PageFrame['say']; readonly showMoment: PageFrame['showMoment'] } | undefined;
  return (state) => {
    const { filter, sort, grouping, folded } = state;
    rows = deriveRows(rows, { rows: state.rows, filter, sort, grouping });
    if (listed?.rows !== rows || listed.folded !== folded) listed = { rows, folded, items: tableItems(rows.shown, grouping, folded) };
    if (summarised?.rows !== state.rows) summarised = { rows: state.rows, summary: summariseMesh(state.rows) };
    if (spoken?.locale !== state.locale) spoken = { locale: state.locale, say: pageRenderer(state.locale), showMoment: momentFormatter(state.locale) };
    return { state, rows, items: listed.items, summary: summarised.summary, say: spoken.say, showMoment: spoken.showMoment };
  };
}
