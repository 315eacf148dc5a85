// What a user does again and again before the part that a test is about.
import type { TreeView } from './treeView.js';
import type { Workbench } from './workbench.js';

/** The revision that is installed beside the old one, to migrate to. */
export const distributeRoot = 'asm-1232-2-distribute-root';

/** Opens the view, presses Choose Clusters and ticks these; returns the tree once every one of them is drawn. */
export async function chooseClusters(workbench: Workbench, ...names: readonly string[]): Promise<TreeView> {
  await workbench.openActivity('Mesh CA');
  const tree = workbench.tree('Clusters');
  await tree.fillContainer();
  await tree.pressWelcome('Choose Clusters');
  await workbench.quickInput.waitForTitle('Choose Clusters of the Mesh');
  for (const name of names) await workbench.quickInput.setChecked(name, true);
  await workbench.quickInput.accept();
  for (const name of names) await tree.row(name);
  return tree;
}

/** From the tree's context menu to the open preview of a migration to the second revision. */
export async function previewMigration(workbench: Workbench, tree: TreeView, path: readonly string[]): Promise<void> {
  await tree.chooseFromContextMenu(path, 'Migrate Namespace to Revision…');
  await workbench.quickInput.waitForTitle('to…');
  await workbench.quickInput.choose(distributeRoot);
  await workbench.quickInput.waitForTitle(`to ${distributeRoot} · `);
}
