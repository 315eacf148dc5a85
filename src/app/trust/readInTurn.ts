// Asks one proxy, as often as it makes sense: each request in a turn of its own, waits with jitter in between, and what an
// answer says of the API server is told to the limit.
import type { Failure, Result } from '../../shared/failure.js';
import type { Clock } from '../ports.js';
import type { AdaptiveLimit, LoadSign, Turn } from './adaptiveLimit.js';

/** Before a proxy that could not be reached is asked once more. */
const RETRY_AFTER_MS = 500;
/** Of requests that the API server turned away; each wait is twice as long as the one before. */
const MOST_TURNED_AWAY = 6;

export interface TurnTaking {
  readonly clock: Clock;
  /** In [0, 1): spreads retries, so that they do not come together again. */
  readonly random: () => number;
  readonly limit: AdaptiveLimit;
  readonly signal: AbortSignal;
}

/** The first answer that is no reason to ask again. Ends `turn`. */
export async function readInTurn<Value>(read: () => Promise<Result<Value>>, turn: Turn, taking: TurnTaking): Promise<Result<Value>> {
  const { clock, limit, signal, random } = taking;
  let current = turn;
  for (let attempt = 0; ; attempt += 1) {
    const result = await read();
    const pause = result.ok ? undefined : pauseBefore(result.failure, attempt);
    current.end(signOf(result), result.ok ? 0 : retryAfterMs(result.failure));
    if (pause === undefined) return result;
    await clock.sleep(pause * (0.5 + random()), signal);
    if (signal.aborted) return result;
    current = await limit.turn(true);
  }
}

/** Undefined when asking again would bring nothing. The limit itself waits for what the server asked for. */
function pauseBefore(failure: Failure, attempt: number): number | undefined {
  if (isTurnedAway(failure)) return attempt < MOST_TURNED_AWAY ? RETRY_AFTER_MS * 2 ** attempt : undefined;
  return failure.kind === 'proxyUnreachable' && attempt === 0 ? RETRY_AFTER_MS : undefined;
}

function signOf(result: Result<unknown>): LoadSign {
  if (result.ok) return 'answered';
  if (isTurnedAway(result.failure)) return 'busy';
  return result.failure.kind === 'timedOut' ? 'timedOut' : 'quiet';
}

/** By API priority and fairness (429), or because the server has too much to do (503). */
function isTurnedAway(failure: Failure): boolean {
  return failure.kind === 'apiError' && (failure.status === 429 || failure.status === 503);
}

function retryAfterMs(failure: Failure): number {
  return failure.kind === 'apiError' ? (failure.retryAfterSeconds ?? 0) * 1000 : 0;
}
