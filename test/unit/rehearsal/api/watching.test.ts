// Watches over real HTTPS: where they begin, what they show through a selector, and how they end.
import assert from 'node:assert/strict';
import { startTestApi } from '../../../support/rehearsalApi.js';
import type { TestApi } from '../../../support/rehearsalApi.js';
import { configMap, createInMemoryCluster } from '../../../support/rehearsalApiBackend.js';
import { openWatch } from '../../../support/rehearsalApiWatch.js';
import type { WatchEvent } from '../../../support/rehearsalApiWatch.js';

const TABLE = 'application/json;as=Table;v=v1;g=meta.k8s.io';
const CONFIG_MAPS = '/api/v1/namespaces/foo/configmaps';

function shown(events: readonly WatchEvent[]): string[] {
  return events.map(({ type, object }) => `${type} ${object.text('metadata', 'name')}`);
}

describe('watch', () => {
  let api: TestApi;
  const version = (): string => api.cluster.backend.store.resourceVersion;
  const create = (name: string, labels?: Record<string, string>): unknown => api.cluster.backend.store.create('configmaps', configMap('foo', name, labels));
  const label = (name: string, labels: Record<string, string>): unknown => api.cluster.backend.store.replace('configmaps', configMap('foo', name, labels));

  beforeEach(async () => {
    api = await startTestApi();
  });
  afterEach(() => api.close());

  it('goes on where a list ended: first what happened meanwhile, then what happens', async () => {
    create('before');
    const from = version();
    create('between');
    const watch = await openWatch(api, `${CONFIG_MAPS}?watch=true&resourceVersion=${from}`);
    assert.deepEqual(shown(await watch.take(1)), ['ADDED between']);
    create('after');
    label('after', { a: 'b' });
    api.cluster.backend.store.remove('configmaps', 'foo', 'between');
    assert.deepEqual(shown(await watch.take(3)), ['ADDED after', 'MODIFIED after', 'DELETED between']);
  });

  it('begins with what is there when no version is given', async () => {
    create('there');
    const watch = await openWatch(api, `${CONFIG_MAPS}?watch=1`);
    assert.deepEqual(shown(await watch.take(1)), ['ADDED there']);
  });

  it('marks the end of what is there when asked to send it', async () => {
    create('there');
    const watch = await openWatch(api, `${CONFIG_MAPS}?watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true`);
    const [added, bookmark] = await watch.take(2);
    assert.equal(added?.type, 'ADDED');
    assert.equal(bookmark?.type, 'BOOKMARK');
    assert.equal(bookmark.object.at('metadata', 'annotations', 'k8s.io/initial-events-end'), 'true');
    assert.equal(bookmark.object.at('metadata', 'resourceVersion'), version());
  });

  it('shows what comes into the view of a selector as added and what leaves it as deleted', async () => {
    create('c', { track: 'no' });
    const watch = await openWatch(api, `${CONFIG_MAPS}?watch=1&resourceVersion=${version()}&labelSelector=track%3Dyes`);
    label('c', { track: 'yes' });
    label('c', { track: 'yes', more: 'x' });
    label('c', { track: 'no' });
    label('c', { track: 'no', more: 'y' });
    api.cluster.backend.store.remove('configmaps', 'foo', 'c');
    create('end', { track: 'yes' });
    assert.deepEqual(shown(await watch.take(4)), ['ADDED c', 'MODIFIED c', 'DELETED c', 'ADDED end']);
  });

  it('ends at its timeout with a bookmark of the present version', async () => {
    const watch = await openWatch(api, `${CONFIG_MAPS}?watch=1&resourceVersion=${version()}&allowWatchBookmarks=true&timeoutSeconds=1`);
    const bookmark = await watch.next();
    assert.deepEqual([bookmark?.type, bookmark?.object.at('metadata', 'resourceVersion')], ['BOOKMARK', version()]);
    assert.equal(await watch.next(), undefined);
  });

  it('says 410 Expired inside the stream to a version that it does not keep', async () => {
    const watch = await openWatch(api, `${CONFIG_MAPS}?watch=1&resourceVersion=1`);
    assert.equal(watch.code, 200);
    const error = await watch.next();
    assert.deepEqual([error?.type, error?.object.at('code'), error?.object.at('reason')], ['ERROR', 410, 'Expired']);
    assert.match(String(error?.object.at('message')), /^too old resource version: 1 /u);
    assert.equal(await watch.next(), undefined);
  });

  it('sends a watcher of a server that was started anew back to listing', async () => {
    const seen = version();
    await api.close();
    const later = createInMemoryCluster({ now: () => new Date(Date.now() + 60_000) });
    api = await startTestApi({ cluster: later });
    const watch = await openWatch(api, `${CONFIG_MAPS}?watch=1&resourceVersion=${seen}`);
    assert.equal((await watch.next())?.object.at('code'), 410);
  });

  it('answers 504 to a version from the future', async () => {
    const future = String(Number(version()) + 1000);
    assert.equal((await api.request(`${CONFIG_MAPS}?watch=1&resourceVersion=${future}`)).json.at('details', 'causes', 0, 'reason'), 'ResourceVersionTooLarge');
  });

  it('answers tables, with columns in the first event only', async () => {
    create('a');
    const watch = await openWatch(api, `${CONFIG_MAPS}?watch=1`, TABLE);
    create('b');
    const [first, second] = await watch.take(2);
    assert.deepEqual(first?.object.list('columnDefinitions').map((column) => column.text('name')), ['Name', 'Data', 'Age']);
    assert.equal(second?.object.at('columnDefinitions'), null);
    assert.equal(second.object.at('rows', 0, 'object', 'metadata', 'name'), 'b');
  });

  it('follows all namespaces at once', async () => {
    const watch = await openWatch(api, `/api/v1/configmaps?watch=1&resourceVersion=${version()}`);
    create('a');
    api.cluster.backend.store.create('configmaps', configMap('bar', 'b'));
    assert.deepEqual(shown(await watch.take(2)), ['ADDED a', 'ADDED b']);
  });

  it('ends at once when the server closes', async () => {
    const watch = await openWatch(api, `${CONFIG_MAPS}?watch=1&resourceVersion=${version()}`);
    await api.close();
    assert.equal(await watch.next(), undefined);
  });
});
