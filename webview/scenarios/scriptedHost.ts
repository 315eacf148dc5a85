// Plays the extension to the page: answers `ready` with the scenario, and keeps what the page says.
import type { AnyMessage } from '../../src/shared/messaging.js';
import type { Locale } from '../../src/shared/text/render.js';
import type { FromTrustPage, ToTrustPage } from '../../src/shared/trustProtocol.js';
import { scenarioNow } from './sampleRows.js';
import type { Scenario } from './scenarios.js';

/** As `src/ui/trust/trustPageFeed.ts` sends them. */
const batch = 2000;

/** What a test, or a person at the browser's console, finds as `window.scriptedHost`. */
export interface ScriptedHost {
  /** Everything the page has said, in order. */
  readonly heard: readonly AnyMessage<FromTrustPage>[];
  /** What the page has asked VS Code to keep. */
  kept: unknown;
  readonly say: (message: AnyMessage<ToTrustPage>) => void;
}

declare global {
  interface Window {
    scriptedHost: ScriptedHost;
    acquireVsCodeApi: () => unknown;
  }
}

export function installScriptedHost(scenario: Required<Scenario>, locale: Locale): void {
  const heard: AnyMessage<FromTrustPage>[] = [];
  const host: ScriptedHost = {
    heard,
    kept: scenario.kept,
    say: (message) => {
      window.postMessage(message, '*');
    },
  };
  window.scriptedHost = host;
  window.acquireVsCodeApi = () => ({
    postMessage: (message: AnyMessage<FromTrustPage>) => {
      heard.push(message);
      if (message.type === 'ready') play(scenario, locale, host);
    },
    getState: () => host.kept,
    setState: (state: unknown) => {
      host.kept = state;
    },
  });
}

function play({ scope, progress, chosen, notices, rows }: Required<Scenario>, locale: Locale, { say }: ScriptedHost): void {
  say({ type: 'start', payload: { locale, scope, progress, chosen, now: scenarioNow } });
  say({ type: 'notices', payload: { notices } });
  const all = rows();
  for (let first = 0; first < all.length; first += batch) say({ type: 'rows', payload: { rows: all.slice(first, first + batch) } });
}
