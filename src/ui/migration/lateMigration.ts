// Stands for the view Migration and its commands until they are needed: the procedure is a bundle of its own, loaded when the
// view is first shown with a cluster in it, a plan is opened in an editor, or the first of its commands is run.
import * as vscode from 'vscode';
import type { Disposable } from '../../app/events.js';
import { MIGRATION_COMMANDS, MIGRATION_VIEW } from '../../contributions.js';
import type { CommandId, MigrationCommandId } from '../../contributions.js';
import type { CommandHandler } from '../commands/registerCommands.js';
import { isPlanFile } from '../plan/planFile.js';

/** A node of the tree; only the loaded bundle knows what it is. */
export type LateNode = object;

/** What the loaded bundle gives. */
export interface LoadedMigration extends Disposable {
  readonly tree: vscode.TreeDataProvider<LateNode>;
  run(command: MigrationCommandId, clicked: unknown, selected: unknown): Promise<void>;
  /** False where there is no plan, and the command does what it does without one. */
  runOnNamespaces(command: CommandId, clicked: unknown, selected: unknown): Promise<boolean>;
}

export interface LateMigrationParts {
  /** Loads at the first call; the same migration at each further one. */
  readonly load: (view: vscode.TreeView<LateNode>) => Promise<LoadedMigration>;
  /** Whether any cluster takes part: without one there is nothing to load for. */
  readonly hasClusters: () => boolean;
  readonly onDidChangeClusters: (listener: () => void) => Disposable;
  /** What nobody waits for went wrong. */
  readonly onError: (error: unknown) => void;
}

export class LateMigration implements vscode.TreeDataProvider<LateNode>, vscode.Disposable {
  readonly #parts: LateMigrationParts;
  readonly #view: vscode.TreeView<LateNode>;
  readonly #changes = new vscode.EventEmitter<LateNode | LateNode[] | null | undefined>();
  readonly #owned: Disposable[];
  #loading: Promise<LoadedMigration> | undefined;
  #loaded: LoadedMigration | undefined;
  #disposed = false;

  readonly onDidChangeTreeData = this.#changes.event;

  constructor(parts: LateMigrationParts) {
    this.#parts = parts;
    this.#view = vscode.window.createTreeView(MIGRATION_VIEW, { treeDataProvider: this, showCollapseAll: true, canSelectMany: true });
    this.#owned = [
      parts.onDidChangeClusters(() => {
        if (this.#loaded === undefined) this.#changes.fire(undefined);
      }),
      vscode.workspace.onDidOpenTextDocument((document) => {
        this.#loadForPlan(document);
      }),
    ];
    // The window comes back with the editors that were open.
    for (const document of vscode.workspace.textDocuments) this.#loadForPlan(document);
  }

  async getChildren(node?: LateNode): Promise<LateNode[]> {
    if (node === undefined && !this.#parts.hasClusters()) return [];
    const { tree } = await this.#load();
    return (await tree.getChildren(node)) ?? [];
  }

  async getTreeItem(node: LateNode): Promise<vscode.TreeItem> {
    return (await this.#load()).tree.getTreeItem(node);
  }

  getParent(node: LateNode): vscode.ProviderResult<LateNode> {
    return this.#loaded?.tree.getParent?.(node);
  }

  /** One handler for each of the procedure's commands. */
  get handlers(): Readonly<Record<MigrationCommandId, CommandHandler>> {
    const handlers = MIGRATION_COMMANDS.map((id): readonly [MigrationCommandId, CommandHandler] => [
      id,
      async (clicked, selected) => (await this.#load()).run(id, clicked, selected),
    ]);
    return Object.fromEntries(handlers) as Readonly<Record<MigrationCommandId, CommandHandler>>;
  }

  /** With a plan, commands on namespaces are steps of the procedure, behind its gates. */
  ifPlanned(command: CommandId, otherwise: CommandHandler): CommandHandler {
    return async (clicked, selected) => {
      const migration = this.#parts.hasClusters() ? await this.#load() : undefined;
      if ((await migration?.runOnNamespaces(command, clicked, selected)) !== true) await otherwise(clicked, selected);
    };
  }

  dispose(): void {
    this.#disposed = true;
    for (const owned of this.#owned) owned.dispose();
    this.#loaded?.dispose();
    this.#view.dispose();
    this.#changes.dispose();
  }

  /** What is wrong in a plan is marked by the loaded bundle, which looks at the open ones by itself. */
  #loadForPlan({ uri }: vscode.TextDocument): void {
    if (this.#loading === undefined && isPlanFile(uri)) this.#load().catch(this.#parts.onError);
  }

  #load(): Promise<LoadedMigration> {
    this.#loading ??= this.#loadNow().catch((error: unknown) => {
      this.#loading = undefined;
      throw error;
    });
    return this.#loading;
  }

  async #loadNow(): Promise<LoadedMigration> {
    const loaded = await this.#parts.load(this.#view);
    if (this.#disposed) {
      loaded.dispose();
      return loaded;
    }
    this.#loaded = loaded;
    const changed = loaded.tree.onDidChangeTreeData?.((nodes) => {
      this.#changes.fire(nodes ?? undefined);
    });
    if (changed !== undefined) this.#owned.push(changed);
    return loaded;
  }
}
