// A terminal of the user's own, into whose input a command line is put; pressing Enter is left to the user.
import * as vscode from 'vscode';
import { isPasteable } from '../../domain/steps/shellQuote.js';
import { message } from '../../shared/text/message.js';
import type { RenderText } from '../../shared/text/render.js';

export class PasteTerminal {
  private readonly text: RenderText;
  private terminal: vscode.Terminal | undefined;

  constructor(text: RenderText) {
    this.text = text;
  }

  /** Undefined: there is no such line in this shell, which is said. */
  put(line: string | undefined): void {
    if (line === undefined || !isPasteable(line)) {
      void vscode.window.showWarningMessage(this.text(message('steps.preview.notPasteable')));
      return;
    }
    if (this.terminal === undefined || this.terminal.exitStatus !== undefined) {
      this.terminal = vscode.window.createTerminal({ name: 'Mesh CA' });
    }
    this.terminal.show();
    this.terminal.sendText(line, false);
  }
}
