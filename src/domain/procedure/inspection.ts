// What single steps need to have read beyond the watched mesh: an object as it is, a file, a tool's version. Asked for by the
// step's row, answered by an adapter right before the step is planned. Never what a secret holds.
import type { Failure, Result } from '../../shared/failure.js';
import type { ClusterRef } from '../cluster.js';
import { clusterKey } from '../cluster.js';
import type { FleetMember } from '../evidence/fleetMember.js';
import type { IstiodStream } from '../trust/istiodStream.js';
import type { Phase } from './stepOrder.js';
import type { WorkloadForecast } from './workloadForecast.js';

/** A resource as its API path names it. */
export interface ResourceKind {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly plural: string;
}

export type InspectionRequest =
  /** One object. */
  | { readonly kind: 'object'; readonly cluster: ClusterRef; readonly resource: ResourceKind; readonly namespace: string; readonly name: string }
  /** Whether a Secret is there, by its metadata alone. */
  | { readonly kind: 'secretName'; readonly cluster: ClusterRef; readonly namespace: string; readonly name: string }
  /** A file's text; only for files that hold no key. */
  | { readonly kind: 'file'; readonly path: string }
  /** Whether the path exists, without reading it. */
  | { readonly kind: 'path'; readonly path: string }
  /** Whether the file is a whole backup of the CA secret, and under which root; no key leaves the reader. */
  | { readonly kind: 'backup'; readonly secret: string; readonly path: string }
  /** Whether the folder, or one above it, is a git work tree. */
  | { readonly kind: 'gitTree'; readonly path: string }
  /** The four CA files: do they belong together, and under which root. */
  | { readonly kind: 'caFiles'; readonly caCert: string; readonly caKey: string; readonly rootCert: string; readonly certChain: string }
  /** What the meshed workloads of a namespace would be injected with if they started now. */
  | { readonly kind: 'injection'; readonly cluster: ClusterRef; readonly namespace: string; readonly phase: Phase }
  /** Who is in the fleet of this host project, by this gcloud. */
  | { readonly kind: 'fleet'; readonly gcloud: string; readonly project: string }
  /** Whether each proxy of the cluster is connected to istiod: a request into every pod, so only for what is verified last. */
  | { readonly kind: 'istiodStreams'; readonly cluster: ClusterRef }
  | { readonly kind: 'tool'; readonly tool: string; readonly path: string };

/** What the four CA files were found to be; the key never leaves the reader. */
export interface CaFilesFacts {
  /** SHA-256 fingerprint of the root, colon-separated upper-case hex. */
  readonly root: string;
  readonly keyMatches: boolean;
  readonly chainVerifies: boolean;
  /** Algorithm of the CA's key: `rsa`, `ec`, … */
  readonly keyType: string;
  /** Milliseconds since the epoch: the earliest end of root, intermediate and chain. */
  readonly expiresAt: number;
}

export type InspectionAnswer =
  | { readonly kind: 'object'; readonly json: unknown }
  | { readonly kind: 'file'; readonly text: string }
  /** It is there; the names of its entries where its metadata says them. */
  | { readonly kind: 'secret'; readonly keys: readonly string[] | undefined }
  /** It is there (a path), or it is a git work tree, whose root this is. */
  | { readonly kind: 'present'; readonly where: string }
  | { readonly kind: 'absent' }
  /** A whole one: SHA-256 fingerprint of its root. */
  | { readonly kind: 'backup'; readonly root: string }
  | { readonly kind: 'caFiles'; readonly facts: CaFilesFacts }
  | { readonly kind: 'injection'; readonly workloads: readonly WorkloadForecast[] }
  | { readonly kind: 'fleet'; readonly members: readonly FleetMember[] }
  /** By `proxyKey`; a proxy that is not in it was not asked. */
  | { readonly kind: 'istiodStreams'; readonly streams: ReadonlyMap<string, Result<IstiodStream>> }
  | { readonly kind: 'tool'; readonly path: string; readonly version: string }
  | { readonly kind: 'failed'; readonly failure: Failure };

/** Answers by `requestKey`. What was not asked for is not in it, and counts as not known. */
export type Inspection = Readonly<Record<string, InspectionAnswer>>;

export function requestKey(request: InspectionRequest): string {
  switch (request.kind) {
    case 'object':
      return ['object', clusterKey(request.cluster), request.resource.group, request.resource.plural, request.namespace, request.name].join(' ');
    case 'secretName':
      return ['secretName', clusterKey(request.cluster), request.namespace, request.name].join(' ');
    case 'file':
    case 'path':
    case 'gitTree':
      return `${request.kind} ${request.path}`;
    case 'backup':
      return `backup ${request.secret} ${request.path}`;
    case 'caFiles':
      return ['caFiles', request.caCert, request.caKey, request.rootCert, request.certChain].join(' ');
    case 'injection':
      return ['injection', clusterKey(request.cluster), request.namespace, request.phase].join(' ');
    case 'fleet':
      return `fleet ${request.project}`;
    case 'istiodStreams':
      return `istiodStreams ${clusterKey(request.cluster)}`;
    case 'tool':
      return `tool ${request.tool}`;
  }
}

/** Undefined: it was not asked for. */
export function answerTo(inspection: Inspection | undefined, request: InspectionRequest): InspectionAnswer | undefined {
  return inspection?.[requestKey(request)];
}

export const DEPLOYMENTS: ResourceKind = { group: 'apps', version: 'v1', plural: 'deployments' };
