// Who can authenticate whom: exact, each direction for itself, and never green for what is not known.
import assert from 'node:assert/strict';
import type { Authentication } from '../../../../src/domain/trust/authentication.js';
import { authenticate, authenticationRow } from '../../../../src/domain/trust/authentication.js';
import type { ProxyPosition, TrustClass } from '../../../../src/domain/trust/trustClasses.js';
import { classifyProxies } from '../../../../src/domain/trust/trustClasses.js';
import { fail } from '../../../../src/shared/failure.js';
import { NOW } from '../../../support/trustMesh.js';
import type { ProxyWords } from '../../../support/trustPositions.js';
import { accepting, proxy, root } from '../../../support/trustPositions.js';

function classOf(position: ProxyPosition<string>): TrustClass<string> {
  const [only] = classifyProxies([position], NOW);
  assert.ok(only);
  return only;
}

function judge(client: ProxyPosition<string>, server: ProxyPosition<string>): Authentication {
  return authenticate(classOf(client), classOf(server), NOW);
}

/** The kinds of a pair's reasons, each with its side; the state itself where it has none. */
function words(pair: Authentication): readonly string[] {
  return pair.kind === 'authenticates' ? ['authenticates'] : pair.reasons.map(({ kind, side }) => `${pair.kind}: ${side} ${kind}`);
}

function both(one: ProxyWords, other: ProxyWords): readonly (readonly string[])[] {
  const [first, second] = [proxy('one', one), proxy('other', other)];
  return [words(judge(first, second)), words(judge(second, first))];
}

describe('two classes of proxies', () => {
  it('authenticate when each has an anchor for the other and accepts its domain', () => {
    assert.deepEqual(both({}, {}), [['authenticates'], ['authenticates']]);
    const domains = accepting('cluster.local', 'fleet');
    const old = { anchors: [root('R'), root('M')], domains };
    assert.deepEqual(both(old, { ...old, signedBy: root('M'), domain: 'fleet' }), [['authenticates'], ['authenticates']]);
  });

  it('do not when their roots only have the same subject', () => {
    const other = { anchors: [root('S')], signedBy: root('S') };
    const neither = ['broken: client noAnchor', 'broken: server noAnchor'];
    assert.deepEqual(both({}, other), [neither, neither]);
  });

  it('do not when one trusts the other and is not trusted, whoever opens the connection', () => {
    const trusting = { anchors: [root('R'), root('S')] };
    const strict = { anchors: [root('S')], signedBy: root('S') };
    assert.deepEqual(both(trusting, strict), [['broken: server noAnchor'], ['broken: client noAnchor']]);
    const pair = judge(proxy('one', trusting), proxy('other', strict));
    assert.deepEqual(pair.kind === 'broken' && pair.reasons, [{ kind: 'noAnchor', side: 'server', root: root('R') }]);
  });

  it('do not when an anchor is for identities of another trust domain, whatever else accepts it', () => {
    const domains = accepting('cluster.local', 'fleet');
    const bound = { anchors: [{ ...root('R'), trustDomains: ['cluster.local'] }], domains };
    assert.deepEqual(both(bound, { domain: 'fleet', domains }), [['broken: client anchorOfOtherDomain'], ['broken: server anchorOfOtherDomain']]);
    assert.deepEqual(both(bound, { domains }), [['authenticates'], ['authenticates']]);
    assert.notEqual(classOf(proxy('bound', bound)).id, classOf(proxy('free', { domains })).id);
  });

  it('do not when a domain is not accepted; servers go by inbound and clients by outbound domains', () => {
    assert.deepEqual(both({}, { domain: 'fleet', domains: accepting('cluster.local', 'fleet') }), [
      ['broken: client domainNotAccepted'],
      ['broken: server domainNotAccepted'],
    ]);
    const onlyInbound = { domains: { inbound: ['cluster.local', 'fleet'], outbound: ['cluster.local'] } };
    assert.deepEqual(both(onlyInbound, { domain: 'fleet', domains: accepting('cluster.local', 'fleet') }), [
      ['broken: client domainNotAccepted'],
      ['authenticates'],
    ]);
  });

  it('do not with an expired or not yet valid certificate, or under an expired anchor', () => {
    assert.deepEqual(both({}, { certificate: { notAfter: NOW } }), [['broken: server certificateExpired'], ['broken: client certificateExpired']]);
    assert.deepEqual(both({}, { certificate: { notBefore: NOW + 1 } })[0], ['broken: server certificateNotYetValid']);
    assert.deepEqual(both({ anchors: [root('R', NOW)] }, {})[0], ['broken: client anchorExpired']);
    assert.deepEqual(both({ anchors: [{ ...root('R'), notBefore: NOW + 1 }] }, {})[0], ['broken: client anchorNotYetValid']);
    assert.deepEqual(both({ anchors: [{ ...root('R'), notBefore: NOW }] }, {})[0], ['authenticates']);
  });

  it('are not known, and never green, when one is not known or its domains are not', () => {
    const refused = { ...proxy('refused'), trust: fail({ kind: 'proxyUnreachable' as const, reason: 'connection refused' }) };
    assert.deepEqual(words(judge(refused, proxy('x'))), ['unknown: client proxies']);
    assert.deepEqual(words(judge(refused, refused)), ['unknown: client proxies', 'unknown: server proxies']);
    assert.deepEqual(words(judge(proxy('x'), proxy('y', { more: { anchorsConflict: true } }))), ['unknown: server proxies']);
    assert.deepEqual(both({ domains: 'unknown' }, {}), [['unknown: client domains'], ['unknown: server domains']]);
  });

  it('are broken where something is known to fail, although something else is not known', () => {
    assert.deepEqual(both({ domains: 'unknown', anchors: [root('S')] }, {})[0], ['broken: client noAnchor']);
  });
});

describe('the grid of all classes', () => {
  it('costs as many judgements as there are pairs of classes, and one look at each proxy', () => {
    const looks = { proxies: 0, positions: 0 };
    const counted = (position: ProxyPosition<string>): ProxyPosition<string> => ({
      member: position.member,
      domains: position.domains,
      get trust() {
        looks.proxies += 1;
        return position.trust;
      },
    });
    const kinds = [{}, { anchors: [root('S')] }, { domain: 'fleet' }, { domains: 'unknown' as const }];
    const proxies = Array.from({ length: 4000 }, (_, index) => counted(proxy(`p-${String(index)}`, kinds[index % kinds.length])));
    const classes = classifyProxies(proxies, NOW);
    assert.deepEqual([looks.proxies, classes.length], [4000, 4]);
    const watched = classes.map((one) => new Proxy(one, {
      get: (target, name) => {
        looks.positions += 1;
        assert.notEqual(name, 'members');
        return Reflect.get(target, name) as unknown;
      },
    }));
    const grid = watched.map((client) => authenticationRow(client, watched, NOW));
    assert.deepEqual([grid.length, grid.flat().length, looks.proxies], [4, 16, 4000]);
    assert.ok(looks.positions <= 16 * 20, `${String(looks.positions)} looks at classes`);
  });
});
