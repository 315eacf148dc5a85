// One simulated GKE cluster: its objects, the controllers that act on them, its istiods and its proxies, tied together.
import { ENVOY_ADMIN_PORT, INJECTION_TEMPLATES_ANNOTATION } from '../../shared/istioNames.js';
import { createObjectStore } from '../api/objectStore.js';
import type { ClusterBackend } from '../clusterBackend.js';
import { startContainerRestarts } from '../controllers/containerRestarts.js';
import type { ContainerRestarts } from '../controllers/containerRestarts.js';
import { startDaemonSetController } from '../controllers/daemonSetController.js';
import { startDeploymentController } from '../controllers/deploymentController.js';
import { startCronJobController } from '../controllers/cronJobController.js';
import { startEndpointsController } from '../controllers/endpointsController.js';
import { startAutoscalerStatus } from '../controllers/autoscalerStatus.js';
import { startBudgetStatus } from '../controllers/budgetStatus.js';
import { JOBS, startJobController } from '../controllers/jobController.js';
import { trackOwnedObjects } from '../controllers/ownedObjects.js';
import { createPodFactory } from '../controllers/podFactory.js';
import type { PodInterior } from '../controllers/podLifecycle.js';
import { startPodLifecycle } from '../controllers/podLifecycle.js';
import type { RehearsalClock } from '../controllers/rehearsalClock.js';
import { REPLICA_SETS, startReplicaSetController } from '../controllers/replicaSetController.js';
import { trackServicePods } from '../controllers/servicePods.js';
import { startServiceAccountController } from '../controllers/serviceAccountController.js';
import { startStatefulSetController } from '../controllers/statefulSetController.js';
import type { AdminServer } from '../envoy/adminServer.js';
import type { ControlStream } from '../envoy/envoyView.js';
import type { CertificateAuthority } from '../pki/certificateAuthority.js';
import type { KeySource } from '../pki/keySource.js';
import { createApplicationServer, servesApplication } from '../streams/applicationServer.js';
import { runInContainer } from '../streams/containerPrograms.js';
import type { MeshCaVariant } from './controlPlane.js';
import type { DataPlane, RunningProxy } from './dataPlane.js';
import { createDataPlane } from './dataPlane.js';
import { startGatewayApiController } from './gatewayApi.js';
import { createIstiods, isIstiod } from './istiods.js';
import type { Istiods } from './istiods.js';
import { startIstiodUpkeep } from './istiodUpkeep.js';
import { NO_MESH_FAULTS } from './meshFaults.js';
import type { MeshFaults } from './meshFaults.js';
import { createObjectValidation } from './objectValidation.js';
import { createPodAdmission } from './podAdmission.js';
import { asPod } from './podTypes.js';
import type { StoredPod } from './podTypes.js';
import type { ProxyCertificates } from './proxyCertificates.js';
import { viewOfProxy } from './proxyView.js';

export interface SimulatedCluster {
  readonly backend: ClusterBackend;
  /** The proxy's stream to its istiod; undefined where there is no such pod. */
  controlStreamOf(namespace: string, pod: string): ControlStream | undefined;
  /** The proxy in a pod as it is now; none where the pod has none or it does not run. */
  proxyIn(namespace: string, pod: string): RunningProxy | undefined;
  /** Its proxy asks for a new certificate now. False when it has none yet or nobody answered. */
  renewCertificate(namespace: string, pod: string): boolean;
  readonly restarts: ContainerRestarts;
  /** Sends what proxies have not heard yet, after pushes were lost. */
  pushAgain(): void;
}

/** What all clusters of a rehearsal share. */
export interface MeshWorld {
  readonly clock: RehearsalClock;
  readonly certificates: ProxyCertificates;
  readonly admin: AdminServer;
  readonly meshCa: { readonly authority: CertificateAuthority; readonly identityDomain: string };
  readonly meshCaVariant: MeshCaVariant;
  /** For the roots that Citadels make themselves. */
  readonly newKey: KeySource;
}

/** What happens inside a pod depends on what it is. */
function interiorOf(istiods: Istiods, dataPlane: DataPlane, certificates: ProxyCertificates): PodInterior {
  return {
    start(pod, whenReady) {
      if (isIstiod(pod)) {
        // One that cannot load its CA comes up again and again, and is never ready.
        if (istiods.start(pod)) whenReady();
      } else dataPlane.start(pod, whenReady);
    },
    stop(pod) {
      istiods.stop(pod);
      dataPlane.stop(pod);
      certificates.forget(pod.metadata.uid);
    },
  };
}

