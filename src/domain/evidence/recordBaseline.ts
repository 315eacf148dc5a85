// Works out what is recorded before anything is done: who could authenticate whom, and which namespaces were meshed.
import type { ClusterGateFacts, GateFacts, ProxyFacts, ProxyStanding } from '../gates/gateFacts.js';
import type { BaselineRecord } from './records/baselineRecord.js';
import { issuerPair, issuerPlace } from './records/baselineRecord.js';

export interface BaselineAttempt {
  readonly record: BaselineRecord;
  /** Proxies of which nobody knows whom they authenticate: what only they could do is missing from the record. */
  readonly unknown: readonly { readonly cluster: string; readonly proxy: ProxyFacts }[];
  /** Names of clusters of which not everything was read: all that their proxies could do may be missing. */
  readonly unread: readonly string[];
}

type Read = Extract<ProxyStanding, { kind: 'read' }>;

/** `nameOf` gives a cluster its name in the plan. `at`: when the survey behind the facts began. */
export function baselineFrom(facts: GateFacts, nameOf: (cluster: string) => string, at: number): BaselineAttempt {
  const classes = facts.clusters.flatMap(({ cluster, proxies }) => readClasses(proxies).map((standing) => ({ cluster: nameOf(cluster), standing })));
  const pairs = new Set<string>();
  for (const client of classes) {
    for (const server of classes) {
      if (!authenticates(client.standing, server.standing)) continue;
      pairs.add(issuerPair(issuerPlace(client.cluster, client.standing.issuer), issuerPlace(server.cluster, server.standing.issuer)));
    }
  }
  const meshed = facts.clusters.flatMap((cluster) => meshedNamespaces(cluster).map((namespace) => `${nameOf(cluster.cluster)}/${namespace}`));
  const unknown = facts.clusters.flatMap(({ cluster, proxies }) =>
    proxies.filter(({ standing, waived }) => standing.kind === 'unknown' && !waived).map((proxy) => ({ cluster, proxy })),
  );
  const unread = facts.clusters.filter((cluster) => cluster.unread.length > 0).map(({ cluster }) => nameOf(cluster));
  return { record: { at, pairs: [...pairs].sort(), meshed }, unknown, unread };
}

/** Both verify the other's certificate; servers and clients each by their own list of domains. */
function authenticates(client: Read, server: Read): boolean {
  if (client.expired || server.expired) return false;
  const anchors = client.anchors.includes(server.issuer) && server.anchors.includes(client.issuer);
  return anchors && accepts(client.outbound, server.domain) && accepts(server.inbound, client.domain);
}

/** What is not known may have been accepted, and what could talk must keep talking. */
function accepts(list: Read['inbound'], domain: string): boolean {
  return list === 'any' || list === 'unknown' || list.includes(domain);
}

function readClasses(proxies: readonly ProxyFacts[]): readonly Read[] {
  const classes = new Map<string, Read>();
  for (const { standing } of proxies) if (standing.kind === 'read') classes.set(JSON.stringify(standing), standing);
  return [...classes.values()];
}

/** By sidecars: a namespace that holds a gateway alone, istio-system above all, owes none to any other pod. */
function meshedNamespaces({ proxies, creatable }: ClusterGateFacts): readonly string[] {
  const injected = creatable.filter(({ outcome }) => outcome.kind === 'injected' || outcome.kind === 'handInjected');
  const sidecars = [...proxies, ...injected].filter(({ role }) => role === 'sidecar');
  return [...new Set(sidecars.map(({ namespace }) => namespace))].sort();
}
