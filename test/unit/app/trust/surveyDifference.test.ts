// What is told of two surveys: who came, who went, what changed; and what is no change.
import assert from 'node:assert/strict';
import { changeMessages, surveyDifference } from '../../../../src/app/trust/surveyDifference.js';
import { recordRows } from '../../../../src/app/trust/surveyRecord.js';
import { textRenderer } from '../../../../src/shared/text/render.js';
import type { TrustRow } from '../../../../src/shared/trustRows.js';
import { holding, MESH_CHAIN, MIXED_ANSWERS, recordOf } from '../../../support/surveyRecords.js';
import { fingerprint } from '../../../support/trustCertificates.js';

const english = textRenderer('en');
const names = (rows: readonly TrustRow[]): readonly string[] => rows.map(({ pod }) => pod);

describe('the difference between two surveys', () => {
  it('is nothing for the same, whatever the order and although every certificate was renewed', async () => {
    const rows = recordRows(await recordOf());
    const renewed = [...rows].reverse().map((row) => ({ ...row, id: `other ${row.id}`, notBefore: 1, notAfter: 2 }));
    assert.deepEqual(surveyDifference(rows, renewed), { added: [], gone: [], changed: [] });
  });

  it('names who is new and who is gone', async () => {
    const rows = recordRows(await recordOf());
    const { added, gone } = surveyDifference(rows.slice(1), rows.slice(0, -1));
    assert.deepEqual([names(added), names(gone)], [names(rows.slice(0, 1)), names(rows.slice(-1))]);
  });

  it('says of the others what changed, by key', async () => {
    const before = recordRows(await recordOf());
    const after = recordRows(await recordOf(undefined, { ...MIXED_ANSWERS, 'old-1': holding(MESH_CHAIN, 'mesh-root', 'citadel-root') }));
    const { changed, added, gone } = surveyDifference(before, after);
    assert.deepEqual([added, gone, changed.length], [[], [], 1]);
    const [old, mesh] = [fingerprint('citadel-root'), fingerprint('mesh-root')].map((print) => print.slice(0, 8));
    assert.deepEqual(changeMessages(changed[0]!).map(english), [
      `roots: CITADEL (${old}…) → CITADEL (${old}…), MESHCA (${mesh}…)`,
      `signed by: CITADEL (${old}…) → MESHCA (${mesh}…)`,
      'identity: spiffe://cluster.local/ns/foo/sa/httpbin → spiffe://fleet-1.svc.id.goog/ns/foo/sa/httpbin',
    ]);
  });

  it('says that one became unknown, and is silent about one that is just being asked', async () => {
    const rows = recordRows(await recordOf());
    const unread = recordRows(await recordOf(undefined, { ...MIXED_ANSWERS, 'old-1': { ok: false, failure: { kind: 'timedOut', seconds: 10 } } }));
    const [change] = surveyDifference(rows, unread).changed;
    assert.equal(change && english(changeMessages(change)[0]!), 'state: Read → Unknown');
    const waiting = rows.map((row): TrustRow => ({ ...row, state: 'waiting', roots: [] }));
    assert.deepEqual(surveyDifference(rows, waiting), { added: [], gone: [], changed: [] });
    assert.deepEqual(surveyDifference(waiting, rows).changed, []);
  });
});
