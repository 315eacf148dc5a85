// The tree of the view Migration: hands VS Code the nodes of the position as items and has what changed drawn again.
import * as vscode from 'vscode';
import type { Disposable } from '../../app/events.js';
import type { LivePosition } from '../../app/migration/livePosition.js';
import type { PlanSource } from '../../app/plan/planSource.js';
import type { StepId, StepTarget } from '../../domain/procedure/stepOrder.js';
import type { RenderText } from '../../shared/text/languages.js';
import { rowItem } from '../tree/rowItem.js';
import type { MigrationNode } from './migrationNodes.js';
import type { MigrationRowSource } from './migrationRows.js';
import { PaintedMigration } from './paintedMigration.js';
import { planProblem } from './planProblem.js';

/** Which step of ours acts on which target at the moment. */
export interface RunningTargets {
  runningStep(target: StepTarget): StepId | undefined;
  onDidChangeRunning(listener: () => void): Disposable;
}

export interface MigrationTreeParts {
  readonly live: LivePosition;
  readonly running: RunningTargets;
  readonly text: RenderText;
  readonly plans: PlanSource;
}

export class MigrationTree implements vscode.TreeDataProvider<MigrationNode>, vscode.Disposable {
  readonly #parts: MigrationTreeParts;
  readonly #painted: PaintedMigration;
  readonly #repaint = new vscode.EventEmitter<MigrationNode | MigrationNode[] | undefined>();
  readonly #owned: readonly Disposable[];

  readonly onDidChangeTreeData = this.#repaint.event;

  constructor(parts: MigrationTreeParts) {
    this.#parts = parts;
    this.#painted = new PaintedMigration(() => this.#source());
    const draw = (): void => {
      const changed = this.#painted.repaint();
      if (changed !== undefined) this.#repaint.fire(changed === 'all' ? undefined : [...changed]);
    };
    this.#owned = [this.#repaint, parts.live.onDidChange(draw), parts.running.onDidChangeRunning(draw), parts.plans.onDidChange(draw)];
  }

  getChildren(node?: MigrationNode): MigrationNode[] {
    return [...this.#painted.children(node)];
  }

  getParent(node: MigrationNode): MigrationNode | undefined {
    return node.parent;
  }

  getTreeItem(node: MigrationNode): vscode.TreeItem {
    return rowItem(node, this.#painted.row(node));
  }

  /** The row of the step that is next, the same object as drawn; undefined while none is. */
  nextNode(): MigrationNode | undefined {
    const { next } = this.#parts.live.current().position;
    if (next === undefined) return undefined;
    const { phase, step } = next.order;
    const phaseNode = this.#painted.children(undefined).find((node) => node.kind === 'phase' && node.phase === phase);
    const steps = phaseNode === undefined ? [] : this.#painted.children(phaseNode);
    return steps.find((node) => node.kind === 'step' && node.step === step) ?? phaseNode;
  }

  dispose(): void {
    for (const owned of this.#owned) owned.dispose();
  }

  #source(): MigrationRowSource {
    const { situation, position } = this.#parts.live.current();
    const { running, text, plans } = this.#parts;
    return {
      position,
      text,
      hasPlan: situation.plan !== undefined,
      planProblem: planProblem(plans.current()),
      isReading: situation.snapshots.some(({ kinds }) => Object.values(kinds).some(({ state }) => state === 'loading')),
      runningStep: (target) => running.runningStep(target),
    };
  }
}
