// The plan in VS Code: the form that writes it, what is marked in an open one, and the report for sign-off.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { DiskPlanFiles } from '../../src/adapters/files/planFiles.js';
import { LivePosition } from '../../src/app/migration/livePosition.js';
import { PLAN_FILE_NAME } from '../../src/app/plan/planSource.js';
import { succeed } from '../../src/shared/failure.js';
import { textRenderer } from '../../src/shared/text/render.js';
import { createPlan } from '../../src/ui/plan/createPlan.js';
import { createReport } from '../../src/ui/plan/createReport.js';
import { PLAN, rehearsedSituation, REVISION_1 } from '../support/rehearsedSituation.js';
import { meshOf } from '../unit/rehearsal/mesh/drawnMesh.js';

const text = textRenderer('en');

function workspaceFile(name: string): string {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  assert.ok(folder, 'no folder is open');
  return path.join(folder.uri.fsPath, name);
}

/** Accepts what each question suggests, again and again until the command has ended. */
async function acceptAll(run: Promise<void>): Promise<void> {
  const state = { ended: false };
  const end = run.finally(() => {
    state.ended = true;
  });
  while (!state.ended) await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
  await end;
}

/** What we have marked in the document, as soon as `isThere`. */
function marks(uri: vscode.Uri, isThere: (messages: readonly string[]) => boolean): Promise<readonly string[]> {
  const own = (): readonly string[] => vscode.languages.getDiagnostics(uri).filter(({ source }) => source === 'Mesh CA').map((mark) => mark.message);
  if (isThere(own())) return Promise.resolve(own());
  return new Promise((resolve) => {
    const subscription = vscode.languages.onDidChangeDiagnostics(() => {
      if (!isThere(own())) return;
      subscription.dispose();
      resolve(own());
    });
  });
}

describe('the plan in the editor', function () {
  // Keys for the CAs of the mesh are made once.
  this.timeout(60_000);
  const file = workspaceFile(PLAN_FILE_NAME);
  const uri = vscode.Uri.file(file);
  const situation = rehearsedSituation(meshOf('istio-default', [REVISION_1]), { plan: PLAN });

  after(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    fs.rmSync(file, { force: true });
  });

  it('is written from a form whose suggestions will do, and opened', async () => {
    await acceptAll(createPlan({ snapshots: () => situation.snapshots, planFiles: () => Promise.resolve(new DiskPlanFiles()), text }));
    assert.equal(vscode.window.activeTextEditor?.document.uri.fsPath, file);
    const lines = fs.readFileSync(file, 'utf8').split('\n').filter((line) => !line.trim().startsWith('//'));
    const plan = JSON.parse(lines.join('\n')) as { startingPoint: string; fleetProject: string; clusters: { context: string; outputDirectory: string }[] };
    assert.deepEqual([plan.startingPoint, plan.fleetProject], ['istio', 'rehearsal-project']);
    assert.deepEqual(plan.clusters.map(({ context, outputDirectory }) => [context, outputDirectory]), [
      ['gke_rehearsal-project_us-central1_cluster-1', 'asm/cluster-1'],
      ['gke_rehearsal-project_us-east1-b_cluster-2', 'asm/cluster-2'],
    ]);
  });

  it('is opened instead of overwritten when there is one', async () => {
    const before = fs.readFileSync(file, 'utf8');
    await createPlan({ snapshots: () => situation.snapshots, planFiles: () => Promise.resolve(new DiskPlanFiles()), text });
    assert.equal(fs.readFileSync(file, 'utf8'), before);
    assert.equal(vscode.window.activeTextEditor?.document.uri.fsPath, file);
  });

  it('has its mistakes marked while it is open, and no longer when they are corrected', async () => {
    const document = await vscode.workspace.openTextDocument(uri);
    const same = 'the revision that lets Mesh CA sign must not be the one that only distributes its root';
    const at = document.getText().indexOf('asm-1232-2-meshca-ca-migration');
    const range = new vscode.Range(document.positionAt(at), document.positionAt(at + 'asm-1232-2-meshca-ca-migration'.length));
    const edit = new vscode.WorkspaceEdit();
    edit.replace(uri, range, REVISION_1);
    await vscode.workspace.applyEdit(edit);
    await marks(uri, (messages) => messages.some((message) => message.startsWith(same)));
    await vscode.commands.executeCommand('workbench.action.files.revert');
    await marks(uri, (messages) => !messages.some((message) => message.startsWith(same)));
  });

  it('has a field that nobody knows marked as the error that it is, with the one that is meant', async () => {
    const document = await vscode.workspace.openTextDocument(uri);
    const edit = new vscode.WorkspaceEdit();
    edit.insert(uri, document.positionAt(document.getText().indexOf('"version"')), '"waveSiz": 4, ');
    await vscode.workspace.applyEdit(edit);
    const said = 'there is no field waveSiz; did you mean waveSize?';
    await marks(uri, (messages) => messages.includes(said));
    assert.deepEqual(vscode.languages.getDiagnostics(uri).filter(({ message }) => message === said).map(({ severity }) => severity), [vscode.DiagnosticSeverity.Error]);
    await vscode.commands.executeCommand('workbench.action.files.revert');
    await marks(uri, (messages) => !messages.includes(said));
  });

  it('has its report written where it was asked to, and opened', async () => {
    const read = (): Promise<typeof situation> => Promise.resolve(situation);
    const live = new LivePosition({ current: () => situation, refresh: read, readOnce: read, onDidChange: () => ({ dispose: () => undefined }) });
    const journal = { read: () => Promise.resolve(succeed({ records: [], troubles: [], lastHash: undefined })) };
    await acceptAll(createReport({ live, journal, text }));
    const report = workspaceFile('mesh-ca-report.md');
    assert.equal(vscode.window.activeTextEditor?.document.uri.fsPath, report);
    assert.match(fs.readFileSync(report, 'utf8'), /cluster-1/);
    fs.rmSync(report);
  });
});
