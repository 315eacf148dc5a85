// Every spelling of Envoy's secrets comes out the same, and what is odd about them is kept.
import assert from 'node:assert/strict';
import { parseSecretDump } from '../../../../src/domain/trust/envoyDump.js';
import type { ProxySecret, SecretDump } from '../../../../src/domain/trust/secretDump.js';
import { base64, camelCased, chainEntry, emptyEntry, flatAnswer, fullAnswer, rootsEntry } from '../../../support/envoyAnswers.js';

const CHAIN = '-----BEGIN CERTIFICATE-----\nleaf\n-----END CERTIFICATE-----\n';
const ROOTS = '-----BEGIN CERTIFICATE-----\nroot\n-----END CERTIFICATE-----\n';
const OTHER_ROOTS = '-----BEGIN CERTIFICATE-----\nother\n-----END CERTIFICATE-----\n';
const BOTH = [chainEntry(CHAIN), rootsEntry(ROOTS)];

function parse(answer: unknown, state?: ProxySecret['state']): SecretDump {
  const dump = parseSecretDump(answer, state);
  assert.ok(dump.ok);
  return dump.value;
}

function secret(dump: SecretDump, name: string): ProxySecret {
  const found = dump.secrets.find((candidate) => candidate.name === name);
  assert.ok(found, `${name} is missing`);
  return found;
}

function assertBoth(dump: SecretDump): void {
  assert.equal(secret(dump, 'default').chainPem, CHAIN);
  assert.deepEqual(secret(dump, 'ROOTCA').anchors, [{ trustDomain: undefined, pem: ROOTS }]);
  assert.deepEqual(dump.secrets.map(({ state }) => state), ['active', 'active']);
  assert.deepEqual(dump.conflicts, []);
}

describe('the secrets of an Envoy answer', () => {
  it('are read from the flat list that one resource gives', () => {
    assertBoth(parse(flatAnswer(BOTH)));
  });

  it('are read from the section of a full dump, in any order', () => {
    assertBoth(parse(fullAnswer(BOTH)));
    const reversed = parse(fullAnswer([...BOTH].reverse()));
    assert.equal(secret(reversed, 'default').chainPem, CHAIN);
  });

  it('are read as istioctl spells them, with and without the list around', () => {
    assertBoth(parse(camelCased(fullAnswer(BOTH))));
    assertBoth(parse(camelCased({ dynamic_active_secrets: BOTH })));
  });

  it('are read as Envoy of Istio 1.4 types them: v2alpha, and the secret untyped', () => {
    const untyped = BOTH.map((entry) => ({ ...entry, secret: { ...entry.secret, '@type': undefined } }));
    assertBoth(parse(fullAnswer(untyped, [], 'type.googleapis.com/envoy.admin.v2alpha.SecretsConfigDump')));
  });

  it('are none in an empty object', () => {
    assert.deepEqual(parse({}), { secrets: [], conflicts: [] });
  });

  it('are unreadable in what is no object', () => {
    for (const answer of [undefined, null, 'text', [1], 7]) assert.ok(!parseSecretDump(answer).ok);
  });

  it('are warming where the warming list was asked for, or stands in the dump', () => {
    assert.equal(secret(parse(flatAnswer([emptyEntry('default')]), 'warming'), 'default').state, 'warming');
    assert.equal(secret(parse(fullAnswer([], [emptyEntry('ROOTCA')])), 'ROOTCA').state, 'warming');
  });

  it('stay active when the same name is warming as well', () => {
    const dump = parse(fullAnswer(BOTH, [emptyEntry('default')]));
    assert.equal(secret(dump, 'default').chainPem, CHAIN);
    assert.equal(secret(dump, 'default').state, 'active');
  });

  it('may be text instead of bytes, or a file of which only the name is known', () => {
    const dump = parse(
      flatAnswer([
        { name: 'ROOTCA', secret: { validation_context: { trusted_ca: { inline_string: ROOTS } } } },
        { name: 'default', secret: { tls_certificate: { certificate_chain: { filename: '/etc/certs/cert-chain.pem' } } } },
      ]),
    );
    assert.equal(secret(dump, 'ROOTCA').anchors[0]?.pem, ROOTS);
    assert.equal(secret(dump, 'default').file, '/etc/certs/cert-chain.pem');
    assert.equal(secret(dump, 'default').chainPem, undefined);
  });

  it('have roots by trust domain under SPIFFE validation', () => {
    const trust_domains = [
      { name: 'east.local', trust_bundle: { inline_bytes: base64(ROOTS) } },
      { name: 'west.local', trust_bundle: { inline_bytes: base64(OTHER_ROOTS) } },
    ];
    const validation_context = { trusted_ca: {}, custom_validator_config: { name: 'spiffe', typed_config: { trust_domains } } };
    const dump = parse(flatAnswer([{ name: 'ROOTCA', secret: { validation_context } }]));
    assert.deepEqual(secret(dump, 'ROOTCA').anchors, [
      { trustDomain: 'east.local', pem: ROOTS },
      { trustDomain: 'west.local', pem: OTHER_ROOTS },
    ]);
  });

  it('say so when their bytes are no base64, without losing the others', () => {
    const dump = parse(flatAnswer([chainEntry(CHAIN), { name: 'ROOTCA', secret: { validation_context: { trusted_ca: { inline_bytes: '%' } } } }]));
    assert.ok(secret(dump, 'ROOTCA').unreadable);
    assert.equal(secret(dump, 'default').chainPem, CHAIN);
  });

  it('of a doubled name are the newest, however many digits the times have', () => {
    const older = chainEntry('older', { updated: '2026-01-02T03:04:05Z' });
    const newer = chainEntry(CHAIN, { updated: '2026-01-02T03:04:05.001Z' });
    for (const entries of [[older, newer], [newer, older]]) {
      const dump = parse(flatAnswer(entries));
      assert.equal(dump.secrets.length, 1);
      assert.equal(secret(dump, 'default').chainPem, CHAIN);
      assert.deepEqual(dump.conflicts, []);
    }
  });

  it('are in conflict when a doubled ROOTCA has other anchors, not when only their order differs', () => {
    const doubled = (pem: string): SecretDump => parse(flatAnswer([rootsEntry(ROOTS + OTHER_ROOTS), rootsEntry(pem, { updated: '2027-01-01T00:00:00Z' })]));
    assert.deepEqual(doubled(OTHER_ROOTS + ROOTS).conflicts, []);
    const conflict = doubled(OTHER_ROOTS);
    assert.deepEqual(conflict.conflicts, ['ROOTCA']);
    assert.equal(secret(conflict, 'ROOTCA').anchors[0]?.pem, OTHER_ROOTS);
  });

  it('never hold a private key', () => {
    assert.ok(!JSON.stringify(parse(flatAnswer(BOTH))).includes('redacted'));
  });
});
