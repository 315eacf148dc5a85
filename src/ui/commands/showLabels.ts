// Show Labels: the namespace's labels and its pods, as kubectl prints them.
import { message } from '../../shared/text/message.js';
import type { NamespaceCommandParts } from '../steps/namespaceCommand.js';
import { chooseTargets } from '../steps/namespaceCommand.js';
import type { CommandHandler } from './registerCommands.js';

export function showLabels(parts: NamespaceCommandParts): CommandHandler {
  return async (clicked, selected) => {
    const targets = await chooseTargets(parts, clicked, selected, message('steps.pick.showLabelsTitle'));
    if (targets.length === 0) return;
    await parts.runner.run(targets.map((target) => ({ target, choice: { id: 'show-labels', parameters: {} } })));
  };
}
