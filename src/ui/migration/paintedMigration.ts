// Remembers what the tree Migration has drawn, and says after a change which of it has to be drawn again.
import type { Row } from '../tree/row.js';
import type { MigrationNode } from './migrationNodes.js';
import { childNodes, rootNodes } from './migrationNodes.js';
import type { MigrationRowSource } from './migrationRows.js';
import { migrationRow } from './migrationRows.js';

interface Painted {
  readonly node: MigrationNode;
  row: string | undefined;
  /** Ids of the children as last handed out; undefined while it was never expanded. */
  children: string | undefined;
}

export class PaintedMigration {
  readonly #source: () => MigrationRowSource;
  readonly #painted = new Map<string, Painted>();
  #roots: string | undefined;

  /** The source is taken anew at each look: it is one state of the mesh. */
  constructor(source: () => MigrationRowSource) {
    this.#source = source;
  }

  /** The same objects for the same things as before, because a view knows its items by them. */
  children(parent: MigrationNode | undefined): readonly MigrationNode[] {
    const nodes = this.#nodesBelow(parent).map((node) => this.#intern(node));
    if (parent === undefined) this.#roots = idsOf(nodes);
    const painted = parent === undefined ? undefined : this.#painted.get(parent.id);
    if (painted !== undefined) painted.children = idsOf(nodes);
    return nodes;
  }

  row(node: MigrationNode): Row | undefined {
    const row = migrationRow(node, this.#source());
    const painted = this.#painted.get(node.id);
    if (painted !== undefined) painted.row = JSON.stringify(row);
    return row;
  }

  /** `all`, or the nodes that differ from what was drawn of them; undefined when none does. */
  repaint(): 'all' | readonly MigrationNode[] | undefined {
    if (this.#roots === undefined) return undefined;
    if (idsOf(this.#nodesBelow(undefined)) !== this.#roots) return 'all';
    const differing = [...this.#painted.values()].filter((painted) => this.#differs(painted)).map(({ node }) => node);
    return differing.length === 0 ? undefined : differing;
  }

  #differs({ node, row, children }: Painted): boolean {
    const now = migrationRow(node, this.#source());
    if (now === undefined) {
      this.#painted.delete(node.id);
      return false;
    }
    if (row !== undefined && JSON.stringify(now) !== row) return true;
    return children !== undefined && idsOf(this.#nodesBelow(node)) !== children;
  }

  #nodesBelow(parent: MigrationNode | undefined): readonly MigrationNode[] {
    return parent === undefined ? rootNodes(this.#source()) : childNodes(parent, this.#source());
  }

  #intern(node: MigrationNode): MigrationNode {
    const known = this.#painted.get(node.id);
    if (known !== undefined) return known.node;
    this.#painted.set(node.id, { node, row: undefined, children: undefined });
    return node;
  }
}

function idsOf(nodes: readonly MigrationNode[]): string {
  return nodes.map(({ id }) => id).join('\n');
}
