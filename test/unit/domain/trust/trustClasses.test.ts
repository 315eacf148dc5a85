// Which proxies are alike, and that every proxy is looked at once.
import assert from 'node:assert/strict';
import type { ProxyPosition } from '../../../../src/domain/trust/trustClasses.js';
import { classifyProxies } from '../../../../src/domain/trust/trustClasses.js';
import { fail } from '../../../../src/shared/failure.js';
import { NOW } from '../../../support/trustMesh.js';
import { accepting, proxy, root } from '../../../support/trustPositions.js';

function membersOf(...proxies: readonly ProxyPosition<string>[]): readonly (readonly string[])[] {
  return classifyProxies(proxies, NOW).map(({ members }) => members);
}

describe('classes of proxies', () => {
  it('are the same whatever the order of anchors and domains, the identity within its domain, and the leaf', () => {
    const one = proxy('one', { anchors: [root('R'), root('S')], domains: accepting('a', 'b') });
    const other = proxy('other', { anchors: [root('S'), root('R')], domains: accepting('b', 'a') });
    assert.deepEqual(membersOf(one, other), [['one', 'other']]);
  });

  it('differ by anchors, signer, identity domain, accepted domains in each direction, and validity', () => {
    const differing = [
      proxy('plain'),
      proxy('anchors', { anchors: [root('R'), root('S')] }),
      proxy('signer', { signedBy: root('S') }),
      proxy('identity', { domain: 'fleet.svc.id.goog' }),
      proxy('inbound', { domains: { inbound: ['cluster.local', 'x'], outbound: ['cluster.local'] } }),
      proxy('outbound', { domains: { inbound: ['cluster.local'], outbound: ['cluster.local', 'x'] } }),
      proxy('domains not known', { domains: 'unknown' }),
      proxy('expired', { certificate: { notAfter: NOW } }),
      proxy('not yet valid', { certificate: { notBefore: NOW + 1 } }),
    ];
    assert.deepEqual(membersOf(...differing), differing.map(({ member }) => [member]));
  });

  it('tell roots apart by key, not by name', () => {
    assert.deepEqual(membersOf(proxy('one', { anchors: [root('R')] }), proxy('other', { anchors: [root('S')] })), [['one'], ['other']]);
  });

  it('of proxies that are not known are one for each reason, whatever the words, and come last', () => {
    const refused = (member: string): ProxyPosition<string> => ({ ...proxy(member), trust: fail({ kind: 'proxyUnreachable', reason: `no route to ${member}` }) });
    const classes = classifyProxies(
      [
        refused('refused-1'),
        proxy('warming', { more: { certificate: { state: 'warming' } } }),
        proxy('no roots', { more: { anchors: { state: 'notLoaded' } } }),
        proxy('no certificate', { more: { certificate: { state: 'notLoaded' } } }),
        proxy('conflict', { more: { anchorsConflict: true } }),
        proxy('unverified', { certificate: { signedBy: undefined } }),
        proxy('nameless', { certificate: { spiffeId: undefined } }),
        proxy('file', { more: { anchors: { state: 'unreadable', failure: { kind: 'certificateUnreadable', reason: 'x' } } } }),
        refused('refused-2'),
        proxy('read'),
      ],
      NOW,
    );
    assert.deepEqual(
      classes.map((one) => [one.kind === 'known' ? 'known' : one.why.kind, ...one.members]),
      [
        ['known', 'read'],
        ['unread', 'refused-1', 'refused-2'],
        ['warming', 'warming'],
        ['rootsNotLoaded', 'no roots'],
        ['certificateNotLoaded', 'no certificate'],
        ['conflictingRoots', 'conflict'],
        ['unverified', 'unverified'],
        ['noIdentity', 'nameless'],
        ['unread', 'file'],
      ],
    );
  });

  it('go by the first intermediate that ends, too', () => {
    const classes = classifyProxies([proxy('x', { certificate: { intermediatesNotAfter: NOW } })], NOW);
    assert.equal(classes[0]?.kind === 'known' && classes[0].position.validity, 'expired');
  });

  it('go by the last intermediate that begins, too', () => {
    const validityOf = (intermediatesNotBefore: number): unknown => {
      const [first] = classifyProxies([proxy('x', { certificate: { intermediatesNotBefore } })], NOW);
      return first?.kind === 'known' && first.position.validity;
    };
    assert.deepEqual([validityOf(NOW + 1), validityOf(NOW)], ['notYetValid', 'valid']);
  });
});
