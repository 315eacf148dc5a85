// Opens the way to a cluster: server address, credentials and TLS of one context. The only file that imports client-node.
import { stat } from 'node:fs/promises';
import http from 'node:http';
import https from 'node:https';
import path from 'node:path';
import tls from 'node:tls';
import { KubeConfig } from '@kubernetes/client-node';
import type { ClusterRef } from '../../domain/cluster.js';
import { clusterKey } from '../../domain/cluster.js';
import type { Result } from '../../shared/failure.js';
import { fail, succeed } from '../../shared/failure.js';
import { CredentialsError, fileReason } from './connectionFailure.js';
import type { KubeconfigEntry } from './kubeconfigFile.js';
import { parseKubeconfig, readKubeconfig } from './kubeconfigFile.js';

/** Request options whose headers are a record, as client-node makes them. */
export type CredentialedOptions = Omit<https.RequestOptions, 'headers'> & { headers: http.OutgoingHttpHeaders };

export interface ClusterConnection {
  /** `http:` only where the kubeconfig says `insecure-skip-tls-verify: true`. A path in it (Rancher, Connect gateway) counts. */
  readonly server: URL;
  /**
   * Options for `http.request` or `https.request`, with credentials, TLS and a keep-alive agent; to be asked for anew for
   * every request, because tokens expire. Rejects with an error that `connectionFailure` turns into a failure.
   */
  httpsOptions(): Promise<CredentialedOptions>;
  /** Roots that stand for Mesh CA in this kubeconfig entry; empty unless the server is this machine. */
  readonly declaredMeshCaRoots: readonly string[];
}

/** So long one look at a kubeconfig serves all: a survey asks for its connection hundreds of times a second. */
const LOOK_LASTS_MS = 100;

interface KnownConnection {
  readonly stamp: string;
  readonly connection: ClusterConnection;
}

interface Look {
  readonly at: number;
  readonly stamp: Promise<string>;
}

/** Connections by context, made anew when the kubeconfig changes on disk or when somebody says that one failed. */
export class ClusterConnections {
  readonly #known = new Map<string, KnownConnection>();
  /** The latest at each kubeconfig. */
  readonly #looks = new Map<string, Look>();
  readonly #now: () => number;

  /** `now` never goes back, as the time of day may. */
  constructor(now = (): number => performance.now()) {
    this.#now = now;
  }

  async connectionOf(ref: ClusterRef): Promise<Result<ClusterConnection>> {
    const stamp = await this.#stampOf(ref.kubeconfig);
    const known = this.#known.get(clusterKey(ref));
    if (known?.stamp === stamp) return succeed(known.connection);
    const text = await readKubeconfig(ref.kubeconfig);
    if (!text.ok) return text;
    const connection = openConnection(ref, text.value);
    if (connection.ok) this.#known.set(clusterKey(ref), { stamp, connection: connection.value });
    return connection;
  }

  /** Drops what is known, cached credentials included: the next use reads the kubeconfig and asks the plugin again. */
  forget(ref: ClusterRef): void {
    this.#known.delete(clusterKey(ref));
    this.#looks.delete(ref.kubeconfig);
  }

  #stampOf(file: string): Promise<string> {
    const latest = this.#looks.get(file);
    if (latest !== undefined && this.#now() - latest.at < LOOK_LASTS_MS) return latest.stamp;
    const stamp = fileStamp(file);
    this.#looks.set(file, { at: this.#now(), stamp });
    return stamp;
  }
}

async function fileStamp(file: string): Promise<string> {
  try {
    const { ino, size, mtimeMs } = await stat(file);
    return `${ino} ${size} ${mtimeMs}`;
  } catch {
    return 'absent';
  }
}

function openConnection(ref: ClusterRef, text: string): Result<ClusterConnection> {
  const entries = parseKubeconfig(ref.kubeconfig, text);
  if (!entries.ok) return entries;
  const entry = entries.value.find((candidate) => candidate.context === ref.context);
  if (entry === undefined) return fail({ kind: 'contextMissing', path: ref.kubeconfig, context: ref.context });
  const server = serverOf(ref, entry);
  if (!server.ok) return server;
  const config = loadConfig(ref, text, entry);
  if (!config.ok) return config;
  return succeed({
    server: server.value,
    httpsOptions: credentialedOptions(config.value, server.value),
    declaredMeshCaRoots: entry.declaredMeshCaRoots,
  });
}

