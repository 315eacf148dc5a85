// How messages and the person change the page, and what of it survives.
import assert from 'node:assert/strict';
import { message } from '../../../src/shared/text/message.js';
import type { SurveyProgress } from '../../../src/shared/trustRows.js';
import { sampleMatrix, samplePair } from '../../../webview/scenarios/sampleViews.js';
import { parseRememberedView, rememberedView } from '../../../webview/trust/rememberedView.js';
import { tableItems } from '../../../webview/trust/rowGroups.js';
import type { PageEvent, TrustPageState } from '../../../webview/trust/trustState.js';
import { initialState, reduce } from '../../../webview/trust/trustState.js';
import { citadel, rowNamed } from './rowSamples.js';

const progress: SurveyProgress = { running: true, cancelled: false, total: 2, done: 1, unknown: 0, startedAt: 5, finishedAt: undefined };
const start: PageEvent = {
  type: 'start',
  payload: { locale: 'ko', scope: { contexts: [], namespaces: ['foo'] }, progress, chosen: ['cluster-1'], now: 1000, saved: undefined },
};

function after(...events: readonly PageEvent[]): TrustPageState {
  return events.reduce(reduce, initialState('en', undefined));
}

describe('the state of the Certificate Trust page', () => {
  it('is not connected until the extension has answered', () => {
    assert.equal(after().connected, false);
    const state = after(start);
    assert.equal(state.connected, true);
    assert.deepEqual([state.locale, state.scope.namespaces, state.progress, state.chosen, state.now], ['ko', ['foo'], progress, ['cluster-1'], 1000]);
  });

  it('keeps one row for each proxy, the newest', () => {
    const waiting = rowNamed('foo/a', { state: 'waiting' });
    const read = rowNamed('foo/a', { roots: [citadel] });
    const state = after(start, { type: 'rows', payload: { rows: [waiting, rowNamed('foo/b')] } }, { type: 'rows', payload: { rows: [read] } });
    assert.equal(state.rows.size, 2);
    assert.equal(state.rows.get(read.id), read);
  });

  it('forgets proxies that are gone, and all of them when the extension starts anew', () => {
    const rows: PageEvent = { type: 'rows', payload: { rows: [rowNamed('foo/a'), rowNamed('foo/b')] } };
    const state = after(start, rows, { type: 'removed', payload: { ids: [rowNamed('foo/a').id] } });
    assert.deepEqual([...state.rows.keys()], [rowNamed('foo/b').id]);
    assert.equal(reduce(state, start).rows.size, 0);
  });

  it('never changes an earlier state', () => {
    const before = after(start, { type: 'rows', payload: { rows: [rowNamed('foo/a')] } });
    reduce(before, { type: 'rows', payload: { rows: [rowNamed('foo/b')] } });
    reduce(before, { type: 'removed', payload: { ids: [rowNamed('foo/a').id] } });
    assert.deepEqual([...before.rows.keys()], [rowNamed('foo/a').id]);
  });

  it('takes progress, scope, choice of clusters and notices as they come', () => {
    const done = { ...progress, running: false, done: 2, finishedAt: 9 };
    const notice = message('trust.notice.podsLoading', { cluster: 'cluster-2' });
    const state = after(
      start,
      { type: 'progress', payload: { progress: done } },
      { type: 'scope', payload: { scope: { contexts: [], namespaces: [] } } },
      { type: 'chosen', payload: { chosen: [] } },
      { type: 'notices', payload: { notices: [notice] } },
    );
    assert.deepEqual([state.progress, state.scope.namespaces, state.chosen, state.notices], [done, [], [], [notice]]);
  });

  it('turns the order round when the same column is asked for again, and starts upwards with another', () => {
    const byExpiry = after({ type: 'sort', payload: { column: 'expires' } });
    assert.deepEqual(byExpiry.sort, { column: 'expires', direction: 'ascending' });
    const turned = reduce(byExpiry, { type: 'sort', payload: { column: 'expires' } });
    assert.deepEqual(turned.sort, { column: 'expires', direction: 'descending' });
    assert.deepEqual(reduce(turned, { type: 'sort', payload: { column: 'pod' } }).sort, { column: 'pod', direction: 'ascending' });
  });

  it('adds up the choices of a filter and clears them at once', () => {
    const filtered = after({ type: 'filter', payload: { text: 'foo' } }, { type: 'filter', payload: { roots: 'both' } });
    assert.deepEqual([filtered.filter.text, filtered.filter.roots], ['foo', 'both']);
    const cleared = reduce(filtered, { type: 'clearFilters', payload: {} });
    assert.deepEqual([cleared.filter.text, cleared.filter.roots], ['', undefined]);
  });

  it('opens the details of a row by selecting it, and closing them leaves it selected', () => {
    const open = after({ type: 'openDetails', payload: { id: 'a' } });
    assert.deepEqual([open.selected, open.detailsOpen], ['a', true]);
    assert.equal(reduce(open, { type: 'select', payload: { id: 'b' } }).detailsOpen, true);
    const closed = reduce(open, { type: 'closeDetails', payload: {} });
    assert.deepEqual([closed.selected, closed.detailsOpen], ['a', false]);
  });
});

