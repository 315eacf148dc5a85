// The end of a calendar day, because rules are told the time in milliseconds and plans are written in days.
import { isCalendarDate } from '../plan/calendarDate.js';

const DAY_MS = 86_400_000;

/** The last millisecond of the day (`2026-03-31`, UTC) since the epoch; undefined for what is no day. */
export function endOfDay(date: string): number | undefined {
  if (!isCalendarDate(date)) return undefined;
  const [year = 0, month = 0, day = 0] = date.split('-').map(Number);
  return (daysSinceEpoch(year, month, day) + 1) * DAY_MS - 1;
}

/** Of the proleptic Gregorian calendar, with years that begin in March so that leap days come last. */
function daysSinceEpoch(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year;
  const leapDays = Math.floor(shifted / 4) - Math.floor(shifted / 100) + Math.floor(shifted / 400);
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1;
  return shifted * 365 + leapDays + dayOfYear - DAYS_UNTIL_EPOCH;
}

/** From 1 March of the year 0 to 1 January 1970. */
const DAYS_UNTIL_EPOCH = 719_468;
