// A row as the item of VS Code's trees.
import * as vscode from 'vscode';
import { COMMANDS } from '../../contributions.js';
import type { Row } from './row.js';

/** Where the thing is gone already there is no row, and the view will be told soon. */
export function rowItem(node: { readonly id: string }, row: Row | undefined): vscode.TreeItem {
  const item = new vscode.TreeItem(row?.label ?? '', collapsibleState(row));
  item.id = node.id;
  if (row === undefined) return item;
  item.description = row.description;
  item.iconPath = new vscode.ThemeIcon(row.icon, row.color === undefined ? undefined : new vscode.ThemeColor(row.color));
  item.contextValue = row.contextValue;
  item.accessibilityInformation = { label: row.accessibilityLabel, role: 'treeitem' };
  item.tooltip = tooltipOf(node, row);
  return item;
}

function collapsibleState(row: Row | undefined): vscode.TreeItemCollapsibleState {
  switch (row?.state) {
    case 'expanded':
      return vscode.TreeItemCollapsibleState.Expanded;
    case 'collapsed':
      return vscode.TreeItemCollapsibleState.Collapsed;
    default:
      return vscode.TreeItemCollapsibleState.None;
  }
}

/** Text from clusters is appended as text, never as Markdown; only our own commands may be run from it. */
function tooltipOf(node: object, { tooltip, links }: Row): vscode.MarkdownString {
  const markdown = new vscode.MarkdownString();
  markdown.isTrusted = { enabledCommands: COMMANDS };
  tooltip.forEach((line, index) => {
    if (index === 0) markdown.appendMarkdown('**').appendText(line).appendMarkdown('**');
    else markdown.appendMarkdown('\n\n').appendText(line);
  });
  if (links.length === 0) return markdown;
  const argument = encodeURIComponent(JSON.stringify([linkArgument(node)]));
  const shown = links.map(({ text, command }) => `[${text}](command:${command}?${argument})`);
  return markdown.appendMarkdown(`\n\n${shown.join(' · ')}`);
}

/** A node without its parents: what the command line of a link can carry. */
function linkArgument(node: object): object {
  return { ...node, parent: undefined };
}
