// Roll Back Namespace…: returns namespaces to the labels they had before they were moved.
import { message } from '../../shared/text/message.js';
import type { NamespaceCommandParts } from '../steps/namespaceCommand.js';
import { chooseTargets } from '../steps/namespaceCommand.js';
import { isForgotten, pickReturn } from '../steps/revisionPicker.js';
import type { CommandHandler } from './registerCommands.js';

export function rollBackNamespace(parts: NamespaceCommandParts): CommandHandler {
  return async (clicked, selected) => {
    const targets = await chooseTargets(parts, clicked, selected, message('steps.pick.rollBackTitle'));
    const forgotten = targets.filter((target) => isForgotten(parts.known, target));
    const chosen = forgotten.length === 0 ? undefined : await pickReturn(parts.known, forgotten, parts.text);
    if (targets.length === 0 || (forgotten.length > 0 && chosen === undefined)) return;
    await parts.runner.run(
      targets.map((target) => ({
        target,
        choice: { id: 'roll-back-namespace', parameters: { to: forgotten.includes(target) ? chosen : undefined } },
      })),
    );
  };
}