/** An empty cluster. `podNetwork` is the first half of its pods' addresses, such as `10.8`; names of pods follow from it. */
export function createSimulatedCluster(world: MeshWorld, podNetwork: string, faults: MeshFaults = NO_MESH_FAULTS): SimulatedCluster {
  const { clock, certificates } = world;
  const store = createObjectStore({ now: () => clock.now() });
  const pods = trackOwnedObjects(store, 'pods');
  const servicePods = trackServicePods(store);
  const replicaSets = trackOwnedObjects(store, REPLICA_SETS);

  const istiods = createIstiods({ store, clock, variant: world.meshCaVariant, newKey: world.newKey });
  const dataPlane = createDataPlane({ store, clock, istiods, meshCa: world.meshCa, faults, onSigner: (signer) => { certificates.knows(signer); } });
  const admitPod = createPodAdmission(store, istiods);

  const interior = interiorOf(istiods, dataPlane, certificates);
  const restarts = startContainerRestarts({ store, clock, interior });
  const lifecycle = startPodLifecycle({ store, clock, interior, podNetwork, holdsBack: (pod) => restarts.holdsBack(pod) });
  const stopPod = (pod: StoredPod): void => { lifecycle.stopPod(pod); };
  const tools = { store, clock, pods, factory: createPodFactory(store, admitPod, () => clock.now()), stopPod, nameSeed: podNetwork };
  startReplicaSetController(tools);
  startStatefulSetController(tools);
  startDaemonSetController(tools);
  startDeploymentController({ store, clock, replicaSets });
  startJobController(tools);
  startCronJobController({ store, clock, jobs: trackOwnedObjects(store, JOBS) });
  startAutoscalerStatus({ store, clock });
  startBudgetStatus({ store, clock });
  startEndpointsController({ store, clock, servicePods });
  startServiceAccountController({ store, clock });
  startIstiodUpkeep({ store, clock, istiods });
  startGatewayApiController({ store, clock, istiods });

  const applications = createApplicationServer();
  const podNamed = (namespace: string, name: string): StoredPod | undefined => {
    const object = store.get('pods', namespace, name);
    return object && asPod(object);
  };

  return {
    backend: {
      store,
      admitPod,
      validate: createObjectValidation(store, istiods),
      stopPod: (pod) => { stopPod(asPod(pod)); },
      connectToPod(namespace, name, port) {
        const pod = podNamed(namespace, name);
        if (pod !== undefined && servesApplication(pod, port)) return applications.connect();
        const proxy = pod && dataPlane.proxyIn(pod);
        if (pod === undefined || proxy === undefined || port !== ENVOY_ADMIN_PORT || isWithoutEnvoy(pod)) throw connectionRefused(pod, name, port);
        return world.admin.connect(() => {
          // The proxy may have had a push, or be gone, since the connection was opened.
          const current = dataPlane.proxyIn(pod) ?? proxy;
          return viewOfProxy({ store, servicePods, certificates, now: clock.now(), controlStream: dataPlane.controlStreamOf(pod) }, pod, current);
        });
      },
      execInPod(command, connect) {
        const pod = podNamed(command.namespace, command.pod);
        if (pod === undefined) throw new Error(`pods "${command.pod}" not found`);
        return runInContainer(pod, command, connect);
      },
    },
    restarts,
    pushAgain: () => { dataPlane.pushAgain(); },
    renewCertificate(namespace, name) {
      const pod = podNamed(namespace, name);
      return pod !== undefined && dataPlane.renew(pod);
    },
    controlStreamOf(namespace, name) {
      const pod = podNamed(namespace, name);
      return pod && dataPlane.controlStreamOf(pod);
    },
    proxyIn(namespace, name) {
      const pod = podNamed(namespace, name);
      return pod && dataPlane.proxyIn(pod);
    },
  };
}

/** Template `grpc-agent` runs the agent with `DISABLE_ENVOY`: the application speaks to istiod itself (proxyless gRPC). */
function isWithoutEnvoy({ metadata: { annotations = {} } }: StoredPod): boolean {
  return annotations[INJECTION_TEMPLATES_ANNOTATION]?.startsWith('grpc') === true;
}

/** In kubelet's and containerd's words. */
function connectionRefused(pod: StoredPod | undefined, name: string, port: number): Error {
  if (pod === undefined) return new Error(`pods "${name}" not found`);
  if (pod.status?.phase !== 'Running') {
    return new Error(`unable to forward port because pod is not running. Current status=${pod.status?.phase ?? 'Unknown'}`);
  }
  return new Error(
    `error forwarding port ${port} to pod ${pod.metadata.uid}, uid : failed to execute portforward in network namespace ` +
      `"/var/run/netns/cni-${pod.metadata.uid}": failed to connect to localhost:${port} inside namespace "${pod.metadata.uid}", ` +
      `IPv4: dial tcp4 127.0.0.1:${port}: connect: connection refused`,
  );
}
