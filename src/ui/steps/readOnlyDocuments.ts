// Shows text of ours in the editor area: read-only, selectable, and gone when it is no longer needed.
import * as vscode from 'vscode';

const SCHEME = 'mesh-ca-step';

/** A document that is shown. */
export interface ShownDocument {
  /** Closes its tab, wherever the user has moved it. */
  close(): Promise<void>;
}

/** Markdown documents by title; showing another under the same title replaces the text. */
export class ReadOnlyDocuments implements vscode.Disposable {
  private readonly texts = new Map<string, string>();
  private readonly changes = new vscode.EventEmitter<vscode.Uri>();
  private readonly registration: vscode.Disposable;

  constructor() {
    this.registration = vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
      onDidChange: this.changes.event,
      provideTextDocumentContent: (uri) => this.texts.get(uri.path) ?? '',
    });
  }

  /** Shows the document without taking the keyboard. */
  async show(title: string, text: string): Promise<ShownDocument> {
    const uri = vscode.Uri.from({ scheme: SCHEME, path: `/${title.replace(/[/\\]/g, '∕')}.md` });
    this.texts.set(uri.path, text);
    this.changes.fire(uri);
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.window.showTextDocument(document, { preview: true, preserveFocus: true });
    return { close: () => this.close(uri) };
  }

  dispose(): void {
    this.registration.dispose();
    this.changes.dispose();
  }

  private async close(uri: vscode.Uri): Promise<void> {
    this.texts.delete(uri.path);
    const tabs = vscode.window.tabGroups.all
      .flatMap((group) => group.tabs)
      .filter(({ input }) => input instanceof vscode.TabInputText && input.uri.toString() === uri.toString());
    await vscode.window.tabGroups.close(tabs);
  }
}
