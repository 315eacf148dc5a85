// Which peers a proxy must be able to authenticate: those of the clusters with which its own could at the baseline.
import type { AnchorId, BaselineFacts, ClusterGateFacts, GateFacts, ProxyFacts, ProxyStanding } from './gateFacts.js';
import { proxyObstacle } from './obstacle.js';
import type { Obstacle } from './obstacle.js';

export type ReadStanding = Extract<ProxyStanding, { kind: 'read' }>;

/** An issuer and identity domain under which certificates live. */
export interface LiveIdentity {
  readonly issuer: AnchorId;
  readonly domain: string;
}

function clusterOf(identity: string): string {
  return identity.slice(0, identity.lastIndexOf('|'));
}

const talkingByBaseline = new WeakMap<BaselineFacts, ReadonlySet<string>>();

/** Pairs of clusters, `client,server` and the other way round, between which anything could authenticate; undefined means all. */
function talkingClusters({ baseline }: GateFacts): ReadonlySet<string> | undefined {
  if (baseline === undefined) return undefined;
  const known = talkingByBaseline.get(baseline);
  if (known !== undefined) return known;
  const talking = new Set<string>();
  talkingByBaseline.set(baseline, talking);
  for (const pair of baseline.pairs) {
    // Neither kubeconfig paths nor anchors decide where a pair is cut: only the second cluster follows `,` after an anchor.
    const cut = pair.indexOf(',', pair.indexOf('|'));
    const client = clusterOf(pair.slice(0, cut));
    const server = clusterOf(pair.slice(cut + 1));
    talking.add(`${client}\n${server}`).add(`${server}\n${client}`);
  }
  return talking;
}

export type Talks = (one: string, other: string) => boolean;

/** Tells whether proxies of two clusters had anything to say to each other before the migration. */
export function couldTalk(facts: GateFacts): Talks {
  const talking = talkingClusters(facts);
  return (one, other) => talking === undefined || one === other || talking.has(`${one}\n${other}`);
}

type Identities = ReadonlyMap<string, LiveIdentity>;
const identitiesByCluster = new WeakMap<ClusterGateFacts, Identities>();

/** Waived and expired ones too: they hold, or will hold again, a certificate under this issuer. Once, however many gates ask. */
function identitiesIn(cluster: ClusterGateFacts): Identities {
  const known = identitiesByCluster.get(cluster);
  if (known !== undefined) return known;
  const found = new Map<string, LiveIdentity>();
  for (const { standing } of cluster.proxies) {
    if (standing.kind === 'read') found.set(`${standing.issuer}\n${standing.domain}`, { issuer: standing.issuer, domain: standing.domain });
  }
  identitiesByCluster.set(cluster, found);
  return found;
}

/** The identities that live where proxies of `cluster` have peers. */
export function peerIdentities(facts: GateFacts, cluster: string, talks: Talks): readonly LiveIdentity[] {
  const found = new Map<string, LiveIdentity>();
  for (const other of facts.clusters) {
    if (talks(cluster, other.cluster)) for (const [key, identity] of identitiesIn(other)) found.set(key, identity);
  }
  return [...found.values()];
}

function accepts(list: ReadStanding['inbound'], domain: string): boolean {
  return list === 'any' || (list !== 'unknown' && list.includes(domain));
}

/** Whether a proxy would let this domain in and call it; `unknown` when either list is not known and nothing is wrong. */
export function acceptsDomain({ inbound, outbound }: ReadStanding, domain: string): boolean | 'unknown' {
  if (inbound !== 'unknown' && !accepts(inbound, domain)) return false;
  if (outbound !== 'unknown' && !accepts(outbound, domain)) return false;
  return inbound === 'unknown' || outbound === 'unknown' ? 'unknown' : true;
}

/** What a proxy that was read lacks of the identities its peers have. */
export function* lacksOfPeers(
  cluster: ClusterGateFacts,
  proxy: ProxyFacts,
  standing: ReadStanding,
  peers: readonly LiveIdentity[],
): Generator<Obstacle> {
  for (const { issuer, domain } of peers) {
    if (!standing.anchors.includes(issuer)) yield proxyObstacle('proxyLacksIssuer', cluster, proxy, issuer);
    const accepted = acceptsDomain(standing, domain);
    if (accepted !== true) yield proxyObstacle('proxyRejectsDomain', cluster, proxy, domain, accepted === 'unknown');
  }
}
