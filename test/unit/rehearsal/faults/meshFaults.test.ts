// Renewals, outages of the CA, late and lost pushes, GitOps and time (E3, E5, E7), with time that stands between the steps.
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { anchorsOf } from '../../../../src/rehearsal/mesh/proxyTrust.js';
import type { ProxyTrust } from '../../../../src/rehearsal/mesh/proxyTrust.js';
import type { ControlledRehearsal } from '../../../support/controlledRehearsal.js';
import { drawPod, NEW_REVISION, startControlledRehearsal } from '../../../support/controlledRehearsal.js';

describe('moves of the environment that concern certificates and configuration', function () {
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

  const trustOf = (namespace: string, app: string): ProxyTrust => {
    const [pod] = mesh.pods(namespace, app);
    return mesh.first.simulation.proxyIn(namespace, pod!.metadata.name)!.trust!;
  };
  const domains = (namespace: string, app: string): string => (trustOf(namespace, app).push?.acceptedDomains ?? []).join(' ');
  const now = (): number => mesh.rehearsal.clock.now().getTime();
  const labelsOf = (name: string): Record<string, string> => mesh.first.store.get('namespaces', undefined, name)!.metadata.labels!;
  const relabel = (name: string, labels: Record<string, string>): void => {
    const object = mesh.first.store.get('namespaces', undefined, name)!;
    mesh.first.store.replace('namespaces', { ...object, metadata: { ...object.metadata, labels } });
  };
  /** Somebody edits the mesh config of the old control plane: its proxies have to hear of it. */
  const alias = (domain: string): void => {
    const { store } = mesh.first;
    const config = store.get('configmaps', 'istio-system', 'istio')!;
    store.replace('configmaps', { ...config, data: { ...(config.data as object), mesh: `trustDomain: cluster.local\ntrustDomainAliases: [${domain}]\n` } });
  };

  it('renew the certificates of the pods that are named, and of no others', async () => {
    mesh.pass(100);
    const before = trustOf('foo', 'sleep').certifiedAt;
    assert.match((await mesh.tell('renew -n bar -l app=sleep'))[0] ?? '', /: 1 of 1 proxies have a new certificate/u);
    assert.equal(trustOf('bar', 'sleep').certifiedAt, now());
    assert.equal(trustOf('foo', 'sleep').certifiedAt, before);
  });

  it('leave certificate requests unanswered: old proxies expire, new ones never get ready, until it is cleared', async () => {
    await mesh.tell('ca-outage -n foo');
    const before = trustOf('foo', 'sleep').certifiedAt;
    assert.match((await mesh.tell('renew -n foo'))[0] ?? '', /: 0 of 3 proxies/u);
    await mesh.tell('delete-pods -n foo -l app=httpbin');
    mesh.pass(25 * 3600);
    assert.equal(trustOf('foo', 'sleep').certifiedAt, before);
    assert.ok(now() > before + 24 * 3600 * 1000);
    assert.ok(trustOf('bar', 'sleep').certifiedAt > now() - 13 * 3600 * 1000);
    assert.deepEqual(mesh.pods('foo', 'httpbin').map(drawPod), ['Running 0', 'Running 0']);
    await mesh.tell('clear');
    mesh.pass(120);
    assert.deepEqual(mesh.pods('foo', 'httpbin').map(drawPod), ['Running ready 0', 'Running ready 0']);
    assert.ok(trustOf('foo', 'sleep').certifiedAt > before);
  });

  it('shorten the life of certificates, so that renewals come often', async () => {
    await mesh.tell('certificate-lifetime 10m');
    const seen = new Set<number>();
    for (let minute = 0; minute < 30; minute += 1) {
      mesh.pass(60);
      seen.add(trustOf('foo', 'sleep').certifiedAt);
    }
    assert.ok(seen.size >= 6 && seen.size <= 8, String(seen.size));
    const { proxyReader, ref } = mesh;
    const pod = mesh.pods('foo', 'sleep')[0]!.metadata.name;
    const read = await proxyReader.readSecrets({ cluster: ref, namespace: 'foo', pod }, new AbortController().signal);
    const pem = read.ok ? read.value.secrets.find(({ name }) => name === 'default')?.chainPem : undefined;
    const { validFrom, validTo } = new X509Certificate(pem ?? '');
    assert.equal(Date.parse(validTo) - Date.parse(validFrom), 12 * 60 * 1000);
    await mesh.tell('clear');
    const last = trustOf('foo', 'sleep').certifiedAt;
    mesh.pass(3600);
    assert.equal(trustOf('foo', 'sleep').certifiedAt, last);
  });

  it('bring configuration late to some proxies', async () => {
    await mesh.tell('delay-push -n bar --by 1m');
    alias('late.example');
    mesh.pass(20);
    assert.equal(domains('foo', 'sleep'), 'cluster.local late.example');
    assert.doesNotMatch(domains('bar', 'sleep'), /late/u);
    mesh.pass(60);
    assert.equal(domains('bar', 'sleep'), 'cluster.local late.example');
  });

  it('lose configuration on its way until it is cleared; then it arrives', async () => {
    await mesh.tell('lose-push --revision default');
    alias('lost.example');
    mesh.pass(600);
    assert.doesNotMatch(domains('foo', 'sleep') + domains('bar', 'sleep'), /lost/u);
    await mesh.tell('clear');
    mesh.pass(20);
    assert.equal(domains('foo', 'sleep'), 'cluster.local lost.example');
  });

  it('put the labels of a namespace back to what they were, each time', async () => {
    await mesh.tell('gitops -n foo --after 30s');
    for (const time of ['once', 'and again']) {
      relabel('foo', { 'istio.io/rev': NEW_REVISION, team: 'ours' });
      mesh.pass(29);
      assert.equal(labelsOf('foo')['istio.io/rev'], NEW_REVISION, time);
      mesh.pass(2);
      assert.deepEqual(labelsOf('foo'), { 'istio-injection': 'enabled', team: 'ours' }, time);
    }
    await mesh.tell('clear');
    relabel('foo', { 'istio.io/rev': NEW_REVISION });
    mesh.pass(60);
    assert.deepEqual(labelsOf('foo'), { 'istio.io/rev': NEW_REVISION });
    relabel('foo', { 'istio-injection': 'enabled' });
    await assert.rejects(mesh.tell('gitops -n nowhere'), /there is no namespace nowhere/u);
  });

  it('put labels as they are told to, at once where they differ already', async () => {
    await mesh.tell('gitops -n plain istio-injection=enabled kept=yes --after 1s');
    mesh.pass(2);
    assert.deepEqual([labelsOf('plain')['istio-injection'], labelsOf('plain').kept], ['enabled', 'yes']);
    relabel('plain', {});
  });

  it('renew by themselves at half the lifetime when time is advanced, without losing an anchor', async () => {
    const before = trustOf('foo', 'sleep');
    const settings = mesh.first.simulation.proxyIn('foo', mesh.pods('foo', 'sleep')[0]!.metadata.name)!.settings;
    await mesh.tell('advance 13h');
    const after = trustOf('foo', 'sleep');
    assert.ok(after.certifiedAt > before.certifiedAt);
    assert.deepEqual(anchorsOf(settings.agent, after), anchorsOf(settings.agent, before));
  });
});

