// The scenes of the proof: where a mesh starts, whose roots its clusters have, and what is not public about REVISION_2.
import { asmWithCitadel, distributesMeshCaRoot, istioOnGke, signsWithMeshCa } from '../../../src/rehearsal/mesh/installation/controlPlaneSpec.js';
import type { ControlPlaneSpec } from '../../../src/rehearsal/mesh/installation/controlPlaneSpec.js';
import type { MeshCaVariant } from '../../../src/rehearsal/mesh/controlPlane.js';

export const REVISION_1 = 'asm-1232-2-distribute-root';
export const REVISION_2 = 'asm-1232-2-meshca-ca-migration';
/** Mesh CA's root in the model, as gates name it. */
export const MESH_CA = 'MESHCA';

/** How large the mesh is; every namespace has one workload, and each cluster one gateway. */
export interface Extent {
  readonly clusters: 1 | 2;
  readonly namespaces: 1 | 2;
  /**
   * Whether `install-revision-1` is offered past phase 1 too: safe as well, and what some locks of the way back are for. Where it
   * is not, there are fewer moves, so that what stays within reach (L1 to L4) stays so with more of them. What lies behind such
   * an install, safety and liveness, is walked with it: in one cluster always, in two by the full proof.
   */
  readonly reinstalls: boolean;
}

export interface Scene {
  readonly start: 'istio' | 'asm';
  /** Whether the Citadels of all clusters sign under one root (plugged in) or each under its own. */
  readonly roots: 'same' | 'different';
  readonly fleet: 'isProject' | 'otherProject';
  readonly variant: MeshCaVariant;
  readonly extent: Extent;
  /** Namespaces are labelled with a tag, which is moved in their stead (`istioctl tag set`); from ASM, with one namespace. */
  readonly byTag?: boolean;
  /** The plan waives the proxies of the first namespace: whom those authenticate nobody promises any more, and all the rest all the same. */
  readonly isWaived?: boolean;
}

export function sceneName({ start, roots, fleet, variant, extent, byTag, isWaived }: Scene): string {
  const size = `${extent.clusters}c×${extent.namespaces}ns×1gw${extent.reinstalls ? ', reinstalls' : ''}`;
  const special = [...(byTag === true ? ['by tag'] : []), ...(isWaived === true ? ['a workload waived'] : [])];
  return [size, `from ${start}`, ...(extent.clusters > 1 ? [`${roots} roots`] : []), fleet === 'isProject' ? 'FLEET=PROJECT' : 'FLEET≠PROJECT', variant, ...special].join(', ');
}

/** Revisions by number: the old one, REVISION_1, REVISION_2. */
export type Revision = 0 | 1 | 2;
export const REVISIONS: readonly Revision[] = [0, 1, 2];

/** What is installed as each revision, by the rehearsal's own specifications. */
export function specsOf({ start, fleet }: Scene): readonly [ControlPlaneSpec, ControlPlaneSpec, ControlPlaneSpec] {
  const place = { project: 'project', fleetProject: fleet === 'isProject' ? 'project' : 'fleet', location: 'here', cluster: 'one' };
  const old = start === 'istio' ? istioOnGke() : asmWithCitadel(place);
  const first = distributesMeshCaRoot(place, REVISION_1, MESH_CA);
  return [old, first, signsWithMeshCa(place, REVISION_2, first.trustDomainAliases)];
}

/** Variants in which REVISION_2 works at all; in the others its gate has to stay shut for ever. */
export function canReachGoal({ variant }: Scene): boolean {
  return variant !== 'meshCaOnly' && variant !== 'injectionRefused';
}
