// The kubeconfig of a rehearsal: a context per simulated cluster, none of them current, readable by its owner alone.
import { randomBytes } from 'node:crypto';
import { chmod, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { stringify } from 'yaml';
import { REHEARSAL_EXTENSION } from '../shared/istioNames.js';

/** How clients reach one cluster. */
export interface ClusterAccess {
  /** Name of the context, the cluster and the user. */
  readonly contextName: string;
  readonly server: string;
  readonly certificateAuthorityPem: string;
  readonly token: string;
}

/** A user that no context names: `kubectl --user=NAME`. */
export interface NamedUser {
  readonly name: string;
  readonly token: string;
}

/** `controlFile` tells where the rehearsal takes commands, if it does; `people` are users beside the clusters' administrators. */
export function kubeconfigText(
  clusters: readonly ClusterAccess[],
  meshCaRootSha256: string,
  controlFile?: string,
  people: readonly NamedUser[] = [],
): string {
  const extension = { meshCaRootSha256, ...(controlFile === undefined ? {} : { controlFile }) };
  const extensions = [{ name: REHEARSAL_EXTENSION, extension }];
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    preferences: {},
    clusters: clusters.map(({ contextName, server, certificateAuthorityPem }) => ({
      name: contextName,
      cluster: { server, 'certificate-authority-data': Buffer.from(certificateAuthorityPem).toString('base64'), extensions },
    })),
    users: [...clusters.map(({ contextName, token }) => ({ name: contextName, token })), ...people].map(({ name, token }) => ({ name, user: { token } })),
    contexts: clusters.map(({ contextName }) => ({ name: contextName, context: { cluster: contextName, user: contextName } })),
    // No context is current: whoever uses the file has to say which cluster is meant.
    'current-context': '',
  });
}

/** Writes beside the target and renames, so that readers see the old file or the whole new one; mode 0600. */
export async function writeKubeconfig(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const draft = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    await writeFile(draft, text, { mode: 0o600, flag: 'wx' });
    // The umask may have taken bits away, never added any; this is for a file system that ignores the mode.
    await chmod(draft, 0o600);
    await rename(draft, path);
  } finally {
    await rm(draft, { force: true });
  }
}
