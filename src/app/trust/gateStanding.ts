// What a survey allows to be said of the gates to phase 2 and 3: open only where that is so of the whole mesh, as surveyed.
import type { Message } from '../../shared/text/message.js';
import { message } from '../../shared/text/message.js';
import type { SignerCounts } from '../../shared/trustClass.js';
import type { GatePhase, GateStanding, TrustCounts } from '../../shared/trustViews.js';
import { missingProxies } from './proxyTargets.js';
import type { SurveyEvidence } from './surveyEvidence.js';

/** How many proxies are as the gate wants them, and what follows for the gate. */
export interface JudgedGate {
  readonly ready: number;
  readonly standing: GateStanding;
  /** Why it is shut although nobody is in the way, or why it is not known. */
  readonly notes: readonly Message[];
}

/** Whether a proxy that no longer trusts the old root would refuse anybody: where Mesh CA has signed for all others, nobody. */
export function isOldRootNeeded({ istioCa, other, unsigned }: SignerCounts): boolean {
  return istioCa + other + unsigned > 0;
}

/** Both gates by the counts of all rows. With any of the doubts, none of them is open. */
export function judgeGates({ total, trust, signing }: TrustCounts, doubts: readonly Message[]): Readonly<Record<GatePhase, JudgedGate>> {
  const trusting = trust.both + (isOldRootNeeded(signing) ? 0 : trust.meshCa);
  const isTrusted = trusting === total;
  const isSigned = signing.meshCa === total;
  const known = (standing: 'open' | 'passed'): Pick<JudgedGate, 'standing' | 'notes'> =>
    doubts.length > 0 ? { standing: 'unknown', notes: doubts } : { standing, notes: [] };
  const shut = { standing: 'shut' as const, notes: [] };
  const beforeTrust = { standing: 'shut' as const, notes: [message('panel.gate.beforeTrust')] };
  return {
    trust: { ready: trusting, ...(isTrusted ? known(isSigned ? 'passed' : 'open') : shut) },
    signing: { ready: signing.meshCa, ...(isSigned ? (isTrusted ? known(trust.meshCa === total ? 'passed' : 'open') : beforeTrust) : shut) },
  };
}

/** Why what is so of all rows need not be so of the whole mesh; none where it is. */
export function surveyDoubts({ rows, progress, saved, scope, snapshots, notices }: SurveyEvidence): readonly Message[] {
  if (rows.size === 0) return [message('panel.gate.doubt.none')];
  return [
    ...(progress.running ? [message('panel.gate.doubt.running')] : []),
    ...(progress.cancelled ? [message('panel.gate.doubt.cancelled')] : []),
    // Its file does not tell what was asked for.
    ...(saved === undefined ? [] : [message('panel.gate.doubt.saved')]),
    ...(isPart(scope, snapshots) ? [message('panel.gate.doubt.scope')] : []),
    ...missingProxies(notices).map((why) => message('panel.gate.doubt.missing', { why })),
  ];
}

/** Every cluster by its name is the whole mesh, too. */
function isPart({ contexts, namespaces }: SurveyEvidence['scope'], snapshots: SurveyEvidence['snapshots']): boolean {
  if (namespaces.length > 0) return true;
  return contexts.length > 0 && snapshots.some(({ ref }) => !contexts.includes(ref.context));
}
