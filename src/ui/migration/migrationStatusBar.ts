// The status bar item and the badge of the view: where the migration stands, and with a click the next step.
import * as vscode from 'vscode';
import type { Disposable } from '../../app/events.js';
import type { LivePosition } from '../../app/migration/livePosition.js';
import type { CommandId } from '../../contributions.js';
import { MIGRATION_VIEW } from '../../contributions.js';
import type { RenderText } from '../../shared/text/languages.js';
import { migrationStatus } from './migrationStatus.js';

const RUN_NEXT: CommandId = 'meshCa.migration.runNext';

/** Draws them now and whenever the position changes; hidden as long as no cluster takes part. */
export function showMigrationStatus(live: LivePosition, view: Pick<vscode.TreeView<unknown>, 'badge'>, text: RenderText): Disposable {
  const item = vscode.window.createStatusBarItem(MIGRATION_VIEW, vscode.StatusBarAlignment.Left, 10);
  item.command = RUN_NEXT;
  const draw = (): void => {
    const { position, situation } = live.current();
    const status = migrationStatus(position, text);
    item.text = `$(shield) ${status.text}`;
    item.tooltip = status.tooltip.join('\n');
    item.accessibilityInformation = { label: [status.text, ...status.tooltip].join('. ') };
    view.badge = status.badge;
    if (situation.snapshots.length > 0) item.show();
    else item.hide();
  };
  draw();
  return vscode.Disposable.from(item, live.onDidChange(draw));
}
