// Draws the tree Migration as text, the way it stands on the screen: every node with its icon, label and description.
import type { MigrationNode } from '../../src/ui/migration/migrationNodes.js';
import { childNodes, rootNodes } from '../../src/ui/migration/migrationNodes.js';
import type { MigrationRowSource } from '../../src/ui/migration/migrationRows.js';
import { migrationRow } from '../../src/ui/migration/migrationRows.js';

/** What the view would show before anything is clicked: branches that begin expanded are drawn, and what `expand` says yes to. */
export function renderMigration(source: MigrationRowSource, expand: (node: MigrationNode) => boolean = () => false): string {
  const lines: string[] = [];
  const draw = (nodes: readonly MigrationNode[], depth: number): void => {
    for (const node of nodes) {
      const row = migrationRow(node, source);
      if (row === undefined) continue;
      lines.push(`${'  '.repeat(depth)}[${row.icon}] ${row.label}${row.description === '' ? '' : `  ${row.description}`}`);
      if (row.state === 'expanded' || expand(node)) draw(childNodes(node, source), depth + 1);
    }
  };
  draw(rootNodes(source), 0);
  return `\n${lines.join('\n')}\n`;
}
