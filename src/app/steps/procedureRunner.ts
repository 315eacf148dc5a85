// Carries rows of the procedure from gate to verified: plan, preview, name typed, everything read and judged again right before the
// start, run in the terminal, what only the extension can do, the mesh read again, and the journal.
import { clusterKey } from '../../domain/cluster.js';
import type { Inspection, InspectionRequest } from '../../domain/procedure/inspection.js';
import { requestKey } from '../../domain/procedure/inspection.js';
import { isBlocked, planStep } from '../../domain/procedure/planStep.js';
import { PROCEDURE } from '../../domain/procedure/procedure.js';
import type { MeshSituation, StepPlan } from '../../domain/procedure/procedureStep.js';
import type { StepOrder } from '../../domain/procedure/stepOrder.js';
import type { CommandSpec, StepOutcome } from '../../domain/steps/commandSpec.js';
import { redactSecrets, renderCommand } from '../../domain/steps/shellQuote.js';
import type { Result } from '../../shared/failure.js';
import type { Message } from '../../shared/text/message.js';
import { message } from '../../shared/text/message.js';
import type { RenderText } from '../../shared/text/render.js';
import type { Disposable } from '../events.js';
import { Emitter } from '../events.js';
import type { SituationSource } from '../migration/situationSource.js';
import type { Clock, Log, StepTerminal } from '../ports.js';
import type { PreviewAnswer, ProcedurePrompts, ProcedureResult, StepActions, StepInspector, StepJournal } from './procedurePorts.js';
import { evidenceOf, isDone } from './procedureResult.js';
import { verifyStep } from './verifyStep.js';

export interface ProcedureRunnerParts {
  readonly situations: SituationSource;
  readonly inspector: StepInspector;
  readonly actions: StepActions;
  readonly terminal: StepTerminal;
  readonly prompts: ProcedurePrompts;
  readonly journal: StepJournal;
  /** False in Restricted Mode: what the folder's files name is then neither run nor asked for its version. */
  readonly isTrusted: () => boolean;
  readonly clock: Clock;
  readonly log: Log;
  readonly text: RenderText;
}

type Form = Extract<PreviewAnswer, 'run' | 'runGuideForm'>;

interface Run {
  readonly result: ProcedureResult;
  readonly outcome: StepOutcome | undefined;
  readonly commands: readonly CommandSpec[];
}

/** Runs orders of any scope; one run a target at a time, however often it is asked for. */
export class ProcedureRunner {
  private readonly parts: ProcedureRunnerParts;
  /** The step that runs on each target. */
  private readonly busy = new Map<string, StepOrder['step']>();
  private readonly runningChanges: Emitter<StepOrder['target']>;

  constructor(parts: ProcedureRunnerParts) {
    this.parts = parts;
    this.runningChanges = new Emitter((error) => {
      parts.log.error(`a view of the running steps failed: ${String(error)}`);
    });
  }

  /** Whether a step runs, or is being verified, on this target. */
  isRunning(target: StepOrder['target']): boolean {
    return this.runningStep(target) !== undefined;
  }

  /** Which step runs, or is being verified, on this target. */
  runningStep(target: StepOrder['target']): StepOrder['step'] | undefined {
    return this.busy.get(targetKey(target));
  }

  /** With the target of which `isRunning` has changed. */
  onDidChangeRunning(listener: (target: StepOrder['target']) => void): Disposable {
    return this.runningChanges.event(listener);
  }

  /** The step as it would run now, with everything it needs read. */
  async plan(order: StepOrder, situation: MeshSituation, signal: AbortSignal): Promise<StepPlan> {
    return planStep(order, { ...situation, inspection: await this.inspect(order, situation, signal) });
  }

  /** One preview for all orders; then one after another, until one is not verified and the user does not want to go on. None when nothing was previewed. */
  async run(orders: readonly StepOrder[]): Promise<readonly ProcedureResult[]> {
    const { prompts, terminal, isTrusted } = this.parts;
    if (!isTrusted()) {
      prompts.reportUntrusted();
      return [];
    }
    const previews = await this.whileReading(async (situation, signal) => Promise.all(orders.map((order) => this.plan(order, situation, signal))));
    if (previews === undefined) return [];
    let answer = await prompts.preview(previews);
    while (answer === 'dryRun') {
      const commands = previews.flatMap(({ dryRun }) => dryRun);
      const title = this.parts.text(message('procedureRun.preview.dryRun'));
      const outcome: StepOutcome = commands.length === 0 ? { kind: 'ran' } : await terminal.run({ title, commands, purpose: 'dryRun' });
      answer = await prompts.preview(previews, { outcome, count: commands.length });
    }
    if (answer === 'no') return previews.map((plan) => ({ kind: 'cancelled', plan }));
    const results = await this.runInTurn(previews, answer);
    prompts.report(results, (again) => {
      this.run(again).catch((error: unknown) => {
        this.parts.log.error(`the step could not be run again: ${String(error)}`);
      });
    });
    return results;
  }

