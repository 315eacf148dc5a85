// Quick picks as one question with an answer: titled, not lost when the focus goes elsewhere.
import * as vscode from 'vscode';

/** An answer that can be chosen. `value` undefined makes a heading. */
export interface Choice<Value> extends vscode.QuickPickItem {
  readonly value?: Value;
}

export interface Question<Value> {
  readonly title: string;
  readonly placeholder: string;
  readonly choices: readonly Choice<Value>[];
}

/** The chosen value; undefined when the user went away. */
export async function askForOne<Value>({ title, placeholder, choices }: Question<Value>): Promise<Value | undefined> {
  const options = { title, placeHolder: placeholder, ignoreFocusOut: true, matchOnDescription: true, matchOnDetail: true };
  const chosen = await vscode.window.showQuickPick(choices, options);
  return chosen?.value;
}

/** The ticked values; empty when the user went away. */
export async function askForSeveral<Value>({ title, placeholder, choices }: Question<Value>): Promise<readonly Value[]> {
  const chosen = await vscode.window.showQuickPick(choices, {
    title,
    placeHolder: placeholder,
    ignoreFocusOut: true,
    matchOnDescription: true,
    canPickMany: true,
  });
  return (chosen ?? []).flatMap(({ value }) => (value === undefined ? [] : [value]));
}
