// Which cluster the checks run against: a rehearsal started here, or any real one that a kubeconfig names.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startRehearsal } from '../../../src/rehearsal/rehearsal.js';
import { SCENES } from '../../../src/rehearsal/scenes/scenes.js';
import { recycledKeys } from '../../support/recycledKeys.js';

export interface ClusterUnderTest {
  readonly kubeconfig: string;
  readonly context: string;
  /** Whether it is a rehearsal of ours; no check may expect anything else of it, only what is there to be read differs. */
  readonly isRehearsal: boolean;
  /** For caches and manifests of the checks. */
  readonly folder: string;
  close(): Promise<void>;
}

function currentContext(kubeconfig: string): string {
  return execFileSync('kubectl', ['--kubeconfig', kubeconfig, 'config', 'current-context'], { encoding: 'utf8' }).trim();
}

async function rehearsed(folder: string): Promise<ClusterUnderTest> {
  const [scene] = SCENES;
  const kubeconfig = path.join(folder, 'kubeconfig');
  const rehearsal = await startRehearsal({
    scene,
    newKey: recycledKeys(),
    listen: { host: '127.0.0.1', port: 0 },
    kubeconfigPath: kubeconfig,
    withRevisions: [],
    speed: 20,
    log: () => undefined,
  });
  const context = rehearsal.clusters[0]?.contextName ?? '';
  return {
    kubeconfig,
    context,
    isRehearsal: true,
    folder,
    async close() {
      await rehearsal.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The cluster of MESH_CA_TEST_KUBECONFIG and MESH_CA_TEST_CONTEXT (or the file's current context), else a rehearsal. */
export async function openCluster(): Promise<ClusterUnderTest> {
  const folder = mkdtempSync(path.join(tmpdir(), 'mesh-ca-kubectl-'));
  const kubeconfig = process.env.MESH_CA_TEST_KUBECONFIG;
  if (kubeconfig === undefined) return rehearsed(folder);
  const close = (): Promise<void> => {
    rmSync(folder, { recursive: true, force: true });
    return Promise.resolve();
  };
  return { kubeconfig, context: process.env.MESH_CA_TEST_CONTEXT ?? currentContext(kubeconfig), isRehearsal: false, folder, close };
}
