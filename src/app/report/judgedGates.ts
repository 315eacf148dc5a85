// The gates as a whole mesh stands before them, for those who ask about the mesh and not about one step.
import type { GateId, GateVerdict } from '../../domain/gates/gate.js';
import type { GateFacts } from '../../domain/gates/gateFacts.js';
import type { MeshSituation } from '../../domain/procedure/procedureStep.js';
import { DEFAULT_REVISION } from '../../shared/istioNames.js';
import { judgeGate } from '../../domain/gates/judgeGate.js';

/** The gates that lead forward, in the order in which they are met. */
export const FORWARD_GATES = ['phase-1-labels', 'phase-2', 'phase-2-labels', 'finish', 'phase-3'] as const satisfies readonly GateId[];

/** Over every cluster. `finish` is asked for each revision that is on its way out, or for the given one. */
export function judgeMeshGate(gate: GateId, facts: GateFacts, revision?: string): GateVerdict {
  if (gate !== 'finish') return judgeGate(gate, facts, { cluster: undefined });
  const going = revision === undefined ? revisionsOnTheirWayOut(facts) : [revision];
  const verdicts = going.map((each) => judgeGate('finish', facts, { cluster: undefined, revision: each }));
  // Nothing to go, or nothing known of what goes: the gate itself says which.
  return verdicts.length === 0 ? judgeGate('finish', facts, { cluster: undefined }) : merged(verdicts);
}

/**
 * Whether anything in the plan or in a cluster is of this revision. Of one that nobody knows every gate would say that nothing is in
 * its way, which is true of a name with a typing mistake as well. Undefined while a cluster is not read: it may be there.
 */
export function isKnownRevision(revision: string, { facts, plan }: Pick<MeshSituation, 'facts' | 'plan'>): boolean | undefined {
  const planned = [plan?.revision1, plan?.revision2, plan?.startingPoint === 'istio' ? DEFAULT_REVISION : undefined];
  if (planned.includes(revision) || facts.clusters.some(({ controlPlanes }) => controlPlanes.some((one) => one.revision === revision))) return true;
  return facts.clusters.some(({ unread }) => unread.length > 0) ? undefined : false;
}

/** Before phase 2 whatever is older than REVISION_1; once REVISION_2 is installed somewhere, REVISION_1 as well. */
function revisionsOnTheirWayOut({ clusters, revision1, revision2 }: GateFacts): readonly string[] {
  const installed = new Set(clusters.flatMap(({ controlPlanes }) => controlPlanes.filter((one) => one.installed).map((one) => one.revision)));
  const phase2HasBegun = revision2 !== undefined && installed.has(revision2);
  return [...installed].filter((revision) => revision !== revision2 && (revision !== revision1 || phase2HasBegun)).sort();
}

function merged(verdicts: readonly GateVerdict[]): GateVerdict {
  const state = (['shut', 'unknown'] as const).find((each) => verdicts.some((verdict) => verdict.state === each)) ?? 'open';
  const texts = new Map(verdicts.flatMap(({ evidence }) => evidence).map((evidence) => [JSON.stringify(evidence), evidence]));
  const items = new Map(verdicts.flatMap((verdict) => verdict.items).map((item) => [JSON.stringify(item), item]));
  return { gate: 'finish', state, items: [...items.values()], evidence: [...texts.values()] };
}
