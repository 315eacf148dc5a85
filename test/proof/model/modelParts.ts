// The rules of the model put together for a scene: classes of pods, control planes, the environment, what a scan shows.
import { createControlPlanes } from './controlPlanes.js';
import type { ControlPlanes } from './controlPlanes.js';
import { createEnvironment } from './environment.js';
import type { Environment } from './environment.js';
import { createMeshFacts } from './meshFacts.js';
import type { MeshFacts } from './meshFacts.js';
import { createPodClasses } from './podClasses.js';
import type { PodClasses } from './podClasses.js';
import type { Scene } from './scene.js';

export interface ModelParts {
  readonly classes: PodClasses;
  readonly controlPlanes: ControlPlanes;
  readonly environment: Environment;
  readonly facts: MeshFacts;
}

export function createParts(scene: Scene): ModelParts {
  const controlPlanes = createControlPlanes(scene);
  const classes = createPodClasses(controlPlanes.ownSigner);
  const environment = createEnvironment(scene, controlPlanes, classes);
  return { classes, controlPlanes, environment, facts: createMeshFacts(scene, controlPlanes, classes, environment) };
}
