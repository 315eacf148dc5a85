// One survey of all proxies of the chosen clusters, for the commands that tell of every proxy.
import type { CertificateReader, Clock, InboundListenerReader, ProxyReader, SurveyDocumentParser } from '../app/ports.js';
import type { InboundSample } from '../app/trust/inboundSamples.js';
import { proxyTargets, targetId } from '../app/trust/proxyTargets.js';
import type { SurveyRecord } from '../app/trust/surveyRecord.js';
import { surveyRecord } from '../app/trust/surveyRecord.js';
import { TrustSurvey } from '../app/trust/trustSurvey.js';
import type { ProxyReading } from '../app/trust/trustSurvey.js';
import type { SurveyProgress } from '../shared/trustRows.js';
import { readClusters } from './readClusters.js';
import type { ClusterRequest, ClusterWorld, NotAsked } from './readClusters.js';

/** What a survey needs of the outside world. */
export interface SurveyWorld extends ClusterWorld {
  readonly proxyReader: ProxyReader;
  readonly certificateReader: CertificateReader;
  readonly clock: Clock;
  /** Without it whom proxies accept is known from mesh configs alone. */
  readonly inboundReader?: InboundListenerReader;
  readonly random?: () => number;
  readonly parseSurveyDocument: SurveyDocumentParser;
}

export type SurveyOutcome = { readonly ok: true; readonly record: SurveyRecord } | NotAsked;

/** What is cancelled keeps what was read; the rest is unknown in it. */
export async function runSurvey(
  world: SurveyWorld,
  request: ClusterRequest,
  signal: AbortSignal,
  onProgress: (progress: SurveyProgress) => void = () => undefined,
): Promise<SurveyOutcome> {
  const read = await readClusters(world, request, signal);
  if (!read.ok) return read;
  const { snapshots, notices } = read;
  const scope = { contexts: [], namespaces: request.namespaces };
  const found = new Map<string, ProxyReading>();
  const samples: InboundSample[] = [];
  const listener = {
    onProgress,
    onReadings: (readings: readonly ProxyReading[]): void => {
      for (const reading of readings) found.set(targetId(reading.target), reading);
    },
    onSample: (sample: InboundSample): void => {
      samples.push(sample);
    },
  };
  await new TrustSurvey(world).run(snapshots, scope, listener, signal);
  // Answers come as they come.
  const readings = proxyTargets(snapshots, scope)
    .map((target) => found.get(targetId(target)))
    .filter((reading) => reading !== undefined);
  return { ok: true, record: surveyRecord(readings, snapshots, samples, notices, world.clock.now()) };
}
