// What breaks although every root is trusted: domains that a server does not let in, and identities that somebody wrote down.
// The mesh is served, and the product's own readers ask it: each proxy's listener, each policy.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { getFromEnvoy } from '../../../../src/adapters/proxies/envoyAdmin.js';
import type { ClusterRef } from '../../../../src/domain/cluster.js';
import { clusterKey } from '../../../../src/domain/cluster.js';
import type { IdentityFinding } from '../../../../src/domain/evidence/identityFinding.js';
import { planStep } from '../../../../src/domain/procedure/planStep.js';
import type { MeshSituation } from '../../../../src/domain/procedure/procedureStep.js';
import { textAt } from '../../../../src/rehearsal/api/json.js';
import type { KubeObject } from '../../../../src/rehearsal/kubeObject.js';
import { isReady } from '../../../../src/rehearsal/mesh/podTypes.js';
import type { StoredPod } from '../../../../src/rehearsal/mesh/podTypes.js';
import { spiffeId } from '../../../../src/rehearsal/mesh/proxyTrust.js';
import type { Rehearsal } from '../../../../src/rehearsal/rehearsal.js';
import { startRehearsal } from '../../../../src/rehearsal/rehearsal.js';
import { findScene } from '../../../../src/rehearsal/scenes/scenes.js';
import { meshReaders, planOf, REVISION_1, REVISION_2 } from '../../../support/evidenceMesh.js';
import { obstacles } from '../../../support/guardedMesh.js';
import { letsIn } from '../../../support/istioAuthorization.js';
import { recycledKeys } from '../../../support/recycledKeys.js';
import { moveNamespace } from '../../../support/rehearsedJourney.js';
import { canTalk, podsOf } from '../../rehearsal/mesh/drawnMesh.js';
import type { TestMesh } from '../../rehearsal/mesh/drawnMesh.js';

const POLICIES = 'authorizationpolicies.security.istio.io';
const RULES = 'destinationrules.networking.istio.io';
const ISTIO = 'istio-system';
const FLEET = 'rehearsal-project.svc.id.goog';
const A_MINUTE = 60_000;

function proxyPod(mesh: TestMesh, workload: string): StoredPod {
  const [namespace = '', prefix = ''] = workload.split('/');
  return podsOf(mesh.first, namespace).find((pod) => pod.metadata.name.startsWith(prefix) && isReady(pod))!;
}

/** The SPIFFE id in the certificate of the first ready pod of `namespace/prefix`. */
function identityOf(mesh: TestMesh, workload: string): string {
  const { metadata: { namespace = '', name }, spec } = proxyPod(mesh, workload);
  return spiffeId(mesh.first.proxyIn(namespace, name)!.trust!.signer.identityDomain, namespace, spec.serviceAccountName ?? 'default');
}

