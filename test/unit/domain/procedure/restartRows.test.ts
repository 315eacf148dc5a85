// The gateways' restart of phase 3: a row of its own, shut until the istiod that they will connect to has proven good.
import assert from 'node:assert/strict';
import { NOTHING_LISTED } from '../../../../src/domain/mesh/gateObjects.js';
import type { ClusterSnapshot } from '../../../../src/domain/mesh/snapshot.js';
import type { ProcedureMesh } from '../../../support/procedureMesh.js';
import { blockers, draft, order, R2, situation } from '../../../support/procedureMesh.js';
import { injector } from '../../../support/stepMesh.js';

function publishing(...roots: readonly (readonly [namespace: string, fingerprint: string])[]): NonNullable<ProcedureMesh['change']> {
  const caRoots = new Map(roots.map(([namespace, fingerprint]) => [namespace, { namespace, uid: namespace, fingerprints: [fingerprint] }]));
  return (snapshot: ClusterSnapshot) => ({ ...snapshot, caRoots });
}

function inTheWay(mesh: ProcedureMesh): string {
  return blockers(draft(order('restart-gateways', 3), situation(mesh))).join('\n');
}

describe('restart-gateways', () => {
  it('is free where all namespaces publish one root and istiod of REVISION_2 is ready', () => {
    assert.equal(inTheWay({ change: publishing(['istio-system', 'NEW'], ['foo', 'NEW']) }), '');
  });

  it('is shut while a namespace publishes another root than the others, and while istiod is not ready', () => {
    assert.match(inTheWay({ change: publishing(['istio-system', 'OLD'], ['foo', 'NEW'], ['bar', 'NEW']) }), /lagging: istio-system/u);
    assert.match(inTheWay({ mesh: { istiods: { [R2]: 0 }, injectors: [injector(R2)] } }), /No istiod of asm-1232-2-meshca-ca-migration is ready/u);
  });

  it('is shut while nobody knows what webhooks trust', () => {
    assert.match(inTheWay({ objects: { mutatingWebhooks: NOTHING_LISTED.mutatingWebhooks } }), /have not been read/u);
  });
});
