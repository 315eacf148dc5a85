// Reads the mesh again after a step, as often as time alone may still settle what is open, and not for ever. What is dear is asked
// last, and only when nothing else is open.
import type { MeshSituation, StepPlan, StepVerification } from '../../domain/procedure/procedureStep.js';
import type { SituationSource } from '../migration/situationSource.js';
import type { Clock } from '../ports.js';

/** `rollout status` has already waited for the rollouts; what is left is for old pods to end, bundles to arrive and watches to catch up. */
const PATIENCE_MS = 180_000;
const PAUSE_MS = 3_000;
const READ_AGAIN_MS = 20_000;

export interface VerificationParts {
  readonly situations: SituationSource;
  readonly clock: Clock;
  /** Adds what the step needs beyond the watched mesh. */
  readonly inspected: (situation: MeshSituation, signal: AbortSignal) => Promise<MeshSituation>;
  /** Adds what `verifyLast` needs instead. */
  readonly inspectedLast: (situation: MeshSituation, signal: AbortSignal) => Promise<MeshSituation>;
}

/** The last answer when it is verified, when nothing more will settle by itself, or when patience or the user's has run out. */
export async function verifyStep(
  { situations, clock, inspected, inspectedLast }: VerificationParts,
  { verify, verifyLast }: { readonly verify: NonNullable<StepPlan['verify']>; readonly verifyLast?: StepPlan['verifyLast'] },
  signal: AbortSignal,
): Promise<StepVerification> {
  const until = clock.now() + PATIENCE_MS;
  const isOver = (end: number): boolean => signal.aborted || clock.now() >= end;
  const look = async (situation: MeshSituation): Promise<StepVerification> => verify(await inspected(situation, signal));
  let pauseAfterLast = PAUSE_MS;
  for (;;) {
    const readAt = clock.now();
    const situation = await situations.readOnce(signal);
    const watched = await look(situation);
    if (watched.kind === 'verified' && verifyLast !== undefined) {
      const last = together(watched, verifyLast.verify(await inspectedLast(situation, signal)));
      if (!mayChange(last) || isOver(until)) return last;
      // Nothing that is watched will announce the rest, and it takes as long as proxies take to come back.
      await clock.sleep(pauseAfterLast, signal);
      pauseAfterLast = Math.min(pauseAfterLast * 2, READ_AGAIN_MS);
      continue;
    }
    if (!mayChange(watched) || isOver(until)) return watched;
    // Reading every proxy again is dear: only when what is watched says so, or when it is long ago.
    while (!isOver(Math.min(until, readAt + READ_AGAIN_MS))) {
      await nextChange(situations, clock, signal);
      if (!mayChange(await look(situations.current()))) break;
    }
  }
}

function together(watched: Extract<StepVerification, { kind: 'verified' }>, last: StepVerification): StepVerification {
  return last.kind === 'verified' ? { kind: 'verified', evidence: [...watched.evidence, ...last.evidence] } : last;
}

/** Time alone may still settle it. */
function mayChange(answer: StepVerification): boolean {
  return answer.kind === 'unknown' || (answer.kind === 'open' && answer.settles);
}

/** Resolves when the mesh changes, and at the latest after a pause: what is read from proxies announces nothing. */
async function nextChange(situations: SituationSource, clock: Clock, signal: AbortSignal): Promise<void> {
  const over = new AbortController();
  const end = AbortSignal.any([signal, over.signal]);
  const change = situations.onDidChange(() => {
    over.abort();
  });
  try {
    await clock.sleep(PAUSE_MS, end);
  } finally {
    change.dispose();
    over.abort();
  }
}
