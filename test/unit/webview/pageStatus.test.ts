// What the page says about the survey as a whole.
import assert from 'node:assert/strict';
import { textRenderer } from '../../../src/shared/text/render.js';
import type { SurveyProgress } from '../../../src/shared/trustRows.js';
import { summariseMesh } from '../../../webview/trust/meshSummary.js';
import { announcementOf, emptyStateOf, progressMessage, scopeMessage, surveyedMessage } from '../../../webview/trust/pageStatus.js';
import type { TrustPageState } from '../../../webview/trust/trustState.js';
import { initialState } from '../../../webview/trust/trustState.js';
import { rowNamed, rowsById } from './rowSamples.js';

const say = textRenderer('en');
const none: SurveyProgress = { running: false, cancelled: false, total: 0, done: 0, unknown: 0, startedAt: undefined, finishedAt: undefined };

function page(different: Partial<TrustPageState>): TrustPageState {
  return { ...initialState('en', undefined), connected: true, chosen: ['cluster-1'], ...different };
}

describe('an empty table', () => {
  it('says why it is empty', () => {
    assert.equal(emptyStateOf(page({ connected: false }), 0), 'connecting');
    assert.equal(emptyStateOf(page({ chosen: [] }), 0), 'noClusters');
    assert.equal(emptyStateOf(page({}), 0), 'notSurveyed');
    assert.equal(emptyStateOf(page({ progress: { ...none, running: true, startedAt: 1 } }), 0), 'looking');
    assert.equal(emptyStateOf(page({ progress: { ...none, startedAt: 1, finishedAt: 2 } }), 0), 'noProxies');
    assert.equal(emptyStateOf(page({ rows: rowsById([rowNamed('a/x')]) }), 0), 'noMatch');
    assert.equal(emptyStateOf(page({ rows: rowsById([rowNamed('a/x')]) }), 1), undefined);
  });

  it('does not claim that there are no proxies while their rows are on the way', () => {
    assert.equal(emptyStateOf(page({ progress: { ...none, total: 18, done: 18, startedAt: 1, finishedAt: 2 } }), 0), 'looking');
  });
});

describe('the words on the survey', () => {
  it('say how far it is and what stayed unknown', () => {
    assert.equal(say(progressMessage({ ...none, running: true, total: 18, done: 12 })), '12 of 18');
    assert.equal(say(progressMessage({ ...none, running: true, total: 18, done: 12, unknown: 1 })), '12 of 18 · 1 unknown');
  });

  it('say when it was, and that a cancelled one is not the whole', () => {
    assert.equal(say(surveyedMessage(none, 0)), 'Not surveyed yet');
    assert.equal(say(surveyedMessage({ ...none, startedAt: 0, finishedAt: 0, total: 3, done: 3 }, 300_000)), 'Surveyed 5 min ago');
    const cancelled = { ...none, cancelled: true, startedAt: 0, finishedAt: 0, total: 18, done: 7 };
    assert.equal(say(surveyedMessage(cancelled, 300_000)), 'Cancelled 5 min ago, after 7 of 18');
  });

  it('are announced at the start, at each quarter and at the end, not for each proxy', () => {
    const stages = Array.from({ length: 101 }, (_, done) => announcementOf({ ...none, running: true, total: 100, done })?.stage);
    assert.equal(new Set(stages).size, 5);
    const finished = announcementOf({ ...none, total: 100, done: 100, unknown: 2, startedAt: 1, finishedAt: 2 });
    assert.equal(finished && say(finished.text), 'Survey finished: 100 proxies, 2 unknown');
    assert.equal(announcementOf(none), undefined);
  });
});

describe('the words on the scope', () => {
  const summary = summariseMesh(rowsById([rowNamed('foo/x')]));

  it('are none for the whole mesh', () => {
    assert.equal(scopeMessage({ contexts: [], namespaces: [] }, summary), undefined);
  });

  it('name clusters by their own names where these are known', () => {
    const scope = scopeMessage({ contexts: ['gke_project_location_cluster-1', 'elsewhere'], namespaces: ['foo'] }, summary);
    assert.equal(scope && say(scope), 'namespace foo in cluster-1, elsewhere');
  });
});
