// Entry of the Certificate Trust page: connects to the extension and keeps the drawn page in step with the state.
import type { MessageHandlers, SendMessage } from '../../src/shared/messaging.js';
import { localeOf } from '../../src/shared/text/languages.js';
import type { FromTrustPage, ToTrustPage } from '../../src/shared/trustProtocol.js';
import type { TrustRow } from '../../src/shared/trustRows.js';
import { createFrameScheduler } from './frameScheduler.js';
import { connectHost } from './hostConnection.js';
import { rememberedView } from './rememberedView.js';
import { registerToolkit } from './toolkit.js';
import type { PageEvent, TrustPageState } from './trustState.js';
import { initialState, reduce } from './trustState.js';
import { createTrustView } from './trustView.js';

/** Often enough for times that are shown in minutes. */
const clockTickMs = 20_000;

function startPage(): void {
  registerToolkit();
  /** How far the extension's clock is ahead of the page's. */
  let clockAheadMs = 0;
  const host = connectHost(handlers());
  let state = initialState(localeOf(document.documentElement.lang), host.recall());
  const askForDraw = createFrameScheduler(() => {
    view.draw(state);
  });
  const view = createTrustView(document.body, { send: host.send, act: apply }, askForDraw);

  function apply(event: PageEvent): void {
    if (event.type === 'start') clockAheadMs = event.payload.now - Date.now();
    const before = state;
    state = reduce(state, event);
    if (changesView(event)) host.remember(rememberedView(state));
    tellExtension(before, state, host.send);
    askForDraw();
  }

  function handlers(): MessageHandlers<ToTrustPage> {
    return {
      start: (payload) => { apply({ type: 'start', payload }); },
      rows: (payload) => { apply({ type: 'rows', payload }); },
      removed: (payload) => { apply({ type: 'removed', payload }); },
      progress: (payload) => { apply({ type: 'progress', payload }); },
      scope: (payload) => { apply({ type: 'scope', payload }); },
      chosen: (payload) => { apply({ type: 'chosen', payload }); },
      notices: (payload) => { apply({ type: 'notices', payload }); },
      focus: (payload) => { apply({ type: 'focus', payload }); },
      overview: (payload) => { apply({ type: 'overview', payload }); },
      matrix: (payload) => { apply({ type: 'matrix', payload }); },
      certificates: (payload) => { apply({ type: 'certificates', payload }); },
      pair: (payload) => { apply({ type: 'pair', payload }); },
      explanation: (payload) => { apply({ type: 'explanation', payload }); },
    };
  }

  setInterval(() => {
    if (state.connected) apply({ type: 'clock', payload: { now: Date.now() + clockAheadMs } });
  }, clockTickMs);
  askForDraw();
  host.send('ready', { view: state.view });
}

/** Rows and whatever follows from them come again after a reload; only choices are kept. */
const passing: readonly PageEvent['type'][] = [
  'rows',
  'removed',
  'progress',
  'notices',
  'clock',
  'chosen',
  'overview',
  'matrix',
  'certificates',
  'pair',
  'explanation',
  'cell',
  'toggleGroup',
  'closePair',
];

function changesView({ type }: PageEvent): boolean {
  return !passing.includes(type);
}

/** What the extension has to know of a change: the view that is looked at, and the proxy that is to be explained. */
function tellExtension(before: TrustPageState, now: TrustPageState, send: SendMessage<FromTrustPage>): void {
  if (now.view !== before.view) send('look', { view: now.view });
  const explained = explainedRow(now);
  if (explained !== undefined && explained !== explainedRow(before)) send('explain', { id: explained.id });
}

function explainedRow({ connected, detailsOpen, view, selected, rows }: TrustPageState): TrustRow | undefined {
  return connected && detailsOpen && view === 'pods' && selected !== undefined ? rows.get(selected) : undefined;
}

startPage();
