// The one log channel of the extension, as the log that use cases and adapters write to.
import * as vscode from 'vscode';
import type { Log } from '../app/ports.js';

export interface LogChannel extends Log {
  show(): void;
  dispose(): void;
}

export function createLogChannel(): LogChannel {
  const channel = vscode.window.createOutputChannel('Mesh CA', { log: true });
  return {
    debug: (text) => {
      channel.debug(text);
    },
    info: (text) => {
      channel.info(text);
    },
    warn: (text) => {
      channel.warn(text);
    },
    error: (text) => {
      channel.error(text);
    },
    show: () => {
      channel.show();
    },
    dispose: () => {
      channel.dispose();
    },
  };
}
