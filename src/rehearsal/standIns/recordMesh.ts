// Writes down, for the stand-ins, what they have to know of a rehearsal that has just started.
import { meshPlaces } from '../scenes/sceneHistory.js';
import type { Scene } from '../scenes/scene.js';
import { contextNameOf } from '../rehearsal.js';
import type { Rehearsal } from '../rehearsal.js';
import { writeMeshFile } from './meshFile.js';

export async function recordMesh(
  folder: string,
  started: {
    readonly rehearsal: Pick<Rehearsal, 'kubeconfigPath' | 'meshCaRootPem'>;
    readonly scene: Scene;
    readonly speed: number;
    /** The bundle that stand-ins run from. */
    readonly script: string;
  },
): Promise<void> {
  const { rehearsal, scene, speed, script } = started;
  const places = meshPlaces(scene);
  // Google's installer has been here before: it registers and labels the clusters it installs on.
  const members = places.filter((place) => scene.controlPlane(place).installedBy === 'asm');
  await writeMeshFile(folder, {
    kubeconfigPath: rehearsal.kubeconfigPath,
    meshCaRootPem: rehearsal.meshCaRootPem,
    contexts: places.map(contextNameOf),
    members: members.map(contextNameOf),
    ...(scene.fleetProject === undefined ? {} : { fleet: scene.fleetProject }),
    speed,
    script,
    node: process.execPath,
  });
}
