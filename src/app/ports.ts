// What use cases need of the outside world. Adapters implement these with one library or tool each.
import type { Result } from '../shared/failure.js';
import type { ClusterRef } from '../domain/cluster.js';
import type { Delta, ClusterSnapshot } from '../domain/mesh/snapshot.js';
import type { ResourceKind } from '../domain/procedure/inspection.js';
import type { CommandSpec, StepOutcome } from '../domain/steps/commandSpec.js';
import type { RunPurpose, StepSpec } from '../domain/steps/stepRecord.js';
import type { CertificateFacts } from '../domain/trust/certificateFacts.js';
import type { InboundDomains, InboundListener } from '../domain/trust/inboundDomains.js';
import type { IstiodStream } from '../domain/trust/istiodStream.js';
import type { SecretDump } from '../domain/trust/secretDump.js';
import type { SurveyDocument } from '../domain/trust/surveyDocument.js';
import type { Message } from '../shared/text/message.js';

/** Milliseconds since the epoch, and timers that end with a signal. */
export interface Clock {
  now(): number;
  /** Resolves after the delay, or at once when the signal aborts; it never rejects. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
}

/** One line a call; never a token, a key or a whole API body. */
export interface Log {
  debug(text: string): void;
  info(text: string): void;
  warn(text: string): void;
  error(text: string): void;
}

export interface KubeContext extends ClusterRef {
  /** API server URL, for people to recognise the cluster by. */
  readonly server: string;
}

export interface KubeconfigReader {
  /** Contexts of one kubeconfig file. Only reads. */
  contexts(path: string): Promise<Result<readonly KubeContext[]>>;
}

export interface ClusterReader {
  /**
   * Lists, then watches, every watched kind of the cluster until the signal aborts; reconnects by itself.
   * Deltas come in order per kind; trouble arrives as a delta of type `state`, never as an exception.
   */
  follow(ref: ClusterRef, onDeltas: (deltas: readonly Delta[]) => void, signal: AbortSignal): void;
  /** Cuts short every wait between two attempts to connect. */
  retryNow(ref: ClusterRef): void;
  /** One complete reading for tools that run once; kinds that could not be read are `failed` in the snapshot. */
  readOnce(ref: ClusterRef, signal: AbortSignal): Promise<Result<ClusterSnapshot>>;
}

export interface ProxyAddress {
  readonly cluster: ClusterRef;
  readonly namespace: string;
  readonly pod: string;
}

/** How proxies are reached: `automatic` is port-forward, where that is forbidden exec, and where both are istioctl. */
export type ProxyTransport = 'automatic' | 'portForward' | 'exec' | 'istioctl';

export interface ProxyReader {
  /** The proxy's secrets, without private keys. Fails with the exact reason. */
  readSecrets(proxy: ProxyAddress, signal: AbortSignal): Promise<Result<SecretDump>>;
}

export interface InboundDomainReader {
  /** Whose identities the proxy's inbound listener accepts, by its own matchers. Fails with the exact reason. */
  readInboundDomains(proxy: ProxyAddress, signal: AbortSignal): Promise<Result<InboundDomains>>;
}

export interface InboundListenerReader {
  /** The same with how it takes connections, of one request. Fails with the exact reason. */
  readInboundListener(proxy: ProxyAddress, signal: AbortSignal): Promise<Result<InboundListener>>;
}

export interface IstiodStreamReader {
  /** Whether the proxy is connected to its istiod now. Fails with the exact reason. */
  readIstiodStream(proxy: ProxyAddress, signal: AbortSignal): Promise<Result<IstiodStream>>;
}

export interface CertificateReader {
  /** Every certificate of a PEM text, in order. */
  read(pem: string): Result<readonly CertificateFacts[]>;
  /** Whether `issuer` signed `certificate`: names, and the signature itself. Both were read by this reader. */
  isSignedBy(certificate: CertificateFacts, issuer: CertificateFacts): boolean;
}

/** The document in the bytes of a saved survey, or the sentence that says what is wrong with it: work in stretches. Checks the shape and nothing else. */
export type SurveyDocumentParser = (
  content: Uint8Array,
) => Generator<undefined, { readonly ok: true; readonly document: SurveyDocument } | { readonly ok: false; readonly why: Message }, undefined>;

export interface FoundTool {
  readonly path: string;
  readonly version: string;
}

export interface ToolFinder {
  /** The kubectl that steps will run, and its version. */
  kubectl(): Promise<Result<FoundTool>>;
}

/** Finds any tool of the procedure and asks it for its version. */
export interface ToolVersions {
  /** `path` is what would be run: a path, or a name that PATH resolves. */
  versionOf(tool: string, path: string): Promise<Result<FoundTool>>;
}

/** A Secret by its metadata alone. */
export interface FoundSecret {
  /** Names of its entries, as its bookkeeping has them; undefined where that does not say. */
  readonly keys: readonly string[] | undefined;
}

/** Reads one object as the API server has it. Never a Secret. */
export interface ObjectReader {
  read(cluster: ClusterRef, resource: ResourceKind, namespace: string, name: string, signal: AbortSignal): Promise<Result<unknown>>;
  /** Whether a Secret of this name is there; what it holds is not asked for. Undefined: there is none. */
  findSecret(cluster: ClusterRef, namespace: string, name: string, signal: AbortSignal): Promise<Result<FoundSecret | undefined>>;
}

export interface StepRequest {
  readonly title: string;
  readonly commands: readonly CommandSpec[];
  /** `step` where it is not said. */
  readonly purpose?: RunPurpose;
}

export interface StepTerminal {
  /** Runs the command lines one after another where the user sees them; resolves when it is known what became of them. */
  run(request: StepRequest): Promise<StepOutcome>;
}

/** Where the orders for one run of a step are, and where its record will be. */
export interface StepRunFolder {
  readonly specFile: string;
  readonly recordFile: string;
  /** The record's text; undefined while, or if, there is none. */
  readRecord(): Promise<string | undefined>;
  /** After this the orders are gone: a runner that starts too late runs nothing. */
  remove(): Promise<void>;
}

export interface StepRunFolders {
  prepare(spec: StepSpec): Promise<StepRunFolder>;
}

export interface RehearsalRequest {
  readonly scene: 'istio-default' | 'asm-citadel';
  /** Where the rehearsal writes its kubeconfig. */
  readonly kubeconfig: string;
  /** Control planes installed beside the old one at the start. */
  readonly withRevisions: readonly string[];
}

export interface RehearsalProcess {
  /** `KUBECONFIG`, `KUBECACHEDIR` and `PATH` for terminals that work on the rehearsal. */
  readonly environment: Readonly<Record<string, string>>;
  /** Resolves with the reason when the process has ended, by whatever cause. */
  readonly ended: Promise<string>;
  stop(): void;
}

export interface RehearsalLauncher {
  /** Resolves when the mesh answers. Fails when the signal aborts or it takes too long; then its process has ended. */
  start(request: RehearsalRequest, signal: AbortSignal): Promise<Result<RehearsalProcess>>;
}
