// Makes one move of the environment in one cluster, and tells in a line what came of it.
import { INJECTION_STATUS_ANNOTATION } from '../../shared/istioNames.js';
import { podMatcher } from '../faults/podFilter.js';
import type { PodFilter } from '../faults/podFilter.js';
import { deletePods, drainNode, livePods, scaleWorkload, startPod } from '../faults/podMoves.js';
import { isIstiod } from '../mesh/istiods.js';
import type { StoredPod } from '../mesh/podTypes.js';
import type { ServedCluster } from '../servedCluster.js';
import type { Move } from './controlCommands.js';

/** What happened, and whether anything did. */
export interface MoveOutcome {
  readonly line: string;
  readonly done: boolean;
}

function counted(count: number, what: string): MoveOutcome {
  return { line: `${count} ${what}`, done: count > 0 };
}

function restartContainers(cluster: ServedCluster, pods: readonly StoredPod[], container: string | undefined): number {
  return pods.filter((pod) => cluster.simulation.restarts.crashOnce(pod, container)).length;
}

function renew({ store, simulation }: ServedCluster, filter: PodFilter): MoveOutcome {
  const matches = podMatcher(filter);
  const pods = livePods(store, (pod) => pod.metadata.annotations?.[INJECTION_STATUS_ANNOTATION] !== undefined && matches(pod));
  const renewed = pods.filter(({ metadata }) => simulation.renewCertificate(metadata.namespace ?? '', metadata.name));
  return { line: `${renewed.length} of ${pods.length} proxies have a new certificate`, done: pods.length > 0 };
}

export function makeMove(cluster: ServedCluster, move: Move): MoveOutcome {
  const { store } = cluster;
  const { backend } = cluster.simulation;
  switch (move.kind) {
    case 'crashOnce':
      return counted(restartContainers(cluster, livePods(store, podMatcher(move.pods)), move.container), 'containers crashed');
    case 'deletePods':
      return counted(deletePods(backend, podMatcher(move.pods)), 'pods evicted');
    case 'drain': {
      const evicted = drainNode(backend, move.node);
      if (evicted === undefined) return { line: `there is no node ${move.node}`, done: false };
      return { line: `node ${move.node} cordoned, ${evicted} pods evicted`, done: true };
    }
    case 'scale': {
      const before = scaleWorkload(store, move);
      const what = `${move.workload}/${move.name} in ${move.namespace}`;
      if (before === undefined) return { line: `there is no ${what}`, done: false };
      return { line: `${what} scaled from ${before} to ${move.replicas}`, done: true };
    }
    case 'startPod': {
      const { line, wasTried } = startPod(backend, move);
      return { line, done: wasTried };
    }
    case 'renew':
      return renew(cluster, move.pods);
    case 'restartIstiod': {
      const istiods = livePods(store, (pod) => isIstiod(pod) && podMatcher({ revision: move.revision })(pod));
      return counted(restartContainers(cluster, istiods, 'discovery'), `istiods of revision ${move.revision} restarted`);
    }
    case 'disturbWatches':
      return { line: `${cluster.gate.disturbWatches(move.trouble, move.requests)} open watches: ${move.trouble}`, done: true };
  }
}
