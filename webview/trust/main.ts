// Entry of the Certificate Trust page: connects to the extension and keeps the drawn page in step with the state.
import type { MessageHandlers } from '../../src/shared/messaging.js';
import { localeOf } from '../../src/shared/text/render.js';
import type { ToTrustPage } from '../../src/shared/trustProtocol.js';
import { createFrameScheduler } from './frameScheduler.js';
import { connectHost } from './hostConnection.js';
import { rememberedView } from './rememberedView.js';
import { registerToolkit } from './toolkit.js';
import type { PageEvent } from './trustState.js';
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
    state = reduce(state, event);
    if (changesView(event)) host.remember(rememberedView(state));
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
    };
  }

  setInterval(() => {
    if (state.connected) apply({ type: 'clock', payload: { now: Date.now() + clockAheadMs } });
  }, clockTickMs);
  askForDraw();
  host.send('ready', {});
}

/** Rows and progress come again after a reload; only choices are kept. */
function changesView({ type }: PageEvent): boolean {
  return type !== 'rows' && type !== 'removed' && type !== 'progress' && type !== 'notices' && type !== 'clock' && type !== 'chosen';
}

startPage();
