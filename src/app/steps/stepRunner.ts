// Carries steps from gate to verified: plan, preview, gate again, run in the terminal, read the cluster again, say what is so.
import { clusterKey, clusterName } from '../../domain/cluster.js';
import type { ClusterSnapshot } from '../../domain/mesh/snapshot.js';
import type { ExpectedNamespace, NamespaceStepPlan } from '../../domain/steps/namespaceStep.js';
import { blockingFindings } from '../../domain/steps/namespaceStep.js';
import type { StepTools } from '../../domain/steps/namespaceSteps.js';
import { planNamespaceStep } from '../../domain/steps/namespaceSteps.js';
import { guardWithoutPlan } from '../../domain/steps/ungatedGuards.js';
import type { NamespaceTarget } from '../../domain/steps/namespaceTarget.js';
import { redactSecrets, renderCommand } from '../../domain/steps/shellQuote.js';
import type { Verification } from '../../domain/steps/verification.js';
import { isSettled, verifyNamespaceStep } from '../../domain/steps/verification.js';
import type { RenderText } from '../../shared/text/render.js';
import type { Disposable } from '../events.js';
import { Emitter } from '../events.js';
import type { Clock, Log, StepTerminal, ToolFinder } from '../ports.js';
import type { SnapshotSource, StepOrder, StepPrompts, StepRunResult } from './stepPorts.js';

/** `rollout status` has already waited for the rollouts; what is left is for old pods to end and for the watches to catch up. */
const VERIFY_PATIENCE_MS = 120_000;

export interface StepRunnerParts {
  readonly snapshots: SnapshotSource;
  readonly tools: ToolFinder;
  readonly terminal: StepTerminal;
  readonly prompts: StepPrompts;
  readonly clock: Clock;
  readonly log: Log;
  readonly text: RenderText;
  readonly rolloutTimeoutMinutes: () => number;
}

/** Runs steps on namespaces. One run a namespace at a time, however often it is asked for. */
export class StepRunner {
  private readonly parts: StepRunnerParts;
  private readonly busy = new Set<string>();
  private readonly runningChanges: Emitter<NamespaceTarget>;

  constructor(parts: StepRunnerParts) {
    this.parts = parts;
    this.runningChanges = new Emitter((error) => {
      parts.log.error(`a view of the running steps failed: ${String(error)}`);
    });
  }

  /** Whether a step runs, or is being verified, on this namespace. */
  isRunning(target: NamespaceTarget): boolean {
    return this.busy.has(namespaceKey(target));
  }

  /** With the namespace of which `isRunning` has changed. */
  onDidChangeRunning(listener: (target: NamespaceTarget) => void): Disposable {
    return this.runningChanges.event(listener);
  }

  /** One preview for all orders; then one after another, until one is not verified and the user does not want to go on. */
  async run(orders: readonly StepOrder[]): Promise<readonly StepRunResult[]> {
    const { prompts, tools, rolloutTimeoutMinutes } = this.parts;
    const kubectl = await tools.kubectl();
    if (!kubectl.ok) {
      prompts.reportFailure(kubectl.failure);
      return [];
    }
    const stepTools: StepTools = { kubectl: kubectl.value.path, rolloutTimeoutMinutes: rolloutTimeoutMinutes() };
    const previews = orders.map((order) => this.plan(order, stepTools));
    if (!(await prompts.confirm(previews))) return previews.map((plan) => ({ kind: 'cancelled', plan }));
    const results = await this.runInTurn(orders, previews, stepTools);
    prompts.report(results, (again) => {
      this.run(again).catch((error: unknown) => {
        this.parts.log.error(`the step could not be run again: ${String(error)}`);
      });
    });
    return results;
  }

  private async runInTurn(
    orders: readonly StepOrder[],
    previews: readonly NamespaceStepPlan[],
    tools: StepTools,
  ): Promise<readonly StepRunResult[]> {
    const results: StepRunResult[] = [];
    for (const [index, order] of orders.entries()) {
      const preview = previews[index] ?? this.plan(order, tools);
      const result = await this.runAlone(order, preview, tools);
      results.push(result);
      const remaining = orders.slice(index + 1);
      // What was seen to be blocked in the preview is no surprise to ask about.
      const isExpected = isDone(result) || blockingFindings(preview).length > 0;
      if (isExpected || remaining.length === 0 || (await this.parts.prompts.goOn(result, remaining))) continue;
      return [...results, ...previews.slice(index + 1).map((plan): StepRunResult => ({ kind: 'cancelled', plan }))];
    }
    return results;
  }

