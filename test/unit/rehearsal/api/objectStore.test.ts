// The store gives identity and versions as an API server does.
import assert from 'node:assert/strict';
import type { StoreEvent } from '../../../../src/rehearsal/clusterBackend.js';
import type { KubeObject } from '../../../../src/rehearsal/kubeObject.js';
import { createObjectStore } from '../../../../src/rehearsal/api/objectStore.js';
import { configMap } from '../../../support/rehearsalApiBackend.js';

const now = (): Date => new Date('2026-03-01T10:00:00.123Z');

function deployment(replicas: number, extra: Partial<KubeObject> = {}): KubeObject {
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'cart', namespace: 'foo' }, spec: { replicas }, ...extra };
}

function owned(name: string, uids: readonly string[]): KubeObject {
  const ownerReferences = uids.map((uid) => ({ apiVersion: 'apps/v1', kind: 'Deployment', name: 'cart', uid }));
  return { apiVersion: 'apps/v1', kind: 'ReplicaSet', metadata: { name, namespace: 'foo', ownerReferences } };
}

describe('object store', () => {
  it('gives a new object identity, a time in whole seconds and its first generation', () => {
    const stored = createObjectStore({ now }).create('deployments.apps', deployment(2));
    assert.match(stored.metadata.uid, /^[0-9a-f-]{36}$/u);
    assert.equal(stored.metadata.creationTimestamp, '2026-03-01T10:00:00Z');
    assert.equal(stored.metadata.generation, 1);
  });

  it('refuses a second object of the same name with AlreadyExists', () => {
    const store = createObjectStore({ now });
    store.create('configmaps', configMap('foo', 'istio'));
    assert.throws(() => store.create('configmaps', configMap('foo', 'istio')), { code: 409, reason: 'AlreadyExists', message: 'configmaps "istio" already exists' });
  });

  it('refuses to replace what is not there with the sentence kubectl prints', () => {
    assert.throws(() => createObjectStore({ now }).replace('deployments.apps', deployment(1)), { code: 404, message: 'deployments.apps "cart" not found' });
  });

  it('adds to the generation when the desired state changes, and only then', () => {
    const store = createObjectStore({ now });
    store.create('deployments.apps', deployment(2));
    assert.equal(store.replace('deployments.apps', deployment(3)).metadata.generation, 2);
    assert.equal(store.replace('deployments.apps', deployment(3, { status: { replicas: 3 } })).metadata.generation, 2);
    const labelled = deployment(3, { metadata: { name: 'cart', namespace: 'foo', labels: { a: 'b' }, generation: 99 } });
    assert.equal(store.replace('deployments.apps', labelled).metadata.generation, 2);
  });

  it('counts no generations for config maps, as the real server does not', () => {
    assert.equal(createObjectStore({ now }).create('configmaps', configMap('foo', 'istio')).metadata.generation, undefined);
  });

  it('keeps the version of an object that is replaced by an equal one, and tells nobody', () => {
    const store = createObjectStore({ now });
    const first = store.create('deployments.apps', deployment(2));
    const events: StoreEvent[] = [];
    store.onChange((event) => events.push(event));
    assert.equal(store.replace('deployments.apps', structuredClone(deployment(2))), first);
    assert.deepEqual(events, []);
  });

  it('lists by namespace and name in the order of etcd keys', () => {
    const store = createObjectStore({ now });
    for (const [namespace, name] of [['foo', 'b'], ['foo', 'a'], ['foo-bar', 'c'], ['bar', 'd']] as const) store.create('configmaps', configMap(namespace, name));
    const names = store.list('configmaps').map(({ metadata }) => `${metadata.namespace ?? ''}/${metadata.name}`);
    assert.deepEqual(names, ['bar/d', 'foo-bar/c', 'foo/a', 'foo/b']);
    assert.deepEqual(store.list('configmaps', 'foo').map(({ metadata }) => metadata.name), ['a', 'b']);
  });

  it('begins ahead of every version that a store of an earlier moment gave out', () => {
    const early = createObjectStore({ now });
    for (let index = 0; index < 500; index += 1) early.create('configmaps', configMap('foo', `c${index}`));
    const later = createObjectStore({ now: () => new Date(now().getTime() + 1000) });
    assert.ok(Number(later.resourceVersion) > Number(early.resourceVersion));
  });

  it('removes what was owned, through all generations of ownership', () => {
    const store = createObjectStore({ now });
    const owner = store.create('deployments.apps', deployment(1));
    const replicaSet = store.create('replicasets.apps', owned('rs', [owner.metadata.uid]));
    store.create('pods', { ...owned('pod', [replicaSet.metadata.uid]), kind: 'Pod' });
    store.remove('deployments.apps', 'foo', 'cart');
    assert.deepEqual([...store.list('replicasets.apps'), ...store.list('pods')], []);
  });

  it('keeps what has another owner, and drops the reference', () => {
    const store = createObjectStore({ now });
    const gone = store.create('deployments.apps', deployment(1));
    const other = store.create('configmaps', configMap('foo', 'other'));
    store.create('replicasets.apps', owned('rs', [gone.metadata.uid, other.metadata.uid]));
    store.remove('deployments.apps', 'foo', 'cart');
    assert.deepEqual(store.get('replicasets.apps', 'foo', 'rs')?.metadata.ownerReferences?.map(({ uid }) => uid), [other.metadata.uid]);
  });

  it('leaves an owned pod that is already stopping to whoever stops it', () => {
    const store = createObjectStore({ now });
    const owner = store.create('deployments.apps', deployment(1));
    const stopping = owned('pod', [owner.metadata.uid]);
    store.create('pods', { ...stopping, kind: 'Pod', metadata: { ...stopping.metadata, deletionTimestamp: '2026-03-01T10:00:00Z' } });
    store.remove('deployments.apps', 'foo', 'cart');
    assert.equal(store.list('pods').length, 1);
  });

  it('tells every listener of all changes in one order, even of those that a listener makes', () => {
    const store = createObjectStore({ now });
    const seen: string[] = [];
    store.onChange(({ object }) => {
      if (object.metadata.name === 'first') store.create('configmaps', configMap('foo', 'second'));
    });
    store.onChange(({ object }) => seen.push(object.metadata.name));
    store.create('configmaps', configMap('foo', 'first'));
    assert.deepEqual(seen, ['first', 'second']);
  });

  it('tells a stopped listener nothing', () => {
    const store = createObjectStore({ now });
    const stop = store.onChange(() => assert.fail('was told'));
    stop();
    store.create('configmaps', configMap('foo', 'istio'));
  });
});
