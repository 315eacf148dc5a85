// Restart Workloads: rolls a namespace's workloads, so that their pods are injected as its labels say now.
import { message } from '../../shared/text/message.js';
import type { NamespaceCommandParts } from '../steps/namespaceCommand.js';
import { chooseTargets } from '../steps/namespaceCommand.js';
import type { CommandHandler } from './registerCommands.js';

export function restartWorkloads(parts: NamespaceCommandParts): CommandHandler {
  return async (clicked, selected) => {
    const targets = await chooseTargets(parts, clicked, selected, message('steps.pick.restartTitle'));
    if (targets.length === 0) return;
    await parts.runner.run(targets.map((target) => ({ target, choice: { id: 'restart-workloads', parameters: {} } })));
  };
}
