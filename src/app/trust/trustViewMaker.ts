// Works the page's views, the exports and the saved file out of a survey. Only the last matrix is kept, for the cells that are
// opened in it.
import type { RenderText } from '../../shared/text/languages.js';
import type { CertificatesView, ExportFormat, MatrixPairView, MatrixView, ProxyExplanation, TrustOverview } from '../../shared/trustViews.js';
import { gatePhases } from '../../shared/trustViews.js';
import { certificateHoldings } from './certificateHoldings.js';
import { presentCertificates } from './certificatesPresenter.js';
import { isOldRootNeeded } from './gateStanding.js';
import { hypothesesOf, hypothesisChoices } from './hypotheses.js';
import { presentMatrix, presentPair } from './matrixPresenter.js';
import { countRows, placeFinder, presentOverview } from './overviewPresenter.js';
import { proxyObstacle } from './proxyObstacle.js';
import { proxyTargetsWork, targetId } from './proxyTargets.js';
import type { SurveyFileParts } from './savedSurvey.js';
import { readSurveyWork } from './savedSurvey.js';
import { exportScript } from './scriptExport.js';
import type { PairRequest, ReadSurvey, SurveyEvidence, TrustViewMaker } from './surveyEvidence.js';
import type { TextPieces, Work } from './stretches.js';
import { each, mapEach } from './stretches.js';
import type { SurveyExportWork } from './surveyExport.js';
import { csvWork, jsonWork, markdownWork } from './surveyExport.js';
import { surveyFileWork } from './surveyFile.js';
import type { SurveyRecord } from './surveyRecord.js';
import { recordWork } from './surveyRecord.js';
import type { TrustMatrix } from './trustMatrix.js';
import { trustRow } from './trustPresenter.js';
import type { ProxyReading } from './trustSurvey.js';
import { matrixWork } from './trustMatrix.js';
import { whatIf } from './whatIf.js';

export interface TrustViewMakerParts extends SurveyFileParts {
  /** What is written into a saved survey as its writer. */
  readonly tool: string;
}

export function createTrustViewMaker(parts: TrustViewMakerParts): TrustViewMaker {
  return new LateTrustViewMaker(parts);
}

const EXPORTS: Readonly<Record<ExportFormat, SurveyExportWork>> = {
  json: jsonWork,
  csv: csvWork,
  markdown: markdownWork,
  migrateCa: exportScript,
};

class LateTrustViewMaker implements TrustViewMaker {
  readonly #parts: TrustViewMakerParts;
  #lastMatrix: TrustMatrix | undefined;

  constructor(parts: TrustViewMakerParts) {
    this.#parts = parts;
  }

  overview(evidence: SurveyEvidence): Work<TrustOverview> {
    return presentOverview(evidence);
  }

  *matrix(evidence: SurveyEvidence, hypothesis: string | undefined): Work<MatrixView> {
    const { snapshots, now } = evidence;
    const { proxies } = yield* recordOf(evidence);
    const matrix = yield* matrixWork(proxies, now);
    const hypotheses = yield* hypothesesOf(matrix, snapshots);
    const supposed = hypothesis === undefined ? undefined : hypotheses.get(hypothesis);
    const choices = hypothesisChoices(hypotheses);
    const after = supposed && (yield* whatIf(matrix, supposed, snapshots, now));
    this.#lastMatrix = after?.matrix ?? matrix;
    if (after === undefined) return yield* presentMatrix(matrix, { hypotheses: choices });
    const notes = after.ok ? after.assumptions : [after.why];
    return yield* presentMatrix(after.matrix, { hypotheses: choices, hypothesis, changed: after.changed, notes });
  }

  pair(request: PairRequest): MatrixPairView | undefined {
    return this.#lastMatrix && presentPair(this.#lastMatrix, request);
  }

  *certificates({ readings, now }: SurveyEvidence): Work<CertificatesView> {
    const known = [...readings.values()];
    return yield* presentCertificates(yield* certificateHoldings(known, now), known, now);
  }

  explain(evidence: SurveyEvidence, id: string): ProxyExplanation | undefined {
    const row = evidence.rows.get(id);
    if (row === undefined) return undefined;
    const place = placeFinder(evidence)(row);
    const needed = isOldRootNeeded(countRows(evidence.rows.values()).signing);
    const trust = evidence.readings.get(id)?.trust;
    const certificate = trust?.ok === true && trust.value.certificate.state === 'active' ? trust.value.certificate.value : undefined;
    return {
      id,
      workload: place.pod?.owner?.name,
      obstacles: gatePhases.flatMap((phase) => {
        const found = proxyObstacle(phase, row, place, needed);
        return found === undefined ? [] : [{ phase, ...found }];
      }),
      chain: certificate?.chain.map(({ fingerprint, subject }) => ({ fingerprint, subject: subject.replaceAll('\n', ', ') })) ?? [],
    };
  }

  *exportText(evidence: SurveyEvidence, format: ExportFormat, render: RenderText): Work<TextPieces> {
    return yield* EXPORTS[format](yield* recordOf(evidence), render);
  }

  *saveText(evidence: SurveyEvidence): Work<TextPieces> {
    return yield* surveyFileWork(yield* recordOf(evidence), this.#parts.tool);
  }

  *readSaved(content: Uint8Array): Work<ReadSurvey> {
    const opened = yield* readSurveyWork(content, this.#parts);
    if (!opened.ok) return opened;
    const { record } = opened;
    const readings = new Map<string, ProxyReading>();
    const rows = yield* mapEach(record.proxies, (proxy) => {
      const row = trustRow(proxy.target, proxy.trust, record.finishedAt);
      readings.set(row.id, proxy);
      return row;
    });
    return { ok: true, record, rows, readings };
  }
}

/** Proxies that still wait have nothing to be recorded yet. */
function* recordOf({ saved, readings, snapshots, samples, scope, notices, now }: SurveyEvidence): Work<SurveyRecord> {
  if (saved !== undefined) return saved;
  // What the survey goes on to change.
  const known = new Map(readings);
  const sampled = [...samples];
  const inOrder: ProxyReading[] = [];
  yield* each(yield* proxyTargetsWork(snapshots, scope), (target) => {
    const reading = known.get(targetId(target));
    if (reading !== undefined) inOrder.push(reading);
  });
  return yield* recordWork(inOrder, snapshots, sampled, notices, now);
}
