// For how long the extension host is busy at a stretch while the panel's views, exports and files are worked out of a large survey.
import { parseSurveyDocument } from '../../src/adapters/files/surveyFileSchema.js';
import { createNodeCertificateReader } from '../../src/adapters/nodeCertificateReader.js';
import { systemClock } from '../../src/adapters/systemClock.js';
import type { TextPieces, Work } from '../../src/app/trust/stretches.js';
import { finish, inStretches } from '../../src/app/trust/stretches.js';
import type { TrustViewMaker } from '../../src/app/trust/surveyEvidence.js';
import { SurveySession } from '../../src/app/trust/surveySession.js';
import { createTrustViewMaker } from '../../src/app/trust/trustViewMaker.js';
import { textRenderer } from '../../src/shared/text/render.js';
import { exportFormats } from '../../src/shared/trustViews.js';
import { silentLog, wallClock } from '../support/clusterFollower.js';
import { largeSurvey } from './largeSurvey.js';
import { longestStretch, megabytes, milliseconds } from './measure.js';
import type { Figure } from './measure.js';

/** Garbage is collected whenever it likes: the best of some runs is the work's own. */
const RUNS = 3;
/** What people begin to notice. */
const MOST_MS = 100;

export async function viewFigures(proxies: number): Promise<readonly Figure[]> {
  const evidence = await largeSurvey(proxies);
  const maker = createTrustViewMaker({ parse: parseSurveyDocument, certificateReader: createNodeCertificateReader(), tool: 'the benchmark' });
  const render = textRenderer('en');
  const { hypotheses } = finish(maker.matrix(evidence, undefined));
  const move = hypotheses.find(({ label }) => label.key === 'surveys.what.injected')?.id;
  if (move === undefined) throw new Error('no step can be supposed');
  return [
    await figureOf(proxies, 'overview, matrix, matrix after a supposed step, certificates', [
      () => maker.overview(evidence),
      () => maker.matrix(evidence, undefined),
      () => maker.matrix(evidence, move),
      () => maker.certificates(evidence),
    ]),
    await openingFigure(proxies, encode(finish(maker.saveText(evidence))), maker),
    await figureOf(proxies, `exports (${exportFormats.join(', ')}) and the saved file`, [
      ...exportFormats.map((format) => () => maker.exportText(evidence, format, render)),
      () => maker.saveText(evidence),
    ]),
  ];
}

function encode(pieces: TextPieces): Uint8Array {
  return new TextEncoder().encode(pieces.join(''));
}

/** From the file's bytes to the rows in a session, as when somebody opens it. */
async function openingFigure(proxies: number, bytes: Uint8Array, maker: TrustViewMaker): Promise<Figure> {
  const inventory = { clusters: [], snapshot: () => undefined, onDidChange: () => ({ dispose: () => undefined }) };
  const memory = { recall: () => Promise.resolve(undefined), keep: () => Promise.resolve() };
  const open = function* (): Work<void> {
    const read = yield* maker.readSaved(bytes);
    if (!read.ok) throw new Error(`the saved survey could not be read: ${read.why.key}`);
    yield;
    const session = new SurveySession({ inventory, memory, clock: systemClock, log: silentLog, survey: () => Promise.reject(new Error('nobody surveys')) });
    session.open({ ...read, file: 'saved.json' });
    if (session.progress().total !== proxies) throw new Error(`${session.progress().total} of ${proxies} proxies are in the session`);
  };
  return figureOf(proxies, `opening a saved survey of ${megabytes(bytes.length)}`, [open]);
}

async function figureOf(proxies: number, what: string, works: readonly (() => Work<unknown>)[]): Promise<Figure> {
  const longest: number[] = [];
  for (const work of works) {
    const runs: number[] = [];
    for (let run = 0; run < RUNS; run += 1) runs.push(await longestStretch(() => inStretches(work(), wallClock, new AbortController().signal)));
    longest.push(Math.min(...runs));
  }
  const worst = Math.max(...longest);
  return {
    measure: `${proxies} proxies: the longest that nothing else has a turn during ${what}`,
    figure: longest.map(milliseconds).join(', '),
    ratio: worst / MOST_MS,
    aim: `≤ ${milliseconds(MOST_MS)}`,
    met: worst <= MOST_MS,
  };
}
