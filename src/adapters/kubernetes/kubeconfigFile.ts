// Reads kubeconfig files for people to choose from and for what they say beside credentials. It never writes one.
import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import type { KubeContext, KubeconfigReader } from '../../app/ports.js';
import type { Result } from '../../shared/failure.js';
import { fail, succeed } from '../../shared/failure.js';
import { REHEARSAL_EXTENSION } from '../../shared/istioNames.js';
import { fileReason } from './connectionFailure.js';
import { listIn, recordIn, textIn, valueAt } from './json.js';

/** One context of the file. What it names may be missing in the file; that is a failure only when it is used. */
export interface KubeconfigEntry {
  readonly context: string;
  readonly clusterName: string | undefined;
  readonly userName: string | undefined;
  readonly server: string | undefined;
  readonly hasUser: boolean;
  /** Roots declared to stand for Mesh CA; empty unless the server is this machine. */
  readonly declaredMeshCaRoots: readonly string[];
}

/** The contexts of kubeconfig files, for the picker. */
export class KubeconfigFiles implements KubeconfigReader {
  /** Contexts whose cluster is missing have an empty server. */
  async contexts(path: string): Promise<Result<readonly KubeContext[]>> {
    const text = await readKubeconfig(path);
    if (!text.ok) return text;
    const entries = parseKubeconfig(path, text.value);
    if (!entries.ok) return entries;
    return succeed(entries.value.map((entry) => ({ kubeconfig: path, context: entry.context, server: entry.server ?? '' })));
  }
}

/** The text of a kubeconfig file, or why it cannot be read. */
export async function readKubeconfig(path: string): Promise<Result<string>> {
  try {
    return succeed(await readFile(path, 'utf8'));
  } catch (error) {
    return fail({ kind: 'kubeconfigUnreadable', path, reason: fileReason(error) });
  }
}

/** Every context of a kubeconfig text. An empty file is a kubeconfig without contexts, as kubectl reads it. */
export function parseKubeconfig(path: string, text: string): Result<readonly KubeconfigEntry[]> {
  let content: unknown;
  try {
    content = parse(text, { maxAliasCount: 100 }) as unknown;
  } catch (error) {
    // The first line of the message says where; the rest quotes the file, which may hold a token.
    const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '').replace(/:$/, '') : 'not YAML';
    return fail({ kind: 'kubeconfigUnreadable', path, reason });
  }
  if (content !== null && (typeof content !== 'object' || Array.isArray(content))) {
    return fail({ kind: 'kubeconfigUnreadable', path, reason: 'it is not a kubeconfig' });
  }
  const clusters = namedEntries(valueAt(content, 'clusters'), 'cluster');
  const users = namedEntries(valueAt(content, 'users'), 'user');
  const contexts = namedEntries(valueAt(content, 'contexts'), 'context');
  return succeed([...contexts].map(([context, body]) => entryOf(context, body, clusters, users)));
}

function entryOf(
  context: string,
  body: unknown,
  clusters: ReadonlyMap<string, unknown>,
  users: ReadonlyMap<string, unknown>,
): KubeconfigEntry {
  const clusterName = textIn(valueAt(body, 'cluster'));
  const userName = nonEmpty(textIn(valueAt(body, 'user')));
  const cluster = clusterName === undefined ? undefined : clusters.get(clusterName);
  const server = textIn(valueAt(cluster, 'server'));
  return {
    context,
    clusterName,
    userName,
    server,
    hasUser: userName !== undefined && users.has(userName),
    declaredMeshCaRoots: server !== undefined && isLoopback(server) ? rootsDeclaredBy(cluster) : [],
  };
}

function namedEntries(list: unknown, key: string): ReadonlyMap<string, unknown> {
  const entries = new Map<string, unknown>();
  for (const item of listIn(list)) {
    const name = textIn(valueAt(item, 'name'));
    // As in kubectl, the first of two entries with one name counts.
    if (name !== undefined && !entries.has(name)) entries.set(name, recordIn(item)[key]);
  }
  return entries;
}

/** Only a server on this machine may declare a root: elsewhere the word of a file must not pass for Google's key. */
function isLoopback(server: string): boolean {
  if (!URL.canParse(server)) return false;
  const { hostname } = new URL(server);
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

function rootsDeclaredBy(cluster: unknown): readonly string[] {
  for (const extension of listIn(valueAt(cluster, 'extensions'))) {
    if (textIn(valueAt(extension, 'name')) !== REHEARSAL_EXTENSION) continue;
    const hex = textIn(valueAt(extension, 'extension', 'meshCaRootSha256'))?.replaceAll(':', '').toUpperCase() ?? '';
    if (/^[0-9A-F]{64}$/.test(hex)) return [(hex.match(/../g) ?? []).join(':')];
  }
  return [];
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === '' ? undefined : text;
}
