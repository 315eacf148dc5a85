// The certificates of the mesh as the page shows them: each root and issuer with its holders, and when what expires.
import type { CertificateHolding } from '../../shared/certificateHolding.js';
import type { CalendarBucket, CalendarUnit, CertificatesView } from '../../shared/trustViews.js';
import type { Work } from './stretches.js';
import { each } from './stretches.js';
import type { ProxyReading } from './trustSurvey.js';

/** More bars than this are too narrow to be told apart. */
const MOST_BUCKETS = 48;

const HOUR_MS = 3_600_000;

interface Ending {
  readonly at: number;
  readonly kind: 'leaves' | 'issuers' | 'roots';
}

/** `holdings` are of the same readings. What has ended already is counted and not drawn. */
export function* presentCertificates(holdings: readonly CertificateHolding[], readings: readonly ProxyReading[], now: number): Work<CertificatesView> {
  const leaves: Ending[] = [];
  yield* each(readings, ({ trust }) => {
    const certificate = trust.ok ? trust.value.certificate : undefined;
    if (certificate?.state === 'active') leaves.push({ at: certificate.value.notAfter, kind: 'leaves' });
  });
  const authorities = holdings.map(({ notAfter, role }): Ending => ({ at: notAfter, kind: role === 'anchor' ? 'roots' : 'issuers' }));
  const calendars: CertificatesView['calendars'][number][] = [];
  let expired = 0;
  for (const endings of [leaves, authorities]) {
    const ahead = endings.filter(({ at }) => at > now);
    expired += endings.length - ahead.length;
    const calendar = yield* calendarOf(ahead, now);
    if (calendar !== undefined) calendars.push(calendar);
  }
  return { holdings, calendars, expired };
}

const UNITS: readonly CalendarUnit[] = ['hour', 'day', 'week', 'month', 'year', 'decade'];

/** In the finest unit with which it is not too long; from now to the last end. */
function* calendarOf(endings: readonly Ending[], now: number): Work<CertificatesView['calendars'][number] | undefined> {
  const last = endings.reduce((latest, { at }) => Math.max(latest, at), now);
  if (endings.length === 0) return undefined;
  for (const unit of UNITS) {
    const starts = startsOf(unit, now, last);
    if (starts !== undefined) return { unit, buckets: yield* fill(starts, endings) };
  }
  return undefined;
}

/** The start of each stretch from the one of `from` to that of `to`; undefined when they are too many. */
function startsOf(unit: CalendarUnit, from: number, to: number): readonly number[] | undefined {
  const starts: number[] = [];
  for (let start = startOf(unit, from); start <= to; start = startAfter(unit, start)) {
    if (starts.length === MOST_BUCKETS) return undefined;
    starts.push(start);
  }
  return starts;
}

function startOf(unit: CalendarUnit, moment: number): number {
  const date = new Date(moment);
  const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()];
  switch (unit) {
    case 'hour':
      return moment - (moment % HOUR_MS);
    case 'day':
      return Date.UTC(year, month, day);
    case 'week':
      // Weeks begin on Monday (ISO 8601).
      return Date.UTC(year, month, day - ((date.getUTCDay() + 6) % 7));
    case 'month':
      return Date.UTC(year, month, 1);
    case 'year':
      return Date.UTC(year, 0, 1);
    case 'decade':
      return Date.UTC(year - (year % 10), 0, 1);
  }
}

function startAfter(unit: CalendarUnit, start: number): number {
  const date = new Date(start);
  const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()];
  switch (unit) {
    case 'hour':
      return start + HOUR_MS;
    case 'day':
      return Date.UTC(year, month, day + 1);
    case 'week':
      return Date.UTC(year, month, day + 7);
    case 'month':
      return Date.UTC(year, month + 1, 1);
    case 'year':
      return Date.UTC(year + 1, 0, 1);
    case 'decade':
      return Date.UTC(year + 10, 0, 1);
  }
}

function* fill(starts: readonly number[], endings: readonly Ending[]): Work<readonly CalendarBucket[]> {
  const buckets = starts.map((start) => ({ start, leaves: 0, issuers: 0, roots: 0 }));
  yield* each(endings, ({ at, kind }) => {
    const bucket = buckets.findLast(({ start }) => start <= at);
    if (bucket !== undefined) bucket[kind] += 1;
  });
  return buckets;
}
