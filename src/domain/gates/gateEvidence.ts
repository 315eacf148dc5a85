// What a gate looked at: how much of the mesh was read, so that "open" can be told from "nothing was looked at".
import type { Message } from '../../shared/text/message.js';
import { message } from '../../shared/text/message.js';
import { MESH_CA_ANCHOR } from './gateFacts.js';
import type { GateFacts, ProxyFacts } from './gateFacts.js';

/** In a few sentences, whatever the verdict is. */
export function gateEvidence(facts: GateFacts): readonly Message[] {
  const proxies = facts.clusters.flatMap((cluster) => cluster.proxies);
  const read = proxies.filter(({ standing }) => standing.kind === 'read');
  const trusting = read.filter(({ standing }) => standing.kind === 'read' && standing.anchors.includes(MESH_CA_ANCHOR));
  const waived = proxies.filter((proxy) => proxy.waived);
  return [
    message('gates.evidence.proxies', { read: pods(read), proxies: pods(proxies), clusters: facts.clusters.length }),
    ...(trusting.length === 0 ? [] : [message('gates.evidence.meshCa', { proxies: pods(trusting) })]),
    message('gates.evidence.creatable', { templates: facts.clusters.reduce((sum, { creatable }) => sum + creatable.length, 0) }),
    ...(waived.length === 0 ? [] : [message('gates.evidence.waived', { proxies: pods(waived) })]),
  ];
}

function pods(proxies: readonly ProxyFacts[]): number {
  return proxies.reduce((sum, proxy) => sum + proxy.pods.length, 0);
}
