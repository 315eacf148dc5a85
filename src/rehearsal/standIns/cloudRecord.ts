// What Google Cloud remembers of a rehearsal's clusters: their labels and their fleet, in a file beside the stand-ins.
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { MeshFile } from './meshFile.js';

export interface CloudCluster {
  readonly labels: Readonly<Record<string, string>>;
  /** The fleet's host project and the membership's name; undefined before the cluster is registered. */
  readonly membership: { readonly fleet: string; readonly name: string } | undefined;
}

function pathIn({ folder }: MeshFile): string {
  return join(folder, 'google-cloud.json');
}

/** In life the number of the fleet's project; the rehearsal's meshes are named after its id. */
export function meshIdOf(fleet: string): string {
  return `proj-${fleet}`;
}

async function readAll(mesh: MeshFile): Promise<Record<string, CloudCluster>> {
  try {
    return JSON.parse(await readFile(pathIn(mesh), 'utf8')) as Record<string, CloudCluster>;
  } catch {
    return Object.fromEntries(
      mesh.clusters
        .filter(({ contextName }) => mesh.members.includes(contextName))
        .map(({ contextName, name, project }) => [
          contextName,
          { labels: { mesh_id: meshIdOf(mesh.fleet ?? project) }, membership: { fleet: mesh.fleet ?? project, name } },
        ]),
    );
  }
}

/** Every cluster that is a member, by context name: others of the fleet may have nothing to do with the mesh, and no cluster here. */
export async function readFleet(mesh: MeshFile, fleet: string): Promise<readonly { readonly contextName: string; readonly name: string }[]> {
  return Object.entries(await readAll(mesh)).flatMap(([contextName, { membership }]) => (membership?.fleet === fleet ? [{ contextName, name: membership.name }] : []));
}

/** Outside the rehearsal's clusters: `gke_PROJECT_LOCATION_NAME`. */
export function gkeLinkOf(contextName: string): string {
  const [, project = '', location = '', name = ''] = contextName.split('_');
  return `projects/${project}/locations/${location}/clusters/${name}`;
}

export async function readCloudCluster(mesh: MeshFile, contextName: string): Promise<CloudCluster> {
  return (await readAll(mesh))[contextName] ?? { labels: {}, membership: undefined };
}

export async function writeCloudCluster(mesh: MeshFile, contextName: string, cluster: CloudCluster): Promise<void> {
  const draft = `${pathIn(mesh)}.${process.pid}.tmp`;
  await writeFile(draft, JSON.stringify({ ...(await readAll(mesh)), [contextName]: cluster }), { mode: 0o600 });
  await rename(draft, pathIn(mesh));
}
