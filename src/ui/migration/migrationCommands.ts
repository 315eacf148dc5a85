// The procedure's commands: run the next step, the clicked one, or one from the palette on a target that is asked for.
import * as vscode from 'vscode';
import type { LivePosition, Standpoint } from '../../app/migration/livePosition.js';
import type { PlanSource } from '../../app/plan/planSource.js';
import type { Clock } from '../../app/ports.js';
import type { CommandId, MigrationCommandId } from '../../contributions.js';
import type { MigrationPosition, StepPosition } from '../../domain/position/position.js';
import { stepTitle } from '../../domain/position/stepTitle.js';
import type { ClusterRef } from '../../domain/cluster.js';
import { rollBackOrders } from '../../domain/procedure/rollBackCluster.js';
import type { GateVerdict } from '../../domain/gates/gate.js';
import type { MeshSituation } from '../../domain/procedure/procedureStep.js';
import { STEP_IDS } from '../../domain/procedure/stepOrder.js';
import type { Phase, StepId, StepOrder, StepSuggestion, StepTarget } from '../../domain/procedure/stepOrder.js';
import type { Message } from '../../shared/text/message.js';
import { message } from '../../shared/text/message.js';
import type { RenderText } from '../../shared/text/languages.js';
import type { Choice } from '../steps/choiceBox.js';
import { askForOne, askForSeveral } from '../steps/choiceBox.js';
import { whileWaiting } from '../steps/waitingNotice.js';
import type { ReadOnlyDocuments } from '../steps/readOnlyDocuments.js';
import { clickedStep } from './clickedStep.js';
import { gateDocument } from './gateDocument.js';
import { joinParts } from '../tree/row.js';
import { obstaclesIn, openReasons, placeOf, targetReasons } from './obstacles.js';
import { stateMessage } from './stateIcon.js';
import { planProblem } from './planProblem.js';
import { withReturns } from './returnChoices.js';
import { STEP_COMMANDS } from './stepCommands.js';
import type { StepShape } from './stepTargets.js';
import { clickedTargets, phaseFor, targetChoices } from './stepTargets.js';
import { stepIn, targetIn, targetKey } from './migrationNodes.js';

export interface MigrationCommandParts {
  readonly live: LivePosition;
  /** With what is being read of it. */
  readonly plans: PlanSource & { settled(): Promise<void> };
  readonly text: RenderText;
  readonly clock: Clock;
  readonly documents: Pick<ReadOnlyDocuments, 'show'>;
  /** Previews, runs and verifies; says itself what came of it. */
  readonly run: (orders: readonly StepOrder[]) => Promise<unknown>;
  readonly shapeOf: (step: StepId) => StepShape;
  readonly gatesOf: (order: StepSuggestion, situation: MeshSituation) => readonly GateVerdict[];
}

export class MigrationCommands {
  readonly #parts: MigrationCommandParts;

  constructor(parts: MigrationCommandParts) {
    this.#parts = parts;
  }

  async run(command: MigrationCommandId, clicked: unknown, selected: unknown): Promise<void> {
    switch (command) {
      case 'meshCa.migration.runNext':
        return this.#runNext();
      case 'meshCa.migration.refresh':
        return this.#refresh();
      case 'meshCa.migration.runStep':
        return this.#runClicked(clicked, selected);
      case 'meshCa.migration.showGate':
        return this.#showGate(clicked);
      default:
        return this.#runCommand(command, clicked, selected);
    }
  }

  /**
   * Whether the procedure, which knows of gates, takes over a command on namespaces: only a plan says what they move to. One that is
   * there and cannot be used keeps all but looking from being done: somebody has written it, and without it there would be no gate.
   */
  async runOnNamespaces(command: CommandId, clicked: unknown, selected: unknown): Promise<boolean> {
    const { plans, text, shapeOf } = this.#parts;
    await plans.settled();
    const state = plans.current();
    if (state.kind === 'read' && state.plan !== undefined) {
      await this.#runCommand(command, clicked, selected);
      return true;
    }
    const problem = planProblem(state);
    const step = stepOf(command);
    if (problem === undefined || (step !== undefined && shapeOf(step).readsOnly)) return false;
    offer(text(message('migration.namespace.unusablePlan', { problem })), text(message('migration.action.openPlan')), 'meshCa.plan.open');
    return true;
  }

