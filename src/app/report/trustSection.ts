// The part of the report about trust: which roots live in the mesh by their fingerprints, and whether what could talk at the
// baseline can still talk.
import { clusterKey } from '../../domain/cluster.js';
import type { AnchorId, ClusterGateFacts, GateFacts, ProxyFacts } from '../../domain/gates/gateFacts.js';
import { MESH_CA_ANCHOR } from '../../domain/gates/gateFacts.js';
import type { ReadStanding } from '../../domain/gates/peers.js';
import { acceptsDomain, couldTalk } from '../../domain/gates/peers.js';
import type { MeshSituation } from '../../domain/procedure/procedureStep.js';
import { MESH_CA_ROOT } from '../../domain/trust/rootNames.js';
import { message } from '../../shared/text/message.js';
import type { ReportBlock, ReportCell, ReportText } from './reportDocument.js';
import { heading, paragraph, tableOr } from './reportDocument.js';
import type { ReportInput } from './reportInput.js';
import { clusterNames } from './reportInput.js';

export function trustSection({ situation }: ReportInput): readonly ReportBlock[] {
  return [
    heading(2, message('report.roots')),
    tableOr(
      message('report.roots.none'),
      [message('report.column.root'), message('report.column.fingerprint'), message('report.column.cluster'), message('report.column.trusting'), message('report.column.signed')],
      rootRows(situation),
    ),
    heading(2, message('report.baseline')),
    ...baselineBlocks(situation),
  ];
}

interface RootUse {
  readonly root: AnchorId;
  readonly cluster: ClusterGateFacts;
  trusting: number;
  signed: number;
}

function rootRows(situation: MeshSituation): readonly (readonly ReportCell[])[] {
  const nameOf = clusterNames(situation);
  return situation.facts.clusters
    .flatMap(rootsOf)
    .sort((one, other) => (one.root < other.root ? -1 : one.root > other.root ? 1 : 0))
    .map(({ root, cluster, trusting, signed }) => [rootName(root, situation), fingerprints(root, cluster, situation), nameOf(cluster.cluster), String(trusting), String(signed)]);
}

/** Counted in pods that were read. */
function rootsOf(cluster: ClusterGateFacts): readonly RootUse[] {
  const uses = new Map<AnchorId, RootUse>();
  const use = (root: AnchorId): RootUse => {
    const known = uses.get(root) ?? { root, cluster, trusting: 0, signed: 0 };
    uses.set(root, known);
    return known;
  };
  for (const { standing, pods } of cluster.proxies) {
    if (standing.kind !== 'read') continue;
    for (const anchor of standing.anchors) use(anchor).trusting += pods.length;
    use(standing.issuer).signed += pods.length;
  }
  return [...uses.values()];
}

function rootName(root: AnchorId, { snapshots }: MeshSituation): ReportText {
  if (root === MESH_CA_ANCHOR) return message('report.root.meshCa');
  const published = snapshots.some(({ caRoots }) => [...caRoots.values()].some(({ fingerprints: all }) => all.includes(root)));
  return message(published ? 'report.root.istioCa' : 'report.root.other');
}

/** Mesh CA goes by one name in the facts; a rehearsal's kubeconfig says which root stands for it. */
function fingerprints(root: AnchorId, { cluster }: ClusterGateFacts, { snapshots }: MeshSituation): ReportCell {
  if (root !== MESH_CA_ANCHOR) return root;
  const declared = snapshots.find(({ ref }) => clusterKey(ref) === cluster)?.declaredMeshCaRoots ?? [];
  return declared.length === 0 ? MESH_CA_ROOT : declared.map((fingerprint) => message('report.root.rehearsal', { fingerprint }));
}

function baselineBlocks(situation: MeshSituation): readonly ReportBlock[] {
  const { facts } = situation;
  if (facts.baseline === undefined) return [paragraph(message('report.baseline.none'))];
  const nameOf = clusterNames(situation);
  const rows = clusterPairs(facts).map(([one, other]): readonly ReportCell[] => {
    const { state, example } = compare(one, other);
    return [nameOf(one.cluster), nameOf(other.cluster), message(`report.talk.${state}`), example ?? ''];
  });
  const head = [message('report.column.cluster'), message('report.column.with'), message('report.column.now'), message('report.column.example')];
  return [paragraph(message('report.baseline.pairs', { count: facts.baseline.pairs.size })), tableOr(message('report.baseline.nobody'), head, rows)];
}

/** Each pair of clusters that could talk at the baseline once, a cluster with itself included. */
function clusterPairs(facts: GateFacts): readonly (readonly [ClusterGateFacts, ClusterGateFacts])[] {
  const talks = couldTalk(facts);
  return facts.clusters.flatMap((one, index) =>
    facts.clusters.slice(index).flatMap((other) => (talks(one.cluster, other.cluster) ? [[one, other] as const] : [])),
  );
}

interface Talk {
  readonly state: 'holds' | 'broken' | 'unknown';
  readonly example: string | undefined;
}

/** Class by class, because proxies that stand alike were told apart by workload only. */
function compare(one: ClusterGateFacts, other: ClusterGateFacts): Talk {
  const [ones, others] = [readClasses(one), readClasses(other)];
  const unread = [...one.proxies, ...other.proxies].some(({ standing, waived }) => standing.kind === 'unknown' && !waived);
  let state: Talk['state'] = unread || one.unread.length + other.unread.length > 0 ? 'unknown' : 'holds';
  for (const client of ones) {
    for (const server of others) {
      const verdict = authenticate(client.standing, server.standing);
      if (verdict === false) return { state: 'broken', example: `${proxyName(client.proxy)} ↔ ${proxyName(server.proxy)}` };
      if (verdict === 'unknown') state = 'unknown';
    }
  }
  return { state, example: undefined };
}

interface ReadClass {
  readonly proxy: ProxyFacts;
  readonly standing: ReadStanding;
}

function readClasses({ proxies }: ClusterGateFacts): readonly ReadClass[] {
  const classes = new Map<string, ReadClass>();
  for (const proxy of proxies) {
    const { standing } = proxy;
    if (standing.kind === 'read') classes.set(JSON.stringify([standing.anchors, standing.issuer, standing.domain, standing.inbound, standing.outbound]), { proxy, standing });
  }
  return [...classes.values()];
}

/** Both ways: either may open the connection. */
function authenticate(one: ReadStanding, other: ReadStanding): boolean | 'unknown' {
  if (!one.anchors.includes(other.issuer) || !other.anchors.includes(one.issuer)) return false;
  const accepted = [acceptsDomain(one, other.domain), acceptsDomain(other, one.domain)];
  if (accepted.includes(false)) return false;
  return accepted.includes('unknown') ? 'unknown' : true;
}

function proxyName({ namespace, workload }: ProxyFacts): string {
  return `${namespace}/${workload}`;
}
