// What a scan of the model's mesh would show: the facts that the extension's own gates judge.
import { clusterKey } from '../../../src/domain/cluster.js';
import type { ClusterRef } from '../../../src/domain/cluster.js';
import { message } from '../../../src/shared/text/message.js';
import type {
  BaselineFacts,
  ClusterGateFacts,
  ControlPlaneGateFacts,
  CreatableFacts,
  GateFacts,
  ProbeFacts,
  ProxyFacts,
  ProxyStanding,
  RevisionReference,
  WebhookGateFacts,
} from '../../../src/domain/gates/gateFacts.js';
import { FAILED_PROBE, NO_PROBE, selectingLabel, workloadsOf } from './clusterState.js';
import type { ClusterState, Workload } from './clusterState.js';
import { LOADED, rootsIn } from './controlPlanes.js';
import type { ControlPlanes } from './controlPlanes.js';
import { hasIstiod, hasWebhooks } from './environment.js';
import type { Environment } from './environment.js';
import type { PodClass, PodClasses } from './podClasses.js';
import { MESH_CA, REVISION_1, REVISION_2, REVISIONS } from './scene.js';
import type { Revision, Scene } from './scene.js';

export function clusterRef(cluster: number): ClusterRef {
  return { kubeconfig: '/model', context: `cluster-${cluster + 1}` };
}

/** Roots have the same short names in every cluster; between clusters they are told apart here. */
export function globalRoot({ roots }: Scene, root: string, cluster: number): string {
  if (root === MESH_CA) return root;
  return root === 'C' && roots === 'same' ? 'C' : `${root}${cluster + 1}`;
}

/** Each proxy's pod is named by the number of its class. */
export function classOf({ pods }: ProxyFacts): number {
  return Number(pods[0]);
}

export interface MeshFacts {
  ofCluster(state: ClusterState, cluster: number): ClusterGateFacts;
  ofMesh(clusters: readonly ClusterGateFacts[], settled: boolean): GateFacts;
  readonly baseline: BaselineFacts;
}

