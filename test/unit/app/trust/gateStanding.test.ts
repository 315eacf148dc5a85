// What the Overview says of the gates to phase 2 and 3: never more than the survey shows of the whole mesh.
import assert from 'node:assert/strict';
import { presentOverview } from '../../../../src/app/trust/overviewPresenter.js';
import { finish } from '../../../../src/app/trust/stretches.js';
import type { SurveyEvidence } from '../../../../src/app/trust/surveyEvidence.js';
import { message } from '../../../../src/shared/text/message.js';
import { textRenderer } from '../../../../src/shared/text/render.js';
import type { TrustRow } from '../../../../src/shared/trustRows.js';
import { evidenceOf } from '../../../support/surveyEvidence.js';
import { cluster, NOW, snapshot } from '../../../support/trustMesh.js';
import { citadel, meshca, rowNamed, rowsById } from '../../webview/rowSamples.js';

const english = textRenderer('en');
const ONE = snapshot('one', []);
const TWO = snapshot('two', []);
const RECORD = { clusters: [cluster('one'), cluster('two')], proxies: [], notices: [], finishedAt: NOW };

const BOTH = rowNamed('foo/both', { roots: [citadel, meshca], signedBy: citadel });
const SWITCHED = rowNamed('foo/switched', { roots: [citadel, meshca], signedBy: meshca });
const FINISHED = rowNamed('foo/finished', { roots: [meshca], signedBy: meshca });
const UNREAD = rowNamed('foo/unread', { state: 'unknown', roots: [], signedBy: undefined });

function gates(rows: readonly TrustRow[], more: Partial<SurveyEvidence> = {}): readonly string[] {
  const { gates: views } = finish(presentOverview(evidenceOf(RECORD, [ONE, TWO], { rows: rowsById(rows), ...more })));
  return views.map(({ phase, standing, ready, total, obstacles, notes }) => [`${phase} ${standing} ${ready}/${total}`, ...obstacles.map(({ reason }) => reason.key), ...notes.map(english)].join(' · '));
}

describe('the gates on the Overview', () => {
  it('open one after the other', () => {
    assert.deepEqual(gates([BOTH]), ['trust open 1/1', 'signing shut 0/1 · panel.reason.oldSigner']);
    assert.deepEqual(gates([SWITCHED]), ['trust passed 1/1', 'signing open 1/1']);
  });

  it('are both passed once nobody trusts the old root any more', () => {
    assert.deepEqual(gates([FINISHED, { ...FINISHED, id: 'another' }]), ['trust passed 2/2', 'signing passed 2/2']);
    assert.deepEqual(gates([FINISHED, SWITCHED]), ['trust passed 2/2', 'signing open 2/2']);
  });

  it('count who has lost the old root as in the way as long as anybody is signed under it', () => {
    assert.deepEqual(gates([BOTH, FINISHED])[0], 'trust shut 1/2 · panel.reason.lostOld');
  });

  it('blame nobody for a finished phase but who could not be read', () => {
    assert.deepEqual(gates([FINISHED, UNREAD]), ['trust shut 1/2 · panel.reason.unknown', 'signing shut 1/2 · panel.reason.unknown']);
  });

  it('keep phase 3 shut before phase 2 is done, whoever has signed', () => {
    const behind = rowNamed('foo/behind', { roots: [citadel], signedBy: meshca });
    const [, signing] = gates([SWITCHED, behind]);
    assert.equal(signing, 'signing shut 2/2 · Every certificate is signed by Mesh CA, but not every proxy trusts what phase 2 asks for.');
  });

  it('are not open by a survey of one namespace, or of one of two clusters', () => {
    const part = 'trust unknown 1/1 · No surveyed proxy is in the way, but only a part of the mesh was surveyed.';
    assert.equal(gates([BOTH], { scope: { contexts: [], namespaces: ['foo'] } })[0], part);
    assert.equal(gates([BOTH], { scope: { contexts: ['one'], namespaces: [] } })[0], part);
    assert.equal(gates([BOTH], { scope: { contexts: ['one', 'two'], namespaces: [] } })[0], 'trust open 1/1');
  });

  it('are not open where the pods of a cluster cannot be listed, and name it', () => {
    const notices = [message('trust.notice.podsUnknown', { cluster: 'two', failure: message('failure.cancelled') })];
    assert.match(gates([BOTH], { notices })[0] ?? '', /^trust unknown 1\/1 · No surveyed proxy is in the way, but .*The pods of two cannot be listed/);
    assert.match(gates([FINISHED], { notices }).join('\n'), /^trust unknown 1\/1 .*\nsigning unknown 1\/1 /);
  });

  it('are not open while the survey runs, nor after it was cancelled', () => {
    assert.match(gates([BOTH], { progress: { running: true, cancelled: false } })[0] ?? '', /^trust unknown .* is still running/);
    assert.match(gates([BOTH], { progress: { running: false, cancelled: true } })[0] ?? '', /^trust unknown .* was cancelled/);
  });

  it('are not open by nothing, nor by a saved survey, which does not tell what it looked at', () => {
    assert.deepEqual(gates([]), ['trust unknown 0/0 · No proxy was surveyed.', 'signing unknown 0/0 · No proxy was surveyed.']);
    assert.match(gates([BOTH], { saved: RECORD })[0] ?? '', /^trust unknown .*a saved survey/);
  });
});
