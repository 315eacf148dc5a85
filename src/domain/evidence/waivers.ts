// Which of the plan's waivers hold now, and for what: a cluster, a namespace of it, or a workload.
import type { MigrationPlan, Waiver } from '../plan/migrationPlan.js';
import { endOfDay } from './endOfDay.js';

export interface Waivers {
  /** Whether this is waived for the thing or for what it is in: `cluster`, `cluster/namespace`, `cluster/namespace/Kind/name`. */
  covers(what: string, subject: string): boolean;
}

/** The waivers whose end has not come; one whose end cannot be read holds nothing. */
export function waiversAt(plan: MigrationPlan | undefined, now: number): Waivers {
  const holding = new Set((plan?.waivers ?? []).filter((waiver) => holds(waiver, now)).map(({ what, subject }) => keyOf(what, subject)));
  return {
    covers: (what, subject) => holding.size > 0 && enclosing(subject).some((place) => holding.has(keyOf(what, place))),
  };
}

function holds({ until, reason }: Waiver, now: number): boolean {
  const end = endOfDay(until);
  return end !== undefined && end >= now && reason.trim() !== '';
}

function keyOf(what: string, subject: string): string {
  return `${what}\n${subject}`;
}

/** The subject and everything it is in. */
function enclosing(subject: string): readonly string[] {
  const parts = subject.split('/');
  return parts.length > 2 ? [subject, parts.slice(0, 2).join('/'), parts[0] ?? ''] : parts.map((_part, index) => parts.slice(0, index + 1).join('/'));
}
