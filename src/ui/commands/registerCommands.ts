// Registers every command with its handler, with one boundary around all of them where what they throw is logged and shown.
import * as vscode from 'vscode';
import type { CommandId } from '../../contributions.js';
import { COMMANDS } from '../../contributions.js';
import { message } from '../../shared/text/message.js';
import type { RenderText } from '../../shared/text/render.js';
import type { LogChannel } from '../logChannel.js';

/** Called with what VS Code gives: the clicked item and the selection from a tree, nothing from the palette. */
export type CommandHandler = (clicked?: unknown, selected?: unknown) => Promise<void> | void;

/** One handler for every declared command: a forgotten one does not compile. */
export type CommandHandlers = Readonly<Record<CommandId, CommandHandler>>;

export interface CommandSurface {
  readonly text: RenderText;
  readonly log: LogChannel;
  /** The command as its menus call it. */
  readonly titleOf: (id: CommandId) => string;
}

/** Registers all of them; what one throws is logged and shown under its title. */
export function registerCommands(handlers: CommandHandlers, surface: CommandSurface): vscode.Disposable {
  return vscode.Disposable.from(
    ...COMMANDS.map((id) =>
      vscode.commands.registerCommand(id, async (clicked: unknown, selected: unknown) => {
        try {
          await handlers[id](clicked, selected);
        } catch (error) {
          await showFailure(id, error, surface);
        }
      }),
    ),
  );
}

async function showFailure(id: CommandId, error: unknown, { text, log, titleOf }: CommandSurface): Promise<void> {
  log.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
  const reason = error instanceof Error ? error.message : String(error);
  const show = text(message('log.show'));
  const choice = await vscode.window.showErrorMessage(text(message('command.failed', { command: titleOf(id), reason })), show);
  if (choice === show) log.show();
}
