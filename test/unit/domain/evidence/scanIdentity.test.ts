// The identity scan on policies as people write them: what Istio expands to aliases, what it takes literally, what only people can judge.
import assert from 'node:assert/strict';
import type { IdentityFinding } from '../../../../src/domain/evidence/identityFinding.js';
import { scanIdentity } from '../../../../src/domain/evidence/scanIdentity.js';
import type { IdentityObject } from '../../../../src/domain/evidence/writtenIdentities.js';
import { textRenderer } from '../../../../src/shared/text/render.js';

const NEW = 'fleet.svc.id.goog';
const DOMAINS = { present: ['cluster.local', 'corp.example'], coming: NEW, expanded: ['cluster.local', NEW] };
const english = textRenderer('en');

function policy(rule: object, action?: string): IdentityObject {
  return { kind: 'AuthorizationPolicy', namespace: 'foo', name: 'callers', body: { spec: { ...(action === undefined ? {} : { action }), rules: [rule] } } };
}

function from(source: object, action?: string): readonly IdentityFinding[] {
  return scanIdentity([policy({ from: [{ source }] }, action)], DOMAINS);
}

function verdicts(findings: readonly IdentityFinding[]): readonly string[] {
  return findings.map(({ path, verdict }) => `${path} ${verdict}`);
}

describe('scanning for identities', () => {
  it('lets principals of cluster.local and of accepted domains be: istiod expands them to the aliases', () => {
    const principals = ['cluster.local/ns/bar/sa/sleep', `${NEW}/ns/bar/sa/sleep`, '*', '*/ns/bar/sa/sleep', '*/sa/sleep'];
    assert.deepEqual(new Set(from({ principals }).map(({ verdict }) => verdict)), new Set(['holds']));
  });

  it('finds a principal of an old domain that no control plane of the migration has as alias, and proposes cluster.local', () => {
    const [finding] = from({ principals: ['corp.example/ns/bar/sa/sleep'] });
    assert.equal(finding?.verdict, 'breaks');
    assert.equal(finding.path, 'spec.rules[0].from[0].source.principals[0]');
    assert.equal(finding.proposal, 'cluster.local/ns/bar/sa/sleep');
    assert.match(english(finding.why), /will be refused/);
  });

  it('finds a prefix of an identity, which istiod takes literally even under cluster.local', () => {
    const [finding] = from({ principals: ['cluster.local/ns/bar/*'] });
    assert.deepEqual([finding?.verdict, finding?.proposal], ['breaks', `${NEW}/ns/bar/*`]);
    assert.deepEqual(from({ principals: ['cluster.local/ns/bar/*', `${NEW}/ns/bar/*`] }).map(({ verdict }) => verdict), ['holds', 'holds']);
  });

  it('says which way it breaks: a rule that refuses, and no longer matches, lets through', () => {
    const effect = (source: object, action: string): string => english(from(source, action)[0]!.why);
    const principals = ['corp.example/ns/bar/sa/sleep'];
    assert.match(effect({ principals }, 'DENY'), /let through/);
    assert.match(effect({ notPrincipals: principals }, 'DENY'), /will be refused/);
    assert.match(effect({ notPrincipals: principals }, 'ALLOW'), /let through/);
    assert.match(effect({ principals }, 'CUSTOM'), /no longer match$/);
  });

  it('looks at the condition source.principal as well, and at no other', () => {
    const when = [
      { key: 'source.principal', values: ['corp.example/ns/bar/sa/sleep'], notValues: ['cluster.local/ns/bar/sa/x'] },
      { key: 'request.headers[x]', values: ['corp.example'] },
    ];
    assert.deepEqual(verdicts(scanIdentity([policy({ when })], DOMAINS)), [
      'spec.rules[0].when[0].values[0] breaks',
      'spec.rules[0].when[0].notValues[0] holds',
    ]);
  });

  it('leaves a domain that is nobody\'s here to a person', () => {
    assert.deepEqual(from({ principals: ['partner.example/ns/bar/sa/sleep'] }).map(({ verdict }) => verdict), ['review']);
  });

  it('finds server names that clients compare literally, wherever a DestinationRule, ServiceEntry or Gateway has them', () => {
    const name = 'spiffe://cluster.local/ns/bar/sa/reports';
    const tls = { subjectAltNames: [name] };
    const objects: readonly IdentityObject[] = [
      { kind: 'DestinationRule', namespace: 'foo', name: 'r', body: { spec: { trafficPolicy: { tls, portLevelSettings: [{ tls }] }, subsets: [{ trafficPolicy: { tls } }] } } },
      { kind: 'ServiceEntry', namespace: 'foo', name: 's', body: { spec: { subjectAltNames: [name, 'api.example.com'] } } },
      { kind: 'Gateway', namespace: 'edge', name: 'g', body: { spec: { servers: [{ tls: { subjectAltNames: [name, `spiffe://${NEW}/ns/bar/sa/reports`] } }] } } },
    ];
    assert.deepEqual(verdicts(scanIdentity(objects, DOMAINS)), [
      'spec.trafficPolicy.tls.subjectAltNames[0] breaks',
      'spec.trafficPolicy.portLevelSettings[0].tls.subjectAltNames[0] breaks',
      'spec.subsets[0].trafficPolicy.tls.subjectAltNames[0] breaks',
      'spec.subjectAltNames[0] breaks',
      'spec.servers[0].tls.subjectAltNames[0] holds',
      'spec.servers[0].tls.subjectAltNames[1] holds',
    ]);
    assert.equal(scanIdentity(objects.slice(0, 1), DOMAINS)[0]?.proposal, `spiffe://${NEW}/ns/bar/sa/reports`);
  });

  it('finds identities in the text of filters, and outside services that are told who calls', () => {
    const lua = 'if peer == "spiffe://cluster.local/ns/bar/sa/sleep" then';
    const objects: readonly IdentityObject[] = [
      { kind: 'EnvoyFilter', namespace: 'foo', name: 'f', body: { spec: { configPatches: [{ patch: { value: { inlineCode: lua } } }] } } },
      { kind: 'MeshConfig', namespace: 'istio-system', name: 'istio', body: { extensionProviders: [{ name: 'opa', envoyExtAuthzGrpc: {} }, { name: 'zipkin', zipkin: {} }] } },
    ];
    assert.deepEqual(verdicts(scanIdentity(objects, DOMAINS)), [
      'spec.configPatches[0].patch.value.inlineCode review',
      'extensionProviders[0] review',
    ]);
  });

  it('gives a finding the same id when rules before it come and go, so that a waiver goes on holding', () => {
    const finding = (rules: readonly object[]): string | undefined =>
      scanIdentity([{ ...policy({}), body: { spec: { rules } } }], DOMAINS).find(({ verdict }) => verdict === 'breaks')?.id;
    const broken = { from: [{ source: { principals: ['corp.example/ns/bar/sa/sleep'] } }] };
    assert.equal(finding([broken]), finding([{ from: [{ source: { namespaces: ['x'] } }] }, broken]));
  });

  it('makes nothing of objects that are not of the shape it knows', () => {
    for (const body of [undefined, null, [], { spec: 7 }, { spec: { rules: [null, { from: 'x', when: [3] }] } }]) {
      assert.deepEqual(scanIdentity([{ kind: 'AuthorizationPolicy', namespace: 'foo', name: 'odd', body }], DOMAINS), []);
    }
  });
});
