// The page's only way to the extension: typed messages both ways, and the little state that VS Code keeps for a page.
import type { MessageHandlers, SendMessage } from '../../src/shared/messaging.js';
import { dispatchMessage } from '../../src/shared/messaging.js';
import type { FromTrustPage, ToTrustPage } from '../../src/shared/trustProtocol.js';
import type { RememberedView } from './rememberedView.js';
import { parseRememberedView } from './rememberedView.js';

interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

export interface HostConnection {
  readonly send: SendMessage<FromTrustPage>;
  /** What was kept when the page was last hidden, or before the editor was restarted. */
  recall(): RememberedView | undefined;
  remember(view: RememberedView): void;
}

/** Connects once; a second call would throw, by VS Code's rule. */
export function connectHost(handlers: MessageHandlers<ToTrustPage>): HostConnection {
  const api = acquireVsCodeApi();
  window.addEventListener('message', (event: MessageEvent<unknown>) => {
    dispatchMessage(handlers, event.data);
  });
  return {
    send: (type, payload) => {
      api.postMessage({ type, payload });
    },
    recall: () => parseRememberedView(api.getState()),
    remember: (view) => {
      api.setState(view);
    },
  };
}
