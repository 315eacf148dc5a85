// In which stretches of time the ends of certificates are drawn.
import assert from 'node:assert/strict';
import { presentCertificates } from '../../../../src/app/trust/certificatesPresenter.js';
import { finish } from '../../../../src/app/trust/stretches.js';
import type { ProxyReading } from '../../../../src/app/trust/trustSurvey.js';
import { cluster, NOW, pod } from '../../../support/trustMesh.js';
import { proxy } from '../../../support/trustPositions.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

function ending(...distances: readonly number[]): readonly ProxyReading[] {
  return distances.map((distance, index) => {
    const name = `p-${index}`;
    return { target: { cluster: cluster('one'), pod: pod('foo', name) }, trust: proxy(name, { certificate: { notAfter: NOW + distance } }).trust };
  });
}

function calendar(...distances: readonly number[]): string {
  const { calendars } = finish(presentCertificates([], ending(...distances), NOW));
  return calendars.map(({ unit, buckets }) => `${unit}: ${buckets.map(({ leaves }) => leaves).join(' ')}`).join('; ');
}

describe('the calendar of ends', () => {
  it('goes by the finest unit in which it is not too long', () => {
    assert.equal(calendar(HOUR_MS / 2, 2 * HOUR_MS, 2.5 * HOUR_MS), 'hour: 1 0 2');
    assert.equal(calendar(1, 3 * DAY_MS), 'day: 1 0 0 1');
    assert.match(calendar(1, 100 * DAY_MS), /^week: 1 0 .* 1$/);
    assert.match(calendar(1, 3 * 365 * DAY_MS), /^month: 1 0 .* 1$/);
    assert.match(calendar(1, 20 * 365 * DAY_MS), /^year: 1 0 .* 1$/);
    assert.match(calendar(1, 90 * 365 * DAY_MS), /^decade: 1 0 .* 1$/);
  });

  it('leaves out what has ended, and counts it', () => {
    const { calendars, expired } = finish(presentCertificates([], ending(-HOUR_MS, -1), NOW));
    assert.deepEqual([calendars, expired], [[], 2]);
  });
});
