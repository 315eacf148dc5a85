// Rolls Deployments: a ReplicaSet per pod template, scaled against each other pod by pod; kubectl follows it by the status.
import type { ObjectStore } from '../clusterBackend.js';
import type { StoredObject } from '../kubeObject.js';
import { deploymentStatus } from './deploymentStatus.js';
import { templateHash } from './generatedNames.js';
import { controllerOf } from './ownedObjects.js';
import type { OwnedObjects } from './ownedObjects.js';
import { createReconcileQueue, keyOf, splitKey } from './reconcileQueue.js';
import type { RehearsalClock } from './rehearsalClock.js';
import { REPLICA_SETS } from './replicaSetController.js';
import { nextNewReplicas, nextOldReplicas, rolloutLimits } from './rollingUpdate.js';
import type { ReplicaCounts } from './rollingUpdate.js';
import { wantedReplicas } from './workloadTypes.js';
import type { Deployment, ReplicaSet } from './workloadTypes.js';

export const DEPLOYMENTS = 'deployments.apps';
const HASH_LABEL = 'pod-template-hash';
const REVISION_ANNOTATION = 'deployment.kubernetes.io/revision';
/** `revisionHistoryLimit` where nothing is said. */
const KEPT_HISTORY = 10;

function countsOf(set: ReplicaSet): ReplicaCounts {
  return { wanted: wantedReplicas(set), available: set.status?.availableReplicas ?? 0 };
}

function revisionOf(object: StoredObject): number {
  return Number(object.metadata.annotations?.[REVISION_ANNOTATION] ?? 0);
}

/** The deployment controller's ReplicaSet for the present template. */
function replicaSetFor(deployment: Deployment, hash: string, revision: number): Parameters<ObjectStore['create']>[1] {
  const { metadata, spec } = deployment;
  const labels = { ...spec.template.metadata?.labels, [HASH_LABEL]: hash };
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `${metadata.name}-${hash}`,
      ...(metadata.namespace === undefined ? {} : { namespace: metadata.namespace }),
      labels,
      annotations: { [REVISION_ANNOTATION]: String(revision) },
      ownerReferences: [
        { apiVersion: 'apps/v1', kind: 'Deployment', name: metadata.name, uid: metadata.uid, controller: true, blockOwnerDeletion: true },
      ],
    },
    spec: {
      replicas: 0,
      selector: { matchLabels: { ...spec.selector.matchLabels, [HASH_LABEL]: hash } },
      template: { ...spec.template, metadata: { ...spec.template.metadata, labels } },
    },
  };
}

export function startDeploymentController(tools: {
  readonly store: ObjectStore;
  readonly clock: RehearsalClock;
  readonly replicaSets: OwnedObjects;
}): void {
  const { store, clock, replicaSets } = tools;

  const setsOf = (deployment: Deployment): ReplicaSet[] => replicaSets.ownedBy(deployment.metadata.uid) as ReplicaSet[];

  const scale = (set: ReplicaSet, replicas: number): void => {
    if (wantedReplicas(set) !== replicas) store.replace(REPLICA_SETS, { ...set, spec: { ...set.spec, replicas } });
  };

  const newestSet = (deployment: Deployment): ReplicaSet => {
    const hash = templateHash(deployment.spec.template);
    const sets = setsOf(deployment);
    const latest = Math.max(0, ...sets.map(revisionOf));
    const present = sets.find(({ metadata }) => metadata.labels?.[HASH_LABEL] === hash);
    if (present === undefined) {
      return store.create(REPLICA_SETS, replicaSetFor(deployment, hash, latest + 1)) as ReplicaSet;
    }
    // `rollout undo` brings an old template back: its ReplicaSet becomes the newest again.
    if (revisionOf(present) === latest) return present;
    const annotations = { ...present.metadata.annotations, [REVISION_ANNOTATION]: String(latest + 1) };
    return store.replace(REPLICA_SETS, { ...present, metadata: { ...present.metadata, annotations } }) as ReplicaSet;
  };

  const roll = (deployment: Deployment, newest: ReplicaSet): void => {
    const replicas = wantedReplicas(deployment);
    const old = setsOf(deployment)
      .filter(({ metadata }) => metadata.uid !== newest.metadata.uid)
      .sort((a, b) => revisionOf(a) - revisionOf(b));
    if (deployment.spec.strategy?.type === 'Recreate') {
      old.forEach((set) => { scale(set, 0); });
      if (old.every((set) => (set.status?.replicas ?? 0) === 0)) scale(newest, replicas);
      return;
    }
    const { maxSurge, maxUnavailable } = deployment.spec.strategy?.rollingUpdate ?? {};
    const limits = rolloutLimits(replicas, maxSurge, maxUnavailable);
    const state = { replicas, ...limits, newest: countsOf(newest), old: old.map(countsOf) };
    const grown = nextNewReplicas(state);
    if (grown !== state.newest.wanted) {
      scale(newest, grown);
      return;
    }
    nextOldReplicas(state).forEach((wanted, index) => {
      const set = old[index];
      if (set !== undefined) scale(set, wanted);
    });
  };

  /** A paused Deployment keeps its pods as they are, but is still scaled. */
  const holdPaused = (deployment: Deployment): void => {
    const active = setsOf(deployment).filter((set) => wantedReplicas(set) > 0);
    const only = active.length === 1 ? active[0] : undefined;
    if (only !== undefined) scale(only, wantedReplicas(deployment));
  };

  const dropHistory = (deployment: Deployment): void => {
    const idle = setsOf(deployment).filter((set) => wantedReplicas(set) === 0 && (set.status?.replicas ?? 0) === 0);
    const surplus = idle.sort((a, b) => revisionOf(b) - revisionOf(a)).slice(KEPT_HISTORY);
    for (const { metadata } of surplus) store.remove(REPLICA_SETS, metadata.namespace, metadata.name);
  };

  const writeStatus = (deployment: Deployment, newest: ReplicaSet | undefined): void => {
    const status = deploymentStatus(deployment, newest, setsOf(deployment), clock.now());
    const annotations =
      newest === undefined
        ? deployment.metadata.annotations
        : { ...deployment.metadata.annotations, [REVISION_ANNOTATION]: String(revisionOf(newest)) };
    const metadata = annotations === undefined ? deployment.metadata : { ...deployment.metadata, annotations };
    store.replace(DEPLOYMENTS, { ...deployment, metadata, status });
  };

  const queue = createReconcileQueue(clock, (key) => {
    const deployment = store.get(DEPLOYMENTS, ...splitKey(key)) as Deployment | undefined;
    if (deployment === undefined || deployment.metadata.deletionTimestamp !== undefined) return;
    if (deployment.spec.paused === true) {
      holdPaused(deployment);
      const hash = templateHash(deployment.spec.template);
      writeStatus(deployment, setsOf(deployment).find(({ metadata }) => metadata.labels?.[HASH_LABEL] === hash));
      return;
    }
    const newest = newestSet(deployment);
    roll(deployment, newest);
    dropHistory(deployment);
    const { namespace, name } = newest.metadata;
    writeStatus(deployment, store.get(REPLICA_SETS, namespace, name) as ReplicaSet | undefined);
  });

  store.onChange((event) => {
    if (event.resource === DEPLOYMENTS && event.type !== 'DELETED') queue.add(keyOf(event.object));
    const owner = event.resource === REPLICA_SETS ? controllerOf(event.object) : undefined;
    if (owner?.kind === 'Deployment') queue.add(`${event.object.metadata.namespace ?? ''}/${owner.name}`);
  });
}
