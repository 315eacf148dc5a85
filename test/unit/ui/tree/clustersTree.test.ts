// The tree Clusters as it stands on the screen.
import assert from 'node:assert/strict';
import type { ClusterSnapshot } from '../../../../src/domain/mesh/snapshot.js';
import { MESH_CA_ROOT } from '../../../../src/domain/trust/rootNames.js';
import { emptySnapshot, foldDeltas } from '../../../../src/domain/mesh/fold.js';
import type { Locale } from '../../../../src/shared/text/render.js';
import { textRenderer } from '../../../../src/shared/text/render.js';
import type { MeshNode } from '../../../../src/ui/tree/meshNodes.js';
import type { RowSource } from '../../../../src/ui/tree/treeRow.js';
import { treeRow } from '../../../../src/ui/tree/treeRow.js';
import { childrenOf, clusterNodes } from '../../../../src/ui/tree/meshNodes.js';
import { CLUSTER_1, cluster, controlPlane, deployment, inState, namespace, pod, podOf, service } from '../../../support/meshBuilder.js';
import { renderTree } from '../../../support/renderTree.js';

const NOW = 1_700_000_000_000;
const REFUSED = { kind: 'clusterUnreachable', reason: 'connection refused' } as const;
const FORBIDDEN = { kind: 'forbidden', reason: 'pods is forbidden: User "me" cannot list resource "pods"' } as const;

const GATEWAY = { istio: 'ingressgateway' };

const MESH = cluster([
  ...controlPlane('default', '1.16.7', { isDefault: true }),
  ...controlPlane('asm-1', '1.23.2-asm.2', {
    config: { extraAnchors: [MESH_CA_ROOT], proxyMetadata: { PROXY_CONFIG_XDS_AGENT: 'true' } },
    environment: { ISTIO_MULTIROOT_MESH: 'true' },
  }),
  deployment('istio-system', 'istio-ingressgateway', 1),
  podOf('istio-system', 'istio-ingressgateway', '1', { by: 'default', proxy: { role: 'router' }, labels: GATEWAY }),
  service('istio-system', 'istio-ingressgateway', GATEWAY),
  namespace('istio-system'),
  namespace('foo', { 'istio.io/rev': 'asm-1' }),
  deployment('foo', 'httpbin', 2, { updated: 1 }),
  podOf('foo', 'httpbin', 'new', { by: 'asm-1', ready: false }),
  podOf('foo', 'httpbin', 'old', { by: 'default' }),
  podOf('foo', 'httpbin', 'older', { by: 'default', terminating: true }),
  namespace('bar', { 'istio-injection': 'enabled' }),
  deployment('bar', 'db', 1, { kind: 'StatefulSet' }),
  pod('bar', 'db-0', { by: 'default', owner: { kind: 'StatefulSet', name: 'db' } }),
  pod('bar', 'job-x', { by: 'default', ready: false, trouble: 'CrashLoopBackOff', owner: { kind: 'Job', name: 'job' } }),
  namespace('baz', { 'istio-injection': 'enabled', 'istio.io/rev': 'asm-1' }),
  pod('baz', 'lonely', { by: 'default' }),
  namespace('lost', { 'istio.io/rev': 'asm-9' }),
  namespace('naked', { 'istio.io/rev': 'asm-1' }),
  pod('naked', 'plain'),
  namespace('kube-system'),
]);

function sourceOf(snapshot: ClusterSnapshot, locale: Locale = 'en', now = NOW): RowSource {
  return { snapshotOf: () => snapshot, text: textRenderer(locale), now: () => now, isRunning: () => false };
}

function draw(snapshot: ClusterSnapshot, locale: Locale = 'en', expand?: (node: MeshNode) => boolean, now = NOW): string {
  return `\n${renderTree([snapshot.ref], sourceOf(snapshot, locale, now), expand)}\n`;
}

/** Down to the namespaces, and no further. */
const toNamespaces = ({ kind }: MeshNode): boolean => kind === 'cluster' || kind === 'group';

