// Asking a proxy of the rehearsal for its connection to istiod: through port-forward, through exec, and where neither is permitted.
import assert from 'node:assert/strict';
import { ClusterConnections } from '../../../../src/adapters/kubernetes/clusterConnection.js';
import { EnvoyProxyReader } from '../../../../src/adapters/proxies/envoyProxyReader.js';
import type { ProxyTransport } from '../../../../src/app/ports.js';
import { wallClock } from '../../../support/clusterFollower.js';
import type { ControlledRehearsal } from '../../../support/controlledRehearsal.js';
import { startControlledRehearsal } from '../../../support/controlledRehearsal.js';

const PORT_FORWARD = { resources: ['pods/portforward'] };
const EXEC = { resources: ['pods/exec'] };

describe('the connection of a proxy to its istiod', function () {
  this.timeout(60_000);
  let mesh: ControlledRehearsal;

  before(async () => {
    mesh = await startControlledRehearsal();
  });
  afterEach(() => { mesh.first.denyAccess([]); });
  after(() => mesh.end());

  async function stream(transport: ProxyTransport, signal = new AbortController().signal): Promise<string> {
    const connections = new ClusterConnections();
    const reader = new EnvoyProxyReader({ connectionOf: (cluster) => connections.connectionOf(cluster), clock: wallClock, transport: () => transport });
    const [pod] = mesh.pods('foo', 'httpbin');
    const read = await reader.readIstiodStream({ cluster: mesh.ref, namespace: 'foo', pod: pod!.metadata.name }, signal);
    return read.ok ? read.value : read.failure.kind;
  }

  it('is told the same through port-forward, and through exec where that is forbidden', async () => {
    assert.equal(await stream('portForward'), 'answered');
    mesh.first.denyAccess([PORT_FORWARD]);
    assert.equal(await stream('portForward'), 'forbidden');
    assert.equal(await stream('automatic'), 'answered');
  });

  it('is not known where neither is permitted, where istioctl is to be asked alone, and after a cancel', async () => {
    assert.equal(await stream('istioctl'), 'proxyUnreachable');
    mesh.first.denyAccess([PORT_FORWARD, EXEC]);
    assert.equal(await stream('automatic'), 'forbidden');
    assert.equal(await stream('automatic', AbortSignal.abort()), 'cancelled');
  });

  it('is gone with istiod', async () => {
    mesh.first.store.remove('deployments.apps', 'istio-system', 'istiod');
    mesh.pass(60);
    assert.equal(await stream('portForward'), 'none');
    assert.equal(await stream('exec'), 'none');
  });
});
