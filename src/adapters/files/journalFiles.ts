// Journals as files below one folder: 0600, written one line at a time under a lock that a dead process does not keep.
import fs from 'node:fs/promises';
import path from 'node:path';
import type { JournalFiles } from '../../app/journal/journalPorts.js';
import type { Clock } from '../../app/ports.js';
import type { Result } from '../../shared/failure.js';
import { fail, succeed } from '../../shared/failure.js';

const LOCK_RETRY_MS = 20;
/** Together five seconds: more than any append takes. */
const MOST_LOCK_TRIES = 250;

export class DiskJournalFiles implements JournalFiles {
  readonly #folder: string;
  readonly #clock: Clock;

  constructor(folder: string, clock: Clock) {
    this.#folder = folder;
    this.#clock = clock;
  }

  async append(name: string, lineAfter: (text: string) => string): Promise<Result<undefined>> {
    const file = this.#fileOf(name);
    try {
      await fs.mkdir(this.#folder, { recursive: true, mode: 0o700 });
      await this.#locked(`${file}.lock`, async () => {
        const handle = await fs.open(file, 'a+', 0o600);
        try {
          await handle.writeFile(lineAfter(await fs.readFile(file, 'utf8')), 'utf8');
          await handle.sync();
        } finally {
          await handle.close();
        }
      });
      return succeed(undefined);
    } catch (error) {
      return unexpected(error);
    }
  }

  async read(name: string): Promise<Result<string>> {
    try {
      return succeed(await fs.readFile(this.#fileOf(name), 'utf8'));
    } catch (error) {
      return hasCode(error, 'ENOENT') ? succeed('') : unexpected(error);
    }
  }

  #fileOf(name: string): string {
    return path.join(this.#folder, `${name}.jsonl`);
  }

  async #locked(lock: string, act: () => Promise<void>): Promise<void> {
    await this.#take(lock);
    try {
      await act();
    } finally {
      await fs.rm(lock, { force: true });
    }
  }

  async #take(lock: string): Promise<void> {
    for (let tries = 0; ; tries += 1) {
      try {
        await fs.writeFile(lock, String(process.pid), { flag: 'wx', mode: 0o600 });
        return;
      } catch (error) {
        if (!hasCode(error, 'EEXIST') || tries >= MOST_LOCK_TRIES) throw error;
        if (await isLeftBehind(lock)) await fs.rm(lock, { force: true });
        else await this.#clock.sleep(LOCK_RETRY_MS, new AbortController().signal);
      }
    }
  }
}

/** Whether the process that took the lock has ended. */
async function isLeftBehind(lock: string): Promise<boolean> {
  const holder = Number(await fs.readFile(lock, 'utf8').catch(() => ''));
  // Empty between its creation and its content, or gone by now: not ours to judge.
  if (!Number.isSafeInteger(holder) || holder <= 0) return false;
  try {
    process.kill(holder, 0);
    return false;
  } catch (error) {
    return hasCode(error, 'ESRCH');
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

function unexpected(error: unknown): Result<never> {
  return fail({ kind: 'unexpected', reason: error instanceof Error ? error.message : String(error) });
}