describe('the views of the Certificate Trust page', () => {
  it('lead to the pods that are meant, whatever was filtered before', () => {
    const state = after({ type: 'filter', payload: { text: 'foo', roots: 'both' } }, { type: 'showPods', payload: { filter: { namespace: 'bar', gate: 'trust' } } });
    assert.deepEqual([state.view, state.filter], ['pods', { text: '', cluster: undefined, namespace: 'bar', state: undefined, roots: undefined, gate: 'trust' }]);
  });

  it('stand on the subject that the page was opened on', () => {
    const on = after({ type: 'filter', payload: { text: 'foo' } }, { type: 'focus', payload: { view: 'pods', id: 'a' } });
    assert.deepEqual([on.view, on.selected, on.detailsOpen, on.filter.text], ['pods', 'a', true, '']);
    assert.equal(after({ type: 'focus', payload: { view: 'overview', id: undefined } }).detailsOpen, false);
  });

  it('stand on the head of the namespace that the page was opened on, with its rows unfolded', () => {
    const on = after({ type: 'toggleGroup', payload: { key: 'foo' } }, { type: 'focus', payload: { view: 'pods', id: undefined, namespace: 'foo' } });
    const [head] = tableItems([rowNamed('foo/a')], on.grouping, on.folded);
    assert.deepEqual([on.grouping, on.selected, on.sought?.id], ['namespace', head?.id, head?.id]);
    assert.equal(tableItems([rowNamed('foo/a')], on.grouping, on.folded).length, 2);
  });

  it('look for the subject until the person does something else, and anew each time that the page is opened on it', () => {
    const focus = { type: 'focus', payload: { view: 'pods', id: 'a' } } as const;
    const on = after(focus);
    assert.deepEqual(on.sought, { id: 'a' });
    assert.notEqual(reduce(on, focus).sought, on.sought);
    assert.equal(reduce(on, { type: 'select', payload: { id: 'b' } }).sought, undefined);
    assert.equal(reduce(on, { type: 'rows', payload: { rows: [rowNamed('foo/a')] } }).sought, on.sought);
  });

  it('fold a group and unfold it, and forget that when they are grouped otherwise', () => {
    const folded = after({ type: 'toggleGroup', payload: { key: 'foo' } });
    assert.deepEqual([...folded.folded], ['foo']);
    assert.deepEqual([...reduce(folded, { type: 'toggleGroup', payload: { key: 'foo' } }).folded], []);
    assert.deepEqual([...reduce(folded, { type: 'group', payload: { grouping: 'cluster' } }).folded], []);
  });

  it('keep an open pair as long as the matrix has the same classes, and the keyboard inside it', () => {
    const pair = samplePair([rowNamed('foo/a')], { row: 4, column: 4, rowOffset: 0, columnOffset: 0 });
    const open = after(
      { type: 'matrix', payload: { matrix: sampleMatrix(undefined) } },
      { type: 'cell', payload: { cell: { row: 4, column: 4 } } },
      { type: 'pair', payload: { pair } },
    );
    assert.equal(reduce(open, { type: 'matrix', payload: { matrix: sampleMatrix(undefined) } }).pair, pair);
    assert.equal(reduce(open, { type: 'matrix', payload: { matrix: sampleMatrix('migrate bar') } }).pair, undefined);
    const [first, ...others] = sampleMatrix(undefined).classes;
    const exchanged = { ...sampleMatrix(undefined), classes: [{ ...first!, id: 'another class' }, ...others] };
    assert.equal(reduce(open, { type: 'matrix', payload: { matrix: exchanged } }).pair, undefined);
    const smaller = { ...sampleMatrix(undefined), classes: sampleMatrix(undefined).classes.slice(0, 2) };
    const shrunk = reduce(open, { type: 'matrix', payload: { matrix: smaller } });
    assert.deepEqual([shrunk.pair, shrunk.cell], [undefined, { row: 1, column: 1 }]);
  });

  it('forget what was worked out when the extension starts anew', () => {
    const state = after({ type: 'matrix', payload: { matrix: sampleMatrix(undefined) } }, start);
    assert.deepEqual([state.matrix, state.overview, state.certificates, state.pair], [undefined, undefined, undefined, undefined]);
  });
});

describe('what the page keeps while it is hidden', () => {
  it('comes back as it was: filter, order, scope and selection', () => {
    const state = after(
      start,
      { type: 'filter', payload: { text: 'foo', cluster: 'c', namespace: 'n', state: 'unknown', roots: 'istioCa', gate: 'signing' } },
      { type: 'show', payload: { view: 'matrix' } },
      { type: 'group', payload: { grouping: 'revision' } },
      { type: 'sort', payload: { column: 'revision' } },
      { type: 'openDetails', payload: { id: 'a' } },
    );
    const kept: unknown = JSON.parse(JSON.stringify(rememberedView(state)));
    const restored = initialState('en', parseRememberedView(kept));
    assert.deepEqual(rememberedView(restored), rememberedView(state));
  });

  it('holds no rows', () => {
    const state = after(start, { type: 'rows', payload: { rows: [rowNamed('foo/a')] } });
    assert.deepEqual(Object.keys(rememberedView(state)).sort(), ['detailsOpen', 'filter', 'grouping', 'scope', 'selected', 'sort', 'view']);
  });

  it('falls back to the usual view where it is not understood', () => {
    assert.equal(parseRememberedView(undefined), undefined);
    assert.equal(parseRememberedView('text'), undefined);
    const odd = initialState('en', parseRememberedView({ sort: { column: 'colour', direction: 7 }, filter: { state: 'gone', text: 5 }, scope: { contexts: ['a', 3] } }));
    assert.deepEqual([odd.view, odd.grouping], ['overview', 'none']);
    assert.deepEqual([odd.sort, odd.filter.state, odd.filter.text, odd.scope], [{ column: 'pod', direction: 'ascending' }, undefined, '', { contexts: ['a'], namespaces: [] }]);
  });
});
