// One proxy for each revision and namespace of a cluster whose inbound listener is read: what it accepts, the others of its kind
// accept. Gateways have no inbound listener of the mesh and are neither asked nor judged by one.
import type { ClusterRef } from '../../domain/cluster.js';
import { clusterKey } from '../../domain/cluster.js';
import type { InboundListener } from '../../domain/trust/inboundDomains.js';
import type { ProxyTarget } from './proxyTargets.js';

/** What the sample of a revision in a namespace showed. */
export interface InboundSample {
  readonly cluster: ClusterRef;
  readonly namespace: string;
  readonly revision: string | undefined;
  /** The proxy that was asked. */
  readonly pod: string;
  readonly listener: InboundListener;
}

/** Which sample speaks for a proxy; undefined where none can. */
export function sampleKey({ cluster, pod }: ProxyTarget): string | undefined {
  if (pod.proxy === undefined || pod.proxy.role === 'router') return undefined;
  return keyOf(cluster, pod.namespace, pod.proxy.revision);
}

/** Which proxies a sample speaks for. */
export function keyOfSample({ cluster, namespace, revision }: InboundSample): string {
  return keyOf(cluster, namespace, revision);
}

/** The samples by that key; of two for one key the later one counts. */
export function samplesByKey(samples: Iterable<InboundSample>): ReadonlyMap<string, InboundSample> {
  return new Map([...samples].map((sample) => [keyOfSample(sample), sample] as const));
}

function keyOf(cluster: ClusterRef, namespace: string, revision: string | undefined): string {
  return JSON.stringify([clusterKey(cluster), namespace, revision ?? null]);
}

/** How many others are remembered for the case that a sample does not answer. */
const MOST_SUBSTITUTES = 3;

/** Says whose listener is wanted. */
export class SampleChoice {
  /** By kind: who may be asked instead of the one that was. */
  readonly #substitutes = new Map<string, ProxyTarget[]>();

  /** True for the first proxy of each kind. */
  take(target: ProxyTarget): boolean {
    const key = sampleKey(target);
    if (key === undefined) return false;
    const others = this.#substitutes.get(key);
    if (others === undefined) this.#substitutes.set(key, []);
    else if (others.length < MOST_SUBSTITUTES) others.push(target);
    return others === undefined;
  }

  /** Who to ask next when this one did not answer; where there is nobody, the next one that is read. */
  insteadOf(target: ProxyTarget): ProxyTarget | undefined {
    const key = sampleKey(target) ?? '';
    const next = this.#substitutes.get(key)?.shift();
    if (next === undefined) this.#substitutes.delete(key);
    return next;
  }
}
