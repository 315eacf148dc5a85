// The safety properties S1 to S6 of one cluster, and S1 between two: what may never be so, whatever anybody does.
import { workloadsOf } from './clusterState.js';
import type { ClusterState, Workload } from './clusterState.js';
import { rootsIn } from './controlPlanes.js';
import { hasIstiod } from './environment.js';
import type { Environment } from './environment.js';
import { globalRoot } from './meshFacts.js';
import type { PodClass, PodClasses } from './podClasses.js';
import { MESH_CA } from './scene.js';
import type { Scene } from './scene.js';

export type SafetyProperty =
  | 'S1 every baseline pair authenticates both ways'
  | 'S1 authorization verdicts are unchanged'
  | 'S2 every meshed template is created with a sidecar'
  | 'S3 every ready proxy has a working signer'
  | 'S4 every webhook that can match has an endpoint'
  | 'S5 every gateway Service has a ready endpoint'
  | 'S6 no CA key is deleted without a verified backup';

export interface Safety {
  /** The first property that does not hold within one cluster. */
  within(state: ClusterState): SafetyProperty | undefined;
  between(one: ClusterState, other: ClusterState): SafetyProperty | undefined;
}

/** What a step does by itself, rather than the state it leaves. */
export function brokenByStep(before: ClusterState, after: ClusterState): SafetyProperty | undefined {
  const isLost = rootsIn(before.secret).some((root) => !rootsIn(after.secret).includes(root) && !before.backups.includes(root));
  return isLost ? 'S6 no CA key is deleted without a verified backup' : undefined;
}

/** S1 alone is waived; whatever has a sidecar, a signer and endpoints keeps them. */
function isPromised({ isWaived, hasOwnCertificates }: Workload, { waivesOwnCertificates }: ClusterState): boolean {
  return !isWaived && !(hasOwnCertificates && waivesOwnCertificates);
}

export function createSafety(scene: Scene, classes: PodClasses, environment: Environment): Safety {
  const verdicts = new Map<string, boolean>();

  const workloads = workloadsOf(scene);
  const live = (state: ClusterState, isCounted: (workload: Workload, state: ClusterState) => boolean = () => true): readonly PodClass[] => {
    const ids = new Set(state.pods.flatMap((set, index) => (isCounted(workloads[index]!, state) ? classes.members(set) : [])));
    return [...ids].map((id) => classes.at(id)).filter(({ isDelivered }) => isDelivered);
  };

  const promisedIn = new WeakMap<ClusterState, readonly PodClass[]>();
  const promised = (state: ClusterState): readonly PodClass[] => {
    let found = promisedIn.get(state);
    if (found === undefined) promisedIn.set(state, (found = live(state, isPromised)));
    return found;
  };

  /** One as the client, the other as the server: both verify chains, the client pins names, the server lets domains in. */
  const calls = (client: PodClass, clientCluster: number, server: PodClass, serverCluster: number): boolean => {
    const [mine, theirs] = [client.trust!, server.trust!];
    const anchorsOf = (pod: PodClass, cluster: number): readonly string[] => pod.anchors.map((root) => globalRoot(scene, root, cluster));
    return (
      anchorsOf(client, clientCluster).includes(globalRoot(scene, theirs.signer.root, serverCluster)) &&
      anchorsOf(server, serverCluster).includes(globalRoot(scene, mine.signer.root, clientCluster)) &&
      mine.push!.pinnedDomains.includes(theirs.signer.identityDomain) &&
      theirs.push!.acceptedDomains.includes(mine.signer.identityDomain)
    );
  };

  const authenticate = (one: PodClass, other: PodClass, isSameCluster: boolean): boolean => {
    const key = `${one.id} ${other.id} ${isSameCluster ? 1 : 0}`;
    let verdict = verdicts.get(key);
    if (verdict === undefined) {
      const there = isSameCluster ? 0 : 1;
      verdicts.set(key, (verdict = calls(one, 0, other, there) && calls(other, there, one, 0)));
    }
    return verdict;
  };

  const pairs = (here: readonly PodClass[], there: readonly PodClass[], isSameCluster: boolean): SafetyProperty | undefined =>
    here.every((one) => there.every((other) => authenticate(one, other, isSameCluster))) ? undefined : 'S1 every baseline pair authenticates both ways';

  const authorization = (policies: ClusterState, peers: readonly PodClass[]): SafetyProperty | undefined =>
    policies.openFinding && peers.some(({ trust }) => trust?.signer.root === MESH_CA) ? 'S1 authorization verdicts are unchanged' : undefined;

  const sidecars = (state: ClusterState): SafetyProperty | undefined => {
    const isMissing = state.pods.some((_, index) => typeof (environment.creationOf(state, index) ?? 0) !== 'number');
    return isMissing ? 'S2 every meshed template is created with a sidecar' : undefined;
  };

  const signers = (state: ClusterState): SafetyProperty | undefined =>
    live(state).every((pod) => environment.hasSigner(state, pod)) ? undefined : 'S3 every ready proxy has a working signer';

  return {
    within: (state) => {
      const pods = promised(state);
      return sidecars(state) ?? signers(state) ?? pairs(pods, pods, true) ?? authorization(state, pods) ?? webhooks(state) ?? gateway(state);
    },
    between: (one, other) => {
      // Clusters that never talked have no pairs; where both are signed by Mesh CA they heal, which nobody is owed.
      if (scene.roots === 'different') return undefined;
      const [here, there] = [promised(one), promised(other)];
      return pairs(here, there, false) ?? authorization(one, there) ?? authorization(other, here);
    },
  };
}

/** Validation through Service `istiod` matches always; a revision's own webhooks are S2's matter as soon as anything matches. */
function webhooks(state: ClusterState): SafetyProperty | undefined {
  return hasIstiod(state, state.istiodService) ? undefined : 'S4 every webhook that can match has an endpoint';
}

function gateway({ oldGateway, canary }: ClusterState): SafetyProperty | undefined {
  return oldGateway === 'ready' || canary?.ready === true ? undefined : 'S5 every gateway Service has a ready endpoint';
}
