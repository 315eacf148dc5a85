// Reads kubeconfig files as asmcli and gcloud do: the document, and what a context of it leads to.
import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { isObject, listAt, textAt } from '../api/json.js';

export interface KubeconfigContext {
  readonly cluster: string;
  readonly server: string;
  readonly certificateAuthorityPem: string;
  readonly token: string;
  /** By which a rehearsal's cluster is known as such. */
  readonly extensions: readonly unknown[];
}

/** The document in a file; undefined when there is no such file or no document in it. Throws on text that is not YAML. */
export async function readKubeconfig(path: string): Promise<Record<string, unknown> | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch {
    return undefined;
  }
  const document: unknown = parse(text);
  return isObject(document) ? document : undefined;
}

function entryNamed(document: unknown, list: string, name: string): unknown {
  return listAt(document, list).find((entry) => textAt(entry, 'name') === name);
}

/** What a context leads to; undefined when it is not there. */
export function contextIn(document: unknown, name: string): KubeconfigContext | undefined {
  const context = entryNamed(document, 'contexts', name);
  if (context === undefined) return undefined;
  const clusterName = textAt(context, 'context', 'cluster');
  const cluster = entryNamed(document, 'clusters', clusterName);
  const user = entryNamed(document, 'users', textAt(context, 'context', 'user'));
  return {
    cluster: clusterName,
    server: textAt(cluster, 'cluster', 'server'),
    certificateAuthorityPem: Buffer.from(textAt(cluster, 'cluster', 'certificate-authority-data'), 'base64').toString(),
    token: textAt(user, 'user', 'token'),
    extensions: listAt(cluster, 'cluster', 'extensions'),
  };
}
