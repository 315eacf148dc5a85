// What all parts of a cluster's gate facts share: the snapshot, the evidence beside it, and what is worked out of them once.
import { clusterKey, distinctName } from '../cluster.js';
import type { InjectionRules } from '../mesh/revisions.js';
import { injectionRules } from '../mesh/revisions.js';
import type { ClusterSnapshot } from '../mesh/snapshot.js';
import type { ClusterEvidence, GateInputs } from './gateInputs.js';
import { readRecords } from './records/clusterRecords.js';
import type { ReadRecords } from './records/clusterRecords.js';
import type { Waivers } from './waivers.js';
import { waiversAt } from './waivers.js';

export interface ClusterContext {
  /** `clusterKey`. */
  readonly cluster: string;
  /** As the plan and its waivers name it. */
  readonly name: string;
  readonly snapshot: ClusterSnapshot;
  readonly evidence: ClusterEvidence;
  readonly rules: InjectionRules;
  /** Empty where they could not be read, which `unread` says. */
  readonly records: ReadRecords;
  readonly waivers: Waivers;
  readonly now: number;
  readonly freshForMs: number;
}

const NO_EVIDENCE: ClusterEvidence = { proxies: new Map(), records: undefined, identity: undefined };

export function clusterContext(snapshot: ClusterSnapshot, inputs: GateInputs): ClusterContext {
  const cluster = clusterKey(snapshot.ref);
  const evidence = inputs.evidence.get(cluster) ?? NO_EVIDENCE;
  const planned = inputs.plan?.clusters.find(({ ref }) => clusterKey(ref) === cluster);
  return {
    cluster,
    name: planned?.name ?? distinctName(snapshot.ref, inputs.snapshots.map(({ ref }) => ref)),
    snapshot,
    evidence,
    rules: injectionRules(snapshot),
    records: readRecords(evidence.records?.ok === true ? evidence.records.value : {}),
    waivers: waiversAt(inputs.plan, inputs.now),
    now: inputs.now,
    freshForMs: inputs.freshForMs,
  };
}
