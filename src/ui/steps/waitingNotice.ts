// Shows in VS Code what is being waited for: in the status bar at first, and when it takes longer in a notification that can end it.
import * as vscode from 'vscode';
import { withLateNotice } from '../../app/lateNotice.js';
import type { Clock } from '../../app/ports.js';

/** What `read` gives or throws; its signal aborts when the user cancels the notification. */
export function whileWaiting<Value>(title: string, clock: Clock, read: (signal: AbortSignal) => Promise<Value>): Promise<Value> {
  const showQuietly = (over: Promise<unknown>): void => {
    void vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title }, () => over);
  };
  const showNotice = (over: Promise<unknown>, stop: () => void): void => {
    void vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title, cancellable: true }, (_progress, token) => {
      const subscription = token.onCancellationRequested(stop);
      return over.finally(() => {
        subscription.dispose();
      });
    });
  };
  return withLateNotice({ clock, showQuietly, showNotice }, read);
}
