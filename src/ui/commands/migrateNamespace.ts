// Migrate Namespace to Revision…: moves namespaces to another control plane.
import { message } from '../../shared/text/message.js';
import type { NamespaceCommandParts } from '../steps/namespaceCommand.js';
import { chooseTargets } from '../steps/namespaceCommand.js';
import { pickRevision } from '../steps/revisionPicker.js';
import type { CommandHandler } from './registerCommands.js';

export function migrateNamespace(parts: NamespaceCommandParts): CommandHandler {
  return async (clicked, selected) => {
    const targets = await chooseTargets(parts, clicked, selected, message('steps.pick.migrateTitle'));
    if (targets.length === 0) return;
    const revision = await pickRevision(parts.known, targets, parts.text);
    if (revision === undefined) return;
    await parts.runner.run(targets.map((target) => ({ target, choice: { id: 'migrate-namespace', parameters: { revision } } })));
  };
}
