// The states of the page worth looking at, each as what the extension would send and what the page would have kept.
import { message } from '../../src/shared/text/message.js';
import type { SavedSurveyFacts } from '../../src/shared/trustViews.js';
import type { SurveyProgress, TrustRow, TrustScope } from '../../src/shared/trustRows.js';
import { clusterContexts, largeMesh, mixedMesh, sampleRow, scenarioNow, unreadableMesh } from './sampleRows.js';
import type { ToTrustPage } from '../../src/shared/trustProtocol.js';

export interface Scenario {
  readonly scope?: TrustScope;
  readonly chosen?: readonly string[];
  readonly progress?: SurveyProgress;
  readonly rows?: () => readonly TrustRow[];
  readonly notices?: ToTrustPage['notices']['notices'];
  /** What an earlier page left with VS Code. */
  readonly kept?: unknown;
  readonly saved?: SavedSurveyFacts | undefined;
  /** Of the matrix. */
  readonly hypothesis?: string | undefined;
}

const wholeMesh: TrustScope = { contexts: [], namespaces: [] };

function finished(total: number, unknown: number): SurveyProgress {
  const startedAt = scenarioNow - 64_000;
  return { running: false, cancelled: false, total, done: total, unknown, startedAt, finishedAt: scenarioNow - 61_000 };
}

function running(total: number, done: number, unknown: number): SurveyProgress {
  return { running: true, cancelled: false, total, done, unknown, startedAt: scenarioNow - 2000, finishedAt: undefined };
}

const notSurveyed: SurveyProgress = { running: false, cancelled: false, total: 0, done: 0, unknown: 0, startedAt: undefined, finishedAt: undefined };

const pods = { view: 'pods' };

export const scenarios = {
  overview: { rows: () => mixedMesh.map(sampleRow), progress: finished(18, 1) },
  matrix: { rows: () => mixedMesh.map(sampleRow), progress: finished(18, 1), kept: { view: 'matrix' } },
  whatIf: { rows: () => mixedMesh.map(sampleRow), progress: finished(18, 1), kept: { view: 'matrix' }, hypothesis: 'migrate bar' },
  certificates: { rows: () => mixedMesh.map(sampleRow), progress: finished(18, 1), kept: { view: 'certificates' } },
  saved: {
    rows: () => mixedMesh.map(sampleRow),
    progress: finished(18, 1),
    saved: { file: '/home/someone/before-phase-2.mesh-ca-survey.json', surveyedAt: scenarioNow - 61_000 },
  },
  grouped: { rows: () => mixedMesh.map(sampleRow), progress: finished(18, 1), kept: { ...pods, grouping: 'namespace' } },
  mixed: { rows: () => mixedMesh.map(sampleRow), progress: finished(18, 1), kept: pods },
  streaming: {
    rows: () => mixedMesh.map((proxy, index) => sampleRow(index < 11 ? proxy : { ...proxy, state: 'waiting', trust: 'istioCa' })).map(withoutFailure),
    progress: running(18, 11, 0),
    kept: pods,
  },
  unknowns: {
    rows: () => unreadableMesh.map(sampleRow),
    progress: finished(18, 12),
    notices: [
      message('trust.notice.podsUnknown', { cluster: 'cluster-3', failure: message('failure.clusterUnreachable', { reason: 'connection refused' }) }),
    ],
    kept: pods,
  },
  details: {
    rows: () => mixedMesh.map(sampleRow),
    progress: finished(18, 1),
    kept: { ...pods, selected: `${clusterContexts[0]}/foo/httpbin-66cdbdb6c5-pmzps`, detailsOpen: true },
  },
  unknownDetails: {
    rows: () => mixedMesh.map(sampleRow),
    progress: finished(18, 1),
    kept: { ...pods, selected: `${clusterContexts[1]}/reports/reports-0`, detailsOpen: true },
  },
  scoped: {
    scope: { contexts: [clusterContexts[0]], namespaces: ['foo'] },
    rows: () => mixedMesh.slice(0, 3).map(sampleRow),
    progress: finished(3, 0),
    kept: pods,
  },
  noClusters: { chosen: [], kept: pods },
  notSurveyed: { kept: pods },
  noProxies: { scope: { contexts: [], namespaces: ['bar'] }, progress: finished(0, 0), kept: pods },
  noMatch: { rows: () => mixedMesh.map(sampleRow), progress: finished(18, 1), kept: { ...pods, filter: { text: 'payments', roots: 'meshCa' } } },
  large: { rows: () => largeMesh().map(sampleRow), progress: finished(50_000, 516), kept: pods },
} as const satisfies Readonly<Record<string, Scenario>>;

export type ScenarioName = keyof typeof scenarios;

/** A scenario with nothing left out. */
export function completeScenario(name: ScenarioName): Required<Scenario> {
  const scenario: Scenario = scenarios[name];
  return { scope: wholeMesh, chosen: clusterContexts, progress: notSurveyed, rows: () => [], notices: [], kept: undefined, saved: undefined, hypothesis: undefined, ...scenario };
}

/** A proxy that has not been asked has no reason yet. */
function withoutFailure(row: TrustRow, index: number): TrustRow {
  return index < 11 ? row : { ...row, state: 'waiting', why: undefined };
}
