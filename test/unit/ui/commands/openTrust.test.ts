// On which part of the mesh the panel opens, and what it looks at first.
import assert from 'node:assert/strict';
import { targetId } from '../../../../src/app/trust/proxyTargets.js';
import { openTrust } from '../../../../src/ui/commands/openTrust.js';
import { cluster, pod } from '../../../support/trustMesh.js';

const REF = cluster('one');

function opened(clicked?: unknown): readonly unknown[] {
  const shown: unknown[][] = [];
  void openTrust((...subject) => void shown.push(subject))(clicked);
  return shown[0] ?? [];
}

describe('Show Certificate Trust', () => {
  it('opens on the whole mesh from the palette, as it was last looked at', () => {
    assert.deepEqual(opened(), []);
  });

  it('opens on a cluster with how far it is', () => {
    assert.deepEqual(opened({ kind: 'cluster', ref: REF }), [{ contexts: ['one'], namespaces: [] }, { view: 'overview', id: undefined }]);
  });

  it('opens on a pod among its neighbours, with the pod itself open', () => {
    const id = targetId({ cluster: REF, pod: pod('foo', 'httpbin') });
    assert.deepEqual(opened({ kind: 'pod', ref: REF, namespace: 'foo', pod: 'httpbin' }), [{ contexts: ['one'], namespaces: ['foo'] }, { view: 'pods', id }]);
  });
});
