// Gate facts for tests: a mesh in which every gate of its moment is open, to be spoiled one fact at a time.
import { clusterKey } from '../../src/domain/cluster.js';
import { MESH_CA_ANCHOR } from '../../src/domain/gates/gateFacts.js';
import type { ClusterGateFacts, ControlPlaneGateFacts, CreatableFacts, GateFacts, ProxyFacts, WebhookGateFacts } from '../../src/domain/gates/gateFacts.js';

export const OLD = 'asm-1162-2';
export const ONE = 'asm-1232-2-distribute-root';
export const TWO = 'asm-1232-2-meshca-ca-migration';
export const FLEET = 'fleet.svc.id.goog';
export const REF = { kubeconfig: '/home/a/.kube/config', context: 'east' } as const;
export const EAST = clusterKey(REF);
const DOMAINS = ['cluster.local', FLEET] as const;

type Read = Extract<ProxyFacts['standing'], { kind: 'read' }>;
type NotRead = Exclude<ProxyFacts['standing'], { kind: 'read' }>;

/** A read proxy with both roots, but for what is said, or one that was not read. */
export function proxy(workload: string, revision: string, standing: Partial<Omit<Read, 'kind'>> | NotRead = {}): ProxyFacts {
  const read = { kind: 'read', anchors: ['old', MESH_CA_ANCHOR], issuer: 'old', domain: 'cluster.local', inbound: DOMAINS, outbound: DOMAINS, expired: false } as const;
  const stands = 'kind' in standing ? standing : { ...read, ...standing };
  return { namespace: 'shop', workload, pods: [`${workload.slice(workload.indexOf('/') + 1)}-1`], role: 'sidecar', revision, standing: stands, waived: false };
}

/** Signed by Mesh CA, with both roots. */
export function moved(workload: string): ProxyFacts {
  return proxy(workload, TWO, { issuer: MESH_CA_ANCHOR, domain: FLEET });
}

export function controlPlane(revision: string, change: Partial<ControlPlaneGateFacts> = {}): ControlPlaneGateFacts {
  const isMeshCa = revision === TWO;
  return {
    revision,
    identity: `${revision}#1`,
    installed: true,
    ready: true,
    signer: isMeshCa ? 'meshCa' : 'istioCa',
    issuer: isMeshCa ? MESH_CA_ANCHOR : 'old',
    handsOutMeshCa: revision === OLD ? 'no' : 'yes',
    trustDomain: isMeshCa ? FLEET : 'cluster.local',
    accepts: DOMAINS,
    loadedPresentCa: true,
    ...change,
  };
}

export function webhook(revision: string, change: Partial<WebhookGateFacts> = {}): WebhookGateFacts {
  return { name: `injector-${revision}`, kind: 'mutating', revision, tag: undefined, service: `istio-system/istiod-${revision}`, canMatch: false, endpointReady: true, ...change };
}

export function creatable(workload: string, outcome: CreatableFacts['outcome'], change: Partial<CreatableFacts> = {}): CreatableFacts {
  return { namespace: 'shop', workload, role: 'sidecar', meshed: true, outcome, foreignProxyImage: false, ownCertificates: false, waived: false, ...change };
}

/** All of its workloads injected by `revision`, whose istiod is the only one. */
export function clusterAt(revision: string, change: Partial<ClusterGateFacts> = {}): ClusterGateFacts {
  const isMeshCa = revision === TWO;
  return {
    cluster: EAST,
    ref: REF,
    unread: [],
    controlPlanes: [controlPlane(revision)],
    proxies: [isMeshCa ? moved('Deployment/web') : proxy('Deployment/web', revision)],
    creatable: [creatable('Deployment/web', { kind: 'injected', revision })],
    webhooks: [webhook(revision, { canMatch: true })],
    references: [{ kind: 'namespace', name: 'shop', revision }],
    gatewayServices: [{ namespace: 'edge', name: 'ingress', ready: { 'Deployment/gw': 1, 'Deployment/gw-canary': 1 } }],
    caSecrets: [{ name: 'cacerts', present: true, backedUp: true }],
    probes: [],
    openIdentityFindings: 0,
    istiodService: revision,
    ...change,
  };
}

export function meshOf(cluster: ClusterGateFacts, change: Partial<GateFacts> = {}): GateFacts {
  return { clusters: [cluster], baseline: undefined, clustersNotInPlan: [], fleet: { state: 'read', members: 1, notInPlan: [] }, settled: true, meshCaDomain: FLEET, revision1: ONE, revision2: TWO, ...change };
}