describe('although every root is trusted,', function () {
  // Keys for the CAs are made once, and real certificates are read; on a busy machine that takes longer than mocha waits.
  this.timeout(240_000);
  const readers = meshReaders();
  let folder: string;
  let rehearsal: Rehearsal;
  let mesh: TestMesh;
  let refs: readonly ClusterRef[];

  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'mesh-ca-identity-'));
    const scene = findScene('istio-default')!;
    const listen = { host: '127.0.0.1', port: 0 };
    rehearsal = await startRehearsal({ scene, listen, kubeconfigPath: path.join(folder, 'config'), withRevisions: [REVISION_1, REVISION_2], speed: 0, newKey: recycledKeys(), log: () => undefined });
    const [first, second] = rehearsal.clusters.map(({ simulation }) => simulation);
    mesh = { clock: rehearsal.clock, first: first!, second: second!, meshCaRootPem: rehearsal.meshCaRootPem };
    refs = rehearsal.clusters.map(({ contextName }) => ({ kubeconfig: rehearsal.kubeconfigPath, context: contextName }));
    for (const namespace of ['foo', 'bar']) moveNamespace(mesh, mesh.first, namespace, REVISION_1);
  });
  afterEach(async () => {
    await rehearsal.stop();
    await rm(folder, { recursive: true });
  });

  function read(): Promise<MeshSituation> {
    return readers.situation(refs, planOf(refs));
  }

  /** What stands before the first label of phase 2, in the first cluster. */
  async function inTheWay(): Promise<string> {
    const situation = await read();
    const order = { step: 'migrate-namespace', phase: 2, target: { scope: 'namespace', cluster: refs[0]!, namespace: 'foo' }, parameters: {} } as const;
    return obstacles(planStep(order, situation)).split('\n').filter((line) => line.startsWith(clusterKey(refs[0]!))).join('\n');
  }

  /** Findings of the scan in the first cluster that are open. */
  async function findings(): Promise<readonly IdentityFinding[]> {
    const { evidence } = await read();
    const identity = evidence?.get(clusterKey(refs[0]!))?.identity;
    assert.ok(identity?.ok === true);
    return identity.value.filter(({ verdict }) => verdict !== 'holds');
  }

  function write(resource: string, object: KubeObject): void {
    const { store } = mesh.first.backend;
    if (store.get(resource, object.metadata.namespace, object.metadata.name) === undefined) store.create(resource, object);
    else store.replace(resource, { ...store.get(resource, object.metadata.namespace, object.metadata.name)!, spec: object.spec });
  }

  describe('a server', () => {
    /** An overlay has a list of aliases of its own, and the option's is gone. */
    function writeAliases(...aliases: readonly string[]): void {
      const { store } = mesh.first.backend;
      const map = store.get('configmaps', ISTIO, `istio-${REVISION_1}`)!;
      const others = textAt(map, 'data', 'mesh').replace(/^trustDomainAliases:.*\n(?: +- .*\n)*/mu, '');
      store.replace('configmaps', { ...map, data: { ...(map.data as object), mesh: `${others}trustDomainAliases: ${JSON.stringify(aliases)}\n` } });
      mesh.clock.advance(A_MINUTE);
    }

    it('lets nobody of a domain in that its control plane does not count as its own; phase 2 is shut until it does', async () => {
      writeAliases();
      const shut = await inTheWay();
      assert.match(shut, new RegExp(`bar/Deployment/sleep does not accept trust domain ${FLEET}`, 'u'));
      assert.doesNotMatch(shut, /bar\/Deployment\/sleep does not trust/u);
      moveNamespace(mesh, mesh.first, 'foo', REVISION_2);
      assert.equal(canTalk(mesh.first, 'foo/httpbin', mesh.first, 'bar/sleep'), 'the server does not let the domain in');
      assert.equal(canTalk(mesh.first, 'bar/sleep', mesh.first, 'foo/httpbin'), 'the client expects another domain');
      writeAliases(FLEET);
      assert.equal(canTalk(mesh.first, 'foo/httpbin', mesh.first, 'bar/sleep'), 'yes');
      assert.equal(canTalk(mesh.first, 'bar/sleep', mesh.first, 'foo/httpbin'), 'yes');
      assert.doesNotMatch(await inTheWay(), /bar\/Deployment\/sleep/u);
    });

    it('that has not heard of the domain yet is asked itself, whatever its control plane’s config map says', async () => {
      writeAliases();
      const end = rehearsal.clusters[0]!.meshTroubles.add({ kind: 'push', pods: { namespace: 'bar', selector: 'app=reports' } });
      writeAliases(FLEET);
      const shut = await inTheWay();
      assert.match(shut, new RegExp(`bar/StatefulSet/reports does not accept trust domain ${FLEET}`, 'u'));
      assert.doesNotMatch(shut, /bar\/Deployment\/sleep/u);
      end();
      mesh.first.pushAgain();
      mesh.clock.advance(A_MINUTE);
      assert.doesNotMatch(await inTheWay(), /bar\/StatefulSet\/reports/u);
    });
  });

  describe('a policy', () => {
    function policy(app: string, action: string, principals: readonly string[]): void {
      const spec = { selector: { matchLabels: { app } }, action, rules: [{ from: [{ source: { principals } }] }] };
      write(POLICIES, { apiVersion: 'security.istio.io/v1', kind: 'AuthorizationPolicy', metadata: { name: `for-${app}`, namespace: 'foo' }, spec });
    }

    /** Whether a server of `foo` lets bar/sleep in, by its policies and the trust domains of its istiod. */
    function passes(app: string): boolean {
      const { metadata: { name, labels = {} } } = proxyPod(mesh, `foo/${app}`);
      const trustDomains = mesh.first.proxyIn('foo', name)!.trust!.push!.pinnedDomains;
      return letsIn(mesh.first.backend.store.list(POLICIES), { namespace: 'foo', labels, trustDomains }, identityOf(mesh, 'bar/sleep').replace('spiffe://', ''));
    }

    it('that names a part of an identity under the old domain refuses and lets in others than before; phase 2 waits for what the scan says to write', async () => {
      policy('httpbin', 'ALLOW', ['cluster.local/ns/bar/*']);
      policy('sleep', 'DENY', ['cluster.local/ns/bar/*']);
      assert.deepEqual([passes('httpbin'), passes('sleep')], [true, false]);
      const found = await findings();
      assert.deepEqual(found.map(({ name, verdict, proposal }) => `${name} ${verdict} ${proposal ?? ''}`), [`for-httpbin breaks ${FLEET}/ns/bar/*`, `for-sleep breaks ${FLEET}/ns/bar/*`]);
      assert.match(await inTheWay(), /2 .*identit/iu);
      moveNamespace(mesh, mesh.first, 'bar', REVISION_2);
      assert.deepEqual([passes('httpbin'), passes('sleep')], [false, true]);
      for (const { name, value, proposal } of found) policy(name.replace('for-', ''), name === 'for-sleep' ? 'DENY' : 'ALLOW', [value, proposal!]);
      assert.deepEqual([passes('httpbin'), passes('sleep')], [true, false]);
      assert.deepEqual(await findings(), []);
    });

    it('that names whole identities of cluster.local means both domains, and nothing waits for it', async () => {
      policy('httpbin', 'ALLOW', ['cluster.local/ns/bar/sa/sleep']);
      policy('sleep', 'DENY', ['cluster.local/ns/bar/sa/sleep']);
      assert.deepEqual(await findings(), []);
      moveNamespace(mesh, mesh.first, 'bar', REVISION_2);
      assert.deepEqual([passes('httpbin'), passes('sleep')], [true, false]);
    });
  });

  describe('a client', () => {
    function expect(...subjectAltNames: readonly string[]): void {
      const spec = { host: 'sleep.bar.svc.cluster.local', trafficPolicy: { tls: { mode: 'ISTIO_MUTUAL', subjectAltNames } } };
      write(RULES, { apiVersion: 'networking.istio.io/v1', kind: 'DestinationRule', metadata: { name: 'to-sleep', namespace: 'foo' }, spec });
    }

    /** Whether Envoy of foo/httpbin takes the certificate that bar/sleep presents: by the names that its own config dump lists. */
    async function takesServer(): Promise<boolean> {
      const stream = mesh.first.backend.connectToPod('foo', proxyPod(mesh, 'foo/httpbin').metadata.name, 15_000);
      const answer = await getFromEnvoy(stream, '/config_dump?resource=dynamic_active_clusters', new AbortController().signal);
      assert.ok(answer.ok);
      const { configs } = JSON.parse(answer.value.body) as { readonly configs: readonly { readonly cluster: { readonly name: string } }[] };
      const cluster = JSON.stringify(configs.find(({ cluster: { name } }) => name === 'outbound|8000||sleep.bar.svc.cluster.local'));
      return cluster.includes(JSON.stringify({ exact: identityOf(mesh, 'bar/sleep') }));
    }

    it('that was told a server’s name takes no other; phase 2 waits until the coming name is written beside it', async () => {
      assert.ok(await takesServer());
      expect('spiffe://cluster.local/ns/bar/sa/sleep');
      assert.ok(await takesServer());
      const found = await findings();
      assert.deepEqual(found.map(({ kind, verdict }) => `${kind} ${verdict}`), ['DestinationRule breaks']);
      assert.match(await inTheWay(), /1 .*identit/iu);
      moveNamespace(mesh, mesh.first, 'bar', REVISION_2);
      assert.equal(await takesServer(), false);
      expect(...found.flatMap(({ value, proposal }) => [value, proposal!]));
      assert.ok(await takesServer());
      assert.deepEqual(await findings(), []);
    });
  });
});
