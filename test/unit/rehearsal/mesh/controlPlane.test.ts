// What each kind of control plane hands out, as a table of values.
import assert from 'node:assert/strict';
import {
  acceptedDomains,
  caSourceAtStart,
  injects,
  isServerTrusted,
  MESH_CA_VARIANTS,
  maintainsRootConfigMap,
  pinnedDomains,
  pushedAnchors,
  signsUnder,
} from '../../../../src/rehearsal/mesh/controlPlane.js';
import type { ControlPlane } from '../../../../src/rehearsal/mesh/controlPlane.js';

const OLD: ControlPlane = {
  revision: 'default',
  trustDomain: 'cluster.local',
  trustDomainAliases: [],
  caCertificates: [],
  isMultiRoot: false,
  servesCa: true,
  caRoot: 'root-c',
  variant: 'oldRootToo',
};
const REVISION_1: ControlPlane = {
  ...OLD,
  revision: 'r1',
  trustDomainAliases: ['fleet.svc.id.goog'],
  caCertificates: [{ pem: 'root-m', trustDomains: [] }],
  isMultiRoot: true,
};
const REVISION_2: ControlPlane = { ...REVISION_1, revision: 'r2', caCertificates: [], servesCa: false };

describe('what a control plane hands out', () => {
  it('is nothing beside the CA’s own root on the old ones', () => {
    assert.deepEqual(pushedAnchors(OLD), []);
    assert.deepEqual(pushedAnchors({ ...OLD, caCertificates: REVISION_1.caCertificates }), []);
  });

  it('is all of root-cert.pem with each certificate, but its last root alone in the releases that cut it', () => {
    const bundled = { ...OLD, caRootBundle: ['root-x', 'root-c'] };
    const handedOn = (version: string): readonly string[] | undefined => signsUnder({ ...bundled, version })?.handsOn;
    assert.deepEqual(['1.16.7', '1.25.2'].map(handedOn), [bundled.caRootBundle, bundled.caRootBundle]);
    assert.deepEqual(['1.24.4', '1.25.1', '1.25.1-asm.3'].map(handedOn), [['root-c'], ['root-c'], ['root-c']]);
    assert.deepEqual(pushedAnchors({ ...bundled, ...{ isMultiRoot: true, version: '1.25.1' } }), ['root-x', 'root-c'], 'pushes have all of it');
    assert.equal(signsUnder(OLD)?.handsOn, undefined);
  });

  it('is both roots in phase 1', () => {
    assert.deepEqual(pushedAnchors(REVISION_1), ['root-c', 'root-m']);
  });

  it('is the old root in phase 2 as long as it was loaded from a Secret', () => {
    assert.deepEqual(pushedAnchors(REVISION_2), ['root-c']);
    assert.deepEqual(pushedAnchors({ ...REVISION_2, caRoot: undefined }), []);
  });

  it('is the trust domain, its aliases and what caCertificates bring as accepted domains; clients pin only its own', () => {
    const istiod = { ...REVISION_1, caCertificates: [{ pem: 'x', trustDomains: ['partner.example', 'cluster.local'] }] };
    assert.deepEqual(acceptedDomains(istiod), ['cluster.local', 'fleet.svc.id.goog', 'partner.example']);
    assert.deepEqual(pinnedDomains(istiod), ['cluster.local', 'fleet.svc.id.goog']);
  });
});

describe('the CA that a starting istiod loads', () => {
  const both = { pluggedIn: 'usable', selfSigned: true } as const;
  const none = { pluggedIn: 'none', selfSigned: false } as const;
  it('is the plugged-in one before the self-signed one', () => {
    assert.equal(caSourceAtStart(OLD, both), 'pluggedIn');
    assert.equal(caSourceAtStart(OLD, { ...both, pluggedIn: 'none' }), 'selfSigned');
  });

  it('is a new one when there is none, but only where it signs', () => {
    assert.equal(caSourceAtStart(OLD, none), 'generated');
    assert.equal(caSourceAtStart(REVISION_2, none), 'none');
  });

  it('is none in the variant that hands out Mesh CA alone', () => {
    assert.equal(caSourceAtStart({ ...REVISION_2, variant: 'meshCaOnly' }, both), 'none');
    assert.equal(caSourceAtStart({ ...OLD, variant: 'meshCaOnly' }, both), 'pluggedIn');
  });
});

describe('what an istiod signs with', () => {
  it('is the root it loaded and its own trust domain, and nothing where it does not serve as a CA', () => {
    assert.deepEqual(signsUnder(OLD), { root: 'root-c', identityDomain: 'cluster.local' });
    assert.equal(signsUnder(REVISION_2), undefined);
  });

  it('is nothing that comes up from a cacerts with parts that do not fit; one without its key counts as none', () => {
    assert.equal(caSourceAtStart(OLD, { pluggedIn: 'unusable', selfSigned: true }), 'unusable');
    assert.equal(caSourceAtStart(OLD, { pluggedIn: 'none', selfSigned: false }), 'generated');
  });

  it('serves under that root, which clients have to hold', () => {
    assert.equal(isServerTrusted('root-c', OLD), true);
    assert.equal(isServerTrusted('root-x', OLD), false);
    assert.equal(isServerTrusted(undefined, OLD), false);
    assert.equal(isServerTrusted(undefined, { ...REVISION_2, caRoot: undefined }), true);
  });
});

describe('the variants of the Mesh CA control plane', () => {
  it('make a new root after phase 3 in one of them only', () => {
    const none = { pluggedIn: 'none', selfSigned: false } as const;
    const sources = MESH_CA_VARIANTS.map((variant) => `${variant}: ${caSourceAtStart({ ...REVISION_2, variant }, none)}`);
    assert.deepEqual(sources, [
      'oldRootToo: none',
      'meshCaOnly: none',
      'injectionRefused: none',
      'rootConfigMapAbandoned: none',
      'newRootAfterwards: generated',
    ]);
  });


  it('differ in injection and in the upkeep of istio-ca-root-cert, and leave other control planes alone', () => {
    assert.equal(injects({ ...REVISION_2, variant: 'injectionRefused' }), false);
    assert.equal(injects({ ...OLD, variant: 'injectionRefused' }), true);
    assert.equal(maintainsRootConfigMap({ ...REVISION_2, variant: 'rootConfigMapAbandoned' }), false);
    assert.equal(maintainsRootConfigMap({ ...OLD, variant: 'rootConfigMapAbandoned' }), true);
    assert.equal(maintainsRootConfigMap(REVISION_2), true);
  });
});
