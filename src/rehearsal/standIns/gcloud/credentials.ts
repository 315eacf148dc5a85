// The entries that `gcloud container clusters get-credentials` writes into a kubeconfig, here with a token of the rehearsal.
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { stringify } from 'yaml';
import { listAt, textAt } from '../../api/json.js';
import { writeKubeconfig } from '../../kubeconfig.js';
import { readKubeconfig } from '../kubeconfigFile.js';
import type { MeshFileCluster } from '../meshFile.js';
import { absolutePath } from '../standInIo.js';
import type { StandInIo } from '../standInIo.js';

/** The first file of KUBECONFIG, or kubectl's usual one. */
export function kubeconfigPath(io: StandInIo): string {
  const [first = ''] = (io.env.KUBECONFIG ?? '').split(delimiter);
  return first === '' ? join(io.env.HOME ?? homedir(), '.kube', 'config') : absolutePath(io, first);
}

function withEntry(document: Record<string, unknown>, list: string, entry: { readonly name: string }): unknown[] {
  return [...listAt(document, list).filter((other) => textAt(other, 'name') !== entry.name), entry];
}

/**
 * Adds or replaces the cluster's entries, all three under the context's name, and makes it the current context: what
 * `gcloud container clusters get-credentials` does, but for the credentials, which are a token of the rehearsal.
 */
export async function writeCredentials(path: string, cluster: MeshFileCluster): Promise<void> {
  const present = (await readKubeconfig(path)) ?? { apiVersion: 'v1', kind: 'Config', preferences: {} };
  const { contextName: name, extensions } = cluster;
  const data = Buffer.from(cluster.certificateAuthorityPem).toString('base64');
  const document = {
    ...present,
    clusters: withEntry(present, 'clusters', {
      name,
      ...{ cluster: { 'certificate-authority-data': data, server: cluster.server, extensions } },
    }),
    contexts: withEntry(present, 'contexts', { name, ...{ context: { cluster: name, user: name } } }),
    users: withEntry(present, 'users', { name, ...{ user: { token: cluster.token } } }),
    'current-context': name,
  };
  await writeKubeconfig(path, stringify(document));
}
