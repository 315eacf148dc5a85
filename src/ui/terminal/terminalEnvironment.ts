// What terminals of this window have beyond the environment of the extension host: a rehearsal's variables, directories put first on PATH.
import type * as vscode from 'vscode';

/** `vscode.EnvironmentVariableMutatorType`, as values so that this can be tested without an editor. */
const REPLACE = 1;
const APPEND = 2;

export type ChangedVariables = Pick<vscode.EnvironmentVariableCollection, 'forEach'>;

/** For processes that have to find the tools that steps will find; `own` is the environment they have by themselves. */
export function terminalEnvironment(collection: ChangedVariables, own: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> {
  const changed: Record<string, string> = {};
  collection.forEach((name, { type, value }) => {
    const before = own[name] ?? '';
    changed[name] = (type as number) === REPLACE ? value : (type as number) === APPEND ? before + value : value + before;
  });
  return changed;
}