describe('advancing a rehearsal that runs', function () {
  this.timeout(60_000);
  let mesh: ControlledRehearsal;

  before(async () => {
    mesh = await startControlledRehearsal({ speed: 1 });
  });
  after(() => mesh.end());

  it('makes certificates older, and those of a CA that does not answer expire for clients outside', async () => {
    const proxy = (app: string): number => mesh.first.simulation.proxyIn('foo', mesh.pods('foo', app)[0]!.metadata.name)!.trust!.certifiedAt;
    await mesh.tell('ca-outage -n foo -l app=sleep');
    const before = proxy('sleep');
    await mesh.tell('advance 30h');
    assert.equal(proxy('sleep'), before - 30 * 3600 * 1000);
    assert.ok(proxy('sleep') + 24 * 3600 * 1000 < Date.now());
    assert.ok(proxy('httpbin') > Date.now() - 13 * 3600 * 1000 && proxy('httpbin') <= Date.now());
    assert.ok(Math.abs(mesh.rehearsal.clock.now().getTime() - Date.now()) < 60_000);
  });

  it('takes another speed', async () => {
    assert.deepEqual(await mesh.tell('speed 1000'), ['1000 times as fast']);
    await mesh.tell('scale deployment/httpbin -n foo --replicas 3');
    while (mesh.pods('foo', 'httpbin').filter((pod) => drawPod(pod).includes('ready')).length < 3) await new Promise(setImmediate);
  });
});
