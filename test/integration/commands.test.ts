// Commands where no cluster takes part: each says so, or asks, and ends; none throws.
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { CommandId } from '../../src/contributions.js';
import { TRUST_PANEL } from '../../src/contributions.js';

/** A command that throws waits for its error message to be answered, so that it ends proves that it did not. */
const endByThemselves: readonly CommandId[] = [
  'meshCa.clusters.refresh',
  'meshCa.cluster.retry',
  'meshCa.cluster.leaveOut',
  'meshCa.namespace.migrate',
  'meshCa.namespace.rollBack',
  'meshCa.namespace.restart',
  'meshCa.namespace.checkTrust',
  'meshCa.namespace.showLabels',
  'meshCa.rehearsal.stop',
  'meshCa.name.copy',
  'meshCa.log.show',
  'meshCa.migration.runNext',
  'meshCa.migration.refresh',
  'meshCa.migration.runStep',
  'meshCa.plan.create',
  'meshCa.plan.open',
  'meshCa.step.installRevision1',
  'meshCa.step.testApplication',
  'meshCa.step.upgradeGateway',
];

/** Closes the box that the command opens, again and again until the command has ended. */
async function runAndGoAway(id: CommandId): Promise<void> {
  const state = { ended: false };
  const run = Promise.resolve(vscode.commands.executeCommand(id)).then(() => {
    state.ended = true;
  });
  while (!state.ended) await vscode.commands.executeCommand('workbench.action.closeQuickOpen');
  await run;
}

function trustTabs(): readonly vscode.Tab[] {
  return vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .filter(({ input }) => input instanceof vscode.TabInputWebview && input.viewType.endsWith(TRUST_PANEL));
}

describe('commands without a cluster', () => {
  for (const id of endByThemselves) {
    it(`${id} ends`, async () => {
      await vscode.commands.executeCommand(id);
    });
  }

  for (const id of ['meshCa.clusters.choose', 'meshCa.rehearsal.start', 'meshCa.step.checkTools', 'meshCa.migration.showGate', 'meshCa.report.create'] as const) {
    it(`${id} ends when the user goes away`, () => runAndGoAway(id));
  }
});

/** Resolves when so many tabs show the panel; VS Code tells of tabs a moment after it has changed them. */
function trustTabsAre(count: number): Promise<void> {
  if (trustTabs().length === count) return Promise.resolve();
  return new Promise((resolve) => {
    const subscription = vscode.window.tabGroups.onDidChangeTabs(() => {
      if (trustTabs().length !== count) return;
      subscription.dispose();
      resolve();
    });
  });
}

describe('the Certificate Trust panel', () => {
  it('is opened once, however often it is asked for, and can be closed and opened anew', async () => {
    await vscode.commands.executeCommand('meshCa.trust.open');
    await trustTabsAre(1);
    await vscode.commands.executeCommand('meshCa.trust.open');
    assert.deepEqual(trustTabs().map(({ label }) => label), ['Certificate Trust']);
    await vscode.window.tabGroups.close(trustTabs());
    await trustTabsAre(0);
    await vscode.commands.executeCommand('meshCa.trust.open');
    await trustTabsAre(1);
    await vscode.window.tabGroups.close(trustTabs());
    await trustTabsAre(0);
  });
});
