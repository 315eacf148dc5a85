// A rehearsal in this process with what its stand-ins find beside them, for tests that call them as functions.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startRehearsal } from '../../src/rehearsal/rehearsal.js';
import type { Rehearsal } from '../../src/rehearsal/rehearsal.js';
import { findScene } from '../../src/rehearsal/scenes/scenes.js';
import { recordMesh } from '../../src/rehearsal/standIns/recordMesh.js';
import { recycledKeys } from './recycledKeys.js';

export interface StandInRehearsal {
  readonly rehearsal: Rehearsal;
  readonly folder: string;
  /** For the stand-ins: the launchers set it. */
  readonly env: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/** Ten times as fast as life: an installation takes a second. */
export async function startStandInRehearsal(sceneName: string): Promise<StandInRehearsal> {
  const scene = findScene(sceneName);
  if (scene === undefined) throw new Error(`no scene ${sceneName}`);
  const folder = await mkdtemp(path.join(tmpdir(), 'mesh-ca-stand-ins-'));
  const speed = 10;
  const rehearsal = await startRehearsal({
    scene,
    newKey: recycledKeys(),
    listen: { host: '127.0.0.1', port: 0 },
    kubeconfigPath: path.join(folder, 'kubeconfig'),
    withRevisions: [],
    speed,
    log: () => undefined,
  });
  await recordMesh(folder, { rehearsal, scene, speed, script: '/rehearsal.js' });
  return {
    rehearsal,
    folder,
    env: { MESH_CA_REHEARSAL: folder, KUBECONFIG: path.join(folder, 'kubeconfig') },
    async stop() {
      await rehearsal.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
