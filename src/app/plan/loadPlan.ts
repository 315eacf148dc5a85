// Reads a plan file and holds it to the disk as well: what it names must be there before a step relies on it.
import type { PlanProblem } from '../../domain/plan/planDocument.js';
import { readPlan } from '../../domain/plan/readPlan.js';
import type { Clock, KubeconfigReader } from '../ports.js';
import { checkPlanFiles } from './checkPlanFiles.js';
import type { ParsePlanText, PlanFiles, PlanState } from './planPorts.js';

export interface PlanWorld {
  readonly planFiles: PlanFiles;
  readonly parsePlanText: ParsePlanText;
  readonly kubeconfigReader: KubeconfigReader;
  readonly clock: Clock;
}

/** Reads the file and everything about it that can be checked without a cluster. */
export async function loadPlan(file: string, world: PlanWorld): Promise<PlanState> {
  const text = await world.planFiles.readText(file);
  return text.ok ? judgePlanText(file, text.value, world) : { kind: 'unreadable', file, failure: text.failure };
}

/** The same for a text that may not have been saved yet. */
export async function judgePlanText(file: string, text: string, world: PlanWorld): Promise<Extract<PlanState, { kind: 'read' }>> {
  const { planFiles, clock } = world;
  const resolve = (path: string): string => planFiles.resolve(file, path);
  const { plan, problems, placed } = readPlan(world.parsePlanText(text), { resolve, today: utcDay(clock.now()) });
  const found = await checkPlanFiles(placed, world);
  const all: readonly PlanProblem[] = [...problems, ...found].sort((one, other) => one.offset - other.offset);
  return { kind: 'read', file, text, plan: found.some(isError) ? undefined : plan, problems: all };
}

/** The calendar day of a moment, in UTC. */
export function utcDay(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, 'YYYY-MM-DD'.length);
}

function isError({ severity }: PlanProblem): boolean {
  return severity === 'error';
}
