// Tells a plan from other documents by its name. Loaded at activation, so it knows nothing of what is in one.
import path from 'node:path';
import type * as vscode from 'vscode';
import { PLAN_FILE_NAME } from '../../app/plan/planSource.js';

/** Whether an editor's document is a plan. */
export function isPlanFile({ scheme, fsPath }: vscode.Uri): boolean {
  return scheme === 'file' && path.basename(fsPath) === PLAN_FILE_NAME;
}
