// Asks gcloud who is in a fleet. gcloud may be missing, be refused, or never answer: each is a failure that says so, in bounded time.
import { execa } from 'execa';
import type { FleetReader } from '../app/migration/ports.js';
import type { FleetMember } from '../domain/evidence/fleetMember.js';
import { membershipOf } from '../domain/evidence/fleetMember.js';
import { membershipsCommand } from '../domain/procedure/checkFleet.js';
import type { Result } from '../shared/failure.js';
import { fail, succeed } from '../shared/failure.js';
import { parseJson, recordField, textField } from '../shared/json.js';

/** It starts a Python, may renew a token, and asks one page of an API. */
const TIMEOUT_MS = 30_000;
/** Enough of what it complains about to know what to do. */
const SHOWN_COMPLAINT = 500;

export interface GcloudFleetOptions {
  /** What terminals have beyond the environment of this process: gcloud is looked for as steps find it. */
  readonly environment?: () => Readonly<Record<string, string | undefined>>;
  readonly timeoutMs?: number;
}

export class GcloudFleet implements FleetReader {
  readonly #options: GcloudFleetOptions;

  constructor(options: GcloudFleetOptions = {}) {
    this.#options = options;
  }

  async readMembers(gcloud: string, project: string, signal: AbortSignal): Promise<Result<readonly FleetMember[]>> {
    const { environment, timeoutMs = TIMEOUT_MS } = this.#options;
    const [tool, ...words] = membershipsCommand(gcloud, project).argv;
    const isGivenUp = (): boolean => signal.aborted;
    if (isGivenUp()) return fail({ kind: 'cancelled' });
    // gcloud is a script around its Python: what is killed is the whole group, or the Python would go on and hold our end of the pipe.
    const asked = execa(tool, words, { reject: false, stdin: 'ignore', env: environment?.() ?? {}, detached: hasGroups() });
    const patience = AbortSignal.timeout(timeoutMs);
    const end = await Promise.race([asked, firstOf(AbortSignal.any([patience, signal]))]);
    if (end === undefined) {
      endGroup(asked.pid);
      asked.kill('SIGKILL');
      asked.stdout.destroy();
      asked.stderr.destroy();
      return fail(isGivenUp() ? { kind: 'cancelled' } : { kind: 'timedOut', seconds: timeoutMs / 1000 });
    }
    if (end.code === 'ENOENT') return fail({ kind: 'toolMissing', tool });
    if (end.failed) return fail({ kind: 'unexpected', reason: complaintOf(end.stderr, end.shortMessage) });
    return membersIn(end.stdout);
  }
}

/** Resolves with nothing when the signal aborts. */
function firstOf(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => { resolve(undefined); }, { once: true });
  });
}

function hasGroups(): boolean {
  return process.platform !== 'win32';
}

function endGroup(pid: number | undefined): void {
  if (pid === undefined || !hasGroups()) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended by itself meanwhile.
  }
}

function complaintOf(stderr: string, otherwise: string | undefined): string {
  const said = stderr.trim();
  return (said === '' ? (otherwise ?? '') : said).slice(0, SHOWN_COMPLAINT);
}

/** All members or none: half a list would be believed. */
export function membersIn(output: string): Result<readonly FleetMember[]> {
  const list = parseJson(output);
  if (!Array.isArray(list)) return fail({ kind: 'unexpected', reason: `gcloud: ${output.slice(0, SHOWN_COMPLAINT)}` });
  const members = (list as readonly unknown[]).map(memberIn);
  const read = members.filter((member) => member !== undefined);
  return read.length < members.length ? fail({ kind: 'unexpected', reason: `gcloud: ${output.slice(0, SHOWN_COMPLAINT)}` }) : succeed(read);
}

/** A membership as the API of GKE Hub has it; other kinds of clusters have no GKE link. */
function memberIn(membership: unknown): FleetMember | undefined {
  const name = textField(membership, 'name');
  if (name === undefined || membershipOf(name) === undefined) return undefined;
  const link = textField(recordField(recordField(membership, 'endpoint'), 'gkeCluster'), 'resourceLink');
  return { name, cluster: link?.replace(/^\/\/[^/]+\//u, '') };
}
