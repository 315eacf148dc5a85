// The steps a user can take in one cluster, forward and back: what each needs to be open, and what it does, prefix by prefix (E8).
import type { GateId, GateSubject } from '../../../src/domain/gates/gate.js';
import { at, NO_PROBE } from './clusterState.js';
import type { CanaryGateway, ClusterState, Installation } from './clusterState.js';
import { rootsIn, secretOf } from './controlPlanes.js';
import type { ControlPlanes } from './controlPlanes.js';
import { hasIstiod, started } from './environment.js';
import { REVISIONS } from './scene.js';
import type { Revision, Scene } from './scene.js';

/** What a step is, whatever state it is taken in; states in which it would change nothing do not have it. */
export interface ModelStep {
  readonly name: string;
  readonly gate: GateId | undefined;
  /** The cluster is filled in by whoever asks. */
  readonly subject: Omit<GateSubject, 'cluster'>;
  /** After each prefix of the command's effects, whole command last. Taken again on the state as it is when the command starts. */
  readonly effects: (state: ClusterState) => readonly ClusterState[];
}

const GATEWAYS = { old: 'istio-ingressgateway', canary: 'istio-ingressgateway-canary' } as const;

export function stepsIn(state: ClusterState, controlPlanes: ControlPlanes, { extent, tag, ownCertificates = false }: Scene): readonly ModelStep[] {
  const { revisions } = controlPlanes;
  return [
    ...installSteps(state, controlPlanes, extent.reinstalls),
    ...(tag === undefined ? namespaceSteps(state, revisions) : tagSteps(state, revisions, tag)),
    ...gatewaySteps(state, revisions),
    ...finishSteps(state, revisions),
    ...secretSteps(state, controlPlanes),
    ...(ownCertificates && !state.waivesOwnCertificates ? [WAIVER] : []),
  ];
}

/** By hand in the plan, whenever somebody answers for those proxies; what they authenticate is not promised from then on. */
const WAIVER: ModelStep = {
  name: 'the plan waives proxies with certificates of their own',
  gate: undefined,
  subject: {},
  effects: (state) => [{ ...state, waivesOwnCertificates: true }],
};

/** asmcli applies the objects, then istiod becomes ready. What is tried already of an istiod that runs on stays tried. */
function install(revision: 1 | 2, controlPlanes: ControlPlanes): ModelStep['effects'] {
  return (state) => {
    const applied: ClusterState = { ...state, installed: at(state.installed, revision, 'applied') };
    // Installed over a running istiod it is the same one, or a rolling update: that one serves until the new one does.
    if (hasIstiod(state, revision)) return [{ ...applied, installed: at(applied.installed, revision, 'ready') }];
    return [applied, started(applied, revision, controlPlanes)];
  };
}

function installSteps(state: ClusterState, controlPlanes: ControlPlanes, reinstalls: boolean): readonly ModelStep[] {
  const { installed, namespaces } = state;
  const steps: ModelStep[] = [];
  const isPhaseOne = installed[2] === 'absent' && namespaces.every(({ label }) => label !== 2);
  if (installed[1] !== 'ready' && (isPhaseOne || reinstalls)) steps.push({ name: 'install-revision-1', gate: undefined, subject: {}, effects: install(1, controlPlanes) });
  if (installed[2] !== 'ready' && hasIstiod(state, 1)) steps.push({ name: 'install-revision-2', gate: 'phase-2', subject: {}, effects: install(2, controlPlanes) });
  return steps;
}

/** Forward a revision, or back one, each with its gate. */
function moveGate(from: Revision, to: Revision): GateId {
  if (to > from) return to === 1 ? 'phase-1-labels' : 'phase-2-labels';
  return to === 0 ? 'rollback-1' : 'rollback-2';
}

function neighbours(revision: Revision): readonly Revision[] {
  return revision === 1 ? [0, 2] : [1];
}

/** Gates of the way back to the old revision have to be told which it is. */
function moveSubject(to: Revision, revisions: readonly string[]): ModelStep['subject'] {
  return to === 0 ? { revision: revisions[0] } : {};
}

function namespaceSteps(state: ClusterState, revisions: readonly string[]): readonly ModelStep[] {
  return state.namespaces.flatMap(({ label }, index) =>
    neighbours(label)
      .filter((to) => to < label || state.installed[to] !== 'absent')
      .map((to) => ({
        name: `label namespace ${index + 1} ${to > label ? 'forward to' : 'back to'} revision ${to}`,
        gate: moveGate(label, to),
        subject: moveSubject(to, revisions),
        effects: (now: ClusterState) => [
          { ...now, namespaces: now.namespaces.map((other, place) => (place === index ? { label: to, before: other.label } : other)) },
        ],
      })),
  );
}

/** `move-tags` takes everybody along who follows the tag, whichever label they do it by. */
function tagSteps(state: ClusterState, revisions: readonly string[], tag: string): readonly ModelStep[] {
  const label = state.namespaces[0]?.label ?? 0;
  return neighbours(label)
    .filter((to) => to < label || state.installed[to] !== 'absent')
    .map((to) => ({
      name: `move tag ${tag} ${to > label ? 'forward to' : 'back to'} revision ${to}`,
      gate: moveGate(label, to),
      subject: moveSubject(to, revisions),
      effects: (now: ClusterState) => [{ ...now, namespaces: now.namespaces.map(({ label: before }) => ({ label: to, before })) }],
    }));
}

