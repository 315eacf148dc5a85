// Roots are named by key, over all chosen clusters.
import assert from 'node:assert/strict';
import { gatherRootKnowledge, MESH_CA_ROOT, nameRoot } from '../../../../src/domain/trust/rootNames.js';
import type { FixtureName } from '../../../support/trustCertificates.js';
import { certificate, fingerprint } from '../../../support/trustCertificates.js';
import { caRoots, cluster, meshConfigs, snapshot } from '../../../support/trustMesh.js';

const MESH = [
  snapshot('gke_p_europe-west1_one', [], {
    caRoots: caRoots(fingerprint('citadel-root')),
    declaredMeshCaRoots: [fingerprint('mesh-root')],
  }),
  snapshot('gke_p_europe-west1-b_two', [], {
    caRoots: caRoots(fingerprint('citadel-root'), fingerprint('corporate-root')),
    meshConfigs: meshConfigs(['default', 'ec.example']),
  }),
];

function nameIn(root: FixtureName, context = 'gke_p_europe-west1_one', mesh = MESH): ReturnType<typeof nameRoot> {
  return nameRoot(certificate(root), cluster(context), gatherRootKnowledge(mesh));
}

describe('the name of a root', () => {
  it('is Mesh CA for the one published key', () => {
    const root = { ...certificate('mesh-root'), fingerprint: MESH_CA_ROOT };
    assert.deepEqual(nameRoot(root, cluster('any'), gatherRootKnowledge([])), { kind: 'meshCa', rehearsal: false });
  });

  it('is Mesh CA of a rehearsal for a declared root, in the cluster that declares it alone', () => {
    assert.deepEqual(nameIn('mesh-root'), { kind: 'meshCa', rehearsal: true });
    assert.deepEqual(nameIn('mesh-root', 'gke_p_europe-west1-b_two'), { kind: 'lookalike' });
  });

  it('is a lookalike for another key under the name of Mesh CA', () => {
    assert.deepEqual(nameIn('lookalike-root'), { kind: 'lookalike' });
  });

  it('is the Istio CA of every chosen cluster that publishes it, whatever it is called', () => {
    assert.deepEqual(nameIn('citadel-root'), { kind: 'istioCa', clusters: ['one', 'two'] });
    assert.deepEqual(nameIn('corporate-root'), { kind: 'istioCa', clusters: ['two'] });
  });

  it('is an unknown Istio CA for a root of that form that no chosen cluster publishes', () => {
    assert.deepEqual(nameIn('citadel-root-of-another-cluster'), { kind: 'unknownIstioCa', trustDomain: 'cluster.local' });
    assert.deepEqual(nameIn('ec-root'), { kind: 'unknownIstioCa', trustDomain: 'ec.example' });
  });

  it('is something else for a strange subject, and for the form under a domain no control plane has', () => {
    assert.deepEqual(nameIn('corporate-root', 'gke_p_europe-west1_one', MESH.slice(0, 1)), { kind: 'other' });
    assert.deepEqual(nameIn('ec-root', 'gke_p_europe-west1_one', MESH.slice(0, 1)), { kind: 'other' });
  });
});