describe('the tree Clusters', () => {
  it('shows control planes, gateways, namespaces, workloads and pods, each with the one fact that matters', () => {
    assert.equal(draw(MESH), `
[server-environment] cluster-1  us-central1 · rehearsal-project
  [settings-gear] Control planes
    [settings-gear] asm-1  1.23.2-asm.2 · 1 proxy · signs with Istio CA, hands out Mesh CA root
      [pass] istiod-asm-1-1
    [settings-gear] default  1.16.7 · 5 proxies · signs with Istio CA
      [pass] istiod-1
  [globe] Gateways
    [globe] istio-ingressgateway (istio-system)  default · 1 of 1 endpoints
      [pass] istio-ingressgateway-1  default
  [symbol-namespace] Namespaces
    [symbol-namespace] bar  istio-injection=enabled · 2 pods by default
      [layers] db  1 of 1 · default · StatefulSet
        [pass] db-0  default
      [layers] job  0 of 1 · default · Job
        [warning] job-x  ⚠ CrashLoopBackOff · default
    [warning] baz  ⚠ istio-injection and istio.io/rev · 1 pod by default
      [pass] lonely  default · bare pod
    [sync] foo  istio.io/rev=asm-1 · 1 pod by asm-1, 1 by default · 1 starting, 1 terminating
      [sync] httpbin  2 of 2 · asm-1, default · rolling
        [sync] httpbin-new  starting · asm-1
        [pass] httpbin-old  default
        [circle-slash] httpbin-older  Terminating · default
    [warning] lost  ⚠ istio.io/rev=asm-9 · no such revision · no proxies
      [info] No pods
    [warning] naked  istio.io/rev=asm-1 · no proxies · ⚠ 1 without a sidecar
      [pass] plain  no sidecar · bare pod
    [circle-slash] Not in the mesh (1)
      [symbol-namespace] kube-system
        [info] No pods
`);
  });

  it('speaks Korean', () => {
    assert.equal(draw(MESH, 'ko', toNamespaces), `
[server-environment] cluster-1  us-central1 · rehearsal-project
  [settings-gear] 컨트롤 플레인
    [settings-gear] asm-1  1.23.2-asm.2 · 프록시 1개 · Istio CA로 서명, Mesh CA 루트 배포
    [settings-gear] default  1.16.7 · 프록시 5개 · Istio CA로 서명
  [globe] 게이트웨이
    [globe] istio-ingressgateway (istio-system)  default · 엔드포인트 1개 중 1개
  [symbol-namespace] 네임스페이스
    [symbol-namespace] bar  istio-injection=enabled · default 포드 2개
    [warning] baz  ⚠ istio-injection과 istio.io/rev 동시 설정 · default 포드 1개
    [sync] foo  istio.io/rev=asm-1 · asm-1 포드 1개, default 1개 · 1개 시작 중, 1개 종료 중
    [warning] lost  ⚠ istio.io/rev=asm-9 · 해당 리비전 없음 · 프록시 없음
    [warning] naked  istio.io/rev=asm-1 · 프록시 없음 · ⚠ 사이드카 없는 포드 1개
    [circle-slash] 메시에 속하지 않음 (1)
      [symbol-namespace] kube-system
`);
  });

  it('says that a cluster is being read', () => {
    assert.equal(draw(emptySnapshot(CLUSTER_1)), `
[loading~spin] cluster-1  us-central1 · rehearsal-project · reading…
  [loading~spin] Reading the cluster…
`);
  });

  it('shows why a cluster cannot be reached, once', () => {
    assert.equal(draw(inState(emptySnapshot(CLUSTER_1), { state: 'failed', failure: REFUSED })), `
[error] cluster-1  cannot be reached: connection refused
  [error] Everything  cannot be reached: connection refused
`);
  });

  it('keeps showing what it knew when the connection breaks, and says how old that is', () => {
    const stale = inState(MESH, { state: 'stale', since: NOW - 180_000, failure: REFUSED });
    const drawn = draw(stale, 'en', ({ kind }) => kind === 'cluster');
    assert.equal(drawn, `
[debug-disconnect] cluster-1  shown as it was 3 min ago · cannot be reached: connection refused
  [settings-gear] Control planes
  [globe] Gateways
  [symbol-namespace] Namespaces
`);
  });

  it('shows nothing of a stale cluster in the colours of what is so now', () => {
    const foo: MeshNode = { kind: 'namespace', id: 'x', ref: CLUSTER_1, parent: undefined, namespace: 'foo' };
    const pods = [namespace('foo', { 'istio.io/rev': 'no-such' }), pod('foo', 'a', { by: 'default' })];
    assert.equal(treeRow(foo, sourceOf(cluster(pods)))?.color, 'list.warningForeground');
    const stale = inState(cluster(pods), { state: 'stale', since: NOW - 180_000, failure: REFUSED });
    assert.equal(treeRow(foo, sourceOf(stale))?.color, 'disabledForeground');
  });

  it('goes on without what is forbidden, and calls it unknown', () => {
    const objects = [namespace('foo', { 'istio.io/rev': 'asm-1' }), ...controlPlane('asm-1', '1.23.2-asm.2').filter(({ kind }) => kind !== 'pods')];
    const kinds = foldDeltas(emptySnapshot(CLUSTER_1), [{ type: 'state', kind: 'pods', state: { state: 'failed', failure: FORBIDDEN } }]).kinds;
    const snapshot = { ...cluster(objects), kinds: { ...cluster(objects).kinds, pods: kinds.pods } };
    assert.equal(draw(snapshot), `
[warning] cluster-1  ⚠ 1 kind of objects cannot be followed
  [error] Pods  not permitted: pods is forbidden: User "me" cannot list resource "pods"
  [settings-gear] Control planes
    [settings-gear] asm-1  1.23.2-asm.2 · signs with Istio CA
      [question] Unknown: could not be read
  [globe] Gateways
    [question] Unknown: could not be read
  [symbol-namespace] Namespaces
    [question] foo  istio.io/rev=asm-1 · pods unknown
      [question] Unknown: could not be read
`);
  });

  it('explains an empty cluster', () => {
    assert.equal(draw(cluster([])), `
[server-environment] cluster-1  us-central1 · rehearsal-project
  [settings-gear] Control planes
    [info] No control plane of Istio was found in this cluster
  [symbol-namespace] Namespaces
    [info] There are no namespaces
`);
  });

  it('offers Retry and Leave Out only words away from the trouble, and what a namespace can do in its tooltip', () => {
    const broken = inState(emptySnapshot(CLUSTER_1), { state: 'failed', failure: REFUSED });
    const [node] = clusterNodes([CLUSTER_1]);
    const row = treeRow(node!, sourceOf(broken));
    assert.equal(row?.contextValue, 'cluster.inTrouble');
    assert.deepEqual(row.links.map(({ command }) => command), ['meshCa.cluster.retry', 'meshCa.cluster.leaveOut']);
    const moved = cluster([
      ...controlPlane('asm-1', '1'),
      namespace('foo', { 'istio.io/rev': 'asm-1' }, { 'mesh-ca-migration/before.asm-1': '{"istio-injection":"enabled"}' }),
    ]);
    const foo: MeshNode = { kind: 'namespace', id: 'x', ref: CLUSTER_1, parent: undefined, namespace: 'foo' };
    const fooRow = treeRow(foo, sourceOf(moved));
    assert.equal(fooRow?.contextValue, 'namespace.meshed.canRollBack');
    assert.ok(fooRow.links.some(({ command }) => command === 'meshCa.namespace.rollBack'));
    assert.ok(fooRow.tooltip.includes('Before it was moved: istio-injection=enabled'));
    assert.equal(treeRow({ ...foo, namespace: 'gone' }, sourceOf(moved)), undefined);
  });

  it('says what to do when a part of the extension is missing, and not that it comes back by itself', () => {
    const broken = inState(emptySnapshot(CLUSTER_1), { state: 'failed', failure: { kind: 'extensionBroken', reason: 'no file' } });
    const source = sourceOf(broken);
    const rows = clusterNodes([CLUSTER_1]).flatMap((node) => [node, ...childrenOf(node, source.snapshotOf)]).map((node) => treeRow(node, source));
    for (const row of rows) {
      assert.ok(row !== undefined);
      assert.ok(row.tooltip.some((line) => line.includes('install the extension again')), row.label);
      assert.ok(!row.tooltip.some((line) => line.includes('by itself')), row.label);
    }
  });

  it('has commands for what could not be read, and none for a row that only says that nothing is here', () => {
    const source = sourceOf(inState(cluster([]), { state: 'failed', failure: FORBIDDEN }, ['daemonsets']));
    const values = new Map<string, string>();
    const walk = (nodes: readonly MeshNode[]): void => {
      for (const node of nodes) {
        values.set(node.kind, treeRow(node, source)?.contextValue ?? '');
        walk(childrenOf(node, source.snapshotOf));
      }
    };
    walk(clusterNodes([CLUSTER_1]));
    assert.equal(values.get('trouble'), 'trouble');
    assert.equal(values.get('note'), 'note');
  });

  it('turns a wheel at a namespace on which a step runs', () => {
    const foo: MeshNode = { kind: 'namespace', id: 'x', ref: CLUSTER_1, parent: undefined, namespace: 'foo' };
    const source = { ...sourceOf(cluster([namespace('foo'), namespace('bar')])), isRunning: ({ namespace: name }: { namespace: string }) => name === 'foo' };
    assert.equal(treeRow(foo, source)?.icon, 'loading~spin');
    assert.match(treeRow(foo, source)?.description ?? '', /^step running/);
    assert.notEqual(treeRow({ ...foo, namespace: 'bar' }, source)?.icon, 'loading~spin');
  });

  it('has no words outside the catalogues', () => {
    const said = draw(MESH, 'pseudo').replaceAll(/⟦[^⟦⟧]*(⟦[^⟦⟧]*⟧[^⟦⟧]*)*⟧/g, '');
    for (const word of ['pods', 'signs', 'rolling', 'Terminating', 'Namespaces']) assert.equal(said.includes(word), false, word);
  });
});
