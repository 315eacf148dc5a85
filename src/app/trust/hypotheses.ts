// The steps that the page offers to suppose: namespaces that move to another revision, Mesh CA that signs, a root that goes.
import type { ClusterRef } from '../../domain/cluster.js';
import { clusterKey } from '../../domain/cluster.js';
import type { ClusterSnapshot } from '../../domain/mesh/snapshot.js';
import { offeredRevisions } from '../../domain/steps/namespaceInjector.js';
import type { NamedRoot } from '../../domain/trust/proxyTrust.js';
import type { HypothesisChoice } from '../../shared/trustViews.js';
import type { Work } from './stretches.js';
import { each } from './stretches.js';
import type { TrustMatrix } from './trustMatrix.js';
import type { Hypothesis } from './whatIf.js';
import { hypothesisMessage } from './whatIf.js';

/** A list is chosen from; beyond this many moves of namespaces it is no list any more. */
const MOST_MOVES = 60;

/** By an id that stays the same as the survey goes on. */
export type Hypotheses = ReadonlyMap<string, Hypothesis>;

/** What could become of these proxies. In a cluster that is not there (a survey from a file), revisions are those of its proxies. */
export function* hypothesesOf(matrix: TrustMatrix, snapshots: readonly ClusterSnapshot[]): Work<Hypotheses> {
  const clusters = yield* clustersOf(matrix, snapshots);
  const moves = clusters.flatMap(movesOf).slice(0, MOST_MOVES);
  const signed = clusters.flatMap(({ cluster, roots }) =>
    [...roots.values()].filter(({ name }) => name.kind === 'meshCa').map((root): Entry => [idOf('signed', cluster, root.fingerprint), { kind: 'signed', cluster, root }]),
  );
  const removed = clusters.flatMap(({ cluster, roots }) =>
    [...roots.values()].map((root): Entry => [idOf('rootRemoved', cluster, root.fingerprint), { kind: 'rootRemoved', cluster, root }]),
  );
  return new Map([...moves, ...signed, ...removed]);
}

export function hypothesisChoices(hypotheses: Hypotheses): readonly HypothesisChoice[] {
  return [...hypotheses].map(([id, hypothesis]) => ({ id, label: hypothesisMessage(hypothesis) }));
}

type Entry = readonly [id: string, hypothesis: Hypothesis];

interface ClusterProxies {
  readonly cluster: ClusterRef;
  /** The revisions of the proxies of each namespace. */
  readonly namespaces: Map<string, Set<string | undefined>>;
  readonly roots: Map<string, NamedRoot>;
  readonly revisions: Set<string>;
}

/** One look at each proxy. */
function* clustersOf({ classes }: TrustMatrix, snapshots: readonly ClusterSnapshot[]): Work<readonly ClusterProxies[]> {
  const clusters = new Map<string, ClusterProxies>();
  for (const one of classes) {
    const present = new Set<string>();
    yield* each(one.members, ({ cluster, pod }) => {
      const key = clusterKey(cluster);
      present.add(key);
      const known = clusters.get(key) ?? { cluster, namespaces: new Map<string, Set<string | undefined>>(), roots: new Map<string, NamedRoot>(), revisions: new Set<string>() };
      clusters.set(key, known);
      const revision = pod.proxy?.revision;
      known.namespaces.set(pod.namespace, (known.namespaces.get(pod.namespace) ?? new Set()).add(revision));
      if (revision !== undefined) known.revisions.add(revision);
    });
    const anchors = one.kind === 'known' ? [...one.position.anchors] : [];
    for (const key of present) {
      for (const [fingerprint, root] of anchors) clusters.get(key)?.roots.set(fingerprint, root);
    }
  }
  for (const snapshot of snapshots) {
    const known = clusters.get(clusterKey(snapshot.ref));
    for (const { revision } of offeredRevisions(snapshot)) known?.revisions.add(revision);
  }
  return [...clusters.values()];
}

function movesOf({ cluster, namespaces, revisions }: ClusterProxies): readonly Entry[] {
  return [...namespaces]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .flatMap(([namespace, present]) =>
      [...revisions]
        .filter((revision) => present.size > 1 || !present.has(revision))
        .sort()
        .map((revision): Entry => [idOf('injected', cluster, namespace, revision), { kind: 'injected', cluster, namespace, revision }]),
    );
}

function idOf(kind: Hypothesis['kind'], cluster: ClusterRef, ...particulars: readonly string[]): string {
  return JSON.stringify([kind, clusterKey(cluster), ...particulars]);
}
