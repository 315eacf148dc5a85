// A walk of the model and the simulation side by side: a part of the way through the migration, then whatever comes.
import { clusterKey } from '../../../src/domain/cluster.js';
import type { GateFacts } from '../../../src/domain/gates/gateFacts.js';
import { isGateOpen } from '../../../src/domain/gates/gateObstacles.js';
import { stepsIn } from '../model/clusterSteps.js';
import type { ModelStep } from '../model/clusterSteps.js';
import { clusterRef } from '../model/meshFacts.js';
import type { Scene } from '../model/scene.js';
import { differences } from './comparableFacts.js';
import { LIVING_MOVES } from './livingMoves.js';
import { SideBySide } from './sideBySide.js';
import { otherVerdicts } from './verdicts.js';

/** The way forward in one cluster: steps by the beginning of their names, and what is done for their gates. */
const PHASE_ONE = ['install-revision-1', 'istiod', 'fix', 'probe 1', 'settle', 'label namespace 1 forward', 'move tag default forward', 'move tag prod forward', 'settle', 'label namespace 2 forward', 'settle', 'restart', 'migrate-gateway', 'the new gateway', 'delete the old', 'finalize-webhook: Service istiod to revision 1', 'settle', 'delete istiod of revision 0', 'delete istiod of revision 0'];
const PHASE_TWO = ['settle', 'the plan waives', 'install-revision-2', 'istiod', 'probe 2', 'settle', 'label namespace 1 forward', 'move tag default forward', 'move tag prod forward', 'settle', 'label namespace 2 forward', 'settle', 'restart', 'upgrade-gateway', 'restart gateway', 'finalize-webhook: Service istiod to revision 2', 'delete istiod of revision 1', 'delete istiod of revision 1'];
const PHASE_THREE = ['settle', 'back up', 'delete-secrets', 'restart-control-plane'];
const JOURNEY = [PHASE_ONE, PHASE_TWO, PHASE_THREE];

export interface Walk {
  readonly scene: Scene;
  /** How much of the way is gone first. */
  readonly progress: number;
  /** Afterwards: what kind of move, and which of them. */
  readonly moves: readonly (readonly [kind: number, which: number])[];
  /** Faults on the way: after how many steps, and which. */
  readonly faults: readonly (readonly [after: number, kind: number, which: number])[];
}

/** What differs, with the moves that led there; empty where nothing ever did. `story` is what was done. */
export function walk({ scene, progress, moves, faults }: Walk, story: string[] = []): readonly string[] {
  const both = new SideBySide(scene);
  const compared = (): readonly string[] => {
    both.narrow();
    const [model, scan] = [both.modelled(), both.scanned()];
    const revisions = both.parts.controlPlanes.revisions;
    const found = [...both.surprises, ...differences(model, scan, both.rootName), ...otherVerdicts(model, scan, revisions)];
    return found.length === 0 ? [] : [...found, ...story.map((line, index) => `${index + 1}. ${line}`)];
  };
  const wayThere = JOURNEY.flatMap((phase) => both.states.flatMap((_, cluster) => phase.map((name) => ({ name, cluster }))));
  const turns = [
    ...wayThere.slice(0, progress).flatMap(({ name, cluster }, index) => [
      () => forward(both, cluster, name),
      ...faults.filter(([after]) => after === index).map(([, kind, which]) => () => fault(both, kind, which)),
    ]),
    ...moves.map(([kind, which]) => () => anything(both, kind, which)),
  ];
  for (const turn of [() => 'the beginning', ...turns]) {
    both.reclose();
    const told = turn();
    if (told === undefined) continue;
    story.push(told);
    const found = compared();
    if (found.length > 0) return found;
  }
  return [];
}

type Told = string | undefined;

function isOpen(facts: GateFacts, cluster: number, { gate, subject }: ModelStep): boolean {
  return gate === undefined || isGateOpen(gate, facts, { ...subject, cluster: clusterKey(clusterRef(cluster)) });
}

function stepOf(both: SideBySide, cluster: number, { name, effects }: ModelStep, which: number): Told {
  const all = effects(both.states[cluster]!);
  const chosen = which % all.length;
  both.step(cluster, name, all[chosen]!);
  return `cluster ${cluster + 1}: ${name}${all.length > 1 ? ` (effect ${chosen + 1})` : ''}`;
}

function forward(both: SideBySide, cluster: number, name: string): Told {
  const evidence = evidenceOf(both, cluster, name);
  if (evidence !== undefined) return evidence;
  if (name.startsWith('restart')) {
    if (name === 'restart-control-plane') return takeStep(both, cluster, name);
    if (name === 'restart gateway') both.disturb(cluster, 'restart', both.scene.extent.namespaces);
    else for (let index = 0; index < both.scene.extent.namespaces; index += 1) both.disturb(cluster, 'restart', index);
    return `cluster ${cluster + 1}: ${name}`;
  }
  return takeStep(both, cluster, name);
}

function takeStep(both: SideBySide, cluster: number, name: string): Told {
  const state = both.states[cluster]!;
  const move = both.parts.environment.moves(state).find((one) => one.name.startsWith(name));
  if (move !== undefined) {
    both.step(cluster, move.name, move.to);
    return `cluster ${cluster + 1}: ${move.name}`;
  }
  const facts = both.scanned();
  const step = stepsIn(state, both.parts.controlPlanes, both.scene).find((one) => one.name.startsWith(name) && isOpen(facts, cluster, one));
  return step === undefined ? undefined : stepOf(both, cluster, step, name.startsWith('install') ? 0 : step.effects(state).length - 1);
}

function evidenceOf(both: SideBySide, cluster: number, name: string): Told {
  switch (name) {
    case 'fix':
      both.fixFindings(cluster);
      break;
    case 'probe 1':
    case 'probe 2':
      both.probe(cluster, name === 'probe 1' ? 1 : 2);
      break;
    case 'settle':
      both.settle();
      break;
    case 'back up':
      both.backUp(cluster);
      break;
    default:
      return undefined;
  }
  return `cluster ${cluster + 1}: ${name}`;
}

function fault(both: SideBySide, kind: number, which: number): Told {
  const cluster = which % both.states.length;
  const move = LIVING_MOVES[kind % LIVING_MOVES.length]!;
  both.disturb(cluster, move, Math.floor(which / 2));
  return `cluster ${cluster + 1}: ${move} ${Math.floor(which / 2)}`;
}

const EVIDENCE = ['fix', 'probe 1', 'probe 2', 'settle', 'back up'] as const;

/** A step whose gate is open, however far it gets; a move of the environment; evidence; a fault. */
function anything(both: SideBySide, kind: number, which: number): Told {
  const cluster = which % both.states.length;
  const at = Math.floor(which / 2);
  const state = both.states[cluster]!;
  switch (kind % 5) {
    case 0:
    case 1: {
      const facts = both.scanned();
      const open = stepsIn(state, both.parts.controlPlanes, both.scene).filter((step) => isOpen(facts, cluster, step));
      const step = open[at % Math.max(1, open.length)];
      return step === undefined ? undefined : stepOf(both, cluster, step, Math.floor(at / 7));
    }
    case 2: {
      const moves = both.parts.environment.moves(state);
      const move = moves[at % Math.max(1, moves.length)];
      if (move === undefined) return undefined;
      both.step(cluster, move.name, move.to);
      return `cluster ${cluster + 1}: ${move.name}`;
    }
    case 3:
      return evidenceOf(both, cluster, EVIDENCE[at % EVIDENCE.length]!);
    default:
      return fault(both, at, which);
  }
}
