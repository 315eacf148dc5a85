// Check Trust: opens the panel on the chosen namespaces.
import type { NamespaceTarget } from '../../domain/steps/namespaceTarget.js';
import { message } from '../../shared/text/message.js';
import type { TrustScope } from '../../shared/trustRows.js';
import type { NamespaceCommandParts } from '../steps/namespaceCommand.js';
import { chooseTargets } from '../steps/namespaceCommand.js';
import type { ShowTrust } from './openTrust.js';
import type { CommandHandler } from './registerCommands.js';

/** The panel on these namespaces. */
export function namespacesScope(targets: readonly NamespaceTarget[]): TrustScope {
  return {
    contexts: [...new Set(targets.map(({ cluster }) => cluster.context))],
    namespaces: [...new Set(targets.map(({ namespace }) => namespace))],
  };
}

export function checkTrust(parts: NamespaceCommandParts, show: ShowTrust): CommandHandler {
  return async (clicked, selected) => {
    const targets = await chooseTargets(parts, clicked, selected, message('steps.pick.checkTrustTitle'));
    const scope = namespacesScope(targets);
    // One namespace is all that the panel then shows: only among several is there one to stand on.
    const [first, second] = scope.namespaces;
    if (first !== undefined) show(scope, { view: 'pods', id: undefined, ...(second !== undefined && { namespace: first }) });
  };
}