function withCanary(canary: CanaryGateway | undefined): ModelStep['effects'] {
  return (state) => [{ ...state, canary }];
}

function gatewaySteps(state: ClusterState, revisions: readonly string[]): readonly ModelStep[] {
  const { canary, oldGateway } = state;
  const steps: ModelStep[] = [];
  const toOld = { gate: 'rollback-1', subject: moveSubject(0, revisions) } as const;
  if (canary === undefined && state.installed[1] !== 'absent') {
    steps.push({ name: 'migrate-gateway', gate: 'phase-1-labels', subject: {}, effects: withCanary({ ready: false, template: 1, label: 1 }) });
  }
  if (oldGateway === 'absent' && state.installed[0] !== 'absent') {
    steps.push({ name: 'put the old gateway back', ...toOld, effects: (now) => [{ ...now, oldGateway: 'applied' }] });
  }
  if (oldGateway !== 'absent') steps.push(deleteGateway('old', (now) => [{ ...now, oldGateway: 'absent' }]));
  if (canary === undefined) return steps;
  steps.push(deleteGateway('canary', withCanary(undefined)));
  const { template, label } = canary;
  // The pod template first, the Deployment's own label after it.
  const moved = (to: Revision): ModelStep['effects'] => (now) => [
    { ...now, canary: { ...canary, template: to } },
    { ...now, canary: { ...canary, template: to, label: to } },
  ];
  if (template === 1 && state.installed[2] !== 'absent') steps.push({ name: 'upgrade-gateway', gate: 'phase-2-labels', subject: {}, effects: moved(2) });
  if (template === 2) steps.push({ name: 'roll-back-gateway', gate: 'rollback-2', subject: {}, effects: moved(1) });
  if (template !== label) steps.push({ name: 'set the label of the gateway Deployment', gate: undefined, subject: {}, effects: withCanary({ ...canary, label: template }) });
  return steps;
}

function deleteGateway(which: keyof typeof GATEWAYS, effects: ModelStep['effects']): ModelStep {
  const subject = { goes: 'gateway', namespace: 'istio-system', gateway: GATEWAYS[which] } as const;
  return { name: `delete the ${which === 'old' ? 'old' : 'new'} gateway`, gate: 'finish', subject, effects };
}

/** Webhooks go first, then istiod with its Service; a half deletion is finished by the same step. */
function deleteIstiod(revision: Revision): ModelStep['effects'] {
  return (state) => {
    const gone: ClusterState = {
      ...state,
      installed: at<Installation>(state.installed, revision, 'absent'),
      loaded: at(state.loaded, revision, 0),
      probes: at(state.probes, revision, NO_PROBE),
    };
    if (!hasIstiod(state, revision)) return [gone];
    return [{ ...state, installed: at<Installation>(state.installed, revision, 'withoutWebhooks') }, gone];
  };
}

function finishSteps(state: ClusterState, revisions: readonly string[]): readonly ModelStep[] {
  const deletions = ([0, 1, 2] as const)
    .filter((revision) => state.installed[revision] !== 'absent')
    .map((revision): ModelStep => ({
      name: `delete istiod of revision ${revision}`,
      gate: 'finish',
      subject: { goes: 'controlPlane', revision: revisions[revision] },
      effects: deleteIstiod(revision),
    }));
  const { istiodService } = state;
  const repointings = REVISIONS.filter((to) => to !== istiodService && state.installed[to] !== 'absent')
    .map((to): ModelStep => ({
      name: `finalize-webhook: Service istiod to revision ${to}`,
      gate: 'finish',
      subject: { goes: 'istiodService', revision: revisions[istiodService], successor: revisions[to] },
      effects: (now) => [{ ...now, istiodService: to }],
    }));
  return [...deletions, ...repointings];
}

/** What is put back is a new object, of which a backup has to be made anew before it may be deleted again. */
function restored(state: ClusterState): readonly ClusterState[] {
  const present = rootsIn(state.secret);
  const back = state.backups.filter((root) => !present.includes(root));
  return [{ ...state, secret: secretOf([...present, ...back]), backups: state.backups.filter((root) => !back.includes(root)) }];
}

/** What an istiod made anew is not among what the command names: of all that is there the gate lets no other go without a backup. */
function deleted(state: ClusterState): readonly ClusterState[] {
  const stays = state.secret === 'N' && state.backups.length > 0 && !state.backups.includes('N');
  return [{ ...state, secret: stays ? 'N' : 'none' }];
}

function secretSteps(state: ClusterState, controlPlanes: ControlPlanes): readonly ModelStep[] {
  const steps: ModelStep[] = [];
  if (state.secret !== 'none') steps.push({ name: 'delete-secrets', gate: 'phase-3', subject: {}, effects: deleted });
  if (!rootsIn(state.secret).includes('C')) steps.push({ name: 'restore-secrets', gate: 'restore', subject: {}, effects: restored });
  const fresh = hasIstiod(state, 2) ? controlPlanes.loads(2, state.secret) : undefined;
  if (fresh !== undefined && fresh !== state.loaded[2]) {
    steps.push({ name: 'restart-control-plane', gate: undefined, subject: {}, effects: (now) => [{ ...now, loaded: at(now.loaded, 2, fresh) }] });
  }
  return steps;
}
