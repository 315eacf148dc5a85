// The awkward workloads as they are at the start, and what a restart of Deployments does not reach among them.
import assert from 'node:assert/strict';
import { textAt } from '../../../../src/rehearsal/api/json.js';
import { isReady } from '../../../../src/rehearsal/mesh/podTypes.js';
import { drawPods, meshOf, podsOf, relabel, restart, shortName } from '../mesh/drawnMesh.js';
import type { TestMesh } from '../mesh/drawnMesh.js';

const REVISION_1 = 'asm-1232-2-distribute-root';

/** What is where, a word each, without doubles. */
function draw(mesh: TestMesh, namespace: string): string[] {
  const lines = podsOf(mesh.first, namespace).map((pod) => {
    const revision = mesh.first.proxyIn(namespace, pod.metadata.name)?.settings.revision ?? 'no proxy';
    return `${shortName(pod).replace(/-\d{6,}.*$/u, '')} ${revision} ${isReady(pod) ? 'ready' : textAt(pod, 'status', 'phase')}`;
  });
  return [...new Set(lines)];
}

describe('the awkward workloads', function () {
  // Keys for the CAs are made once; on a busy machine that takes longer than mocha waits.
  this.timeout(60_000);
  let mesh: TestMesh;
  before(() => {
    mesh = meshOf('asm-citadel', [REVISION_1], undefined, { withAwkward: true });
  });

  it('are all there, a finished Job and a CronJob’s held up by their sidecars', () => {
    assert.deepEqual(draw(mesh, 'odd'), [
      'agent asm-1162-2 ready',
      'cache-0 asm-1162-2 ready',
      'cache-1 asm-1162-2 ready',
      'frozen asm-1162-2 ready',
      'handmade asm-1162-2 ready',
      'import asm-1162-2 Running',
      'nightly asm-1162-2 Running',
      'pinned asm-1162-2 ready',
    ]);
    assert.deepEqual(draw(mesh, 'edge'), ['edge-gateway asm-1162-2 ready', 'partners-istio asm-1162-2 ready']);
    assert.equal(mesh.first.backend.store.list('jobs.batch', 'odd').length, 2, 'Forbid keeps the CronJob from starting another');
  });

  it('have gateways whose secrets differ: one with a certificate of its own, one that passes TLS through and has none', async () => {
    const names = async (namespace: string, prefix: string): Promise<string[]> => {
      const pod = podsOf(mesh.first, namespace).find(({ metadata }) => metadata.name.startsWith(prefix))!;
      const connection = mesh.first.backend.connectToPod(namespace, pod.metadata.name, 15000);
      connection.end('GET /config_dump?resource=dynamic_active_secrets&mask=name HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n');
      const chunks: Buffer[] = [];
      for await (const chunk of connection) chunks.push(chunk as Buffer);
      return [...Buffer.concat(chunks).toString().matchAll(/"name": "([^"]*)"/gu)].map(([, name]) => name ?? '');
    };
    assert.deepEqual(await names('edge', 'edge-gateway'), ['default', 'ROOTCA', 'kubernetes://shop-tls']);
    assert.deepEqual(await names('istio-system', 'istio-eastwestgateway'), []);
  });

  it('stay behind, most of them, when the Deployments of their namespace are restarted', () => {
    relabel(mesh.first, 'odd', { 'istio.io/rev': REVISION_1 });
    restart(mesh.first, 'deployments.apps', 'odd');
    mesh.clock.advance(30_000);
    assert.deepEqual(draw(mesh, 'odd'), [
      'agent asm-1162-2 ready',
      'cache-0 asm-1162-2 ready',
      'cache-1 asm-1162-2 ready',
      'frozen asm-1162-2 ready',
      'handmade asm-1162-2 ready',
      'import asm-1162-2 Running',
      'nightly asm-1162-2 Running',
      `pinned ${REVISION_1} ready`,
    ]);
  });

  it('move when each is moved in its own way', () => {
    const { store } = mesh.first.backend;
    restart(mesh.first, 'daemonsets.apps', 'odd');
    restart(mesh.first, 'statefulsets.apps', 'odd');
    mesh.clock.advance(30_000);
    assert.match(drawPods(mesh, mesh.first, 'odd'), /cache-0 · ready · asm-1162-2/u);
    mesh.first.backend.stopPod(store.get('pods', 'odd', 'cache-0')!);
    const frozen = store.get('deployments.apps', 'odd', 'frozen')!;
    store.replace('deployments.apps', { ...frozen, spec: { ...(frozen.spec as object), paused: false } });
    mesh.clock.advance(30_000);
    assert.deepEqual(draw(mesh, 'odd').filter((line) => line.includes(REVISION_1)), [
      `agent ${REVISION_1} ready`,
      `cache-0 ${REVISION_1} ready`,
      `frozen ${REVISION_1} ready`,
      `pinned ${REVISION_1} ready`,
    ]);
  });
});
