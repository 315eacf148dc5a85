// Plays the extension to the page: answers `ready` with the scenario, and keeps what the page says.
import type { AnyMessage } from '../../src/shared/messaging.js';
import type { Locale } from '../../src/shared/text/render.js';
import type { FromTrustPage, ToTrustPage } from '../../src/shared/trustProtocol.js';
import type { TrustView } from '../../src/shared/trustViews.js';
import { scenarioNow } from './sampleRows.js';
import { sampleCertificates, sampleExplanation, sampleMatrix, sampleOverview, samplePair } from './sampleViews.js';
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
      answer(message, scenario, locale, host);
    },
    getState: () => host.kept,
    setState: (state: unknown) => {
      host.kept = state;
    },
  });
}

function answer(heard: AnyMessage<FromTrustPage>, scenario: Required<Scenario>, locale: Locale, host: ScriptedHost): void {
  switch (heard.type) {
    case 'ready':
      play(scenario, locale, host);
      tellView(heard.payload.view, scenario.hypothesis, scenario, host);
      break;
    case 'look':
      tellView(heard.payload.view, scenario.hypothesis, scenario, host);
      break;
    case 'suppose':
      tellView('matrix', heard.payload.hypothesis, scenario, host);
      break;
    case 'openPair':
      host.say({ type: 'pair', payload: { pair: samplePair(scenario.rows(), heard.payload) } });
      break;
    case 'explain': {
      const row = scenario.rows().find(({ id }) => id === heard.payload.id);
      if (row?.state === 'read') host.say({ type: 'explanation', payload: { explanation: sampleExplanation(row) } });
      break;
    }
    default:
  }
}

/** The one view that is looked at, as the extension does. */
function tellView(view: TrustView, hypothesis: string | undefined, { rows }: Required<Scenario>, { say }: ScriptedHost): void {
  const all = rows();
  if (all.length === 0) return;
  if (view === 'overview') say({ type: 'overview', payload: { overview: sampleOverview(all) } });
  if (view === 'matrix') say({ type: 'matrix', payload: { matrix: sampleMatrix(hypothesis) } });
  if (view === 'certificates') say({ type: 'certificates', payload: { certificates: sampleCertificates() } });
}

function play({ scope, progress, chosen, notices, rows, saved }: Required<Scenario>, locale: Locale, { say }: ScriptedHost): void {
  say({ type: 'start', payload: { locale, scope, progress, chosen, now: scenarioNow, saved } });
  say({ type: 'notices', payload: { notices } });
  const all = rows();
  for (let first = 0; first < all.length; first += batch) say({ type: 'rows', payload: { rows: all.slice(first, first + batch) } });
}