export function createMeshFacts(scene: Scene, controlPlanes: ControlPlanes, classes: PodClasses, environment: Environment): MeshFacts {
  const workloads = workloadsOf(scene);
  const { revisions, trustDomains } = controlPlanes;
  const baseline = baselineOf(scene);

  const standingOf = ({ injector, hasOwnCertificate, trust, anchors }: PodClass, isGateway: boolean, cluster: number): ProxyStanding => {
    if (hasOwnCertificate) return { kind: 'ownCertificates' };
    if (trust === undefined) return { kind: isGateway ? 'notLoaded' : 'followsInjector' };
    return {
      kind: 'read',
      anchors: anchors.map((root) => globalRoot(scene, root, cluster)).sort(),
      issuer: globalRoot(scene, trust.signer.root, cluster),
      domain: trust.signer.identityDomain,
      // One that has heard nothing yet goes by what its control plane is configured to say, as a scan takes it.
      inbound: trust.push?.acceptedDomains ?? controlPlanes.accepts(injector),
      outbound: trust.push?.pinnedDomains ?? controlPlanes.accepts(injector),
      expired: false,
    };
  };

  const proxiesOf = (state: ClusterState, { namespace, name, isGateway, hasOwnCertificates, isWaived }: Workload, index: number, cluster: number): readonly ProxyFacts[] =>
    classes.members(state.pods[index]!).map((id) => ({
      namespace,
      workload: name,
      pods: [String(id)],
      role: isGateway ? 'router' : 'sidecar',
      revision: revisions[classes.at(id).injector],
      standing: standingOf(classes.at(id), isGateway, cluster),
      waived: isWaived || (hasOwnCertificates && state.waivesOwnCertificates),
    }));

  /** By webhooks and endpoints: that an istiod refuses to inject (a variant of REVISION_2) no scan can tell, only the probe. */
  const outcomeOf = (state: ClusterState, { isRendered, isTagged }: Workload, label: Revision): CreatableFacts['outcome'] => {
    if (isRendered) return { kind: 'handInjected', revision: revisions[label]! };
    if (!isTagged && !hasWebhooks(state, label)) return { kind: 'withoutSidecar' };
    const by = environment.reachedBy(state, label);
    return by === undefined ? { kind: 'refused', reason: message('reason.notReadYet') } : { kind: 'injected', revision: revisions[by]! };
  };

  const creatableOf = (state: ClusterState, workload: Workload, label: Revision): CreatableFacts => {
    const { namespace, name, isGateway, hasOwnCertificates } = workload;
    const ownCertificates = hasOwnCertificates && !state.waivesOwnCertificates;
    const outcome = outcomeOf(state, workload, label);
    return { namespace, workload: name, role: isGateway ? 'router' : 'sidecar', meshed: true, outcome, foreignProxyImage: false, ownCertificates, waived: false };
  };

  /** What a label means: whoever its webhook's Service leads to; without a webhook the revision of that name, the old label nobody. */
  const meaningOf = (state: ClusterState, label: Revision, isNamed: boolean, isTagged: boolean): string | undefined => {
    if (isTagged || hasWebhooks(state, label)) return revisions[environment.reachedBy(state, label) ?? label];
    return isNamed ? revisions[label] : undefined;
  };

  const controlPlaneOf = (state: ClusterState, revision: Revision, cluster: number): ControlPlaneGateFacts => {
    const loaded = state.loaded[revision];
    const root = loaded === LOADED.C ? 'C' : loaded === LOADED.N ? 'N' : undefined;
    return {
      revision: revisions[revision]!,
      identity: revisions[revision]!,
      installed: true,
      ready: hasIstiod(state, revision),
      signer: revision === 2 ? 'meshCa' : 'istioCa',
      issuer: revision === 2 ? MESH_CA : root && globalRoot(scene, root, cluster),
      handsOutMeshCa: controlPlanes.handsOutMeshCa[revision] === true ? 'yes' : 'no',
      trustDomain: trustDomains[revision],
      accepts: controlPlanes.accepts(revision),
      loadedPresentCa: state.secret === 'none' || !hasIstiod(state, revision) || loaded === controlPlanes.loads(revision, state.secret),
    };
  };

  const tagWebhooks = (state: ClusterState): readonly WebhookGateFacts[] => {
    const label = state.namespaces[0]?.label;
    const { tag } = scene;
    if (tag === undefined || label === undefined) return [];
    const service = `istio-system/istiod-${revisions[label]!}`;
    return [{ name: `istio-revision-tag-${tag}`, kind: 'mutating', revision: revisions[label], tag, service, canMatch: true, endpointReady: hasIstiod(state, label) }];
  };

  /** Who validates by default: whom tag `default` leads to, where there is one. */
  const defaultOf = ({ namespaces: [first] }: ClusterState): Revision => (scene.tag === 'default' && first !== undefined ? first.label : 0);

  const webhooksOf = (state: ClusterState): readonly WebhookGateFacts[] => {
    const labels = workloads.map(({ isRendered, isTagged }, index) => (isRendered || isTagged ? undefined : selectingLabel(state, index)));
    const own = REVISIONS.filter((revision) => hasWebhooks(state, revision)).flatMap((revision): readonly WebhookGateFacts[] => {
      const isDefault = revision === 0 && scene.start === 'istio';
      const service = isDefault ? 'istio-system/istiod' : `istio-system/istiod-${revisions[revision]!}`;
      const shared = { revision: revisions[revision], tag: undefined, service, endpointReady: hasIstiod(state, isDefault ? state.istiodService : revision) };
      return [
        { ...shared, name: `istio-sidecar-injector-${revision}`, kind: 'mutating', canMatch: labels.includes(revision) },
        { ...shared, name: `istio-validator-${revision}`, kind: 'validating', canMatch: true },
      ];
    });
    const shared = { service: 'istio-system/istiod', endpointReady: hasIstiod(state, state.istiodService) };
    return [...own, ...tagWebhooks(state), { ...shared, name: 'istiod-default-validator', kind: 'validating', revision: revisions[defaultOf(state)], tag: 'default', canMatch: true }];
  };

  const referencesOf = (state: ClusterState): readonly RevisionReference[] =>
    workloads.flatMap(({ namespace, name, isGateway, isRendered, isTagged }, index) => {
      const label = selectingLabel(state, index);
      if (label === undefined) return [];
      const meant = meaningOf(state, label, isGateway || label > 0 || scene.start === 'asm', isTagged);
      const tags = isTagged && meant !== undefined ? [{ kind: 'tag', name: scene.tag ?? '', revision: meant } as const] : [];
      const named = new Set([meant, isRendered ? revisions[label] : undefined]);
      const found = [...named].flatMap((revision) => (revision === undefined ? [] : [{ kind: isGateway ? 'template' : 'namespace', name: isGateway ? `${namespace}/${name}` : namespace, revision }] as const));
      return [...found, ...tags];
    });

  const probesOf = (state: ClusterState, cluster: number): readonly ProbeFacts[] =>
    ([1, 2] as const).flatMap((revision) => {
      const probed = state.probes[revision];
      if (probed === NO_PROBE) return [];
      const trust = probed === FAILED_PROBE ? undefined : classes.at(probed).trust;
      return [
        {
          revision: revisions[revision]!,
          passed: trust !== undefined,
          issuer: trust && globalRoot(scene, trust.signer.root, cluster),
          anchors: trust === undefined ? [] : classes.at(probed).anchors.map((root) => globalRoot(scene, root, cluster)).sort(),
          domain: trust?.signer.identityDomain,
          controlPlane: revisions[revision]!,
        },
      ];
    });

  return {
    baseline,
    ofCluster: (state, cluster) => ({
      cluster: clusterKey(clusterRef(cluster)),
      ref: clusterRef(cluster),
      unread: [],
      controlPlanes: REVISIONS.filter((revision) => state.installed[revision] !== 'absent').map((revision) => controlPlaneOf(state, revision, cluster)),
      proxies: workloads.flatMap((workload, index) => proxiesOf(state, workload, index, cluster)),
      creatable: workloads.flatMap((workload, index) => {
        const label = selectingLabel(state, index);
        return label === undefined ? [] : [creatableOf(state, workload, label)];
      }),
      webhooks: webhooksOf(state),
      references: referencesOf(state),
      gatewayServices: [gatewayService(state)],
      caSecrets: [
        { name: 'cacerts', present: rootsIn(state.secret).includes('C'), backedUp: state.backups.includes('C') },
        { name: 'istio-ca-secret', present: rootsIn(state.secret).includes('N'), backedUp: state.backups.includes('N'), ...(isMadeAnew(state, classes) && { madeAnew: true }) },
      ],
      probes: probesOf(state, cluster),
      openIdentityFindings: state.openFinding ? 1 : 0,
      istiodService: hasIstiod(state, state.istiodService) ? revisions[state.istiodService] : undefined,
    }),
    ofMesh: (clusters, settled) => ({
      clusters,
      baseline,
      clustersNotInPlan: [],
      fleet: { state: 'read', members: 0, notInPlan: [] },
      settled,
      meshCaDomain: trustDomains[2],
      revision1: REVISION_1,
      revision2: REVISION_2,
    }),
  };
}

