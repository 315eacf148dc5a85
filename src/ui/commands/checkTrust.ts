// Check Trust and Show Certificate Trust: opens the panel on what was clicked, or on the whole mesh.
import type { NamespaceTarget } from '../../domain/steps/namespaceTarget.js';
import { message } from '../../shared/text/message.js';
import type { TrustScope } from '../../shared/trustRows.js';
import type { NamespaceCommandParts } from '../steps/namespaceCommand.js';
import { chooseTargets } from '../steps/namespaceCommand.js';
import { clusterTarget } from '../tree/targets.js';
import type { CommandHandler } from './registerCommands.js';

type ShowTrust = (scope?: TrustScope) => void;

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
    if (targets.length > 0) show(namespacesScope(targets));
  };
}

/** On the clicked cluster or pod's cluster; from the palette on the whole mesh. */
export function openTrust(show: ShowTrust): CommandHandler {
  return (clicked) => {
    const cluster = clusterTarget(clicked);
    show(cluster && { contexts: [cluster.context], namespaces: namespaceOfPod(clicked) });
  };
}

/** A pod is looked at among its neighbours. */
function namespaceOfPod(clicked: unknown): readonly string[] {
  const inNamespace = typeof clicked === 'object' && clicked !== null && 'kind' in clicked && clicked.kind === 'pod' && 'namespace' in clicked;
  return inNamespace && typeof clicked.namespace === 'string' ? [clicked.namespace] : [];
}
