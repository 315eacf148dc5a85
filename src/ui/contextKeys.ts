// Context keys for when-clauses, written only when they change.
import * as vscode from 'vscode';
import { CONTEXT_KEYS } from '../contributions.js';

/** One context key; VS Code is told only of changes. */
export class ContextKey {
  readonly #name: string;
  #value: boolean | undefined;

  constructor(name: keyof typeof CONTEXT_KEYS) {
    this.#name = CONTEXT_KEYS[name];
  }

  set(value: boolean): void {
    if (this.#value === value) return;
    this.#value = value;
    void vscode.commands.executeCommand('setContext', this.#name, value);
  }
}
