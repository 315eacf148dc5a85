// The change log replays what it keeps and says when it keeps no longer.
import assert from 'node:assert/strict';
import { createChangeLog, versionOf } from '../../../../src/rehearsal/api/changeLog.js';
import { createObjectStore } from '../../../../src/rehearsal/api/objectStore.js';
import { configMap } from '../../../support/rehearsalApiBackend.js';

const now = (): Date => new Date('2026-03-01T10:00:00Z');

describe('change log', () => {
  it('replays the changes after a version, of one namespace or of all', () => {
    const store = createObjectStore({ now });
    const log = createChangeLog(store);
    store.create('configmaps', configMap('foo', 'a'));
    const version = Number(store.resourceVersion);
    store.create('configmaps', configMap('foo', 'b'));
    store.create('configmaps', configMap('bar', 'c'));
    assert.deepEqual(log.since('configmaps', undefined, version)?.map(({ object }) => object.metadata.name), ['b', 'c']);
    assert.deepEqual(log.since('configmaps', 'bar', version)?.map(({ object }) => object.metadata.name), ['c']);
    assert.deepEqual(log.since('pods', undefined, version), []);
  });

  it('has nothing to say about versions before its beginning', () => {
    const store = createObjectStore({ now });
    store.create('configmaps', configMap('foo', 'a'));
    const log = createChangeLog(store);
    assert.equal(log.since('configmaps', undefined, Number(store.resourceVersion) - 1), undefined);
    assert.deepEqual(log.since('configmaps', undefined, Number(store.resourceVersion)), []);
  });

  it('forgets the oldest changes of a resource and knows from where on it is complete', () => {
    const store = createObjectStore({ now });
    const log = createChangeLog(store, 3);
    const begin = Number(store.resourceVersion);
    for (let index = 0; index < 7; index += 1) store.create('configmaps', configMap('foo', `c${index}`));
    assert.equal(log.since('configmaps', undefined, begin), undefined);
    assert.equal(log.since('configmaps', undefined, log.oldest('configmaps'))?.length, 3);
    assert.ok(log.oldest('configmaps') > begin);
    assert.equal(log.oldest('pods'), begin);
  });

  it('tells a subscriber of its namespace only, until it stops', () => {
    const store = createObjectStore({ now });
    const log = createChangeLog(store);
    const seen: number[] = [];
    const stop = log.subscribe({ resource: 'configmaps', namespace: 'foo', listener: (event) => seen.push(versionOf(event)) });
    store.create('configmaps', configMap('bar', 'a'));
    const mine = store.create('configmaps', configMap('foo', 'b'));
    stop();
    store.create('configmaps', configMap('foo', 'c'));
    assert.deepEqual(seen, [Number(mine.metadata.resourceVersion)]);
  });
});
