// What the environment does in one cluster by itself: pods come (E1), renew (E3), hear pushes (E5), istiods restart (E4), labels revert (E7).
//
// E1, E3, E4 and E5 are applied to the full: every class that can come about is there. That loses nothing. They act on one pod
// (or replica) whatever the others do, so they only ever add classes, and each set so closed is reached by an autoscaler that
// adds pods. Every safety property, and every gate but for what `gateCheck.ts` says, holds for a set if it holds for a larger
// one, so what the closed set may do without harm, every smaller one may. E2 (a pod goes) is taken where it opens a gate.
import { at, isSettled, selectingLabel, workloadsOf } from './clusterState.js';
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
  /** The same for a pod of a workload; undefined where that is not there. */
  creationOf(state: ClusterState, workload: number): Creation | undefined;
  /** The istiod that proxies and webhooks of a revision find at its address. */
  reachedBy(state: ClusterState, revision: Revision): Revision | undefined;
  hasSigner(state: ClusterState, pod: PodClass): boolean;
  /** All that E1, E3, E4 and E5 can bring about. */
  closed(state: ClusterState): ClusterState;
  /** Pods that this moment's istiod makes, however far they have come. */
  made(state: ClusterState, label: Revision): ClassSet;
  madeOf(state: ClusterState, workload: number): ClassSet;
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

/** An istiod comes up with the CA that it finds; without a CA Secret a Citadel makes its own root and keeps it in the Secret. */
/** Another object than any that was backed up. */
function withNewRoot(state: ClusterState): ClusterState {
  return { ...state, secret: 'N', backups: state.backups.filter((root) => root !== 'N') };
}

export function started(state: ClusterState, revision: Revision, controlPlanes: ControlPlanes): ClusterState {
  const found = controlPlanes.loads(revision, state.secret);
  const secret = found === undefined ? 'N' : state.secret;
  const root = found ?? controlPlanes.loads(revision, secret) ?? 0;
  const installed = at(state.installed, revision, 'ready');
  return { ...(found === undefined ? withNewRoot(state) : state), installed, loaded: at(state.loaded, revision, root) };
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
  const closeSet = (state: ClusterState, set: ClassSet, injector: Creation, hasOwnCertificates = false, answers = answersIn(state)): ClassSet => {
    const key = `${answers} ${set} ${injector} ${hasOwnCertificates ? 'own' : ''}`;
    const known = closures.get(key);
    if (known !== undefined) return known;
    const found = new Set(classes.members(set));
    if (typeof injector === 'number') found.add((hasOwnCertificates ? classes.withOwnCertificate(injector) : classes.pending(injector)).id);
    for (const id of found) for (const next of nextOf(state, classes.at(id))) found.add(next);
    const closure = classes.set(found);
    closures.set(key, closure);
    return closure;
  };

  const injectedBy = (state: ClusterState, label: Revision): Creation => {
    const istiod = reachedBy(state, label);
    return istiod === undefined || !controlPlanes.injects(istiod) ? 'refused' : istiod;
  };

  const creation = (state: ClusterState, label: Revision): Creation => {
    return hasWebhooks(state, label) ? injectedBy(state, label) : 'withoutSidecar';
  };

  const workloads = workloadsOf(scene);
  const creationOf = (state: ClusterState, workload: number): Creation | undefined => {
    const label = selectingLabel(state, workload);
    const { isRendered, isTagged } = workloads[workload]!;
    if (label === undefined || isRendered) return label;
    return isTagged ? injectedBy(state, label) : creation(state, label);
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
      const by = creationOf(state, workload);
      return by === undefined ? NOBODY : closeSet(state, set, by, workloads[workload]!.hasOwnCertificates, answers);
    });
    return { ...state, pods };
  };

  const moves = (state: ClusterState): readonly NamedMove[] => [
    ...REVISIONS.filter((revision) => state.installed[revision] === 'applied').map((revision) => ({
      name: `istiod of revision ${revision} becomes ready`,
      to: started(state, revision, controlPlanes),
    })),
    ...readiness(state, creation, reachedBy(state, 0) !== undefined),
    ...reverts(state, scene.tag),
    ...generation(state, controlPlanes),
  ];

  return {
    creation,
    creationOf,
    reachedBy,
    made,
    madeOf: (state, workload) => closeSet(state, NOBODY, creationOf(state, workload) ?? 'refused', workloads[workload]!.hasOwnCertificates),
    closed,
    moves,
    hasSigner: (state, pod) => {
      if (pod.hasOwnCertificate) return true;
      const istiod = reachedBy(state, pod.injector);
      return istiod !== undefined && (pod.injector === 2 || controlPlanes.signers(istiod, state.loaded[istiod]).length > 0);
    },
  };
}

/** A gateway is ready once it has a certificate, for which the one that is rendered needs the old istiod's address too. */
function readiness(state: ClusterState, creation: Environment['creation'], isOldReached: boolean): readonly NamedMove[] {
  const moves: NamedMove[] = [];
  if (state.oldGateway === 'applied' && isOldReached) moves.push({ name: 'the old gateway becomes ready', to: { ...state, oldGateway: 'ready' } });
  const { canary } = state;
  if (canary?.ready === false && typeof creation(state, canary.template) === 'number') {
    moves.push({ name: 'the new gateway becomes ready', to: { ...state, canary: { ...canary, ready: true } } });
  }
  return moves;
}

/** E7, once: a tool that holds the label from before puts it back; later it would have done so already. */
function reverts(state: ClusterState, tag: Scene['tag']): readonly NamedMove[] {
  if (tag !== undefined) {
    if (isSettled(state)) return [];
    return [{ name: `E7: GitOps puts tag ${tag} back`, to: { ...state, namespaces: state.namespaces.map(({ before }) => ({ label: before, before })) } }];
  }
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
  return maker === undefined ? [] : [{ name: `E4: istiod of revision ${maker} restarts and makes a new root`, to: withNewRoot(state) }];
}
