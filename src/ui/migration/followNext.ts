// Opens the tree Migration at the step that is next, whenever that is another one: VS Code keeps rows folded as they were first drawn.
import type * as vscode from 'vscode';
import type { Disposable } from '../../app/events.js';
import type { Log } from '../../app/ports.js';

export interface FollowNextParts<Node extends { readonly id: string }> {
  readonly view: Pick<vscode.TreeView<object>, 'reveal' | 'visible'>;
  readonly onDidChange: (listener: () => void) => Disposable;
  /** Undefined while no step is next. */
  readonly nextNode: () => Node | undefined;
  readonly log: Log;
}

/** Neither selects nor takes the keyboard, and does nothing while the view is not looked at: revealing would bring it forward. */
export function followNext<Node extends { readonly id: string }>({ view, onDidChange, nextNode, log }: FollowNextParts<Node>): Disposable {
  let shown: string | undefined;
  return onDidChange(() => {
    if (!view.visible) return;
    const node = nextNode();
    if (node === undefined || node.id === shown) return;
    shown = node.id;
    view.reveal(node, { select: false, focus: false, expand: true }).then(undefined, (error: unknown) => {
      log.warn(`the next step could not be shown: ${String(error)}`);
    });
  });
}
