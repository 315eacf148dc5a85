// Which pods a Service selects, and what it costs to know.
import assert from 'node:assert/strict';
import { createObjectStore } from '../../../../src/rehearsal/api/objectStore.js';
import type { ObjectStore } from '../../../../src/rehearsal/clusterBackend.js';
import { trackServicePods } from '../../../../src/rehearsal/controllers/servicePods.js';
import type { Service, ServicePods } from '../../../../src/rehearsal/controllers/servicePods.js';

function emptyStore(): { readonly store: ObjectStore; readonly services: ServicePods } {
  const store = createObjectStore({ now: () => new Date(0) });
  return { store, services: trackServicePods(store) };
}

function pod(store: ObjectStore, name: string, labels: Record<string, string>): void {
  store.create('pods', { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'foo', labels }, spec: { containers: [] } });
}

function service(store: ObjectStore, name: string, selector?: Record<string, string>): void {
  store.create('services', { apiVersion: 'v1', kind: 'Service', metadata: { name, namespace: 'foo' }, spec: selector === undefined ? {} : { selector } });
}

function selected(store: ObjectStore, services: ServicePods, name: string): string[] {
  return services.selectedBy(store.get('services', 'foo', name) as Service).map(({ metadata }) => metadata.name);
}

describe('the pods of a Service', () => {
  it('are those with all labels of its selector, whichever came first', () => {
    const { store, services } = emptyStore();
    pod(store, 'early', { app: 'web', tier: 'front' });
    service(store, 'web', { app: 'web', tier: 'front' });
    pod(store, 'late', { app: 'web', tier: 'front' });
    pod(store, 'other', { app: 'web', tier: 'back' });
    assert.deepEqual(selected(store, services, 'web'), ['early', 'late']);
  });

  it('follow changed labels, a changed selector, and the end of a pod', () => {
    const { store, services } = emptyStore();
    service(store, 'web', { app: 'web' });
    pod(store, 'a', { app: 'web' });
    pod(store, 'b', { app: 'web' });
    const a = store.get('pods', 'foo', 'a')!;
    store.replace('pods', { ...a, metadata: { ...a.metadata, labels: { app: 'api' } } });
    assert.deepEqual(selected(store, services, 'web'), ['b']);
    const web = store.get('services', 'foo', 'web')!;
    store.replace('services', { ...web, spec: { selector: { app: 'api' } } });
    assert.deepEqual(selected(store, services, 'web'), ['a']);
    store.remove('pods', 'foo', 'a');
    assert.deepEqual(selected(store, services, 'web'), []);
  });

  it('are none without a selector', () => {
    const { store, services } = emptyStore();
    service(store, 'external');
    pod(store, 'a', { app: 'web' });
    assert.deepEqual(selected(store, services, 'external'), []);
  });

  it('cost one comparison for each change of a pod, however many Services and pods there are', () => {
    const { store, services } = emptyStore();
    for (let index = 0; index < 300; index += 1) service(store, `s${index}`, { app: `a${index}` });
    for (let index = 0; index < 3_000; index += 1) pod(store, `p${index}`, { app: `a${index % 300}`, version: 'v1' });
    assert.equal(services.comparisons, 3_000);
    const one = store.get('pods', 'foo', 'p7')!;
    store.replace('pods', { ...one, status: { phase: 'Running' } });
    assert.equal(services.comparisons, 3_001);
  });
});
