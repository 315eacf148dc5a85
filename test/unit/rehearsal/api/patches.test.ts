// The four kinds of patch change what kubectl means to change, and never their arguments.
import assert from 'node:assert/strict';
import { applyJsonPatch } from '../../../../src/rehearsal/api/jsonPatch.js';
import { applyMergePatch } from '../../../../src/rehearsal/api/mergePatch.js';
import { applyConfiguration } from '../../../../src/rehearsal/api/serverSideApply.js';
import { applyStrategicMergePatch } from '../../../../src/rehearsal/api/strategicMergePatch.js';

describe('merge patch', () => {
  it('sets, keeps and removes labels as `kubectl label` sends them', () => {
    const target = { metadata: { labels: { a: '1', b: '2' } } };
    const patched = applyMergePatch(target, { metadata: { labels: { a: null, c: '3' } } });
    assert.deepEqual(patched, { metadata: { labels: { b: '2', c: '3' } } });
    assert.deepEqual(target, { metadata: { labels: { a: '1', b: '2' } } });
  });

  it('replaces lists', () => {
    assert.deepEqual(applyMergePatch({ hosts: ['a', 'b'] }, { hosts: ['c'] }), { hosts: ['c'] });
  });
});

describe('json patch', () => {
  it('adds, replaces, removes, moves and copies', () => {
    const patched = applyJsonPatch({ a: [1, 2], b: { 'x/y': 1 }, c: 5 }, [
      { op: 'add', path: '/a/-', value: 3 },
      { op: 'add', path: '/a/0', value: 0 },
      { op: 'remove', path: '/b/x~1y' },
      { op: 'replace', path: '/c', value: 6 },
      { op: 'copy', from: '/c', path: '/d' },
      { op: 'move', from: '/c', path: '/e' },
      { op: 'test', path: '/e', value: 6 },
    ]);
    assert.deepEqual(patched, { a: [0, 1, 2, 3], b: {}, d: 6, e: 6 });
  });

  it('changes nothing when one operation fails', () => {
    const target = { a: 1 };
    assert.throws(() => applyJsonPatch(target, [{ op: 'replace', path: '/a', value: 2 }, { op: 'test', path: '/a', value: 3 }]), { code: 422 });
    assert.deepEqual(target, { a: 1 });
  });

  it('refuses to remove what is not there', () => {
    assert.throws(() => applyJsonPatch({}, [{ op: 'remove', path: '/metadata/labels/x' }]), { code: 422 });
  });
});

describe('strategic merge patch', () => {
  const template = (containers: unknown): unknown => ({ spec: { template: { spec: { containers } } } });

  it('merges containers by name and their variables by name', () => {
    const target = template([{ name: 'app', image: 'app:1', env: [{ name: 'A', value: '1' }] }, { name: 'proxy', image: 'p:1' }]);
    const patched = applyStrategicMergePatch(target, template([{ name: 'app', image: 'app:2', env: [{ name: 'B', value: '2' }] }]));
    assert.deepEqual(
      patched,
      template([{ name: 'app', image: 'app:2', env: [{ name: 'A', value: '1' }, { name: 'B', value: '2' }] }, { name: 'proxy', image: 'p:1' }]),
    );
  });

  it('tells service ports apart by port and container ports by containerPort', () => {
    assert.deepEqual(
      applyStrategicMergePatch({ spec: { ports: [{ port: 80, name: 'a' }] } }, { spec: { ports: [{ port: 80, targetPort: 8080 }] } }),
      { spec: { ports: [{ port: 80, name: 'a', targetPort: 8080 }] } },
    );
    const ports = (list: unknown): unknown => ({ containers: [{ name: 'app', ports: list }] });
    assert.deepEqual(
      applyStrategicMergePatch(ports([{ containerPort: 1 }]), ports([{ containerPort: 2 }])),
      ports([{ containerPort: 1 }, { containerPort: 2 }]),
    );
  });

  it('deletes a list item by its key', () => {
    const patch = { webhooks: [{ name: 'b', $patch: 'delete' }] };
    assert.deepEqual(applyStrategicMergePatch({ webhooks: [{ name: 'a' }, { name: 'b' }] }, patch), { webhooks: [{ name: 'a' }] });
  });

  it('replaces a list, or an object, when told to', () => {
    assert.deepEqual(applyStrategicMergePatch({ volumes: [{ name: 'a' }] }, { volumes: [{ name: 'b' }, { $patch: 'replace' }] }), { volumes: [{ name: 'b' }] });
    assert.deepEqual(applyStrategicMergePatch({ strategy: { type: 'A', x: 1 } }, { strategy: { $patch: 'replace', type: 'B' } }), { strategy: { type: 'B' } });
  });

  it('keeps only the retained keys', () => {
    const patch = { strategy: { $retainKeys: ['type'], type: 'Recreate' } };
    assert.deepEqual(applyStrategicMergePatch({ strategy: { type: 'RollingUpdate', rollingUpdate: {} } }, patch), { strategy: { type: 'Recreate' } });
  });

  it('orders lists as asked', () => {
    const patch = { '$setElementOrder/containers': [{ name: 'b' }, { name: 'a' }], containers: [{ name: 'b', image: 'b:2' }] };
    assert.deepEqual(applyStrategicMergePatch({ containers: [{ name: 'a' }, { name: 'b' }] }, patch), { containers: [{ name: 'b', image: 'b:2' }, { name: 'a' }] });
  });

  it('merges finalizers as a set and deletes single ones', () => {
    assert.deepEqual(applyStrategicMergePatch({ finalizers: ['a'] }, { finalizers: ['a', 'b'] }), { finalizers: ['a', 'b'] });
    assert.deepEqual(applyStrategicMergePatch({ finalizers: ['a', 'b'] }, { '$deleteFromPrimitiveList/finalizers': ['a'] }), { finalizers: ['b'] });
  });

  it('replaces lists that have no key', () => {
    assert.deepEqual(applyStrategicMergePatch({ args: ['a', 'b'] }, { args: ['c'] }), { args: ['c'] });
  });
});

describe('server-side apply', () => {
  const request = { manager: 'kubectl', force: false, custom: false, time: '2026-03-01T10:00:00Z' };
  const service = (labels: Record<string, string>): { apiVersion: string; kind: string; metadata: { name: string; labels: Record<string, string> } } => {
    return { apiVersion: 'v1', kind: 'Service', metadata: { name: 's', labels } };
  };

  it('removes what the same manager applied before and applies no longer', () => {
    const first = applyConfiguration(undefined, service({ a: '1', b: '2' }), request);
    const withForeign = { ...first, metadata: { ...first.metadata, labels: { ...first.metadata.labels, c: '3' } } };
    const second = applyConfiguration(withForeign, service({ a: '1' }), request);
    assert.deepEqual(second.metadata.labels, { a: '1', c: '3' });
  });

  it('is no change when the same configuration is applied again later', () => {
    const first = applyConfiguration(undefined, service({ a: '1' }), request);
    assert.deepEqual(applyConfiguration(first, service({ a: '1' }), { ...request, time: '2026-03-01T11:00:00Z' }), first);
  });

  it('leaves alone what another manager applied', () => {
    const first = applyConfiguration(undefined, service({ a: '1' }), { ...request, manager: 'asmcli' });
    const second = applyConfiguration(first, service({ b: '2' }), request);
    assert.deepEqual(second.metadata.labels, { a: '1', b: '2' });
  });
});
