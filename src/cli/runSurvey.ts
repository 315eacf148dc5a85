// One survey of all proxies of the chosen clusters, for the commands that tell of every proxy.
import type { CertificateReader, Clock, ProxyReader } from '../app/ports.js';
import { proxyTargets, targetId } from '../app/trust/proxyTargets.js';
import { TrustSurvey } from '../app/trust/trustSurvey.js';
import type { ProxyReading } from '../app/trust/trustSurvey.js';
import type { ClusterSnapshot } from '../domain/mesh/snapshot.js';
import type { Message } from '../shared/text/message.js';
import { readClusters } from './readClusters.js';
import type { ClusterRequest, ClusterWorld, NotAsked } from './readClusters.js';

/** What a survey needs of the outside world. */
export interface SurveyWorld extends ClusterWorld {
  readonly proxyReader: ProxyReader;
  readonly certificateReader: CertificateReader;
  readonly clock: Clock;
}

export interface SurveyReport {
  readonly snapshots: readonly ClusterSnapshot[];
  /** One a proxy, by context, namespace and pod, in the API's order. */
  readonly readings: readonly ProxyReading[];
  /** About the whole, e.g. that a cluster's mesh configs could not be read. */
  readonly notices: readonly Message[];
  /** When the survey ended: validity is judged by this moment. */
  readonly now: number;
}

export type SurveyOutcome = { readonly ok: true; readonly report: SurveyReport } | NotAsked;

export async function runSurvey(world: SurveyWorld, request: ClusterRequest, signal: AbortSignal): Promise<SurveyOutcome> {
  const read = await readClusters(world, request, signal);
  if (!read.ok) return read;
  const { snapshots, notices } = read;
  const scope = { contexts: [], namespaces: request.namespaces };
  const found = new Map<string, ProxyReading>();
  const onReadings = (readings: readonly ProxyReading[]): void => {
    for (const reading of readings) found.set(targetId(reading.target), reading);
  };
  await new TrustSurvey(world).run(snapshots, scope, { onReadings }, signal);
  // Answers come as they come.
  const readings = proxyTargets(snapshots, scope)
    .map((target) => found.get(targetId(target)))
    .filter((reading) => reading !== undefined);
  return { ok: true, report: { snapshots, readings, notices, now: world.clock.now() } };
}
