// Asking all proxies of a cluster for their connection to istiod: bounded, cancellable, and complete about what was not asked.
import assert from 'node:assert/strict';
import type { ProxyAddress } from '../../../../src/app/ports.js';
import { readIstiodStreams } from '../../../../src/app/steps/readIstiodStreams.js';
import type { PodFacts } from '../../../../src/domain/mesh/facts.js';
import type { MeshSituation } from '../../../../src/domain/procedure/procedureStep.js';
import { fail, succeed } from '../../../../src/shared/failure.js';
import { situation } from '../../../support/procedureMesh.js';
import { cluster, pod, snapshot } from '../../../support/trustMesh.js';

const never = new AbortController().signal;

function meshOf(pods: readonly PodFacts[]): MeshSituation {
  return { ...situation(), snapshots: [snapshot('one', pods), snapshot('two', [pod('foo', 'elsewhere')])] };
}

describe('the streams of a cluster’s proxies', () => {
  it('are asked of each proxy of this cluster, eight at a time', async () => {
    const asked: ProxyAddress[] = [];
    let [open, most] = [0, 0];
    const readIstiodStream = async (proxy: ProxyAddress): Promise<ReturnType<typeof succeed<'answered'>>> => {
      asked.push(proxy);
      most = Math.max(most, (open += 1));
      await new Promise(setImmediate);
      open -= 1;
      return succeed('answered');
    };
    const pods = Array.from({ length: 30 }, (_, index) => pod('foo', `p-${index}`));
    const streams = await readIstiodStreams({ readIstiodStream }, meshOf(pods), cluster('one'), never);
    assert.equal(streams.size, 30);
    assert.equal(most, 8);
    assert.ok(asked.every((proxy) => proxy.cluster.context === 'one'));
  });

  it('tell what could not be asked, with the reason', async () => {
    const pods = [pod('foo', 'refuses'), pod('foo', 'waits', { phase: 'Pending', proxy: { role: 'sidecar', native: false, image: 'p', revision: 'r', state: 'waiting', ready: false, caAddress: undefined } })];
    const readIstiodStream = (): Promise<ReturnType<typeof fail>> => Promise.resolve(fail({ kind: 'forbidden', reason: 'no' }));
    const streams = await readIstiodStreams({ readIstiodStream }, meshOf(pods), cluster('one'), never);
    assert.deepEqual(Object.fromEntries(streams), {
      'foo/refuses': fail({ kind: 'forbidden', reason: 'no' }),
      'foo/waits': fail({ kind: 'proxyNotRunning', state: 'Pending' }),
    });
  });

  it('leave out whoever was not asked before the end was wanted, and a cluster that is not followed', async () => {
    const stop = new AbortController();
    const readIstiodStream = (): Promise<ReturnType<typeof succeed<'none'>>> => {
      stop.abort();
      return Promise.resolve(succeed('none'));
    };
    const pods = Array.from({ length: 30 }, (_, index) => pod('foo', `p-${index}`));
    assert.equal((await readIstiodStreams({ readIstiodStream }, meshOf(pods), cluster('one'), stop.signal)).size, 1);
    assert.equal((await readIstiodStreams({ readIstiodStream }, meshOf(pods), cluster('three'), never)).size, 0);
  });
});
