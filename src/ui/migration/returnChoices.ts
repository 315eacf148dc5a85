// Asks, before namespaces are rolled back, what those go back to of which nothing is remembered: somebody labelled them by hand, or
// took the guide's own lines.
import { clusterKey } from '../../domain/cluster.js';
import { chosenReturn } from '../../domain/procedure/namespaceRows.js';
import type { MeshSituation } from '../../domain/procedure/procedureStep.js';
import type { StepOrder } from '../../domain/procedure/stepOrder.js';
import type { NamespaceTarget } from '../../domain/steps/namespaceTarget.js';
import type { RenderText } from '../../shared/text/languages.js';
import type { KnownClusters } from '../steps/namespacePicker.js';
import { isForgotten, pickReturn } from '../steps/revisionPicker.js';

/** The orders with what was chosen in them; undefined when the user went away. One question for all of them. */
export async function withReturns(orders: readonly StepOrder[], { snapshots }: MeshSituation, text: RenderText): Promise<readonly StepOrder[] | undefined> {
  const known: KnownClusters = {
    clusters: snapshots.map(({ ref }) => ref),
    snapshot: (ref) => snapshots.find((one) => clusterKey(one.ref) === clusterKey(ref)),
  };
  const forgotten = orders.filter((order) => returned(order).some((target) => isForgotten(known, target)));
  if (forgotten.length === 0) return orders;
  const to = await pickReturn(known, forgotten.flatMap(returned), text);
  if (to === undefined) return undefined;
  return orders.map((order) => (forgotten.includes(order) ? { ...order, parameters: { ...order.parameters, ...chosenReturn(to) } } : order));
}

/** The namespace that an order rolls back; none of any other order. */
function returned({ step, target }: StepOrder): readonly NamespaceTarget[] {
  return step === 'roll-back-namespace' && target.scope === 'namespace' ? [{ cluster: target.cluster, namespace: target.namespace }] : [];
}
