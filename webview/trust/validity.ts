// Times as people say them: how long a certificate is still valid, how long ago a survey was, and the exact moment.
import type { Message } from '../../src/shared/text/message.js';
import { message } from '../../src/shared/text/message.js';
import type { Locale } from '../../src/shared/text/render.js';
import type { TrustRow } from '../../src/shared/trustRows.js';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/**
 * Share of a certificate's life that is left when its renewal is overdue. Istio's agent renews when half is left
 * (`SECRET_GRACE_PERIOD_RATIO` 0.5, pilot/cmd/pilot-agent/options), so at a quarter every attempt for a long time has failed.
 */
const overdueShare = 0.25;

export type Validity = 'valid' | 'soon' | 'expired';

/** Undefined when the certificate's end is not known. */
export function validityOf(row: Pick<TrustRow, 'notBefore' | 'notAfter'>, now: number): Validity | undefined {
  if (row.notAfter === undefined) return undefined;
  const left = row.notAfter - now;
  if (left <= 0) return 'expired';
  const soonMs = row.notBefore === undefined ? hourMs : (row.notAfter - row.notBefore) * overdueShare;
  return left < soonMs ? 'soon' : 'valid';
}

/** When the certificate ends, with the word that belongs to its state. */
export function expiryMessage(row: Pick<TrustRow, 'notBefore' | 'notAfter'>, now: number): Message | undefined {
  if (row.notAfter === undefined) return undefined;
  const when = relativeTime(row.notAfter, now);
  switch (validityOf(row, now)) {
    case 'expired':
      return message('trust.page.expires.past', { when });
    case 'soon':
      return message('trust.page.expires.soon', { when });
    case 'valid':
    case undefined:
      return when;
  }
}

/** "in 22 h", "5 min ago": rounded down, so that nothing seems to last longer than it does. */
export function relativeTime(moment: number, now: number): Message {
  const distance = Math.abs(moment - now);
  if (moment > now) return message('trust.page.time.future', { amount: duration(distance) });
  if (distance < minuteMs) return message('trust.page.time.now');
  return message('trust.page.time.past', { amount: duration(distance) });
}

function duration(milliseconds: number): Message {
  if (milliseconds < minuteMs) return message('trust.page.time.underMinute');
  if (milliseconds < hourMs) return message('trust.page.time.minutes', { count: Math.floor(milliseconds / minuteMs) });
  if (milliseconds < 2 * dayMs) return message('trust.page.time.hours', { count: Math.floor(milliseconds / hourMs) });
  return message('trust.page.time.days', { count: Math.floor(milliseconds / dayMs) });
}

/** The exact moment, in the person's language and time zone. */
export type ShowMoment = (moment: number) => string;

/** A maker of exact moments; the formatter behind it is slow to make and quick to use. */
export function momentFormatter(locale: Locale, timeZone?: string): ShowMoment {
  const format = new Intl.DateTimeFormat(locale === 'pseudo' ? 'en' : locale, {
    dateStyle: 'medium',
    timeStyle: 'medium',
    ...(timeZone === undefined ? {} : { timeZone }),
  });
  return (moment) => format.format(moment);
}