  private async runInTurn(previews: readonly StepPlan[], form: Form): Promise<readonly ProcedureResult[]> {
    const results: ProcedureResult[] = [];
    for (const [index, preview] of previews.entries()) {
      const result = await this.runAlone(preview, form, index === 0);
      results.push(result);
      const remaining = previews.slice(index + 1);
      // What was seen to be blocked in the preview is no surprise to ask about.
      const isExpected = isDone(result) || isBlocked(preview);
      if (isExpected || remaining.length === 0) continue;
      if (result.kind !== 'cancelled' && (await this.parts.prompts.goOn(result, remaining.map(({ order }) => order)))) continue;
      return [...results, ...remaining.map((plan): ProcedureResult => ({ kind: 'cancelled', plan }))];
    }
    return results;
  }

  private async runAlone(preview: StepPlan, form: Form, isFirst: boolean): Promise<ProcedureResult> {
    const { target, step } = preview.order;
    if (this.isRunning(target)) return { kind: 'busy', plan: preview };
    this.setRunning(target, step);
    const startedAt = this.parts.clock.now();
    try {
      const run = await this.runPlanned(preview, form, isFirst);
      await this.keep(run, startedAt, form);
      return run.result;
    } finally {
      this.setRunning(target, undefined);
    }
  }

  private async runPlanned(preview: StepPlan, form: Form, isFirst: boolean): Promise<Run> {
    const { prompts, terminal, text, log } = this.parts;
    const notRun = (result: ProcedureResult): Run => ({ result, outcome: undefined, commands: [] });
    // What is in the way of a later one may be what those before it clear away: it is judged when its turn comes.
    if (isFirst && isBlocked(preview)) return notRun({ kind: 'blocked', plan: preview });
    if (preview.confirmation !== undefined && !(await prompts.typeName(preview))) return notRun({ kind: 'cancelled', plan: preview });
    // The mesh moves while the user reads and types, and while earlier steps run: gates are judged by what is so now.
    const plan = await this.whileReading((situation, signal) => this.plan(preview.order, situation, signal));
    if (plan === undefined) return notRun({ kind: 'cancelled', plan: preview });
    if (isBlocked(plan)) return notRun({ kind: 'blocked', plan });
    const commands = commandsOf(plan, form);
    if (commands === undefined || JSON.stringify(commands) !== JSON.stringify(commandsOf(preview, form))) {
      return notRun({ kind: 'changedSincePreview', plan });
    }
    for (const line of this.linesOf(commands)) log.info(`${text(plan.title)}: ${line}`);
    const outcome: StepOutcome = commands.length === 0 ? { kind: 'ran' } : await terminal.run({ title: this.titleOf(plan), commands });
    const acted = outcome.kind === 'ran' ? await this.act(plan) : undefined;
    if (outcome.kind === 'failed') await this.keepFailedTest(plan);
    // Before the mesh is judged: what was made for the step alone is not to be found in it.
    const left = await this.cleanUp(plan);
    if (outcome.kind !== 'ran') return { result: { kind: 'notDone', plan, outcome }, outcome, commands };
    if (acted?.ok === false) return { result: { kind: 'actionFailed', plan, failure: acted.failure }, outcome, commands };
    return { result: await this.verify(plan, [...left, ...(acted?.value ?? [])]), outcome, commands };
  }

  /** Undefined when the user ended the reading: what was known before it proves nothing about now. */
  private whileReading<Value>(plan: (situation: MeshSituation, signal: AbortSignal) => Promise<Value>): Promise<Value | undefined> {
    return this.parts.prompts.whileReading(message('procedureRun.reading'), async (signal) => {
      const planned = await plan(await this.parts.situations.refresh(signal), signal);
      return signal.aborted ? undefined : planned;
    });
  }

  /** What only the extension itself can do; undefined where the step has nothing of the kind. */
  private async act({ action, order, title }: StepPlan): Promise<Result<readonly Message[]> | undefined> {
    if (action === undefined) return undefined;
    const { prompts, actions } = this.parts;
    // While the user is asked, it is the user who is waited for.
    if (action.kind === 'recordTest' && action.asks) return actions.perform(action, order, new AbortController().signal);
    return prompts.whileReading(message('procedureRun.verifying', { title }), (signal) => actions.perform(action, order, signal));
  }

