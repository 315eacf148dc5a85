// The file beside the stand-ins from which they know their rehearsal: its kubeconfig, its Mesh CA root, its pace.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FOLDER_VARIABLE } from '../control/controlFile.js';
import { contextIn, readKubeconfig } from './kubeconfigFile.js';
import type { KubeconfigContext } from './kubeconfigFile.js';

/** A simulated GKE cluster and how to reach it. */
export interface MeshFileCluster extends KubeconfigContext {
  /** `gke_PROJECT_LOCATION_NAME`. */
  readonly contextName: string;
  readonly project: string;
  readonly location: string;
  readonly name: string;
}

/** What the rehearsal writes down when it has started. */
interface MeshRecord {
  /** The kubeconfig that the rehearsal keeps up to date, and its own contexts in it. */
  readonly kubeconfigPath: string;
  readonly contexts: readonly string[];
  /** The root that stands for Mesh CA's in this rehearsal. */
  readonly meshCaRootPem: string;
  /** Contexts of the clusters that are members of the fleet, and labelled, from the start. */
  readonly members: readonly string[];
  /** The fleet's host project, where it is not the clusters' own. */
  readonly fleet?: string;
  readonly speed: number;
  /** The bundle and the Node that stand-ins are started with: asmcli leaves an istioctl behind. */
  readonly script: string;
  readonly node: string;
}

export interface MeshFile extends MeshRecord {
  readonly folder: string;
  /** As they can be reached now. */
  readonly clusters: readonly MeshFileCluster[];
}

function pathIn(folder: string): string {
  return join(folder, 'mesh.json');
}

/** Beside the launchers, in the rehearsal's folder. */
export async function writeMeshFile(folder: string, record: MeshRecord): Promise<void> {
  await writeFile(pathIn(folder), `${JSON.stringify(record, null, 2)}\n`, { mode: 0o600 });
}

/** Contexts say where in Google Cloud their clusters are. */
function clustersIn(document: unknown, contexts: readonly string[]): readonly MeshFileCluster[] {
  return contexts.flatMap((contextName) => {
    const access = contextIn(document, contextName);
    const [, project = '', location = '', name = ''] = contextName.split('_');
    return access === undefined ? [] : [{ ...access, contextName, project, location, name }];
  });
}

/** The rehearsal that a stand-in belongs to; undefined when it was not started from one, or that one is gone. */
export async function readMeshFile(env: Readonly<Record<string, string | undefined>>): Promise<MeshFile | undefined> {
  const folder = env[FOLDER_VARIABLE];
  if (folder === undefined || folder === '') return undefined;
  try {
    const record = JSON.parse(await readFile(pathIn(folder), 'utf8')) as MeshRecord;
    return { ...record, folder, clusters: clustersIn(await readKubeconfig(record.kubeconfigPath), record.contexts) };
  } catch {
    return undefined;
  }
}

export const NO_REHEARSAL =
  'this is the stand-in of a rehearsal mesh, and no rehearsal is running: start one with mesh-ca rehearse and use its terminal';
