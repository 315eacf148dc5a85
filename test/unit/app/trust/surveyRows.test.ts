// The rows of a survey and their counts.
import assert from 'node:assert/strict';
import { SurveyRows } from '../../../../src/app/trust/surveyRows.js';
import { waitingRow } from '../../../../src/app/trust/trustPresenter.js';
import { failureMessage } from '../../../../src/shared/failure.js';
import type { TrustRow, TrustState } from '../../../../src/shared/trustRows.js';
import { cluster, pod } from '../../../support/trustMesh.js';

function row(name: string, state: TrustState): TrustRow {
  return { ...waitingRow({ cluster: cluster('c'), pod: pod('foo', name) }), state };
}

describe('SurveyRows', () => {
  it('counts what has answered and what of it is unknown, as rows change', () => {
    const rows = new SurveyRows();
    rows.set([row('a', 'waiting'), row('b', 'waiting'), row('c', 'waiting')]);
    assert.deepEqual(rows.counts, { total: 3, done: 0, unknown: 0 });
    rows.set([row('a', 'read'), row('b', 'unknown')]);
    assert.deepEqual(rows.counts, { total: 3, done: 2, unknown: 1 });
    rows.set([row('b', 'read'), row('a', 'waiting')]);
    assert.deepEqual(rows.counts, { total: 3, done: 1, unknown: 0 });
  });

  it('counts what was cancelled as not answered', () => {
    const rows = new SurveyRows();
    rows.set([row('a', 'read'), { ...row('b', 'unknown'), why: failureMessage({ kind: 'cancelled' }) }]);
    assert.deepEqual(rows.counts, { total: 2, done: 1, unknown: 0 });
  });

  it('forgets rows with their counts, and names those that were there', () => {
    const rows = new SurveyRows();
    const [a, b] = [row('a', 'unknown'), row('b', 'read')];
    rows.set([a, b]);
    assert.deepEqual(rows.remove([a.id]), [a.id]);
    assert.deepEqual([...rows.ids()], [b.id]);
    assert.deepEqual(rows.counts, { total: 1, done: 1, unknown: 0 });
    assert.deepEqual(rows.remove([a.id]), []);
  });
});
