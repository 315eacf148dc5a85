// What VS Code calls. Activation wires and does no I/O.
import type * as vscode from 'vscode';
import { compose } from './compose.js';

export function activate(context: vscode.ExtensionContext): void {
  context.subscriptions.push(compose(context));
}
