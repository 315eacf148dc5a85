// What the environment does in one cluster by itself: pods come (E1), renew (E3), hear pushes (E5), istiods restart (E4), labels revert (E7).
//
// E1, E3, E4 and E5 are applied to the full: every class that can come about is there. That loses nothing. They act on one pod
// (or replica) whatever the others do, so they only ever add classes, and each set so closed is reached by an autoscaler that
// adds pods. Every safety property, and every gate but for what `gateCheck.ts` says, holds for a set if it holds for a larger
// one, so what the closed set may do without harm, every smaller one may. E2 (a pod goes) is taken where it opens a gate.
import { at, selectingLabel } from './clusterState.js';
import type { ClusterState } from './clusterState.js';
import type { ControlPlanes } from './controlPlanes.js';
import type { ClassSet, PodClass, PodClasses } from './podClasses.js';
import { REVISIONS } from './scene.js';
import type { Revision, Scene } from './scene.js';

/** The empty set of pods. */
const NOBODY: ClassSet = 0;

export type Creation = Revision | 'withoutSidecar' | 'refused';

export interface NamedMove {
  readonly name: string;
  readonly to: ClusterState;
}

export interface Environment {
  /** Who injects a pod of this label that is made now: webhook, its Service, the istiod behind it. */
  creation(state: ClusterState, label: Revision): Creation;
  /** The class reached in the end by a pod that is made now and left in peace. */
  hasSigner(state: ClusterState, pod: PodClass): boolean;
  /** All that E1, E3, E4 and E5 can bring about. */
  closed(state: ClusterState): ClusterState;
  /** Pods that this moment's istiod makes, however far they have come. */
  made(state: ClusterState, label: Revision): ClassSet;
  /** Moves that change more than pods. */
  moves(state: ClusterState): readonly NamedMove[];
}

export function hasIstiod(state: ClusterState, revision: Revision): boolean {
  const installation = state.installed[revision];
  return installation === 'ready' || installation === 'withoutWebhooks';
}

export function hasWebhooks(state: ClusterState, revision: Revision): boolean {
  const installation = state.installed[revision];
  return installation === 'ready' || installation === 'applied';
}

export function createEnvironment(scene: Scene, controlPlanes: ControlPlanes, classes: PodClasses): Environment {
  /** Service `istiod` is revision `default`'s own; other revisions have one each. */
  const reachedBy = (state: ClusterState, revision: Revision): Revision | undefined => {
    const behind = revision === 0 && scene.start === 'istio' ? state.istiodService : revision;
    return hasIstiod(state, behind) ? behind : undefined;
  };

  const nextOf = (state: ClusterState, pod: PodClass): readonly number[] => {
    const istiod = reachedBy(state, pod.injector);
    const loaded = istiod === undefined ? 0 : state.loaded[istiod];
    return classes.next(pod, istiod === undefined ? '-' : `${istiod}:${loaded}`, () => ({
      signers: pod.injector === 2 ? [controlPlanes.meshCaSigner] : istiod === undefined ? [] : controlPlanes.signers(istiod, loaded),
      pushes: istiod === undefined ? [] : controlPlanes.pushes(istiod, loaded),
    }));
  };

  const closures = new Map<string, ClassSet>();
  /** All that pods hear of: the same answers make the same closure. */
  const answersIn = (state: ClusterState): string =>
    REVISIONS.map((injector) => {
      const istiod = reachedBy(state, injector);
      return istiod === undefined ? '-' : `${istiod}:${state.loaded[istiod]}`;
    }).join();

  /** Everything that pods of a set become, and one that `injector` makes. */
  const closeSet = (state: ClusterState, set: ClassSet, injector: Creation, answers = answersIn(state)): ClassSet => {
    const key = `${answers} ${set} ${injector}`;
    const known = closures.get(key);
    if (known !== undefined) return known;
    const found = new Set(classes.members(set));
    if (typeof injector === 'number') found.add(classes.pending(injector).id);
    for (const id of found) for (const next of nextOf(state, classes.at(id))) found.add(next);
    const closure = classes.set(found);
    closures.set(key, closure);
    return closure;
  };

  const creation = (state: ClusterState, label: Revision): Creation => {
    if (!hasWebhooks(state, label)) return 'withoutSidecar';
    const istiod = reachedBy(state, label);
    return istiod === undefined || !controlPlanes.injects(istiod) ? 'refused' : istiod;
  };

  const made = (state: ClusterState, label: Revision): ClassSet => closeSet(state, NOBODY, creation(state, label));

  const restarted = (state: ClusterState): ClusterState => {
    let { loaded } = state;
    for (const revision of REVISIONS) {
      const root = hasIstiod(state, revision) ? controlPlanes.loads(revision, state.secret) : 0;
      if (root !== undefined && (loaded[revision] | root) !== loaded[revision]) loaded = at(loaded, revision, loaded[revision] | root);
    }
    return loaded === state.loaded ? state : { ...state, loaded };
  };

  const closed = (before: ClusterState): ClusterState => {
    const state = restarted(before);
    const answers = answersIn(state);
    const pods = state.pods.map((set, workload) => {
      const label = selectingLabel(state, workload);
      return label === undefined ? NOBODY : closeSet(state, set, creation(state, label), answers);
    });
    return { ...state, pods };
  };

  const moves = (state: ClusterState): readonly NamedMove[] => [
    ...readiness(state, creation),
    ...reverts(state),
    ...generation(state, controlPlanes),
  ];

  return {
    creation,
    made,
    closed,
    moves,
    hasSigner: (state, pod) => {
      const istiod = reachedBy(state, pod.injector);
      return istiod !== undefined && (pod.injector === 2 || controlPlanes.signers(istiod, state.loaded[istiod]).length > 0);
    },
  };
}

function readiness(state: ClusterState, creation: Environment['creation']): readonly NamedMove[] {
  const moves: NamedMove[] = [];
  for (const revision of REVISIONS) {
    if (state.installed[revision] === 'applied') {
      moves.push({ name: `istiod of revision ${revision} becomes ready`, to: { ...state, installed: at(state.installed, revision, 'ready') } });
    }
  }
  if (state.oldGateway === 'applied' && typeof creation(state, 0) === 'number') moves.push({ name: 'the old gateway becomes ready', to: { ...state, oldGateway: 'ready' } });
  const { canary } = state;
  if (canary?.ready === false && typeof creation(state, canary.template) === 'number') {
    moves.push({ name: 'the new gateway becomes ready', to: { ...state, canary: { ...canary, ready: true } } });
  }
  return moves;
}

/** E7, once: a tool that holds the label from before puts it back; later it would have done so already. */
function reverts(state: ClusterState): readonly NamedMove[] {
  return state.namespaces.flatMap(({ label, before }, index) => {
    if (label === before) return [];
    const namespaces = state.namespaces.map((other, place) => (place === index ? { label: before, before } : other));
    return [{ name: `E7: GitOps puts label ${before} back on namespace ${index + 1}`, to: { ...state, namespaces } }];
  });
}

/** E4 without a CA Secret: a Citadel that restarts makes a root of its own and keeps it in the Secret. */
function generation(state: ClusterState, controlPlanes: ControlPlanes): readonly NamedMove[] {
  if (state.secret !== 'none') return [];
  const maker = REVISIONS.find((revision) => hasIstiod(state, revision) && controlPlanes.startsWith(revision, 'none') === 'generated');
  return maker === undefined ? [] : [{ name: `E4: istiod of revision ${maker} restarts and makes a new root`, to: { ...state, secret: 'N' } }];
}
