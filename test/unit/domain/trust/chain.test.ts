// Which root a presented chain leads to, by signatures.
import assert from 'node:assert/strict';
import { findVerifiedRoot } from '../../../../src/domain/trust/chain.js';
import type { FixtureName } from '../../../support/trustCertificates.js';
import { certificate, fingerprint, reader } from '../../../support/trustCertificates.js';

function rootOf(presented: readonly FixtureName[], anchors: readonly FixtureName[] = []): string | undefined {
  return findVerifiedRoot(presented.map(certificate), anchors.map(certificate), (leaf, issuer) => reader.isSignedBy(leaf, issuer))?.fingerprint;
}

describe('the root that a chain verifies to', () => {
  it('is the self-signed certificate at its end', () => {
    assert.equal(rootOf(['citadel-leaf', 'citadel-root']), fingerprint('citadel-root'));
    assert.equal(rootOf(['mesh-leaf', 'mesh-intermediate', 'mesh-root']), fingerprint('mesh-root'));
  });

  it('is found among several roots after the chain, wherever it stands', () => {
    assert.equal(rootOf(['citadel-leaf', 'citadel-root', 'mesh-root']), fingerprint('citadel-root'));
    assert.equal(rootOf(['citadel-leaf', 'mesh-root', 'citadel-root', 'corporate-root']), fingerprint('citadel-root'));
    assert.equal(rootOf(['mesh-leaf', 'citadel-root', 'mesh-root', 'mesh-intermediate']), fingerprint('mesh-root'));
  });

  it('is not one of the same name with another key', () => {
    assert.equal(rootOf(['citadel-leaf', 'citadel-root-of-another-cluster']), undefined);
    assert.equal(rootOf(['citadel-leaf', 'citadel-root-of-another-cluster', 'citadel-root']), fingerprint('citadel-root'));
    assert.equal(rootOf(['mesh-leaf', 'mesh-intermediate', 'lookalike-root']), undefined);
  });

  it('is found among the anchors when the chain leaves it out', () => {
    assert.equal(rootOf(['ec-leaf', 'ec-intermediate'], ['corporate-root', 'ec-root']), fingerprint('ec-root'));
  });

  it('is none when a link of the chain is missing', () => {
    assert.equal(rootOf(['mesh-leaf', 'mesh-root']), undefined);
    assert.equal(rootOf(['citadel-leaf']), undefined);
    assert.equal(rootOf([]), undefined);
  });

  it('is an anchor that is an intermediate where the chain leaves that out, as for Envoy, whatever the proxy has above it', () => {
    assert.equal(rootOf(['mesh-leaf'], ['mesh-intermediate']), fingerprint('mesh-intermediate'));
    // A peer that has the root alone is never shown the intermediate between.
    assert.equal(rootOf(['mesh-leaf'], ['mesh-root', 'mesh-intermediate']), fingerprint('mesh-intermediate'));
    assert.equal(rootOf(['mesh-leaf', 'mesh-root'], ['mesh-intermediate']), fingerprint('mesh-intermediate'));
  });

  it('is the root, and not the intermediate below it, where both are anchors and the intermediate is presented', () => {
    assert.equal(rootOf(['mesh-leaf', 'mesh-intermediate'], ['mesh-intermediate', 'mesh-root']), fingerprint('mesh-root'));
    assert.equal(rootOf(['mesh-leaf', 'mesh-intermediate', 'mesh-root'], ['mesh-intermediate']), fingerprint('mesh-root'));
  });
});