function serverOf(ref: ClusterRef, entry: KubeconfigEntry): Result<URL> {
  const unreadable = (reason: string): Result<URL> => fail({ kind: 'kubeconfigUnreadable', path: ref.kubeconfig, reason });
  if (entry.clusterName === undefined) return unreadable(`the context ${ref.context} names no cluster`);
  if (entry.server === undefined) {
    return unreadable(`the cluster ${entry.clusterName} of the context ${ref.context} is missing or has no server`);
  }
  if (entry.userName !== undefined && !entry.hasUser) {
    return unreadable(`the user ${entry.userName} of the context ${ref.context} is missing`);
  }
  if (!URL.canParse(entry.server)) return unreadable(`the server of the context ${ref.context} is not a URL: ${entry.server}`);
  return succeed(new URL(entry.server));
}

function loadConfig(ref: ClusterRef, text: string, entry: KubeconfigEntry): Result<KubeConfig> {
  try {
    const config = new KubeConfig();
    // Broken entries of other contexts do not matter here.
    config.loadFromString(text, { onInvalidEntry: 'filter' });
    config.makePathsAbsolute(path.dirname(ref.kubeconfig));
    config.setCurrentContext(ref.context);
    if (entry.userName === undefined) addEmptyUser(config, ref.context);
    const cluster = config.getCurrentCluster();
    if (cluster?.server.startsWith('http:') === true && !cluster.skipTLSVerify) {
      // client-node refuses it, and rightly: a token would travel in the clear.
      const reason = `the server of the context ${ref.context} is http: without insecure-skip-tls-verify`;
      return fail({ kind: 'kubeconfigUnreadable', path: ref.kubeconfig, reason });
    }
    return succeed(config);
  } catch (error) {
    return fail({ kind: 'kubeconfigUnreadable', path: ref.kubeconfig, reason: fileReason(error) });
  }
}

/** Without a user client-node ignores the cluster's CA, so a context without one gets one that holds nothing. */
function addEmptyUser(config: KubeConfig, context: string): void {
  const name = 'mesh-ca-migration/no-user';
  config.users = [...config.users, { name }];
  config.contexts = config.contexts.map((entry) => (entry.name === context ? { ...entry, user: name } : entry));
}

/**
 * One call of the credential plugin at a time, however many requests wait for it: client-node would start one process each.
 * The agent is ours and lives as long as the connection, because client-node makes a new one, and so a new TLS connection, per call.
 */
function credentialedOptions(config: KubeConfig, server: URL): () => Promise<CredentialedOptions> {
  const keepAlive = { keepAlive: true, scheduling: 'lifo' } as const;
  const agent = server.protocol === 'http:' ? new http.Agent(keepAlive) : new https.Agent(keepAlive);
  const throughProxy = config.getCurrentCluster()?.proxyUrl !== undefined;
  const secureContextOf = secureContexts();
  const flight: { current: Promise<CredentialedOptions> | undefined } = { current: undefined };
  return async () => {
    flight.current ??= applyCredentials(config).finally(() => {
      flight.current = undefined;
    });
    const options = await flight.current;
    const direct = throughProxy ? {} : { agent, secureContext: secureContextOf(options) };
    return { ...options, headers: { ...options.headers }, ...direct };
  };
}

/** Reading CAs and keys into OpenSSL takes a tenth of what a port-forward takes, so it is done anew only when they changed. */
function secureContexts(): (options: CredentialedOptions) => tls.SecureContext {
  const known: { material: string; context: tls.SecureContext | undefined } = { material: '', context: undefined };
  return ({ ca, cert, key, pfx, passphrase }) => {
    const material = [ca, cert, key, pfx, passphrase].map((part) => (Buffer.isBuffer(part) ? part.toString('latin1') : JSON.stringify(part))).join('\n');
    if (known.context === undefined || material !== known.material) {
      known.context = tls.createSecureContext({ ca, cert, key, pfx, passphrase });
      known.material = material;
    }
    return known.context;
  };
}

async function applyCredentials(config: KubeConfig): Promise<CredentialedOptions> {
  const options: CredentialedOptions = { headers: {} };
  try {
    await config.applyToHTTPSOptions(options);
    return options;
  } catch (error) {
    throw new CredentialsError(credentialsReason(error), { cause: error });
  }
}

function credentialsReason(error: unknown): string {
  // A parser's message quotes what it could not parse, and that may be a token.
  if (error instanceof SyntaxError) return 'the credential plugin printed no credentials';
  const text = error instanceof Error ? error.message.trim() : String(error);
  const missing = /^spawn (.+) ENOENT$/.exec(text)?.[1];
  if (missing !== undefined) return `the credential plugin ${missing} was not found on PATH`;
  return text === '' ? 'the credential plugin failed without saying why' : text;
}
