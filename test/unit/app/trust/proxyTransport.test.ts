// The ways into the pods as the setting and the command line spell them.
import assert from 'node:assert/strict';
import { readProxyTransport, TRANSPORT_OPTIONS } from '../../../../src/app/trust/proxyTransport.js';
import { readJson } from '../../../support/repository.js';

interface Manifest {
  readonly contributes: { readonly configuration: { readonly properties: Readonly<Record<string, { readonly enum?: readonly string[] }>> } };
}

describe('the choice of a transport', () => {
  it('reads every value of the setting and of the option, each pair to the same', () => {
    const { properties } = (readJson('package.json') as Manifest).contributes.configuration;
    assert.deepEqual(properties['meshCa.trust.transport']?.enum?.map(readProxyTransport), ['automatic', 'portForward', 'exec', 'istioctl']);
    assert.deepEqual(TRANSPORT_OPTIONS.map(readProxyTransport), ['automatic', 'portForward', 'exec', 'istioctl']);
  });

  it('takes what it does not know for automatic', () => {
    assert.equal(readProxyTransport('carrier-pigeon'), 'automatic');
  });
});
