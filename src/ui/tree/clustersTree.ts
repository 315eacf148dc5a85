// The view Clusters: hands VS Code the nodes of the chosen clusters as items and has what changed drawn again.
import * as vscode from 'vscode';
import type { Disposable } from '../../app/events.js';
import type { MeshInventory } from '../../app/inventory/meshInventory.js';
import type { StepRunner } from '../../app/steps/stepRunner.js';
import { CLUSTERS_VIEW } from '../../contributions.js';
import type { ClusterRef } from '../../domain/cluster.js';
import type { RenderText } from '../../shared/text/render.js';
import { clusterCondition } from './clusterCondition.js';
import type { MeshNode } from './meshNodes.js';
import type { Repaint } from './paintedNodes.js';
import { namespaceNodeIn, PaintedNodes } from './paintedNodes.js';
import { rowItem } from './rowItem.js';

/** How often the age of what is stale is drawn anew. */
const AGE_EVERY_MS = 30_000;

/** Which namespaces a step of ours acts on at the moment. */
export type RunningSteps = Pick<StepRunner, 'isRunning' | 'onDidChangeRunning'>;

export class ClustersTree implements vscode.TreeDataProvider<MeshNode>, vscode.Disposable {
  readonly #inventory: MeshInventory;
  readonly #painted: PaintedNodes;
  readonly #view: vscode.TreeView<MeshNode>;
  readonly #repaint = new vscode.EventEmitter<MeshNode | MeshNode[] | undefined>();
  readonly #owned: Disposable[] = [];

  readonly onDidChangeTreeData = this.#repaint.event;

  constructor(inventory: MeshInventory, steps: RunningSteps, text: RenderText, now: () => number) {
    this.#inventory = inventory;
    this.#painted = new PaintedNodes({ snapshotOf: (ref) => inventory.snapshot(ref), text, now, isRunning: (target) => steps.isRunning(target) });
    this.#view = vscode.window.createTreeView(CLUSTERS_VIEW, { treeDataProvider: this, canSelectMany: true, showCollapseAll: true });
    const age = setInterval(() => {
      this.#drawAges();
    }, AGE_EVERY_MS);
    this.#owned.push(
      this.#view,
      this.#repaint,
      new vscode.Disposable(() => {
        clearInterval(age);
      }),
      inventory.onDidChange((changes) => {
        this.#draw(changes.map(({ ref }) => ref));
      }),
      steps.onDidChangeRunning(({ cluster }) => {
        this.#draw([cluster]);
      }),
    );
  }

  getChildren(node?: MeshNode): MeshNode[] {
    return [...(node === undefined ? this.#painted.roots(this.#inventory.clusters) : this.#painted.children(node))];
  }

  getParent(node: MeshNode): MeshNode | undefined {
    return node.parent;
  }

  getTreeItem(node: MeshNode): vscode.TreeItem {
    return rowItem(node, this.#painted.row(node));
  }

  /** Shows and selects a namespace; does nothing when it is not there. */
  async reveal(ref: ClusterRef, namespace: string): Promise<void> {
    const node = namespaceNodeIn(this.#inventory.clusters, ref, namespace, (one) => this.#inventory.snapshot(one));
    if (node !== undefined) await this.#view.reveal(node, { select: true, focus: false, expand: false });
  }

  dispose(): void {
    for (const owned of this.#owned) owned.dispose();
  }

  #draw(changed: readonly ClusterRef[]): void {
    const repaint = this.#painted.repaint(this.#inventory.clusters, changed);
    if (repaint !== undefined) this.#fire(repaint);
  }

  #drawAges(): void {
    if (!this.#view.visible) return;
    const aging = this.#inventory.clusters.filter((ref) => {
      const snapshot = this.#inventory.snapshot(ref);
      const condition = snapshot === undefined ? undefined : clusterCondition(snapshot).kind;
      return condition === 'stale' || condition === 'partial';
    });
    if (aging.length > 0) this.#draw(aging);
  }

  #fire(repaint: Repaint): void {
    this.#repaint.fire(repaint.kind === 'all' ? undefined : [...repaint.nodes]);
  }
}
