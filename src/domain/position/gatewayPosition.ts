// Whether a gateway has been moved: in phase 1 by a new one beside it that serves the same Services, in phase 2 in place.
import { REVISION_LABEL } from '../../shared/istioNames.js';
import { message } from '../../shared/text/message.js';
import type { WatchedKind } from '../mesh/facts.js';
import type { GatewayView } from '../mesh/gateways.js';
import { gateways } from '../mesh/gateways.js';
import type { StepTarget } from '../procedure/stepOrder.js';
import type { ClusterContext } from './positionContext.js';
import { asFarAsRead, goalOf } from './positionContext.js';
import type { Standing } from './targetPositions.js';
import { DONE, inTheWay, open, wrong } from './targetPositions.js';

/** What it is concluded from which gateways there are, and that one has moved. */
export const GATEWAY_KINDS: readonly WatchedKind[] = ['pods', 'deployments', 'services'];

export interface GatewayStandings {
  readonly target: StepTarget;
  /** `migrate-gateway` or `upgrade-gateway`. */
  readonly move: Standing;
  /** `delete-old-gateway`. */
  readonly remove: Standing;
}

/** Every gateway that is old, and every one that has taken the place of an old one. */
export function gatewayStandings(cluster: ClusterContext, phase: 1 | 2): readonly GatewayStandings[] {
  const goal = goalOf(cluster, phase);
  const all = gateways(cluster.snapshot);
  const old = all.filter((gateway) => !isMoved(gateway, goal));
  const moved = all.filter((gateway) => isMoved(gateway, goal));
  // A new gateway beside an old one is seen at the old one's line.
  const alone = moved.filter((gateway) => !old.some((other) => other.namespace === gateway.namespace && sharesService(gateway, other)));
  return [
    ...old.map((gateway) => ({ gateway, ...oldGateway(gateway, moved, phase) })),
    ...alone.map((gateway) => ({ gateway, move: labelStanding(gateway, goal), remove: DONE })),
  ].map(({ gateway, move, remove }) => ({
    target: { scope: 'gateway', cluster: cluster.ref, namespace: gateway.namespace, name: gateway.workload.name },
    move: asFarAsRead(cluster, GATEWAY_KINDS, move),
    remove: asFarAsRead(cluster, GATEWAY_KINDS, remove),
  }));
}

/** What it runs counts, and, where nothing runs, what it would be created as. */
function isMoved({ workload }: GatewayView, goal: ReadonlySet<string>): boolean {
  const { revisions, facts } = workload;
  if (revisions.length > 0) return revisions.every((revision) => revision !== undefined && goal.has(revision));
  const template = facts?.templateLabels[REVISION_LABEL];
  return template !== undefined && goal.has(template);
}

function oldGateway(gateway: GatewayView, moved: readonly GatewayView[], phase: 1 | 2): Pick<GatewayStandings, 'move' | 'remove'> {
  const beside = moved.filter(({ namespace, workload }) => namespace === gateway.namespace && workload.ready > 0);
  const served = gateway.services.filter(({ name }) => beside.some(({ services }) => services.some((service) => service.name === name && service.own > 0)));
  const isReplaced = beside.length > 0 && served.length === gateway.services.length && served.length > 0;
  if (isReplaced) return { move: DONE, remove: open(message('migration.gateway.replaced')) };
  const remove = phase === 1 ? open() : DONE;
  if (gateway.workload.rolling) return { move: inTheWay(message('migration.gateway.rolling')), remove };
  if (beside.length > 0) return { move: open(message('migration.gateway.notServing')), remove };
  return { move: open(), remove };
}

/** Left behind, the Deployment's own label makes the next `delete -l istio.io/rev=OLD` delete the gateway that serves. */
function labelStanding({ workload }: GatewayView, goal: ReadonlySet<string>): Standing {
  const label = workload.facts?.labels[REVISION_LABEL];
  if (label !== undefined && !goal.has(label)) return wrong(message('migration.gateway.deploymentLabel', { revision: label }));
  return workload.rolling ? inTheWay(message('migration.gateway.rolling')) : DONE;
}

function sharesService(one: GatewayView, other: GatewayView): boolean {
  return one.services.some(({ name }) => other.services.some((service) => service.name === name));
}
