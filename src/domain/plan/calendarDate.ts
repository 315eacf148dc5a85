// Calendar dates as texts, `2026-03-31`: they compare as texts do, and need no clock.
import { DATE_PATTERN } from './planFields.js';

/** Whether there is such a day. */
export function isCalendarDate(text: string): boolean {
  if (!new RegExp(DATE_PATTERN).test(text)) return false;
  const [year = 0, month = 0, day = 0] = text.split('-').map(Number);
  return month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month);
}

/** Whether what holds until the end of that day still holds today. */
export function holdsOn(until: string, today: string): boolean {
  return today <= until;
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}
