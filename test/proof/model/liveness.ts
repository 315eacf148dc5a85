// What has to stay within reach: the goal from everywhere, and the start of a phase until its point of no return.
//
// A state counts for what it becomes when its workloads are restarted once more: that step has no gate.
import type { ClusterState } from './clusterState.js';
import { LOADED, rootsIn } from './controlPlanes.js';
import type { MeshModel, MeshState } from './meshModel.js';
import { canReachGoal } from './scene.js';
import type { Revision, Scene } from './scene.js';

export interface LivenessGoal {
  readonly name: string;
  /** Whether a state still has to be able to get there. */
  readonly owed: (mesh: MeshState) => boolean;
  readonly reached: (mesh: MeshState) => boolean;
}

function labelled(state: ClusterState, revision: Revision): boolean {
  return state.namespaces.every(({ label }) => label === revision);
}

function gatewayOf({ canary }: ClusterState, revision: Revision): boolean {
  return canary?.ready === true && canary.template === revision && canary.label === revision;
}

function isDone(state: ClusterState): boolean {
  const [old, first, second] = state.installed;
  const isAlone = old === 'absent' && first === 'absent' && second === 'ready' && state.oldGateway === 'absent';
  return isAlone && labelled(state, 2) && gatewayOf(state, 2) && state.istiodService === 2 && !rootsIn(state.secret).includes('C') && (state.loaded[2] & LOADED.C) === 0;
}

function isStart(state: ClusterState): boolean {
  const [old, first, second] = state.installed;
  const isAlone = old === 'ready' && first === 'absent' && second === 'absent';
  return isAlone && labelled(state, 0) && state.oldGateway === 'ready' && state.canary === undefined && state.istiodService === 0 && rootsIn(state.secret).includes('C');
}

function isPhaseTwoStart(state: ClusterState): boolean {
  const [, first, second] = state.installed;
  return first === 'ready' && second === 'absent' && labelled(state, 1) && gatewayOf(state, 1) && state.istiodService !== 2 && rootsIn(state.secret).includes('C');
}

function isPhaseThreeStart(state: ClusterState): boolean {
  const [old, first, second] = state.installed;
  const isAlone = old === 'absent' && first === 'absent' && second === 'ready';
  return isAlone && labelled(state, 2) && gatewayOf(state, 2) && rootsIn(state.secret).includes('C') && state.loaded[2] === LOADED.C;
}

/** `delete-old-istiod` of phase 1, and of phase 2, has begun. */
function isPastOne({ installed }: ClusterState): boolean {
  return installed[0] !== 'ready';
}
function isPastTwo({ installed: [, first], namespaces, canary }: ClusterState): boolean {
  const isMoved = namespaces.some(({ label }) => label === 2) || canary?.template === 2;
  return isMoved && first !== 'ready' && first !== 'applied';
}

export function livenessGoals(scene: Scene, model: MeshModel): readonly LivenessGoal[] {
  const every = (holds: (state: ClusterState) => boolean) => (mesh: MeshState) => mesh.every((id) => holds(model.cluster(id)));
  const none = (holds: (state: ClusterState) => boolean) => every((state) => !holds(state));
  const goal: LivenessGoal = { name: 'L1 the goal stays reachable', owed: () => true, reached: every(isDone) };
  return [
    ...(canReachGoal(scene) ? [goal] : []),
    { name: 'L2 the start of phase 1 stays reachable until its point of no return', owed: none((state) => isPastOne(state) || isPastTwo(state)), reached: every(isStart) },
    {
      name: 'L3 the start of phase 2 stays reachable until its point of no return',
      owed: (mesh) => every(isPastOne)(mesh) && none(isPastTwo)(mesh),
      reached: every(isPhaseTwoStart),
    },
    { name: 'L4 the start of phase 3 stays reachable', owed: every(isPastTwo), reached: every(isPhaseThreeStart) },
  ];
}
