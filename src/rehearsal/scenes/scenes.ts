// The scenes a rehearsal can start with, by name.
import { ASM_CITADEL } from './asmCitadel.js';
import { ISTIO_DEFAULT } from './istioDefault.js';
import type { Scene } from './scene.js';

/** The first is the one that is taken when none is named. */
export const SCENES: readonly [Scene, ...Scene[]] = [ISTIO_DEFAULT, ASM_CITADEL];

export function findScene(name: string): Scene | undefined {
  return SCENES.find((scene) => scene.name === name);
}
