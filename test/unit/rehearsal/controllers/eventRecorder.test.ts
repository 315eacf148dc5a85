// Events in the store: one for each happening, counted where it happens again.
import assert from 'node:assert/strict';
import { createObjectStore } from '../../../../src/rehearsal/api/objectStore.js';
import { recordEvent } from '../../../../src/rehearsal/controllers/eventRecorder.js';
import { createPodFactory } from '../../../../src/rehearsal/controllers/podFactory.js';

describe('events', () => {
  const start = new Date('2026-03-01T10:00:00Z');
  const later = new Date('2026-03-01T10:05:00Z');
  const replicaSet = { apiVersion: 'apps/v1', kind: 'ReplicaSet', metadata: { name: 'web-1', namespace: 'foo' } };

  it('are counted up when the same happens to the same object again', () => {
    const store = createObjectStore({ now: () => start });
    const object = store.create('replicasets.apps', replicaSet);
    const happening = { object, type: 'Warning', reason: 'FailedCreate', message: 'no', component: 'replicaset-controller' } as const;
    recordEvent(store, start, happening);
    recordEvent(store, later, happening);
    recordEvent(store, later, { ...happening, message: 'another' });
    const [first, second, ...others] = [...store.list('events', 'foo')].sort((one, other) => Number(other.count) - Number(one.count));
    assert.deepEqual([first?.count, first?.firstTimestamp, first?.lastTimestamp], [2, '2026-03-01T10:00:00Z', '2026-03-01T10:05:00Z']);
    assert.deepEqual([second?.count, others.length], [1, 0]);
  });

  it('tell of a pod that admission refused, in the controller’s words', () => {
    const store = createObjectStore({ now: () => start });
    const owner = store.create('replicasets.apps', replicaSet);
    const factory = createPodFactory(store, () => ({ refused: 'failed calling webhook "x"' }), () => start);
    factory.createPod({ owner, name: 'web-1-a', template: { spec: { containers: [] } } });
    const [event] = store.list('events', 'foo');
    assert.deepEqual(
      [event?.reason, event?.message, (event?.involvedObject as { uid: string }).uid, event?.source],
      ['FailedCreate', 'Error creating: Internal error occurred: failed calling webhook "x"', owner.metadata.uid, { component: 'replicaset-controller' }],
    );
    const full = createPodFactory(store, () => ({ refused: 'pods "web-1-b" is forbidden', forbidden: true }), () => start);
    assert.equal(full.createPod({ owner, name: 'web-1-b', template: { spec: { containers: [] } } }), 'pods "web-1-b" is forbidden', 'a quota is no error of the server');
  });
});
