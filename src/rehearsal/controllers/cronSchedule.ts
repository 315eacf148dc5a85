// When a CronJob is due: the five fields of cron as a pure rule, in UTC as GKE's control planes read them.

/** Minute, hour, day of month, month, day of week: the first and last value of each. */
const RANGES = [[0, 59], [0, 23], [1, 31], [1, 12], [0, 6]] as const;
const MINUTE_MS = 60_000;
/** A date that no calendar has, such as 30 February, is looked for no longer than this. */
const HORIZON_MINUTES = 366 * 24 * 60;

/** `*`, `*\/n`, `a`, `a-b`, `a-b/n`, and lists of them. */
function matches(field: string, value: number, [lowest, highest]: readonly [number, number]): boolean {
  return field.split(',').some((part) => {
    const [range = '*', step] = part.split('/');
    const [from, to] = range === '*' ? [lowest, highest] : range.split('-').map(Number);
    const last = to ?? (step === undefined ? from : highest) ?? highest;
    return from !== undefined && value >= from && value <= last && (value - from) % Number(step ?? 1) === 0;
  });
}

/** The first due minute after `after`; undefined for a schedule that cannot be read or is never due. */
export function nextDue(schedule: string, after: Date): Date | undefined {
  const fields = schedule.trim().split(/\s+/u);
  if (fields.length !== RANGES.length) return undefined;
  const first = (Math.floor(after.getTime() / MINUTE_MS) + 1) * MINUTE_MS;
  for (let step = 0; step < HORIZON_MINUTES; step += 1) {
    const time = new Date(first + step * MINUTE_MS);
    const values = [time.getUTCMinutes(), time.getUTCHours(), time.getUTCDate(), time.getUTCMonth() + 1, time.getUTCDay()];
    if (RANGES.every((range, index) => matches(fields[index] ?? '', values[index] ?? -1, range))) return time;
  }
  return undefined;
}
