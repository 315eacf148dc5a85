// Times as people say them, and certificates that end.
import assert from 'node:assert/strict';
import { textRenderer } from '../../../src/shared/text/render.js';
import type { Locale } from '../../../src/shared/text/render.js';
import { expiryMessage, momentFormatter, relativeTime, validityOf } from '../../../webview/trust/validity.js';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const now = Date.UTC(2026, 0, 15, 12, 4, 31);

function said(moment: number, locale: Locale = 'en'): string {
  return textRenderer(locale)(relativeTime(moment, now));
}

/** What is said of a certificate that was made for a day. */
function expiry(fromNow: number): string | undefined {
  const notAfter = now + fromNow;
  const words = expiryMessage({ notBefore: notAfter - day, notAfter }, now);
  return words && textRenderer('en')(words);
}

describe('relative times', () => {
  it('name the largest unit that fits, rounded down', () => {
    assert.equal(said(now + 22 * hour + 59 * minute), 'in 22 h');
    assert.equal(said(now + 59 * minute + 59_999), 'in 59 min');
    assert.equal(said(now + 3 * day), 'in 3 d');
    assert.equal(said(now + 47 * hour), 'in 47 h');
    assert.equal(said(now + 30_000), 'in under 1 min');
  });

  it('look back as well', () => {
    assert.equal(said(now), 'just now');
    assert.equal(said(now - 5 * minute), '5 min ago');
    assert.equal(said(now - 2 * hour), '2 h ago');
  });

  it('are said in Korean', () => {
    assert.equal(said(now + 22 * hour, 'ko'), '22시간 후');
    assert.equal(said(now - 5 * minute, 'ko'), '5분 전');
  });
});

describe('the end of a certificate', () => {
  it('is unremarkable while the proxy still has time to renew', () => {
    assert.equal(expiry(13 * hour), 'in 13 h');
  });

  it('is soon when three quarters of the validity are over without a renewal', () => {
    assert.equal(expiry(6 * hour), 'in 6 h');
    assert.equal(expiry(6 * hour - 1), 'soon: in 5 h');
  });

  it('is soon in the last hour where the length of the validity is not known', () => {
    assert.equal(validityOf({ notBefore: undefined, notAfter: now + hour }, now), 'valid');
    assert.equal(validityOf({ notBefore: undefined, notAfter: now + hour - 1 }, now), 'soon');
  });

  it('is past from its very moment on', () => {
    assert.equal(validityOf({ notBefore: 0, notAfter: now }, now), 'expired');
    assert.equal(expiry(-12 * minute), 'expired 12 min ago');
  });

  it('is not spoken of where it is not known', () => {
    assert.equal(expiryMessage({ notBefore: undefined, notAfter: undefined }, now), undefined);
  });
});

describe('exact moments', () => {
  it('follow the language', () => {
    assert.match(momentFormatter('en', 'UTC')(now), /Jan 15, 2026.*12:04:31/);
    assert.match(momentFormatter('ko', 'UTC')(now), /2026.*12:04:31/);
  });
});
