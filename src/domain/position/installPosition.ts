// Whether a phase's control plane is installed, does what its phase needs, and has been proven by a probe.
import { message } from '../../shared/text/message.js';
import type { ControlPlaneGateFacts } from '../gates/gateFacts.js';
import type { ClusterContext } from './positionContext.js';
import { asFarAsRead, hasRecords, unreadKinds } from './positionContext.js';
import type { Standing } from './targetPositions.js';
import { DONE, inTheWay, isFulfilled, notNeeded, open, unknown } from './targetPositions.js';

export function installStanding(cluster: ClusterContext, phase: 1 | 2): Standing {
  return asFarAsRead(cluster, ['deployments', 'configmaps'], phase === 1 && cluster.isPastFirst ? DONE : installedStanding(cluster, phase));
}

function installedStanding(cluster: ClusterContext, phase: 1 | 2): Standing {
  const revision = phase === 1 ? cluster.first : cluster.second;
  if (revision === undefined) return inTheWay(message('migration.noPlan'));
  const plane = cluster.facts.controlPlanes.find((candidate) => candidate.revision === revision);
  if (plane?.installed !== true) {
    const [unread] = unreadKinds(cluster, ['deployments']);
    return unread === undefined ? open() : unknown(unread);
  }
  if (!plane.ready) return inTheWay(message('migration.istiodNotReady', { revision }));
  return phase === 1 ? firstStanding(plane) : secondStanding(plane);
}

function firstStanding({ revision, signer, handsOutMeshCa }: ControlPlaneGateFacts): Standing {
  if (signer === 'meshCa') return inTheWay(message('migration.wrongSigner', { revision }));
  if (handsOutMeshCa === 'no') return inTheWay(message('migration.rootNotHandedOut', { revision }));
  if (signer === 'unknown' || handsOutMeshCa === 'unknown') return unknown(message('migration.controlPlaneUnknown', { revision }));
  return DONE;
}

function secondStanding({ revision, signer }: ControlPlaneGateFacts): Standing {
  if (signer === 'istioCa') return inTheWay(message('migration.wrongSigner', { revision }));
  return signer === 'unknown' ? unknown(message('migration.controlPlaneUnknown', { revision })) : DONE;
}

/** A probe only opens the first label: where everything has moved already, none is needed any more. */
export function probeStanding(cluster: ClusterContext, phase: 1 | 2, hasMoved: boolean): Standing {
  const revision = phase === 1 ? cluster.first : cluster.second;
  const install = installStanding(cluster, phase);
  // Of an istiod of which nothing is known it is not known whether it was the one that was tried, either.
  if (install.state.kind === 'unknown') return install;
  const probes = cluster.facts.probes.filter((probe) => probe.revision === revision);
  if (probes.some(({ passed }) => passed)) return DONE;
  if (hasMoved || (phase === 1 && cluster.isPastFirst)) return notNeeded(message('migration.probe.past'));
  if (!isFulfilled(install.state)) return open();
  if (!hasRecords(cluster)) return unknown(message('migration.probe.notRead'));
  return probes.length > 0 ? open(message('migration.probe.failed')) : open();
}
