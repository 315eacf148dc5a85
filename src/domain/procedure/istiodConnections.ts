// Whether a restarted istiod has its proxies back: its processes of before are gone, and every proxy has an answered stream.
import { failureMessage } from '../../shared/failure.js';
import type { Message } from '../../shared/text/message.js';
import { message } from '../../shared/text/message.js';
import type { ClusterRef } from '../cluster.js';
import { proxyKey } from '../evidence/gateInputs.js';
import type { ProxyFacts } from '../gates/gateFacts.js';
import { controlPlane } from '../mesh/controlPlanes.js';
import type { InspectionAnswer, InspectionRequest } from './inspection.js';
import { answerTo } from './inspection.js';
import type { LastVerification, MeshSituation, StepVerification } from './procedureStep.js';
import { factsOf, snapshotOf } from './situationParts.js';
import { allOf, openWhile, unknown } from './stepDraft.js';

/** No more of a workload's pods are named; how many others there are is said. */
const MOST_NAMED = 3;

/** No istiod pod that runs now is there any more: one that is ending still serves whoever hangs on to it, under the old root. */
export function istiodsReplaced(situation: MeshSituation, cluster: ClusterRef, revision: string): (later: MeshSituation) => StepVerification {
  const podsOf = (of: MeshSituation): ReadonlyMap<string, string> => {
    const snapshot = snapshotOf(of, cluster);
    const pods = snapshot === undefined ? [] : (controlPlane(snapshot, revision)?.pods ?? []);
    return new Map(pods.map(({ uid, name }) => [uid, name]));
  };
  const before = podsOf(situation);
  return (later) => {
    const snapshot = snapshotOf(later, cluster);
    if (snapshot === undefined) return unknown(message('steps.finding.clusterNotFollowed'));
    if (snapshot.kinds.pods.state !== 'live') return unknown(message('steps.finding.notRead', { resource: 'pods' }));
    const left = [...podsOf(later)].filter(([uid]) => before.has(uid));
    return openWhile(left.map(([, name]) => message('procedureChecks.stream.ending', { name })), true, []);
  };
}

/**
 * Every proxy of the cluster that is not waived. Those that do not run yet have nothing to come back to. What this proves is said
 * with `IstiodStream`.
 */
export function proxiesConnected(cluster: ClusterRef): LastVerification {
  const request: InspectionRequest = { kind: 'istiodStreams', cluster };
  return {
    needs: [request],
    verify: (situation) => {
      const facts = factsOf(situation, cluster);
      if (facts === undefined) return unknown(message('steps.finding.clusterNotFollowed'));
      const answer = answerTo(situation.inspection, request);
      if (answer?.kind === 'failed') return unknown(failureMessage(answer.failure));
      if (answer?.kind !== 'istiodStreams') return unknown(message('procedureChecks.stream.unasked'));
      const proxies = facts.proxies.filter(({ waived, standing }) => !waived && standing.kind !== 'followsInjector');
      const count = proxies.reduce((sum, { pods }) => sum + pods.length, 0);
      const questions = proxies.map((proxy) => () => connectionOf(proxy, answer.streams));
      const verdict = allOf(...questions)(situation);
      return verdict.kind === 'verified' ? { ...verdict, evidence: [message('procedureChecks.stream.all', { count })] } : verdict;
    },
  };
}

type Streams = Extract<InspectionAnswer, { kind: 'istiodStreams' }>['streams'];

function connectionOf({ namespace, workload, pods }: ProxyFacts, streams: Streams): StepVerification {
  const without: Record<'none' | 'waiting' | 'unasked', string[]> = { none: [], waiting: [], unasked: [] };
  const why: Message[] = [];
  for (const pod of pods) {
    const stream = streams.get(proxyKey(namespace, pod));
    if (stream === undefined) without.unasked.push(pod);
    else if (!stream.ok) why.push(message('procedureChecks.stream.unknown', { name: `${namespace}/${pod}`, failure: failureMessage(stream.failure) }));
    else if (stream.value !== 'answered') without[stream.value].push(pod);
  }
  const name = (some: readonly string[]): string => `${namespace}/${workload} (${namesOf(some)})`;
  if (without.unasked.length > 0) why.push(message('procedureChecks.proxyUnknown', { name: name(without.unasked) }));
  if (why.length > 0) return unknown(...why);
  const items = [
    ...(without.none.length > 0 ? [message('procedureChecks.stream.none', { name: name(without.none) })] : []),
    ...(without.waiting.length > 0 ? [message('procedureChecks.stream.waiting', { name: name(without.waiting) })] : []),
  ];
  return openWhile(items, true, []);
}

function namesOf(pods: readonly string[]): string {
  const named = pods.slice(0, MOST_NAMED).join(', ');
  return pods.length > MOST_NAMED ? `${named}, +${pods.length - MOST_NAMED}` : named;
}
