// Scenes varied from the command line.
import assert from 'node:assert/strict';
import { varyScene } from '../../../../src/rehearsal/scenes/sceneArguments.js';
import type { SceneArgumentValues } from '../../../../src/rehearsal/scenes/sceneArguments.js';
import { findScene } from '../../../../src/rehearsal/scenes/scenes.js';
import type { Scene } from '../../../../src/rehearsal/scenes/scene.js';
import { textAt } from '../../../../src/rehearsal/api/json.js';
import { canTalk, fingerprint, meshOf, podsOf, relabel, restart } from '../mesh/drawnMesh.js';
import type { TestMesh } from '../mesh/drawnMesh.js';

const REVISION_1 = 'asm-1232-2-distribute-root';
const REVISION_2 = 'asm-1232-2-meshca';

function varied(values: SceneArgumentValues, name = 'istio-default'): Scene {
  const result = varyScene(findScene(name)!, values);
  assert.ok('scene' in result, JSON.stringify(result));
  return result.scene;
}

function problem(values: SceneArgumentValues): string {
  const result = varyScene(findScene('istio-default')!, values);
  return 'problem' in result ? result.problem : 'none';
}

function roots({ first, second }: TestMesh): string[] {
  return [first, second].map(({ backend }) => fingerprint(textAt(backend.store.get('configmaps', 'foo', 'istio-ca-root-cert'), 'data', 'root-cert.pem')));
}

describe('the options of a scene', function () {
  // Keys for the CAs are made once; on a busy machine that takes longer than mocha waits.
  this.timeout(60_000);

  it('leave it as it is where nothing is said', () => {
    const scene = varied({});
    assert.equal(scene.crowd, undefined);
    assert.notEqual(scene.createSharedAuthority, undefined);
    assert.equal(varied({}, 'asm-citadel').createSharedAuthority, undefined);
  });

  it('are refused in a sentence that says what is taken', () => {
    assert.equal(problem({ roots: 'other' }), '--roots takes same, different, not "other"');
    assert.equal(problem({ pods: '5001' }), '--pods takes a number from 0 to 5000');
    assert.equal(problem({ pods: 'many' }), '--pods takes a number from 0 to 5000');
    assert.equal(problem({ namespaces: '0' }), '--namespaces takes a number from 1 to 500');
    assert.match(problem({ 'mesh-ca': 'x' }), /^--mesh-ca takes oldRootToo, /u);
    assert.match(problem({ 'fleet-project': 'No' }), /^--fleet-project takes a project id/u);
  });

  it('count pods and namespaces, each following the other where only one is said', () => {
    assert.deepEqual(varied({ pods: '95' }).crowd, { pods: 95, namespaces: 10 });
    assert.deepEqual(varied({ namespaces: '3' }).crowd, { pods: 30, namespaces: 3 });
    assert.deepEqual(varied({ pods: '5000', namespaces: '1' }).crowd, { pods: 5000, namespaces: 1 });
  });

  it('give both clusters one root, or each its own with the same subject, whatever the scene', () => {
    const [one, other] = roots(meshOf('istio-default', [], undefined, { roots: 'different' }));
    assert.notEqual(one, other);
    const [shared, sharedToo] = roots(meshOf('asm-citadel', [], undefined, { roots: 'same' }));
    assert.equal(shared, sharedToo);
  });

  it('with different roots break mTLS between the clusters from the start, with one root they do not', () => {
    const apart = meshOf('asm-citadel');
    assert.equal(canTalk(apart.first, 'bar/sleep', apart.second, 'foo/httpbin'), 'the client does not trust the server');
    const together = meshOf('asm-citadel', [], undefined, { roots: 'same' });
    assert.equal(canTalk(together.first, 'bar/sleep', together.second, 'foo/httpbin'), 'yes');
  });

  it('put the fleet into another project: Mesh CA’s identities are the fleet’s, and REVISION_2 knows both', () => {
    const mesh = meshOf('asm-citadel', [REVISION_1, REVISION_2], undefined, { fleetProject: 'fleet-host-project' });
    relabel(mesh.first, 'foo', { 'istio.io/rev': REVISION_2 });
    restart(mesh.first, 'deployments.apps', 'foo');
    mesh.clock.advance(20_000);
    const trust = mesh.first.proxyIn('foo', podsOf(mesh.first, 'foo')[0]!.metadata.name)?.trust;
    assert.equal(trust?.signer.identityDomain, 'fleet-host-project.svc.id.goog');
    assert.deepEqual(trust.push?.acceptedDomains, [
      'fleet-host-project.svc.id.goog',
      'fleet-host-project.hub.id.goog',
      'rehearsal-project.svc.id.goog',
      'cluster.local',
    ]);
  });

  it('make native sidecars, which are found among the init containers', () => {
    const mesh = meshOf('istio-default', [REVISION_1], undefined, { nativeSidecars: true });
    relabel(mesh.first, 'foo', { 'istio.io/rev': REVISION_1, 'istio-injection': undefined });
    restart(mesh.first, 'deployments.apps', 'foo');
    mesh.clock.advance(20_000);
    const [pod] = podsOf(mesh.first, 'foo');
    assert.deepEqual(pod?.spec.containers.map(({ name }) => name), ['httpbin']);
    assert.deepEqual(pod.spec.initContainers?.map(({ name, restartPolicy }) => `${name} ${restartPolicy ?? 'once'}`), ['istio-init once', 'istio-proxy Always']);
    assert.notEqual(mesh.first.proxyIn('foo', pod.metadata.name)?.trust, undefined);
  });

  it('make workload certificates and the plugged-in CA with EC keys', () => {
    const mesh = meshOf('istio-default', [], undefined, { keys: 'ec' });
    const [pod] = podsOf(mesh.first, 'foo');
    const proxy = mesh.first.proxyIn('foo', pod!.metadata.name);
    assert.equal(proxy?.settings.keyType, 'ec');
    const secret = mesh.first.backend.store.get('secrets', 'istio-system', 'cacerts');
    assert.match(Buffer.from(textAt(secret, 'data', 'ca-key.pem'), 'base64').toString(), /^-----BEGIN EC PRIVATE KEY-----/u);
  });
});