  private plan({ target, choice }: StepOrder, tools: StepTools): NamespaceStepPlan {
    const { snapshots } = this.parts;
    const snapshot = snapshots.snapshot(target.cluster);
    const mesh = snapshots.clusters.map((ref) => snapshots.snapshot(ref)).filter((one) => one !== undefined);
    const plan = planNamespaceStep(snapshot, target, choice, tools);
    // No gate stands before these steps.
    return { ...plan, findings: [...plan.findings, ...guardWithoutPlan(snapshot, target.namespace, choice, mesh)] };
  }

  private async runAlone(order: StepOrder, preview: NamespaceStepPlan, tools: StepTools): Promise<StepRunResult> {
    if (this.isRunning(order.target)) return this.journal({ kind: 'busy', plan: preview });
    this.setRunning(order.target, true);
    try {
      return this.journal(await this.runPlanned(order, preview, tools));
    } finally {
      this.setRunning(order.target, false);
    }
  }

  private async runPlanned(order: StepOrder, preview: NamespaceStepPlan, tools: StepTools): Promise<StepRunResult> {
    // The cluster moves while the user reads, and while earlier namespaces roll: what counts is now.
    const plan = this.plan(order, tools);
    if (blockingFindings(plan).length > 0) return { kind: 'blocked', plan };
    if (!runsTheSame(plan, preview)) return { kind: 'changedSincePreview', plan };
    const { terminal, log, text } = this.parts;
    const title = text(plan.title);
    for (const command of plan.commands) log.info(`${title}: ${renderCommand(redactSecrets(command), 'posix')}`);
    const outcome = await terminal.run({ title: `${title} · ${clusterName(order.target.cluster)}`, commands: plan.commands });
    if (outcome.kind !== 'ran') return { kind: 'notDone', plan, outcome };
    if (plan.expected === undefined) return { kind: 'shown', plan };
    const verification = await this.verify(plan, plan.expected);
    return verification.kind === 'verified' ? { kind: 'verified', plan, verification } : { kind: 'notVerified', plan, verification };
  }

  private verify(plan: NamespaceStepPlan, expected: ExpectedNamespace): Promise<Verification> {
    const { snapshots, prompts, clock } = this.parts;
    const { target } = plan;
    const judge = (snapshot: ClusterSnapshot | undefined): Verification => verifyNamespaceStep(snapshot, target, expected);
    return prompts.whileVerifying(plan, async (stop) => {
      const patience = new AbortController();
      const waiting = AbortSignal.any([stop, patience.signal]);
      // Ends with the wait as well, so that no timer is left behind.
      const timer = new AbortController();
      void clock.sleep(VERIFY_PATIENCE_MS, timer.signal).then(() => {
        patience.abort();
      });
      try {
        const settled = await snapshots.waitFor(target.cluster, (snapshot) => isSettled(judge(snapshot)), waiting);
        return judge(settled ?? snapshots.snapshot(target.cluster));
      } finally {
        timer.abort();
      }
    });
  }

  private setRunning(target: NamespaceTarget, running: boolean): void {
    if (running) this.busy.add(namespaceKey(target));
    else this.busy.delete(namespaceKey(target));
    this.runningChanges.fire(target);
  }

  /** One line a step in the log, until there is a journal. */
  private journal(result: StepRunResult): StepRunResult {
    const { plan } = result;
    const what = `${plan.choice.id} ${plan.target.namespace} on ${clusterName(plan.target.cluster)}`;
    this.parts.log.info(`step ${what}: ${result.kind}${detailOf(result)}`);
    return result;
  }
}

function namespaceKey({ cluster, namespace }: NamespaceTarget): string {
  return `${namespace}/${clusterKey(cluster)}`;
}

function isDone({ kind }: StepRunResult): boolean {
  return kind === 'verified' || kind === 'shown';
}

/** What the user agreed to is the command lines; other numbers in the preview may have moved. */
function runsTheSame(one: NamespaceStepPlan, other: NamespaceStepPlan): boolean {
  return JSON.stringify(one.commands) === JSON.stringify(other.commands);
}

function detailOf(result: StepRunResult): string {
  switch (result.kind) {
    case 'notDone':
      return ` ${JSON.stringify(result.outcome)}`;
    case 'notVerified':
      return ` ${JSON.stringify(result.verification)}`;
    case 'blocked':
      return ` ${JSON.stringify(blockingFindings(result.plan))}`;
    case 'verified':
      return ` by ${result.verification.revision ?? 'no revision'}, ${result.verification.proxies} proxies`;
    default:
      return '';
  }
}

