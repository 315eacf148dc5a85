// The classes of proxies that one survey met, as texts that can be held against another survey's.
import type { GateFacts, ProxyStanding } from '../gates/gateFacts.js';

/** By cluster, revision, anchors, issuer and domains; how many there are of each, and where, does not matter. */
export function classKeys(facts: Pick<GateFacts, 'clusters'>): ReadonlySet<string> {
  return new Set(
    facts.clusters.flatMap(({ cluster, proxies }) =>
      proxies.map(({ revision, standing }) => JSON.stringify([cluster, revision ?? null, standingKey(standing)])),
    ),
  );
}

/** Why something is unknown names pods and times, which differ from survey to survey. */
function standingKey(standing: ProxyStanding): unknown {
  return standing.kind === 'read' ? standing : standing.kind;
}
