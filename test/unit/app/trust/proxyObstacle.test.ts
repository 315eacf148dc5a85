// Why a proxy keeps a gate shut, by its row and its cluster.
import assert from 'node:assert/strict';
import { proxyObstacle } from '../../../../src/app/trust/proxyObstacle.js';
import type { ProxyPlace } from '../../../../src/app/trust/proxyObstacle.js';
import { message } from '../../../../src/shared/text/message.js';
import { textRenderer } from '../../../../src/shared/text/render.js';
import type { TrustRow } from '../../../../src/shared/trustRows.js';
import { NEW_REVISION, podOf, stepMesh } from '../../../support/stepMesh.js';
import type { StepMesh } from '../../../support/stepMesh.js';
import { citadel, meshca, otherRoot, rowNamed } from '../../webview/rowSamples.js';

const say = textRenderer('en');
const POD = podOf('Deployment', 'httpbin', 'httpbin-1', { revision: 'default' });
const ONE_ROOT: Partial<TrustRow> = { roots: [citadel] };

function place(mesh: StepMesh = {}): ProxyPlace {
  return { snapshot: stepMesh({ pods: [POD], ...mesh }), pod: POD };
}

function told(phase: 'trust' | 'signing', row: Partial<TrustRow>, at: ProxyPlace = place(), isOldRootNeeded = true): readonly [string, string | undefined] | undefined {
  const found = proxyObstacle(phase, rowNamed('foo/httpbin-1', row), at, isOldRootNeeded);
  return found && [say(found.reason), found.action];
}

describe('what a proxy keeps shut', () => {
  it('is nothing when it is as the gate wants it, or has not been asked yet', () => {
    assert.equal(told('trust', {}), undefined);
    assert.equal(told('signing', { signedBy: meshca }), undefined);
    assert.equal(told('trust', { state: 'waiting', roots: [] }), undefined);
  });

  it('is told with its reason and asked again when it could not be read', () => {
    const why = message('failure.timedOut', { seconds: 5 });
    for (const phase of ['trust', 'signing'] as const) {
      assert.deepEqual(told(phase, { state: 'unknown', roots: [], why }), ['could not be read: no answer within 5 s', 'survey']);
    }
  });

  it('is settled by a restart where the namespace has been moved and the pod has not', () => {
    const moved = place({ labels: { 'istio.io/rev': NEW_REVISION } });
    assert.deepEqual(told('trust', ONE_ROOT, moved), [`injected by default before the namespace was moved to ${NEW_REVISION}: restart`, 'restart']);
    assert.equal(told('signing', {}, moved)?.[1], 'restart');
  });

  it('is settled by a migration where both labels are set, and where its revision hands out one root', () => {
    const both = place({ labels: { 'istio-injection': 'enabled', 'istio.io/rev': NEW_REVISION } });
    assert.match(told('trust', ONE_ROOT, both)?.[0] ?? '', /both set/);
    assert.equal(told('trust', ONE_ROOT, both)?.[1], 'migrate');
    assert.deepEqual(told('trust', ONE_ROOT), ['revision default hands out only one root: migrate', 'migrate']);
    assert.deepEqual(told('signing', {}), ['revision default has Istio CA sign: migrate to one that has Mesh CA sign', 'migrate']);
  });

  it('is settled for a gateway by the steps of gateways, each in its phase, and by no step of its namespace', () => {
    const gateway = { ...ONE_ROOT, gateway: true };
    assert.deepEqual(told('trust', gateway), ['a gateway of revision default: gateways are moved by a step of their own', 'addGateway']);
    assert.deepEqual(told('signing', gateway)?.[1], 'upgradeGateway');
    const moved = podOf('Deployment', 'httpbin', 'httpbin-1', { revision: NEW_REVISION });
    const isThere = { snapshot: stepMesh({ pods: [moved], signing: { [NEW_REVISION]: 'both' } }), pod: moved };
    const [reason, action] = told('trust', { ...gateway, revision: NEW_REVISION }, isThere) ?? [];
    assert.match(reason ?? '', /hands out both roots/);
    assert.equal(action, undefined);
  });

  it('is nothing without the old root where nobody has a certificate under it any more', () => {
    assert.equal(told('trust', { roots: [meshca] }, place(), false), undefined);
    assert.deepEqual(told('trust', { roots: [otherRoot] }, place(), false), ['trusts neither Istio CA nor Mesh CA', undefined]);
  });

  it('offers no step for roots and signers that no step explains', () => {
    assert.deepEqual(told('trust', { roots: [meshca] }), ['no longer trusts Istio CA: refuses proxies that it has signed', undefined]);
    assert.deepEqual(told('trust', { roots: [otherRoot] }), ['trusts neither Istio CA nor Mesh CA', undefined]);
    assert.deepEqual(told('signing', { signedBy: undefined }), ['its certificate verifies to no known root', undefined]);
    assert.deepEqual(told('signing', { signedBy: otherRoot }), ['signed by neither Istio CA nor Mesh CA', undefined]);
  });

  it('is said without a step for a survey from a file', () => {
    const nowhere: ProxyPlace = { snapshot: undefined, pod: undefined };
    assert.deepEqual(told('trust', ONE_ROOT, nowhere), ['trusts only Istio CA', undefined]);
    assert.deepEqual(told('signing', {}, nowhere), ['signed by Istio CA', undefined]);
  });
});
