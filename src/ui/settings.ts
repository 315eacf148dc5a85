// Reads the declared settings with their types.
import * as vscode from 'vscode';
import type { SettingId } from '../contributions.js';
import { SETTINGS } from '../contributions.js';

/** What the user set, else the declared default. */
export function readSetting<Id extends SettingId>(id: Id): (typeof SETTINGS)[Id] extends number ? number : (typeof SETTINGS)[Id] extends string ? string : readonly string[];
export function readSetting(id: SettingId): unknown {
  return vscode.workspace.getConfiguration().get(id, SETTINGS[id]);
}