  async #runNext(): Promise<void> {
    const { live, text } = this.#parts;
    const known = live.current();
    if (known.position.next !== undefined) return this.#give(known.position.next.wave);
    // What was in the way may be gone since it was read.
    const read = known.position.finished || known.situation.snapshots.length === 0 ? known : await this.#readAnew();
    if (read === undefined) return;
    const { position, situation } = read;
    if (position.next !== undefined) return this.#give(position.next.wave);
    if (position.finished) return void vscode.window.showInformationMessage(text(message('migration.next.finished')));
    if (situation.snapshots.length === 0) offer(text(message('migration.next.noClusters')), text(message('migration.action.chooseClusters')), 'meshCa.clusters.choose');
    else offer(text(nothingNow(position)), text(message('migration.action.showGate')), 'meshCa.migration.showGate');
  }

  async #refresh(): Promise<void> {
    await this.#readAnew();
  }

  /** Undefined when the user does not want to wait for it. */
  async #readAnew(): Promise<Standpoint | undefined> {
    const { live, text, clock } = this.#parts;
    return whileWaiting(text(message('migration.refreshing')), clock, async (signal) => {
      const read = await live.refresh(signal);
      return signal.aborted ? undefined : read;
    });
  }

  async #runClicked(clicked: unknown, selected: unknown): Promise<void> {
    const { position } = this.#parts.live.current();
    const found = clickedStep(clicked, selected, position);
    if (found === undefined) return this.#runNext();
    return found.orders.length > 0 ? this.#give(found.orders) : this.#ask(found.step, found.phase);
  }

  async #runCommand(command: CommandId, clicked: unknown, selected: unknown): Promise<void> {
    const step = stepOf(command);
    if (step === undefined) return;
    const shape = this.#parts.shapeOf(step);
    const { position, situation } = this.#parts.live.current();
    const phase = phaseFor(shape, position, situation);
    const targets = clickedTargets(shape.scope, clicked, selected);
    return targets.length > 0 ? this.#give(targets.map((target) => ({ step, phase, target }))) : this.#ask(step, phase);
  }

  /** Asks on what; the only possible target is taken without asking. */
  async #ask(step: StepId, phase: Phase): Promise<void> {
    const { text, shapeOf, live } = this.#parts;
    const { situation, position } = live.current();
    const shape = shapeOf(step);
    const choices = targetChoices(shape, phase, situation, position);
    const title = text(stepTitle(step));
    const [only] = choices;
    if (only === undefined) {
      void vscode.window.showInformationMessage(text(message('migration.pick.nothing', { step: stepTitle(step) })));
      return;
    }
    if (choices.length === 1) return this.#give([{ step, phase, target: only.target }]);
    const items = choices.map(({ target, name, cluster, state }): Choice<StepTarget> => {
      const where = name === cluster || cluster === undefined ? [] : [cluster];
      return { label: name, description: [...where, ...(state === undefined ? [] : [text(stateMessage(state))])].join(' · '), value: target };
    });
    const question = { title, placeholder: text(askingFor(shape.scope, step)), choices: items };
    // A phase is rolled back in all its clusters, or in some of them.
    const several = shape.scope === 'namespace' || step === 'roll-back-cluster';
    const single = several ? undefined : await askForOne(question);
    const chosen = several ? await askForSeveral(question) : single === undefined ? [] : [single];
    if (chosen.length > 0) await this.#give(chosen.map((target) => ({ step, phase, target })));
  }

  /** A cluster is rolled back gateway by gateway and namespace by namespace, and its new control plane goes last. */
  #wholeRollbacks(orders: readonly StepOrder[]): readonly StepOrder[] {
    const back = rolledBack(orders);
    if (back === undefined) return orders;
    const others = orders.filter(({ step }) => step !== 'roll-back-cluster');
    return [...others, ...rollBackOrders(back.phase, back.clusters, this.#parts.live.current().situation)];
  }

  async #showGate(clicked: unknown): Promise<void> {
    const { live, text, documents, gatesOf } = this.#parts;
    const known = live.current();
    const isToBeRead = known.situation.snapshots.length > 0 && !known.situation.facts.settled;
    const read = isToBeRead ? await this.#readAnew() : known;
    if (read === undefined) return;
    const { position, situation } = read;
    const found = clickedStep(clicked, undefined, position);
    const asked = found ?? (await this.#askForBlocked(position));
    if (asked === undefined) return;
    const order = found?.orders[0] ?? firstOrder(asked, position);
    if (order === undefined) {
      void vscode.window.showInformationMessage(text(message('migration.next.none')));
      return;
    }
    const isOne = found === undefined || found.orders.length === 1;
    const own = targetIn(position, { kind: 'target', id: '', parent: undefined, phase: asked.phase, step: asked.step, target: order.target });
    const step = stepIn(position, asked);
    const reasons = isOne && own !== undefined && found !== undefined ? targetReasons(own) : step === undefined ? [] : openReasons(step);
    const title = joinParts([text(stepTitle(order.step)), found !== undefined && isOne ? placeOf(order.target) : undefined]);
    const document = gateDocument({ title, gates: gatesOf(onItsScope(order, this.#parts.shapeOf(order.step)), situation), reasons }, text);
    await documents.show(`${text(message('migration.gate.title'))}: ${title}`, document);
  }

  /** The steps that something is in the way of, the present phase first; from the palette one of them is chosen. */
  async #askForBlocked(position: MigrationPosition): Promise<{ readonly step: StepId; readonly phase: Phase } | undefined> {
    const { text } = this.#parts;
    const phases = [...position.phases].sort((one, other) => Math.abs(one.phase - position.phase) - Math.abs(other.phase - position.phase));
    const choices = phases.flatMap(({ phase, title, steps }) =>
      steps
        .filter(({ state }) => state.kind !== 'done' && state.kind !== 'notNeeded')
        // Of steps that only wait for others there are many.
        .sort((one, other) => Number(isHeldUp(other)) - Number(isHeldUp(one)))
        .map(({ step, state }) => ({ label: text(stepTitle(step)), description: `${text(title)} · ${text(stateMessage(state))}`, value: { step, phase } })),
    );
    if (choices.length === 0) {
      void vscode.window.showInformationMessage(text(message(position.finished ? 'migration.next.finished' : 'migration.next.none')));
      return undefined;
    }
    return askForOne({ title: text(message('migration.gate.title')), placeholder: text(message('migration.gate.pick')), choices });
  }

  async #give(orders: readonly StepSuggestion[]): Promise<void> {
    const given = orders.map((order) => onItsScope(order, this.#parts.shapeOf(order.step)));
    // A step on the mesh is listed for each cluster and is still one step.
    const each = new Map(given.map((order) => [`${order.step} ${targetKey(order.target)}`, order]));
    const whole = this.#wholeRollbacks([...each.values()].map((order) => ({ ...order, parameters: {} })));
    const complete = await withReturns(whole, this.#parts.live.current().situation, this.#parts.text);
    if (complete !== undefined) await this.#parts.run(complete);
  }
}

function stepOf(command: CommandId): StepId | undefined {
  return STEP_IDS.find((id) => STEP_COMMANDS[id] === command);
}

/** The clusters whose rollback is among the orders, with its phase. */
function rolledBack(orders: readonly StepOrder[]): { readonly phase: Phase; readonly clusters: readonly ClusterRef[] } | undefined {
  const ends = orders.filter(({ step }) => step === 'roll-back-cluster');
  const [first] = ends;
  return first && { phase: first.phase, clusters: ends.flatMap(({ target }) => (target.scope === 'cluster' ? [target.cluster] : [])) };
}

/** Something is in its way by itself. */
function isHeldUp({ targets }: StepPosition): boolean {
  return targets.some(({ state: { kind } }) => kind === 'inTheWay' || kind === 'unknown');
}

function nothingNow(position: MigrationPosition): Message {
  const [reason, ...others] = obstaclesIn(position);
  if (reason === undefined) return message('migration.next.none');
  return others.length === 0 ? message('migration.next.noneBecause', { reason }) : message('migration.next.noneBecauseMany', { reason, more: others.length });
}

/** Said once, with what can be done about it. */
function offer(said: string, action: string, command: CommandId): void {
  void vscode.window.showInformationMessage(said, action).then((chosen) => {
    if (chosen === action) void vscode.commands.executeCommand(command);
  });
}

function onItsScope(order: StepSuggestion, { scope }: StepShape): StepSuggestion {
  return scope === 'mesh' ? { ...order, target: { scope } } : order;
}

function firstOrder({ step, phase }: { readonly step: StepId; readonly phase: Phase }, position: Parameters<typeof stepIn>[0]): StepSuggestion | undefined {
  const targets = stepIn(position, { step, phase })?.targets ?? [];
  const left = targets.filter(({ state }) => state.kind !== 'done' && state.kind !== 'notNeeded');
  const target = left.find(({ state }) => state.kind === 'inTheWay' || state.kind === 'unknown') ?? left[0] ?? targets[0];
  return target && { step: target.leadsOn, phase, target: target.target };
}

function askingFor(scope: StepTarget['scope'], step: StepId): Message {
  const args = { step: stepTitle(step) };
  if (scope === 'namespace') return message('migration.pick.namespace', args);
  return scope === 'gateway' ? message('migration.pick.gateway', args) : message('migration.pick.cluster', args);
}
