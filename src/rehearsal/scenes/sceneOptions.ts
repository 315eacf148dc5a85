// How a scene may be varied from the command line: each option changes one thing of it.
import type { MeshCaVariant } from '../mesh/controlPlane.js';
import { createPluggedInAuthority } from '../pki/certificateAuthority.js';
import { generateEcKey } from '../pki/keySource.js';
import type { KeyType } from '../pki/keySource.js';
import { CROWD_LIMITS } from './crowd.js';
import type { Scene } from './scene.js';

export interface SceneOptions {
  /** One plugged-in root for all clusters, or a self-signed one in each; as the scene has it unless said otherwise. */
  readonly roots?: 'same' | 'different';
  readonly fleetProject?: string;
  /** More applications in each cluster: so many pods in so many namespaces. */
  readonly pods?: number;
  readonly namespaces?: number;
  readonly withAwkward?: boolean;
  readonly nativeSidecars?: boolean;
  /** `ec`: workload certificates, and the plugged-in CA where there is one. Citadel's self-signed root is RSA in any case. */
  readonly keys?: KeyType;
  readonly meshCaVariant?: MeshCaVariant;
}

const ORGANIZATION = 'Rehearsal';
const PODS_PER_NAMESPACE = 10;

function sharedAuthority(scene: Scene, { roots, keys }: SceneOptions): Scene['createSharedAuthority'] {
  const isShared = roots === undefined ? scene.createSharedAuthority !== undefined : roots === 'same';
  if (!isShared) return undefined;
  return (now, newKey) => createPluggedInAuthority(ORGANIZATION, now, keys === 'ec' ? generateEcKey : newKey);
}

/** The scene with the options applied. */
export function sceneWith(scene: Scene, options: SceneOptions): Scene {
  const { fleetProject, pods, namespaces, nativeSidecars, keys, meshCaVariant, withAwkward } = options;
  const total = pods ?? (namespaces ?? 0) * PODS_PER_NAMESPACE;
  const spread = Math.min(namespaces ?? Math.ceil(total / PODS_PER_NAMESPACE), CROWD_LIMITS.namespaces);
  return {
    ...scene,
    createSharedAuthority: sharedAuthority(scene, options),
    controlPlane: (place) => ({
      ...scene.controlPlane(place),
      ...(nativeSidecars === undefined ? {} : { nativeSidecars }),
      ...(keys === undefined ? {} : { workloadKeys: keys }),
    }),
    ...(fleetProject === undefined ? {} : { fleetProject }),
    ...(total === 0 ? {} : { crowd: { pods: total, namespaces: spread } }),
    ...(withAwkward === undefined ? {} : { withAwkward }),
    ...(meshCaVariant === undefined ? {} : { meshCaVariant }),
  };
}

/** What is wrong with the options as a sentence; undefined when nothing is. */
export function sceneOptionsProblem({ pods = 0, namespaces }: SceneOptions): string | undefined {
  const isCount = (count: number, limit: number): boolean => Number.isInteger(count) && count >= 0 && count <= limit;
  if (!isCount(pods, CROWD_LIMITS.pods)) return `--pods takes a number from 0 to ${CROWD_LIMITS.pods}`;
  if (namespaces !== undefined && (namespaces === 0 || !isCount(namespaces, CROWD_LIMITS.namespaces))) {
    return `--namespaces takes a number from 1 to ${CROWD_LIMITS.namespaces}`;
  }
  return undefined;
}
