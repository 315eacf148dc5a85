// Copy Name: the clicked thing's name, whole, as a command line takes it.
import * as vscode from 'vscode';
import { message } from '../../shared/text/message.js';
import type { RenderText } from '../../shared/text/render.js';
import { nameTarget } from '../tree/targets.js';

/** How long the status bar says so. */
const SHOWN_MS = 3_000;

export async function copyName(text: RenderText, clicked?: unknown): Promise<void> {
  const name = nameTarget(clicked);
  if (name === undefined) return;
  await vscode.env.clipboard.writeText(name);
  vscode.window.setStatusBarMessage(text(message('clusters.name.copied', { name })), SHOWN_MS);
}
