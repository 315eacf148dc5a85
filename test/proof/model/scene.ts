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

/**
 * `refusesInjection`: its webhook answers no. `otherRoot`: it signs under CA files that hold another root. `losesAliases`: an
 * overlay takes the aliases away, Mesh CA's domain among them. `keepsRootToItself`: istiod's switch is off, so that its proxies
 * never hear of Mesh CA's root.
 */
export const FLAWS = ['refusesInjection', 'otherRoot', 'losesAliases', 'keepsRootToItself'] as const;
export type Flaw = (typeof FLAWS)[number];

export interface Scene {
  readonly start: 'istio' | 'asm';
  /** Whether the Citadels of all clusters sign under one root (plugged in) or each under its own. */
  readonly roots: 'same' | 'different';
  readonly fleet: 'isProject' | 'otherProject';
  readonly variant: MeshCaVariant;
  readonly extent: Extent;
  /**
   * The tag that namespaces follow, which is moved in their stead (`istioctl tag set`), for all of them at once. Tag `default` is
   * followed by the old label too: the first namespace has `istio-injection=enabled`, any other `istio.io/rev=default`. From ASM:
   * Istio's `default` is a revision, the one that goes.
   */
  readonly tag?: 'prod' | 'default';
  /**
   * The pods of the first namespace bring their certificates (SPIRE, files), whoever injects them. They are under the old root and
   * trust that alone: with roots of their own they would have authenticated nobody at the baseline, and nothing would be owed to them.
   */
  readonly ownCertificates?: boolean;
  /** What went wrong with the install of REVISION_1; what it makes must never get far. */
  readonly flaw?: Flaw;
  /** The plan waives the proxies of the first namespace: whom those authenticate nobody promises any more, and all the rest all the same. */
  readonly isWaived?: boolean;
}

export function sceneName({ start, roots, fleet, variant, extent, tag, ownCertificates, flaw, isWaived }: Scene): string {
  const size = `${extent.clusters}c×${extent.namespaces}ns×1gw${extent.reinstalls ? ', reinstalls' : ''}`;
  const special = [...(tag === undefined ? [] : [`by tag ${tag}`]), ...(ownCertificates === true ? ['certificates of its own'] : []), ...(flaw === undefined ? [] : [`REVISION_1 ${flaw}`]), ...(isWaived === true ? ['a workload waived'] : [])];
  return [size, `from ${start}`, ...(extent.clusters > 1 ? [`${roots} roots`] : []), fleet === 'isProject' ? 'FLEET=PROJECT' : 'FLEET≠PROJECT', variant, ...special].join(', ');
}

/** Revisions by number: the old one, REVISION_1, REVISION_2. */
export type Revision = 0 | 1 | 2;
export const REVISIONS: readonly Revision[] = [0, 1, 2];

/** What is installed as each revision, by the rehearsal's own specifications. */
export function specsOf({ start, fleet, flaw }: Scene): readonly [ControlPlaneSpec, ControlPlaneSpec, ControlPlaneSpec] {
  const place = { project: 'project', fleetProject: fleet === 'isProject' ? 'project' : 'fleet', location: 'here', cluster: 'one' };
  const old = start === 'istio' ? istioOnGke() : asmWithCitadel(place);
  const first = distributesMeshCaRoot(place, REVISION_1, MESH_CA);
  return [old, spoiled(first, flaw), signsWithMeshCa(place, REVISION_2, first.trustDomainAliases)];
}

function spoiled(spec: ControlPlaneSpec, flaw: Flaw | undefined): ControlPlaneSpec {
  if (flaw === 'losesAliases') return { ...spec, trustDomainAliases: [] };
  return flaw === 'keepsRootToItself' ? { ...spec, isMultiRoot: false } : spec;
}

/** Where both revisions work at all; elsewhere some gate has to stay shut for ever. */
export function canReachGoal({ variant, flaw }: Scene): boolean {
  return flaw === undefined && variant !== 'meshCaOnly' && variant !== 'injectionRefused';
}
