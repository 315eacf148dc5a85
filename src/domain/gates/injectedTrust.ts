// What proxies that cannot be read, or do not exist yet, will trust: judged by their injector and a read sibling of its making.
import { controlPlaneOf } from './knownMesh.js';
import { MESH_CA_ANCHOR } from './gateFacts.js';
import type { ClusterGateFacts, ControlPlaneGateFacts, GateFacts } from './gateFacts.js';

/** A proxy of this revision, or a probe of the istiod that is there now, was read and holds Mesh CA's root. */
function hasTrustingSibling(cluster: ClusterGateFacts, revision: string, identity: string): boolean {
  return (
    cluster.proxies.some(({ revision: of, standing }) => of === revision && standing.kind === 'read' && standing.anchors.includes(MESH_CA_ANCHOR)) ||
    cluster.probes.some((probe) => probe.revision === revision && probe.passed && probe.controlPlane === identity && probe.anchors.includes(MESH_CA_ANCHOR))
  );
}

/** Mesh CA's own root comes with each of its certificates; an Istio CA has to hand it out beside its own. */
export function handsOutMeshCa({ signer, handsOutMeshCa: told }: ControlPlaneGateFacts): 'yes' | 'no' | 'unknown' {
  return signer === 'meshCa' ? 'yes' : told;
}

/** Whether what this revision injects gets Mesh CA's root and accepts its trust domain, by the istiod's configuration alone. */
export function distributesMeshCa(cluster: ClusterGateFacts, revision: string | undefined, { meshCaDomain }: GateFacts): boolean | 'unknown' {
  const controlPlane = controlPlaneOf(cluster, revision);
  // Where not everything was read it may be there; the gate is shut for what was not read.
  if (controlPlane === undefined) return cluster.unread.length > 0 ? 'unknown' : false;
  const { accepts } = controlPlane;
  const handsOut = handsOutMeshCa(controlPlane);
  if (handsOut === 'no') return false;
  if (meshCaDomain === undefined || accepts === 'unknown') return 'unknown';
  if (!accepts.includes(meshCaDomain)) return false;
  return handsOut === 'yes' ? true : 'unknown';
}

/** The same for proxies that are there but not read: a sibling must show that the configuration arrives. */
export function injectorVouches(cluster: ClusterGateFacts, revision: string | undefined, facts: GateFacts): boolean | 'unknown' {
  const configured = distributesMeshCa(cluster, revision, facts);
  const controlPlane = controlPlaneOf(cluster, revision);
  if (configured !== true || controlPlane === undefined) return configured;
  return hasTrustingSibling(cluster, controlPlane.revision, controlPlane.identity) ? true : 'unknown';
}
