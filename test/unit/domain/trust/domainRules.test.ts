// Whom a revision's proxies accept: mesh config, istiod's environment, and the listener of a sample, which counts more than both.
import assert from 'node:assert/strict';
import type { WorkloadFacts } from '../../../../src/domain/mesh/facts.js';
import type { ClusterSnapshot } from '../../../../src/domain/mesh/snapshot.js';
import { authenticate } from '../../../../src/domain/trust/authentication.js';
import { configuredRules, sampledRules, undeliveredDomains } from '../../../../src/domain/trust/domainRules.js';
import { parseInboundListener } from '../../../../src/domain/trust/inboundDomains.js';
import type { InboundListener } from '../../../../src/domain/trust/inboundDomains.js';
import { classifyProxies } from '../../../../src/domain/trust/trustClasses.js';
import { camelCased, domainMatchers, listenersAnswer } from '../../../support/envoyAnswers.js';
import { meshConfigs, NOW, snapshot } from '../../../support/trustMesh.js';
import { accepting, proxy } from '../../../support/trustPositions.js';

const CONFIGS = meshConfigs(['default', 'cluster.local', 'old.local'], ['new', 'fleet']);

function withIstiods(...istiods: readonly (readonly [revision: string, environment: Record<string, string>])[]): ClusterSnapshot {
  const workloads = istiods.map(([revision, environment], index) => {
    const facts = { kind: 'Deployment', namespace: 'istio-system', name: `istiod-${index}`, labels: { app: 'istiod', 'istio.io/rev': revision }, environment };
    return [`Deployment/${facts.name}`, facts as unknown as WorkloadFacts] as const;
  });
  const system = { name: 'istio-system', facts: undefined, pods: new Map(), workloads: new Map(workloads), services: new Map() };
  return { ...snapshot('one', [], { meshConfigs: CONFIGS }), namespaces: new Map([['istio-system', system]]) };
}

function listener(answer: unknown): InboundListener {
  const read = parseInboundListener(answer);
  assert.ok(read.ok);
  return read.value;
}

/** The chains of a virtualInbound listener: with TLS, without, and the one that ends loops. */
function chains(...kinds: readonly ('tls' | 'plain' | 'blackhole')[]): object {
  const tls = { name: 'virtualInbound', transport_socket: { typed_config: { common_tls_context: { combined_validation_context: {} } } } };
  const filter_chains = kinds.map((kind) => (kind === 'tls' ? tls : { name: kind === 'plain' ? 'virtualInbound' : 'virtualInbound-blackhole' }));
  return { configs: [{ name: 'virtualInbound', active_state: { listener: { name: 'virtualInbound', filter_chains } } }] };
}

describe('the domains that a revision accepts', () => {
  it('are the trust domain and the aliases of its own mesh config', () => {
    const rules = configuredRules(withIstiods(['default', {}]));
    assert.deepEqual(rules.get('default'), { inbound: ['cluster.local', 'old.local'], outbound: ['cluster.local', 'old.local'] });
    assert.deepEqual(rules.get('new'), { inbound: ['fleet'], outbound: ['fleet'] });
  });

  it('are any for its servers when its istiod is told not to validate, and stay its own for clients', () => {
    const rules = configuredRules(withIstiods(['default', { PILOT_SKIP_VALIDATE_TRUST_DOMAIN: 'true' }], ['new', { PILOT_SKIP_VALIDATE_TRUST_DOMAIN: 'false' }]));
    assert.deepEqual([rules.get('default')?.anyInbound, rules.get('new')?.anyInbound], [true, undefined]);
    assert.deepEqual(rules.get('default')?.outbound, ['cluster.local', 'old.local']);
  });

  it('are not any while one of two istiods of the revision still validates', () => {
    const rules = configuredRules(withIstiods(['default', { PILOT_SKIP_VALIDATE_TRUST_DOMAIN: '1' }], ['default', {}]));
    assert.equal(rules.get('default')?.anyInbound, undefined);
  });

  it('are what a sample shows, where there is one, and what it lacks is told', () => {
    const configured = { inbound: ['a', 'b'], outbound: ['a', 'b'] };
    const behind = listener(listenersAnswer(domainMatchers('a')));
    assert.deepEqual(sampledRules(configured, behind), { inbound: ['a'], outbound: ['a', 'b'] });
    assert.deepEqual(undeliveredDomains(configured, behind), ['b']);
    assert.deepEqual(sampledRules(configured, listener(listenersAnswer([]))), { inbound: ['a', 'b'], outbound: ['a', 'b'], anyInbound: true });
    assert.deepEqual(sampledRules(configured, listener({})), configured);
  });

  it('let any client in where nothing is validated, but not every server be believed', () => {
    const open = { ...accepting('cluster.local'), anyInbound: true as const };
    const [server, client] = classifyProxies([proxy('server', { domains: open }), proxy('client', { domain: 'other', domains: accepting('other', 'cluster.local') })], NOW);
    assert.equal(authenticate(client!, server!, NOW).kind, 'authenticates');
    assert.equal(authenticate(server!, client!, NOW).kind, 'broken');
  });
});

describe('the mTLS mode of an inbound listener', () => {
  it('is told by which chains have TLS, whatever chain ends loops, in both spellings', () => {
    assert.equal(listener(chains('tls', 'tls', 'blackhole')).mtls, 'strict');
    assert.equal(listener(chains('tls', 'plain', 'blackhole')).mtls, 'permissive');
    assert.equal(listener(chains('plain', 'blackhole')).mtls, 'disable');
    assert.equal(listener(camelCased(chains('tls', 'plain'))).mtls, 'permissive');
    assert.equal(listener({}).mtls, 'unknown');
  });

  it('is read from what istioctl prints as well', () => {
    const { configs } = chains('tls') as { configs: { active_state: { listener: object } }[] };
    assert.deepEqual(listener(camelCased([configs[0]?.active_state.listener])), { domains: { kind: 'any' }, mtls: 'strict' });
  });

  it('separates classes only where it is known, and is told of a broken pair', () => {
    const known = [{ ...proxy('strict'), mtls: 'strict' as const }, { ...proxy('permissive'), mtls: 'permissive' as const }, proxy('not known')];
    const classes = classifyProxies(known, NOW);
    assert.equal(classes.length, 3);
    assert.deepEqual(classifyProxies([known[2]!], NOW)[0]?.id, classes[2]?.id);
    const [stranger] = classifyProxies([proxy('stranger', { domain: 'other' })], NOW);
    const broken = authenticate(stranger!, classes[0]!, NOW);
    assert.equal(broken.kind === 'broken' && broken.serverMtls, 'strict');
  });
});
