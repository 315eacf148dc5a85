// Asks every proxy of the chosen clusters what it trusts: bounded, cancellable, streaming. Serves the panel and the
// command line alike, so it knows neither.
import type { ClusterRef } from '../../domain/cluster.js';
import type { ClusterSnapshot } from '../../domain/mesh/snapshot.js';
import type { CertificateFacts } from '../../domain/trust/certificateFacts.js';
import type { InboundListener } from '../../domain/trust/inboundDomains.js';
import { judgeProxy } from '../../domain/trust/judgeProxy.js';
import type { TrustJudgement } from '../../domain/trust/judgeProxy.js';
import type { ProxyTrust } from '../../domain/trust/proxyTrust.js';
import { gatherRootKnowledge, nameRoot } from '../../domain/trust/rootNames.js';
import type { RootKnowledge } from '../../domain/trust/rootNames.js';
import type { Result } from '../../shared/failure.js';
import { fail, succeed } from '../../shared/failure.js';
import type { SurveyProgress, TrustRow, TrustScope } from '../../shared/trustRows.js';
import type { CertificateReader, Clock, InboundListenerReader, Log, ProxyAddress, ProxyReader } from '../ports.js';
import type { Turn } from './adaptiveLimit.js';
import { forEachInTurn, limitsByCluster } from './eachTarget.js';
import type { InboundSample } from './inboundSamples.js';
import { SampleChoice } from './inboundSamples.js';
import type { ProxyTarget } from './proxyTargets.js';
import { notRunning, proxyTargets } from './proxyTargets.js';
import type { TurnTaking } from './readInTurn.js';
import { readInTurn } from './readInTurn.js';
import { gatherBatches, LARGEST_BATCH } from './surveyBatches.js';
import { trustRow, waitingRow } from './trustPresenter.js';
import { awaitsAnchors } from './youngProxy.js';

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
  /** What the inbound listener of one proxy of each revision and namespace says; only with an `inboundReader`. */
  onSample?(sample: InboundSample): void;
  onProgress?(progress: SurveyProgress): void;
}

export interface TrustSurveyOptions {
  readonly proxyReader: ProxyReader;
  readonly certificateReader: CertificateReader;
  readonly clock: Clock;
  /** Exactly so many at a time in each cluster; without it as many as its API server bears. */
  readonly concurrencyPerCluster?: number | undefined;
  /** Without it no inbound listeners are read, and whom proxies accept is known from mesh configs alone. */
  readonly inboundReader?: InboundListenerReader;
  /** In [0, 1): spreads retries. Without it they are not spread. */
  readonly random?: () => number;
  /** Is told of answers that could not be judged for a mistake of ours. */
  readonly log?: Log;
}

/** From the setting, whose 0 means: as many as the API server bears. */
export function fixedConcurrency(setting: number): number | undefined {
  return setting > 0 ? setting : undefined;
}

/** One survey, from its targets to its end. */
interface Run {
  readonly snapshots: readonly ClusterSnapshot[];
  readonly knowledge: RootKnowledge;
  readonly bundles: Map<string, Result<readonly CertificateFacts[]>>;
  readonly samples: SampleChoice;
  readonly listener: SurveyListener;
  readonly signal: AbortSignal;
}

/** Without a random source. */
const UNSPREAD = 0.5;

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
      // Tens of thousands at once would keep the page from showing the first of them.
      if (first > 0) await clock.sleep(0, signal);
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
    const run: Run = { snapshots, knowledge: gatherRootKnowledge(snapshots), bundles: new Map(), samples: new SampleChoice(), listener, signal };
    await this.#readAll(targets, run, (reading) => { batches.add(reading); });
    batches.flush();
    progress = { ...progress, running: false, cancelled: progress.done < progress.total, finishedAt: clock.now() };
    listener.onProgress?.(progress);
    return progress;
  }

  /** What cannot be asked needs no turn. */
  async #readAll(targets: readonly ProxyTarget[], run: Run, add: (reading: ProxyReading) => void): Promise<void> {
    const { clock, concurrencyPerCluster: fixed, random = () => UNSPREAD } = this.#options;
    const asked: ProxyTarget[] = [];
    for (const target of targets) {
      const failure = notRunning(target.pod);
      if (failure) add({ target, trust: fail(failure) });
      else asked.push(target);
    }
    const limitOf = limitsByCluster({ clock, signal: run.signal, fixed });
    const work = async (target: ProxyTarget, turn: Turn): Promise<void> => {
      const taking = { clock, random, limit: limitOf(target), signal: run.signal };
      add({ target, trust: await this.#readProxy(target, run, turn, taking) });
    };
    const leave = (target: ProxyTarget): void => {
      add({ target, trust: fail({ kind: 'cancelled' }) });
    };
    await forEachInTurn(asked, { limitOf, work, leave, signal: run.signal });
  }

  async #readProxy(target: ProxyTarget, run: Run, turn: Turn, taking: TurnTaking): Promise<Result<ProxyTrust>> {
    const { clock } = this.#options;
    let trust = await this.#judgeOnce(target, run, turn, taking);
    for (let again = 0; again < MOST_SETTLING_READS && trust.ok; again += 1) {
      if (!awaitsAnchors(target, trust.value, run.snapshots, clock.now())) break;
      await clock.sleep(SETTLE_AFTER_MS, taking.signal);
      if (taking.signal.aborted) break;
      const later = await this.#judgeOnce(target, run, await taking.limit.turn(true), taking);
      // What was read stays, should the second look fail: it is true, only perhaps not the last word.
      if (!later.ok) break;
      trust = later;
    }
    if (trust.ok) await this.#sample(target, run, taking);
    return trust;
  }

  async #judgeOnce({ cluster, pod }: ProxyTarget, run: Run, turn: Turn, taking: TurnTaking): Promise<Result<ProxyTrust>> {
    const address = { cluster, namespace: pod.namespace, pod: pod.name };
    const dump = await readInTurn(() => this.#options.proxyReader.readSecrets(address, taking.signal), turn, taking);
    if (!dump.ok) return dump;
    try {
      return succeed(judgeProxy(dump.value, this.#judgement(cluster, run)));
    } catch (error) {
      // A mistake of ours with the answer of one proxy: the others are judged all the same.
      this.#options.log?.error(`${cluster.context} ${pod.namespace}/${pod.name} could not be judged: ${String(error)}`);
      return fail({ kind: 'unexpected', reason: error instanceof Error ? error.message : String(error) });
    }
  }

  /** Reads the inbound listener where nobody of the same kind was asked, and of another where that one does not answer. */
  async #sample(target: ProxyTarget, { samples, listener }: Run, taking: TurnTaking): Promise<void> {
    const { inboundReader } = this.#options;
    if (inboundReader === undefined || !samples.take(target)) return;
    for (let chosen: ProxyTarget | undefined = target; chosen !== undefined && !taking.signal.aborted; ) {
      const { cluster, pod }: ProxyTarget = chosen;
      const address: ProxyAddress = { cluster, namespace: pod.namespace, pod: pod.name };
      const turn = await taking.limit.turn(true);
      const read: Result<InboundListener> = await readInTurn(() => inboundReader.readInboundListener(address, taking.signal), turn, taking);
      // A sidecar without that listener knows no more of the others of its kind than one that does not answer.
      const hasAnswered = read.ok && read.value.domains.kind !== 'noListener';
      if (hasAnswered) listener.onSample?.({ ...address, revision: pod.proxy?.revision, listener: read.value });
      chosen = hasAnswered ? undefined : samples.insteadOf(chosen);
    }
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
