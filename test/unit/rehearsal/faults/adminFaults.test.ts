// Envoy admin ports in trouble, through the product's own port-forward: each is told as what it is, and forgotten when it is over.
import assert from 'node:assert/strict';
import type { Failure } from '../../../../src/shared/failure.js';
import type { ControlledRehearsal } from '../../../support/controlledRehearsal.js';
import { startControlledRehearsal } from '../../../support/controlledRehearsal.js';

describe('trouble with the admin port of proxies', function () {
  this.timeout(60_000);
  let mesh: ControlledRehearsal;

  before(async () => {
    mesh = await startControlledRehearsal();
  });
  afterEach(() => mesh.tell('clear'));
  after(() => mesh.end());

  async function read(namespace: string, app: string, signal = new AbortController().signal): Promise<Failure | 'read'> {
    const pod = mesh.pods(namespace, app)[0]!.metadata.name;
    const result = await mesh.proxyReader.readSecrets({ cluster: mesh.ref, namespace, pod }, signal);
    return result.ok ? 'read' : result.failure;
  }

  const TROUBLES: readonly [string, RegExp][] = [
    ['refuse', /^\{"kind":"proxyUnreachable","reason":"error forwarding port 15000 to pod .*connection refused"\}$/u],
    ['garbage', /^\{"kind":"proxyAnswerUnreadable","reason":"not JSON"\}$/u],
    ['error', /^\{"kind":"proxyAnswerUnreadable","reason":"HTTP 503 upstream connect error/u],
    ['half', /^\{"kind":"proxyUnreachable"/u],
    ['large', /^\{"kind":"proxyAnswerUnreadable","reason":"larger than 20 MB"\}$/u],
  ];

  for (const [trouble, expected] of TROUBLES) {
    it(`${trouble}: is told, of that pod only, until it is cleared`, async () => {
      await mesh.tell(`admin ${trouble} -n foo -l app=sleep`);
      assert.match(JSON.stringify(await read('foo', 'sleep')), expected);
      assert.equal(await read('foo', 'httpbin'), 'read');
      await mesh.tell('clear');
      assert.equal(await read('foo', 'sleep'), 'read');
    });
  }

  it('hang: keeps its reader waiting until that gives up', async () => {
    await mesh.tell('admin hang -n foo');
    const cancel = new AbortController();
    const hanging = read('foo', 'sleep', cancel.signal);
    assert.equal(await Promise.race([hanging, read('bar', 'sleep')]), 'read');
    cancel.abort();
    assert.deepEqual(await hanging, { kind: 'cancelled' });
  });

  it('is not the only way to lose a proxy: port-forward itself may fail or be forbidden', async () => {
    await mesh.tell('api fail --resource pods/portforward');
    assert.match(JSON.stringify(await read('foo', 'sleep')), /etcdserver: request timed out/u);
    await mesh.tell('clear');
    await mesh.tell('forbid --resource pods/portforward -n foo');
    assert.match(JSON.stringify(await read('foo', 'sleep')), /"kind":"forbidden"/u);
    assert.equal(await read('bar', 'sleep'), 'read');
  });
});
