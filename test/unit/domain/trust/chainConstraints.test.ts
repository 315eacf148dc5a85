// What a chain may not lead over: certificates that may not issue others, and more intermediates than one of them allows.
import assert from 'node:assert/strict';
import { findVerifiedPath } from '../../../../src/domain/trust/chain.js';
import { keyUsage } from '../../../../src/rehearsal/pki/certificateExtensions.js';
import type { MadeCertificate } from '../../../support/madeCertificates.js';
import { factsOf, makeCertificate, makeKey, makeLeaf, rawExtension } from '../../../support/madeCertificates.js';
import { reader } from '../../../support/trustCertificates.js';

/** Contents of basicConstraints. */
const AUTHORITY = '30030101ff';
const NO_AUTHORITY = '3000';
const NO_INTERMEDIATE = '30060101ff020100';
const ONE_INTERMEDIATE = '30060101ff020101';

function authority(name: string, constraints: string | undefined, issuer?: MadeCertificate, more: Parameters<typeof makeCertificate>[0]['key'] = makeKey()): MadeCertificate {
  const extensions = [keyUsage('authority'), ...(constraints === undefined ? [] : [rawExtension('2.5.29.19', constraints)])];
  return makeCertificate({ name: [['CN', name]], key: more, extensions, ...(issuer && { issuer }) });
}

/** The subjects on the path of a leaf that the last of these signed, with the first of them as the anchor. */
function pathOver(root: MadeCertificate, ...intermediates: readonly MadeCertificate[]): readonly string[] {
  const { key, name } = intermediates.at(-1) ?? root;
  const leaf = factsOf(makeLeaf(key, 'spiffe://cluster.local/ns/foo/sa/a', name));
  const presented = [leaf, ...[...intermediates].reverse().map(({ pem }) => factsOf(pem))];
  return findVerifiedPath(presented, [factsOf(root.pem)], (certificate, issuer) => reader.isSignedBy(certificate, issuer)).map(({ subject }) => subject);
}

describe('a chain', () => {
  const root = authority('root', AUTHORITY);

  it('leads over intermediates that are authorities', () => {
    const upper = authority('upper', AUTHORITY, root);
    assert.deepEqual(pathOver(root, upper, authority('lower', AUTHORITY, upper)), ['CN=lower', 'CN=upper', 'CN=root']);
  });

  it('leads over none that says that it is no authority, that does not say, or whose word is malformed', () => {
    for (const constraints of [NO_AUTHORITY, undefined, '3003010100', '0101ff', '30060101ff0201', '30060101ff0201ff', '3080', '']) {
      assert.deepEqual(pathOver(root, authority('intermediate', constraints, root)), [], constraints);
    }
  });

  it('has no more intermediates below one than that one allows', () => {
    const none = authority('none', NO_INTERMEDIATE, root);
    assert.deepEqual(pathOver(root, none), ['CN=none', 'CN=root']);
    assert.deepEqual(pathOver(root, none, authority('lower', AUTHORITY, none)), []);
    const one = authority('one', ONE_INTERMEDIATE, root);
    const middle = authority('middle', AUTHORITY, one);
    assert.deepEqual(pathOver(root, one, middle), ['CN=middle', 'CN=one', 'CN=root']);
    assert.deepEqual(pathOver(root, one, middle, authority('lower', AUTHORITY, middle)), []);
  });

  it('may have self-issued ones besides: an authority that goes over to another key', () => {
    const none = authority('none', NO_INTERMEDIATE, root);
    const nextKey = authority('none', AUTHORITY, none);
    assert.deepEqual(pathOver(root, none, nextKey), ['CN=none', 'CN=none', 'CN=root']);
  });

  it('may end in an anchor whatever that says of itself, as for Envoy', () => {
    const narrow = authority('narrow', NO_INTERMEDIATE);
    const upper = authority('upper', AUTHORITY, narrow);
    assert.deepEqual(pathOver(narrow, upper, authority('lower', AUTHORITY, upper)), ['CN=lower', 'CN=upper', 'CN=narrow']);
    assert.deepEqual(pathOver(authority('silent', undefined)), ['CN=silent']);
  });
});
