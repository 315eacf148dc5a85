// What the status bar and the badge of the view say of the position.
import type { MigrationPosition } from '../../domain/position/position.js';
import { stepTitle } from '../../domain/position/stepTitle.js';
import { message } from '../../shared/text/message.js';
import type { RenderText } from '../../shared/text/languages.js';
import { joinParts } from '../tree/row.js';
import { targetName } from './targetName.js';

export interface MigrationStatus {
  readonly text: string;
  /** Lines: what is next and why. */
  readonly tooltip: readonly string[];
  readonly badge: { readonly value: number; readonly tooltip: string } | undefined;
}

export function migrationStatus(position: MigrationPosition, text: RenderText): MigrationStatus {
  const { next, phase, finished, namespacesLeft, namespaces } = position;
  const isMoving = (phase === 1 || phase === 2) && namespaces > 0;
  const shown = finished
    ? message('migration.status.finished')
    : isMoving
      ? message('migration.status.namespaces', { phase, done: namespaces - namespacesLeft, total: namespaces })
      : phase === 0
        ? message('migration.status.preparing')
        : message('migration.status.phase', { phase });
  const nextLines =
    next === undefined
      ? [text(message(finished ? 'migration.next.finished' : 'migration.next.none'))]
      : [joinParts([text(message('migration.status.next', { step: stepTitle(next.order.step) })), targetName(next.order.target)]), text(next.why)];
  const badge = isMoving && namespacesLeft > 0 ? { value: namespacesLeft, tooltip: text(message('migration.badge', { left: namespacesLeft, phase })) } : undefined;
  return { text: text(shown), tooltip: nextLines, badge };
}
