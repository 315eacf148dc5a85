// The kubeconfigs that step `get-credentials` fetched into a folder of the extension's own, which join those to choose from.
import * as vscode from 'vscode';

/** Below the extension's global storage, as the step names it. */
const FOLDER = 'kubeconfigs';

/** Paths in order of name; none where nothing was fetched yet. */
export async function fetchedKubeconfigs(storage: vscode.Uri): Promise<readonly string[]> {
  const folder = vscode.Uri.joinPath(storage, FOLDER);
  const entries = await filesIn(folder);
  return entries.filter((name) => /^gke_.+\.yaml$/.test(name)).sort().map((name) => vscode.Uri.joinPath(folder, name).fsPath);
}

async function filesIn(folder: vscode.Uri): Promise<readonly string[]> {
  try {
    const entries = await vscode.workspace.fs.readDirectory(folder);
    return entries.filter(([, type]) => (type & vscode.FileType.File) !== 0).map(([name]) => name);
  } catch {
    // It is made by the first step that writes into it.
    return [];
  }
}
