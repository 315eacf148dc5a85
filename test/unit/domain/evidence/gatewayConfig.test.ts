// What a gateway's pods are given of Istio's own API, and what another revision's would be without.
import assert from 'node:assert/strict';
import { credentialsOf, gatewayConfig, lostConfig } from '../../../../src/domain/evidence/gatewayConfig.js';
import type { IstioGatewayFacts, VirtualServiceFacts } from '../../../../src/domain/mesh/gateObjects.js';
import { situation } from '../../../support/procedureMesh.js';

const OLD = 'asm-1162-2';
const NEW = 'asm-1232-2-distribute-root';
const LABELS = { app: 'edge', 'istio.io/rev': OLD };

function gateway(name: string, changes: Partial<IstioGatewayFacts> = {}): IstioGatewayFacts {
  const servers = [{ port: 443, hosts: ['shop.example.com'], credential: 'tls', verifiesClients: false }];
  return { namespace: 'edge', name, uid: name, labels: {}, selector: { app: 'edge' }, servers, ...changes };
}

function route(name: string, changes: Partial<VirtualServiceFacts> = {}): VirtualServiceFacts {
  return { namespace: 'foo', name, uid: name, labels: {}, gateways: ['edge/shop'], hosts: ['shop.example.com'], ...changes };
}

function lost(gateways: readonly IstioGatewayFacts[], routes: readonly VirtualServiceFacts[]): readonly string[] {
  const listed = { state: 'listed', served: true } as const;
  const [snapshot] = situation({ objects: { istioGateways: { ...listed, items: gateways }, virtualServices: { ...listed, items: routes } } }).snapshots;
  assert.ok(snapshot);
  const found = lostConfig(gatewayConfig(snapshot, LABELS, OLD), gatewayConfig(snapshot, { ...LABELS, 'istio.io/rev': NEW }, NEW));
  return found.map(({ kind, object }) => `${kind} ${object.namespace}/${object.name}`);
}

describe('the configuration of a gateway', () => {
  const rev = (revision: string): { readonly labels: Readonly<Record<string, string>> } => ({ labels: { 'istio.io/rev': revision } });

  it('is the same for another revision where nothing is labelled', () => {
    assert.deepEqual(lost([gateway('shop')], [route('shop')]), []);
  });

  it('loses what is labelled for the old revision or whose selector names it, and a route of a lost Gateway only by that', () => {
    assert.deepEqual(lost([gateway('shop', rev(OLD))], [route('shop')]), ['Gateway edge/shop']);
    assert.deepEqual(lost([gateway('shop')], [route('shop', rev(OLD))]), ['VirtualService foo/shop']);
    assert.deepEqual(lost([gateway('shop', { selector: LABELS })], []), ['Gateway edge/shop']);
  });

  it('loses nothing that another object takes over, port by port and host by host, and nothing that was never served', () => {
    assert.deepEqual(lost([gateway('shop', rev(OLD)), gateway('shop-new', rev(NEW))], []), []);
    const elsewhere = gateway('other-port', { ...rev(NEW), servers: [{ port: 80, hosts: ['shop.example.com'], credential: undefined, verifiesClients: false }] });
    assert.deepEqual(lost([gateway('shop', rev(OLD)), elsewhere], []), ['Gateway edge/shop']);
    assert.deepEqual(lost([gateway('shop')], [route('shop', rev('prod')), route('elsewhere', { ...rev(OLD), gateways: ['edge/other'] })]), []);
  });

  it('names each TLS secret once, where Istio looks for it', () => {
    const server = (credential: string | undefined, verifiesClients = false): IstioGatewayFacts['servers'][number] => ({ port: 443, hosts: ['*'], credential, verifiesClients });
    const servers = [server('tls'), server('kubernetes://tls', true), server('kubernetes://other/one'), server('builtin://'), server(undefined)];
    assert.deepEqual(credentialsOf({ gateways: [gateway('shop', { servers })], routes: [] }, 'edge'), [
      { gateway: 'edge/shop', namespace: 'edge', secret: 'tls', verifiesClients: true },
      { gateway: 'edge/shop', namespace: 'other', secret: 'one', verifiesClients: false },
    ]);
  });
});
