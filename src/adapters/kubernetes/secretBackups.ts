// Holds a saved CA secret against the one in the cluster. Both are compared in memory; neither leaves this file.
import { createHash, createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { parse } from 'yaml';
import type { SecretBackups } from '../../app/migration/ports.js';
import type { Clock } from '../../app/ports.js';
import type { ClusterRef } from '../../domain/cluster.js';
import type { Result } from '../../shared/failure.js';
import { fail, succeed } from '../../shared/failure.js';
import { ISTIO_NAMESPACE } from '../../shared/istioNames.js';
import { apiClient } from './apiRequest.js';
import type { ClusterConnections } from './clusterConnection.js';
import { fileReason } from './connectionFailure.js';
import { textIn, textsIn, valueAt } from './json.js';

export class FileSecretBackups implements SecretBackups {
  readonly #connections: ClusterConnections;
  readonly #clock: Clock;

  constructor(connections: ClusterConnections, clock: Clock) {
    this.#connections = connections;
    this.#clock = clock;
  }

  async verify(cluster: ClusterRef, secret: string, file: string, signal: AbortSignal): ReturnType<SecretBackups['verify']> {
    const saved = await readBackup(file);
    if (!saved.ok) return saved;
    const path = `/api/v1/namespaces/${ISTIO_NAMESPACE}/secrets/${secret}`;
    const present = await apiClient(cluster, this.#connections, this.#clock).getJson({ path, query: {} }, signal);
    if (!present.ok) return present;
    const difference = differenceOf(saved.value.object, present.value);
    if (difference !== undefined) return refuse(`the backup ${file} is not of this secret: ${difference}`);
    const uid = textIn(valueAt(present.value, 'metadata', 'uid'));
    const resourceVersion = textIn(valueAt(present.value, 'metadata', 'resourceVersion'));
    if (uid === undefined || resourceVersion === undefined) return refuse(`the secret ${secret} has no uid`);
    return succeed({ uid, resourceVersion, sha256: saved.value.sha256 });
  }

  async inspect(secret: string, file: string): ReturnType<SecretBackups['inspect']> {
    const saved = await readBackup(file);
    return saved.ok ? rootOf(file, secret, saved.value.object) : saved;
  }
}

/** A CA secret by either set of names that istiod takes: the guide's four files, or those of a TLS secret (istio, security/pkg/pki/ca). */
const KEYS = ['ca-key.pem', 'tls.key'] as const;
const CERTIFICATES = ['ca-cert.pem', 'tls.crt'] as const;
/** A self-signed CA is its own root: the key for another is there and empty. */
const ROOTS = ['root-cert.pem', 'ca.crt', 'ca-cert.pem'] as const;

/** kubectl writes what names the object after what it holds, so that a file that was cut off has lost it. */
function rootOf(file: string, secret: string, saved: unknown): Result<{ readonly root: string }> {
  const isNamed = valueAt(saved, 'kind') === 'Secret' && valueAt(saved, 'metadata', 'name') === secret && valueAt(saved, 'metadata', 'namespace') === ISTIO_NAMESPACE;
  if (!isNamed) return refuse(`the backup ${file} is not of secret ${secret}`);
  const data = textsIn(valueAt(saved, 'data'));
  const held = (keys: readonly string[]): string => Buffer.from(keys.map((key) => data[key] ?? '').find((text) => text !== '') ?? '', 'base64').toString('latin1');
  try {
    const isPair = new X509Certificate(held(CERTIFICATES)).checkPrivateKey(createPrivateKey(held(KEYS)));
    return isPair ? succeed({ root: new X509Certificate(held(ROOTS)).fingerprint256 }) : refuse(`in the backup ${file} key and certificate do not belong together`);
  } catch {
    // What a parser says may quote the key.
    return refuse(`the backup ${file} holds no CA that can be read`);
  }
}

interface Saved {
  readonly object: unknown;
  readonly sha256: string;
}

async function readBackup(file: string): Promise<Result<Saved>> {
  try {
    const { mode } = await stat(file);
    // It holds private keys.
    if (process.platform !== 'win32' && (mode & 0o077) !== 0) return refuse(`others may read the backup ${file}`);
    const text = await readFile(file, 'utf8');
    if (text.trim() === '') return refuse(`the backup ${file} is empty`);
    return parseBackup(file, text);
  } catch (error) {
    return refuse(`the backup ${file} cannot be read: ${fileReason(error)}`);
  }
}

function parseBackup(file: string, text: string): Result<Saved> {
  try {
    return succeed({ object: parse(text, { maxAliasCount: 0 }) as unknown, sha256: createHash('sha256').update(text).digest('hex') });
  } catch {
    // A parser's message quotes what it could not parse, and that may be a key.
    return refuse(`the backup ${file} is not YAML`);
  }
}

/** The first thing in which they differ, never what it is. */
function differenceOf(saved: unknown, present: unknown): string | undefined {
  for (const field of ['name', 'namespace', 'uid', 'resourceVersion']) {
    if (valueAt(saved, 'metadata', field) !== valueAt(present, 'metadata', field)) return `metadata.${field} differs`;
  }
  if (valueAt(saved, 'kind') !== 'Secret') return 'it is no Secret';
  const [one, other] = [textsIn(valueAt(saved, 'data')), textsIn(valueAt(present, 'data'))];
  if (Object.keys(other).length === 0) return 'the secret holds nothing';
  const keys = [...new Set([...Object.keys(one), ...Object.keys(other)])].sort();
  const differing = keys.find((key) => one[key] !== other[key]);
  return differing === undefined ? undefined : `data.${differing} differs`;
}

function refuse(reason: string): Result<never> {
  return fail({ kind: 'unexpected', reason });
}
