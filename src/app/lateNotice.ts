// Says that something is being waited for only when it is not over in a moment: a notice that is gone before it is read is noise,
// and an editor that is given many in a row keeps back the one that matters.
import type { Clock } from './ports.js';

/** VS Code drops a toast that is more than the third within 0.8 s (`NotificationsToasts.SPAM_PROTECTION`). */
export const NOTICE_AFTER_MS = 1_000;

export interface LateNotice {
  readonly clock: Clock;
  /** At once and without a word to click away, until the reading is over or the notice takes its place. */
  readonly showQuietly: (over: Promise<unknown>) => void;
  /** With a way to end the reading, until it is over. */
  readonly showNotice: (over: Promise<unknown>, stop: () => void) => void;
}

/** What `read` gives or throws; its signal aborts when the user stops it. */
export async function withLateNotice<Value>({ clock, showQuietly, showNotice }: LateNotice, read: (signal: AbortSignal) => Promise<Value>): Promise<Value> {
  const stop = new AbortController();
  const ended = new AbortController();
  const reading = read(stop.signal);
  const over = reading.then(
    () => {
      ended.abort();
    },
    () => {
      ended.abort();
    },
  );
  const late = clock.sleep(NOTICE_AFTER_MS, ended.signal);
  showQuietly(Promise.race([over, late]));
  await late;
  if (!ended.signal.aborted) {
    showNotice(over, () => {
      stop.abort();
    });
  }
  return reading;
}
