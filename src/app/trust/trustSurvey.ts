// Asks every proxy of the chosen clusters what it trusts: bounded, cancellable, streaming. Serves the panel and the
// command line alike, so it knows neither.
import type { ClusterRef } from '../../domain/cluster.js';
import type { ClusterSnapshot } from '../../domain/mesh/snapshot.js';
import type { CertificateFacts } from '../../domain/trust/certificateFacts.js';
import { judgeProxy } from '../../domain/trust/judgeProxy.js';
import type { TrustJudgement } from '../../domain/trust/judgeProxy.js';
import type { ProxyTrust } from '../../domain/trust/proxyTrust.js';
import { gatherRootKnowledge, nameRoot } from '../../domain/trust/rootNames.js';
import type { RootKnowledge } from '../../domain/trust/rootNames.js';
import type { SecretDump } from '../../domain/trust/secretDump.js';
import type { Result } from '../../shared/failure.js';
import { fail, succeed } from '../../shared/failure.js';
import type { SurveyProgress, TrustRow, TrustScope } from '../../shared/trustRows.js';
import type { CertificateReader, Clock, ProxyReader } from '../ports.js';
import { forEachTarget } from './eachTarget.js';
import type { ProxyTarget } from './proxyTargets.js';
import { notRunning, proxyTargets } from './proxyTargets.js';
import { gatherBatches, LARGEST_BATCH } from './surveyBatches.js';
import { trustRow, waitingRow } from './trustPresenter.js';
import { awaitsAnchors } from './youngProxy.js';

/** Before a proxy that could not be reached is asked once more. */
const RETRY_AFTER_MS = 500;
/** Between two looks at a proxy that was just started, and how many more than the first it gets. */
const SETTLE_AFTER_MS = 1000;
const MOST_SETTLING_READS = 5;

/** What one proxy answered, or why it is not known. */
export interface ProxyReading {
  readonly target: ProxyTarget;
  readonly trust: Result<ProxyTrust>;
}

export interface SurveyListener {
  /** New and changed rows, at most 2,000 a call; first all proxies as `waiting`. */
  onRows?(rows: readonly TrustRow[]): void;
  /** The same as values, for what judges them. */
  onReadings?(readings: readonly ProxyReading[]): void;
  onProgress?(progress: SurveyProgress): void;
}

export interface TrustSurveyOptions {
  readonly proxyReader: ProxyReader;
  readonly certificateReader: CertificateReader;
  readonly clock: Clock;
  /** For each cluster by itself, so that a slow one holds up no other. */
  readonly concurrencyPerCluster?: number;
}

/** One survey, from its targets to its end. */
interface Run {
  readonly snapshots: readonly ClusterSnapshot[];
  readonly knowledge: RootKnowledge;
  readonly bundles: Map<string, Result<readonly CertificateFacts[]>>;
  readonly signal: AbortSignal;
}

export class TrustSurvey {
  readonly #options: TrustSurveyOptions;

  constructor(options: TrustSurveyOptions) {
    this.#options = options;
  }

  /**
   * Reads every proxy in the scope once. Roots are named by what the snapshots say together, so give all chosen clusters
   * even for a narrow scope; `includes` leaves proxies out of the reading. When the signal aborts it ends soon, keeps what it
   * has, and the rest is `cancelled`.
   */
  async run(
    snapshots: readonly ClusterSnapshot[],
    scope: TrustScope,
    listener: SurveyListener,
    signal: AbortSignal,
    includes: (target: ProxyTarget) => boolean = () => true,
  ): Promise<SurveyProgress> {
    const { clock } = this.#options;
    const targets = proxyTargets(snapshots, scope).filter(includes);
    for (let first = 0; first < targets.length; first += LARGEST_BATCH) {
      listener.onRows?.(targets.slice(first, first + LARGEST_BATCH).map(waitingRow));
    }
    let progress: SurveyProgress = {
      running: true,
      cancelled: false,
      total: targets.length,
      done: 0,
      unknown: 0,
      startedAt: clock.now(),
      finishedAt: undefined,
    };
    listener.onProgress?.(progress);
    const batches = gatherBatches<ProxyReading>(clock, signal, (readings) => {
      const rows = readings.map(({ target, trust }) => trustRow(target, trust, clock.now()));
      progress = countedOn(progress, readings, rows);
      listener.onRows?.(rows);
      listener.onReadings?.(readings);
      listener.onProgress?.(progress);
    });
    const run: Run = { snapshots, knowledge: gatherRootKnowledge(snapshots), bundles: new Map(), signal };
    await forEachTarget(targets, this.#options.concurrencyPerCluster, async (target) => {
      batches.add({ target, trust: await this.#readProxy(target, run) });
    });
    batches.flush();
    progress = { ...progress, running: false, cancelled: progress.done < progress.total, finishedAt: clock.now() };
    listener.onProgress?.(progress);
    return progress;
  }

  async #readProxy(target: ProxyTarget, run: Run): Promise<Result<ProxyTrust>> {
    const failure = notRunning(target.pod);
    if (failure) return fail(failure);
    if (run.signal.aborted) return fail({ kind: 'cancelled' });
    const { clock } = this.#options;
    let trust = await this.#judgeOnce(target, run);
    for (let again = 0; again < MOST_SETTLING_READS && trust.ok; again += 1) {
      if (!awaitsAnchors(target, trust.value, run.snapshots, clock.now())) break;
      await clock.sleep(SETTLE_AFTER_MS, run.signal);
      const later = await this.#judgeOnce(target, run);
      // What was read stays, should the second look fail: it is true, only perhaps not the last word.
      if (!later.ok) break;
      trust = later;
    }
    return trust;
  }

  async #judgeOnce({ cluster, pod }: ProxyTarget, run: Run): Promise<Result<ProxyTrust>> {
    const address = { cluster, namespace: pod.namespace, pod: pod.name };
    const { proxyReader, clock } = this.#options;
    const read = (): Promise<Result<SecretDump>> => proxyReader.readSecrets(address, run.signal);
    let dump = await read();
    if (!dump.ok && dump.failure.kind === 'proxyUnreachable') {
      await clock.sleep(RETRY_AFTER_MS, run.signal);
      dump = await read();
    }
    return dump.ok ? succeed(judgeProxy(dump.value, this.#judgement(cluster, run))) : dump;
  }

  #judgement(cluster: ClusterRef, { bundles, knowledge }: Run): TrustJudgement {
    const { certificateReader } = this.#options;
    return {
      readBundle: (pem) => {
        const known = bundles.get(pem) ?? certificateReader.read(pem);
        bundles.set(pem, known);
        return known;
      },
      readChain: (pem) => certificateReader.read(pem),
      isSignedBy: (certificate, issuer) => certificateReader.isSignedBy(certificate, issuer),
      nameRoot: (root) => nameRoot(root, cluster, knowledge),
    };
  }
}

/** What was cancelled has not answered; what could not be read has, and is unknown. */
function countedOn(progress: SurveyProgress, readings: readonly ProxyReading[], rows: readonly TrustRow[]): SurveyProgress {
  const answered = readings.filter(({ trust }) => trust.ok || trust.failure.kind !== 'cancelled').length;
  const cancelled = readings.length - answered;
  const unknown = rows.filter(({ state }) => state === 'unknown').length - cancelled;
  return { ...progress, done: progress.done + answered, unknown: progress.unknown + unknown };
}