/** As the product takes it, but for what is published, which the model does not have: it lags behind, and keeps a gate shut longer. */
function isMadeAnew({ secret, backups, pods }: ClusterState, classes: PodClasses): boolean {
  const holdsOld = ({ hasOwnCertificate, trust, anchors }: PodClass): boolean => !hasOwnCertificate && trust !== undefined && anchors.includes('C');
  return secret === 'N' && backups.length > 0 && !backups.includes('N') && !pods.some((set) => classes.members(set).some((id) => holdsOld(classes.at(id))));
}

function gatewayService({ oldGateway, canary }: ClusterState): ClusterGateFacts['gatewayServices'][number] {
  const ready = {
    ...(oldGateway === 'ready' ? { 'Deployment/istio-ingressgateway': 1 } : {}),
    ...(canary?.ready === true ? { 'Deployment/istio-ingressgateway-canary': 1 } : {}),
  };
  return { namespace: 'istio-system', name: 'istio-ingressgateway', ready };
}

/** Everything within a cluster, and across clusters what signs under one root. */
function baselineOf(scene: Scene): BaselineFacts {
  const identities = Array.from({ length: scene.extent.clusters }, (_, cluster) => ({ cluster, root: globalRoot(scene, 'C', cluster) }));
  const pairs = identities.flatMap((client) =>
    identities
      .filter(({ root }) => root === client.root)
      .map((server) => `${clusterKey(clusterRef(client.cluster))}|${client.root},${clusterKey(clusterRef(server.cluster))}|${server.root}`),
  );
  return { pairs: new Set(pairs) };
}
