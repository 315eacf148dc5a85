// Why a proxy keeps the gate to phase 2 or 3 shut, and what would change that: read off its row, its namespace and the control
// plane that injected it.
import { controlPlane } from '../../domain/mesh/controlPlanes.js';
import type { PodFacts } from '../../domain/mesh/facts.js';
import { namespaceView } from '../../domain/mesh/namespaceView.js';
import type { ClusterSnapshot } from '../../domain/mesh/snapshot.js';
import { injectingRevision } from '../../domain/steps/namespaceInjector.js';
import { message } from '../../shared/text/message.js';
import { signerClassOf, trustClassOf } from '../../shared/trustClass.js';
import type { TrustRow } from '../../shared/trustRows.js';
import type { GatePhase, ObstacleAction, ProxyObstacle } from '../../shared/trustViews.js';

/** Where the proxy is, as the cluster shows it now; undefined for a survey from a file and a pod that is gone. */
export interface ProxyPlace {
  readonly snapshot: ClusterSnapshot | undefined;
  readonly pod: PodFacts | undefined;
}

/**
 * Undefined for a proxy that is in nobody's way, or has not been asked yet. Who has lost the old root is in the way only as
 * long as `isOldRootNeeded`: somebody has a certificate that is not of Mesh CA.
 */
export function proxyObstacle(phase: GatePhase, row: TrustRow, place: ProxyPlace, isOldRootNeeded: boolean): ProxyObstacle | undefined {
  switch (row.state) {
    case 'waiting':
      return undefined;
    case 'unknown':
      return obstacle(row.why === undefined ? message('panel.reason.unknown') : message('panel.reason.unread', { why: row.why }), 'survey');
    case 'notLoaded':
      return obstacle(message('panel.reason.notLoaded'), undefined);
    case 'read':
      return phase === 'trust' ? trustObstacle(row, place, isOldRootNeeded) : signingObstacle(row, place);
  }
}

function trustObstacle(row: TrustRow, place: ProxyPlace, isOldRootNeeded: boolean): ProxyObstacle | undefined {
  switch (trustClassOf(row)) {
    case 'both':
    case 'waiting':
      return undefined;
    case 'meshCa':
      return isOldRootNeeded ? obstacle(message('panel.reason.lostOld'), undefined) : undefined;
    case 'istioCa':
      return gatewayObstacle('trust', row, place) ?? injectionObstacle(row, place) ?? rootsObstacle(row, place) ?? obstacle(message('panel.reason.oldRoot'), undefined);
    case 'otherRoots':
    case 'unknown':
    case 'notLoaded':
      return obstacle(message('panel.reason.otherRoots'), undefined);
  }
}

function signingObstacle(row: TrustRow, place: ProxyPlace): ProxyObstacle | undefined {
  switch (signerClassOf(row)) {
    case 'meshCa':
    case 'unread':
      return undefined;
    case 'istioCa':
      return gatewayObstacle('signing', row, place) ?? injectionObstacle(row, place) ?? signerObstacle(row, place) ?? obstacle(message('panel.reason.oldSigner'), undefined);
    case 'other':
      return obstacle(message('panel.reason.signedByOther'), undefined);
    case 'unsigned':
      return obstacle(message('panel.reason.unsigned'), undefined);
  }
}

/**
 * A gateway goes by labels of its own, and by steps of its own to another revision: phase 1 adds one beside it, phase 2 upgrades
 * it in place. One that is on the revision it should be on has no such step before it.
 */
function gatewayObstacle(phase: GatePhase, { gateway, revision }: TrustRow, { snapshot, pod }: ProxyPlace): ProxyObstacle | undefined {
  if (!gateway || snapshot === undefined || pod === undefined) return undefined;
  const plane = revision === undefined ? undefined : controlPlane(snapshot, revision);
  if (phase === 'trust' ? plane?.meshCaRoot === 'handedOut' : plane?.signer === 'meshCa') return undefined;
  const reason = message('panel.reason.gateway', { revision: revision ?? message('panel.reason.noRevision') });
  return obstacle(reason, phase === 'trust' ? 'addGateway' : 'upgradeGateway');
}

/** What is not as its namespace's labels ask. */
function injectionObstacle({ gateway, revision }: TrustRow, { snapshot, pod }: ProxyPlace): ProxyObstacle | undefined {
  const namespace = pod === undefined ? undefined : snapshot?.namespaces.get(pod.namespace);
  if (gateway || snapshot === undefined || pod === undefined || namespace?.facts === undefined) return undefined;
  const injectedBy = revision ?? message('panel.reason.noRevision');
  const { conflicts } = namespaceView(snapshot, namespace);
  if (conflicts.some(({ kind }) => kind === 'bothLabels')) return obstacle(message('panel.reason.bothLabels'), 'migrate');
  const dangling = conflicts.find((conflict) => conflict.kind === 'danglingRevision');
  if (dangling !== undefined) return obstacle(message('panel.reason.dangling', { value: dangling.value }), 'migrate');
  const wanted = injectingRevision(snapshot, namespace.facts, pod);
  if (wanted === undefined || wanted === revision) return undefined;
  return obstacle(message('panel.reason.notRestarted', { revision: injectedBy, wanted }), 'restart');
}

/** A restart of the namespace's workloads is no step for its gateways: they are told the reason alone. */
function rootsObstacle({ gateway }: TrustRow, { snapshot, pod }: ProxyPlace): ProxyObstacle | undefined {
  const revision = pod?.proxy?.revision;
  if (snapshot === undefined || revision === undefined) return undefined;
  return controlPlane(snapshot, revision)?.meshCaRoot === 'handedOut'
    ? obstacle(message('panel.reason.notDelivered', { revision }), gateway ? undefined : 'restart')
    : obstacle(message('panel.reason.oneRoot', { revision }), 'migrate');
}

function signerObstacle({ gateway }: TrustRow, { snapshot, pod }: ProxyPlace): ProxyObstacle | undefined {
  const revision = pod?.proxy?.revision;
  if (snapshot === undefined || revision === undefined) return undefined;
  return controlPlane(snapshot, revision)?.signer === 'meshCa'
    ? obstacle(message('panel.reason.notRenewed', { revision }), gateway ? undefined : 'restart')
    : obstacle(message('panel.reason.signedByRevision', { revision }), 'migrate');
}

function obstacle(reason: ProxyObstacle['reason'], action: ObstacleAction | undefined): ProxyObstacle {
  return { reason, action };
}
