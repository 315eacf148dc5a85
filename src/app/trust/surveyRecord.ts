// A survey as a value that needs no cluster any more: every proxy with what it trusts and whom it accepts. Matrix, exports,
// holdings and the saved file are functions over it.
import type { ClusterRef } from '../../domain/cluster.js';
import { clusterKey, clusterName } from '../../domain/cluster.js';
import type { ClusterSnapshot } from '../../domain/mesh/snapshot.js';
import type { DomainRules } from '../../domain/trust/domainRules.js';
import { configuredRules, sampledRules, undeliveredDomains } from '../../domain/trust/domainRules.js';
import type { MtlsMode } from '../../domain/trust/inboundDomains.js';
import type { Message } from '../../shared/text/message.js';
import { message } from '../../shared/text/message.js';
import type { TrustRow } from '../../shared/trustRows.js';
import type { InboundSample } from './inboundSamples.js';
import { sampleKey, samplesByKey } from './inboundSamples.js';
import type { Work } from './stretches.js';
import { finish, mapEach } from './stretches.js';
import { trustRow } from './trustPresenter.js';
import type { ProxyReading } from './trustSurvey.js';

export interface ProxyRecord extends ProxyReading {
  /** By the sample of its revision and namespace, otherwise by the mesh config of its revision. */
  readonly domains: DomainRules | 'unknown';
  readonly mtls: MtlsMode;
}

export interface SurveyRecord {
  readonly clusters: readonly ClusterRef[];
  /** By context, namespace and pod, in the API's order. */
  readonly proxies: readonly ProxyRecord[];
  /** About the whole, e.g. that a cluster's mesh configs could not be read. */
  readonly notices: readonly Message[];
  /** When the survey ended, in milliseconds since the epoch: validity is judged by this moment. */
  readonly finishedAt: number;
}

/** A survey that was saved, with its rows: whoever opens it has nothing left to do for each of them. */
export interface SurveyFromFile {
  readonly record: SurveyRecord;
  readonly rows: readonly TrustRow[];
  /** By the ids of the rows. */
  readonly readings: ReadonlyMap<string, ProxyReading>;
  /** As it is shown to the user. */
  readonly file: string;
}

/** Puts together what a survey found; `readings` come in the order in which they shall be told. */
export function surveyRecord(
  readings: readonly ProxyReading[],
  snapshots: readonly ClusterSnapshot[],
  samples: readonly InboundSample[],
  notices: readonly Message[],
  finishedAt: number,
): SurveyRecord {
  return finish(recordWork(readings, snapshots, samples, notices, finishedAt));
}

/** The same in stretches. */
export function* recordWork(
  readings: readonly ProxyReading[],
  snapshots: readonly ClusterSnapshot[],
  samples: readonly InboundSample[],
  notices: readonly Message[],
  finishedAt: number,
): Work<SurveyRecord> {
  return {
    clusters: snapshots.map(({ ref }) => ref),
    proxies: yield* proxyRecords(readings, snapshots, samples),
    notices: [...notices, ...sampleNotices(snapshots, samples)],
    finishedAt,
  };
}

/** One look at each proxy; proxies of one revision and namespace share one object of rules. */
export function* proxyRecords(
  readings: readonly ProxyReading[],
  snapshots: readonly ClusterSnapshot[],
  samples: Iterable<InboundSample>,
): Work<readonly ProxyRecord[]> {
  const configured = rulesByCluster(snapshots);
  const sampled = samplesByKey(samples);
  const known = new Map<string, DomainRules>();
  return yield* mapEach(readings, ({ target, trust }): ProxyRecord => {
    const rules = configured.get(clusterKey(target.cluster))?.get(target.pod.proxy?.revision ?? '');
    const key = sampleKey(target);
    const sample = key === undefined ? undefined : sampled.get(key);
    if (key === undefined || sample === undefined) return { target, trust, domains: rules ?? 'unknown', mtls: 'unknown' };
    const { listener } = sample;
    if (rules === undefined) return { target, trust, domains: 'unknown', mtls: listener.mtls };
    const domains = known.get(key) ?? sampledRules(rules, listener);
    known.set(key, domains);
    return { target, trust, domains, mtls: listener.mtls };
  });
}

/** As the trust panel shows them. */
export function recordRows({ proxies, finishedAt }: Pick<SurveyRecord, 'proxies' | 'finishedAt'>): readonly TrustRow[] {
  return proxies.map(({ target, trust }) => trustRow(target, trust, finishedAt));
}

function rulesByCluster(snapshots: readonly ClusterSnapshot[]): ReadonlyMap<string, ReadonlyMap<string, DomainRules>> {
  return new Map(snapshots.map((snapshot) => [clusterKey(snapshot.ref), configuredRules(snapshot)] as const));
}

/** Where proxies do not (yet) accept what their mesh config accepts. */
function sampleNotices(snapshots: readonly ClusterSnapshot[], samples: readonly InboundSample[]): readonly Message[] {
  const configured = rulesByCluster(snapshots);
  return samples.flatMap(({ cluster, namespace, revision, pod, listener }) => {
    const rules = configured.get(clusterKey(cluster))?.get(revision ?? '');
    const missing = rules === undefined ? [] : undeliveredDomains(rules, listener);
    if (missing.length === 0) return [];
    const proxy = `${namespace}/${pod}`;
    return [message('surveys.notice.undeliveredDomains', { cluster: clusterName(cluster), proxy, revision: revision ?? '?', domains: missing.join(', ') })];
  });
}