  /** An earlier pass says nothing of the application as it is now. One that was cut short has said nothing. */
  private async keepFailedTest({ action, order, title }: StepPlan): Promise<void> {
    if (action?.kind !== 'recordTest' || action.asks) return;
    const { prompts, actions, situations, log } = this.parts;
    await prompts.whileReading(message('procedureRun.verifying', { title }), async (signal) => {
      const kept = await actions.perform({ ...action, failed: true }, order, signal);
      if (!kept.ok) log.error(`that the test failed could not be kept: ${JSON.stringify(kept.failure)}`);
      await situations.readOnce(signal);
    });
  }

  private async verify(plan: StepPlan, found: readonly Message[]): Promise<ProcedureResult> {
    const { prompts, situations, clock } = this.parts;
    const { verify, verifyLast, order, title } = plan;
    if (verify === undefined) {
      // What the extension has kept in the cluster is to be seen at once, or the same would be next again.
      if (plan.action !== undefined) await prompts.whileReading(message('procedureRun.verifying', { title }), (signal) => situations.readOnce(signal));
      return { kind: 'shown', plan, evidence: found };
    }
    const inspected = async (situation: MeshSituation, signal: AbortSignal): Promise<MeshSituation> => ({
      ...situation,
      inspection: await this.inspect(order, situation, signal),
    });
    const inspectedLast = async (situation: MeshSituation, signal: AbortSignal): Promise<MeshSituation> => ({
      ...situation,
      inspection: await this.answersTo(verifyLast?.needs ?? [], signal),
    });
    const verification = await prompts.whileReading(message('procedureRun.verifying', { title }), (signal) =>
      verifyStep({ situations, clock, inspected, inspectedLast }, { verify, verifyLast }, signal),
    );
    if (verification.kind !== 'verified') return { kind: 'notVerified', plan, verification };
    return { kind: 'verified', plan, evidence: [...found, ...verification.evidence] };
  }

  /** However the step went. A failure of this says nothing about the step, and what is left behind is said first of all that was found. */
  private async cleanUp({ cleanup = [], title }: StepPlan): Promise<readonly Message[]> {
    if (cleanup.length === 0) return [];
    const { terminal, text, log } = this.parts;
    const outcome = await terminal.run({ title: text(title), commands: cleanup, purpose: 'cleanUp' });
    if (outcome.kind === 'ran') return [];
    log.warn(`${text(title)}: what it made for itself was not taken away: ${JSON.stringify(outcome)}`);
    return [message('procedureRun.cleanup.left', { commands: this.linesOf(cleanup).join('; ') })];
  }

  private inspect(order: StepOrder, situation: MeshSituation, signal: AbortSignal): Promise<Inspection> {
    return this.answersTo(PROCEDURE[order.step].needs?.(order, situation) ?? [], signal);
  }

  private async answersTo(requests: readonly InspectionRequest[], signal: AbortSignal): Promise<Inspection> {
    const answers = await Promise.all(requests.map(async (request) => [requestKey(request), await this.parts.inspector.inspect(request, signal)] as const));
    return Object.fromEntries(answers);
  }

  private async keep({ result, outcome, commands }: Run, startedAt: number, form: Form): Promise<void> {
    const { journal, clock, log } = this.parts;
    const { plan } = result;
    log.info(`step ${plan.order.step} on ${targetKey(plan.order.target)}: ${result.kind}`);
    try {
      await journal.append({
        order: plan.order,
        title: plan.title,
        startedAt,
        endedAt: clock.now(),
        commandLines: this.linesOf(commands),
        guideForm: form === 'runGuideForm',
        outcome,
        result: result.kind,
        evidence: evidenceOf(result),
      });
    } catch (error) {
      log.error(`the journal could not be written: ${String(error)}`);
    }
  }

  private linesOf(commands: readonly CommandSpec[]): readonly string[] {
    return commands.map(({ stdin: _stdin, ...command }) => renderCommand(redactSecrets(command), 'posix'));
  }

  private titleOf({ title, order }: StepPlan): string {
    const { target } = order;
    const where = target.scope === 'mesh' ? '' : ` · ${target.cluster.context}`;
    return `${this.parts.text(title)}${where}`;
  }

  private setRunning(target: StepOrder['target'], step: StepOrder['step'] | undefined): void {
    if (step === undefined) this.busy.delete(targetKey(target));
    else this.busy.set(targetKey(target), step);
    this.runningChanges.fire(target);
  }
}

function targetKey(target: StepOrder['target']): string {
  switch (target.scope) {
    case 'mesh':
      return 'mesh';
    case 'cluster':
      return clusterKey(target.cluster);
    case 'namespace':
      return `${target.namespace}/${clusterKey(target.cluster)}`;
    case 'gateway':
      return `${target.namespace}/${target.name}/${clusterKey(target.cluster)}`;
  }
}

/** Undefined where the guide's form was asked for and is not safe to take (any more). */
function commandsOf(plan: StepPlan, form: Form): readonly CommandSpec[] | undefined {
  return form === 'run' ? plan.commands : plan.guideForm?.commands;
}
