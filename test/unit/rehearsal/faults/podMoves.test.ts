// What the environment does to pods (E1, E2, E4), seen in a rehearsal whose time stands still between the steps.
import assert from 'node:assert/strict';
import type { ControlledRehearsal } from '../../../support/controlledRehearsal.js';
import { drawPod, NEW_REVISION, startControlledRehearsal } from '../../../support/controlledRehearsal.js';

describe('moves of the environment that concern pods', function () {
  this.timeout(60_000);
  let mesh: ControlledRehearsal;

  before(async () => {
    mesh = await startControlledRehearsal();
  });
  afterEach(async () => {
    await mesh.tell('clear');
    mesh.pass(60);
  });
  after(() => mesh.end());

  const ready = (namespace: string, app: string): number => mesh.pods(namespace, app).filter((pod) => drawPod(pod).includes('ready')).length;
  const only = (namespace: string, app: string): string => mesh.pods(namespace, app).map(drawPod).join(', ');
  const label = (namespace: string, labels: Record<string, string>): void => {
    const { store } = mesh.first;
    const object = store.get('namespaces', undefined, namespace)!;
    store.replace('namespaces', { ...object, metadata: { ...object.metadata, labels } });
  };

  it('crash a container again and again, later and later, until it is cleared', async () => {
    await mesh.tell('crash -n bar -l app=sleep');
    assert.equal(only('bar', 'sleep'), 'Error 0');
    mesh.pass(0.6);
    assert.equal(only('bar', 'sleep'), 'CrashLoopBackOff 0');
    mesh.pass(10);
    assert.equal(only('bar', 'sleep'), 'Running 1');
    mesh.pass(2);
    assert.equal(only('bar', 'sleep'), 'CrashLoopBackOff 1');
    mesh.pass(15);
    assert.equal(only('bar', 'sleep'), 'CrashLoopBackOff 1');
    mesh.pass(600);
    assert.match(only('bar', 'sleep'), /^CrashLoopBackOff [5-7]$/u);
    await mesh.tell('clear');
    mesh.pass(1);
    assert.match(only('bar', 'sleep'), /^Running ready [6-8]$/u);
  });

  it('crash pods that come later too, before they were ever ready, so that a rollout stands', async () => {
    await mesh.tell('crash -n foo -l app=sleep');
    const [pod] = mesh.pods('foo', 'sleep');
    await mesh.tell(`delete-pods --pod ${pod!.metadata.name}`);
    mesh.pass(8);
    assert.equal(mesh.pods('foo', 'sleep').some(({ metadata }) => metadata.name === pod!.metadata.name), false);
    assert.match(only('foo', 'sleep'), /^CrashLoopBackOff 0$/u);
    const deployment = mesh.first.store.get('deployments.apps', 'foo', 'sleep')!;
    assert.equal((deployment.status as { readyReplicas?: number }).readyReplicas ?? 0, 0);
  });

  it('restart a proxy once: it gets a new certificate, and no pod is made anew', async () => {
    const [pod] = mesh.pods('bar', 'sleep');
    const { name } = pod!.metadata;
    const issued = (): number => mesh.first.simulation.proxyIn('bar', name)!.trust!.certifiedAt;
    const before = issued();
    await mesh.tell('crash -n bar -l app=sleep --container istio-proxy --once');
    assert.equal(mesh.first.simulation.proxyIn('bar', name), undefined);
    mesh.pass(5);
    assert.match(only('bar', 'sleep'), /^Running ready \d+$/u);
    assert.ok(issued() > before);
  });

  it('evict pods, which come back under other names', async () => {
    const names = mesh.pods('foo', 'httpbin').map(({ metadata }) => metadata.name);
    assert.match((await mesh.tell('delete-pods -n foo -l app=httpbin'))[0] ?? '', /: 2 pods evicted$/u);
    mesh.pass(10);
    assert.equal(ready('foo', 'httpbin'), 2);
    assert.deepEqual(mesh.pods('foo', 'httpbin').filter(({ metadata }) => names.includes(metadata.name)), []);
  });

  it('drain a node, on which nothing is put again', async () => {
    const { nodeName = '' } = mesh.pods('foo', 'httpbin')[0]!.spec;
    await mesh.tell(`drain ${nodeName} --context ${mesh.ref.context}`);
    mesh.pass(15);
    const there = mesh.first.store.list('pods').filter(({ spec }) => (spec as { nodeName?: string }).nodeName === nodeName);
    assert.deepEqual(there.filter(({ metadata }) => metadata.ownerReferences?.[0]?.kind !== 'DaemonSet'), []);
    assert.equal(ready('foo', 'httpbin'), 2);
    await assert.rejects(mesh.tell('drain nowhere'), /there is no node nowhere/u);
  });

  it('scale a workload up and away', async () => {
    assert.match((await mesh.tell('scale deployment/sleep -n bar --replicas 3'))[0] ?? '', /scaled from 1 to 3/u);
    mesh.pass(10);
    assert.equal(ready('bar', 'sleep'), 3);
    await mesh.tell('scale deploy/sleep -n bar --replicas 1');
    mesh.pass(10);
    assert.equal(ready('bar', 'sleep'), 1);
    await assert.rejects(mesh.tell('scale deployment/nothing -n bar --replicas 1'), /there is no deployment\/nothing in bar/u);
  });

  it('start a pod that nobody asked for, injected by what its namespace says at that moment', async () => {
    const told = (line: string | undefined): string => (line ?? '').replace(/^.*: pod \S+/u, 'pod');
    assert.equal(told((await mesh.tell('start-pod job -n plain'))[0]), 'pod in plain, without a sidecar');
    label('batch', { 'istio.io/rev': NEW_REVISION });
    assert.equal(told((await mesh.tell('start-pod job -n batch'))[0]), `pod in batch, with a sidecar of revision ${NEW_REVISION}`);
    await assert.rejects(mesh.tell('start-pod job -n nowhere'), /there is no namespace nowhere/u);
  });

  it('start pods again and again until it is cleared', async () => {
    await mesh.tell('start-pod nightly -n plain --every 10s');
    mesh.pass(25);
    assert.equal(mesh.pods('plain', 'nightly').length, 3);
    await mesh.tell('clear');
    mesh.pass(60);
    assert.equal(mesh.pods('plain', 'nightly').length, 3);
  });

  it('restart an istiod in its pod, which then has the CA that the Secrets hold now', async () => {
    const { store } = mesh.first;
    const root = (): string => {
      const config = store.get('configmaps', 'foo', 'istio-ca-root-cert')!;
      return (config.data as Record<string, string>)['root-cert.pem']!;
    };
    const before = root();
    store.remove('secrets', 'istio-system', 'cacerts');
    mesh.pass(5);
    assert.equal(root(), before);
    assert.match((await mesh.tell('restart-istiod default'))[0] ?? '', /: \d+ istiods of revision default restarted$/u);
    mesh.pass(10);
    assert.notEqual(root(), before);
    await assert.rejects(mesh.tell('restart-istiod none-such'), /0 istiods/u);
  });
});
