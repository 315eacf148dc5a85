// Sorts the pods of a namespace under what owns them, once per state of the namespace.
import type { PodFacts } from './facts.js';
import type { NamespaceSnapshot } from './snapshot.js';

export interface PodGroups {
  /** By `Kind/name` of the owner. */
  readonly owned: ReadonlyMap<string, readonly PodFacts[]>;
  /** Pods that nothing owns: nothing makes them anew. */
  readonly bare: readonly PodFacts[];
}

const groupsByPods = new WeakMap<NamespaceSnapshot['pods'], PodGroups>();

/** Pods by owner, in order of their names. */
export function podGroups({ pods }: Pick<NamespaceSnapshot, 'pods'>): PodGroups {
  const remembered = groupsByPods.get(pods);
  if (remembered !== undefined) return remembered;
  const owned = new Map<string, PodFacts[]>();
  const bare: PodFacts[] = [];
  for (const pod of [...pods.values()].sort((one, other) => (one.name < other.name ? -1 : 1))) {
    if (pod.owner === undefined) {
      bare.push(pod);
      continue;
    }
    const key = `${pod.owner.kind}/${pod.owner.name}`;
    const siblings = owned.get(key);
    if (siblings === undefined) owned.set(key, [pod]);
    else siblings.push(pod);
  }
  const groups = { owned, bare };
  groupsByPods.set(pods, groups);
  return groups;
}

/** Over for good: its proxy does nothing any more. A finished Job whose sidecar still runs is not. */
export function isFinished({ phase, proxy }: PodFacts): boolean {
  return (phase === 'Succeeded' || phase === 'Failed') && proxy?.state !== 'running';
}
