// What every question about clusters begins with: which contexts, each cluster read once, and what could not be read.
import path from 'node:path';
import type { ClusterReader, KubeconfigReader, KubeContext } from '../app/ports.js';
import { surveyNotices } from '../app/trust/proxyTargets.js';
import type { ClusterRef } from '../domain/cluster.js';
import { clusterName } from '../domain/cluster.js';
import { unreadSnapshot } from '../domain/mesh/fold.js';
import type { ClusterSnapshot } from '../domain/mesh/snapshot.js';
import type { Result } from '../shared/failure.js';
import { fail, failureMessage, succeed } from '../shared/failure.js';
import type { Message } from '../shared/text/message.js';
import { message } from '../shared/text/message.js';

/** What reading clusters needs of the outside world. */
export interface ClusterWorld {
  readonly kubeconfigReader: KubeconfigReader;
  readonly clusterReader: ClusterReader;
}

/** Which part of which clusters is asked about. */
export interface ClusterRequest {
  readonly kubeconfig: string;
  readonly contexts: 'all' | readonly string[];
  /** Empty for all. */
  readonly namespaces: readonly string[];
}

export interface ReadClusters {
  readonly ok: true;
  /** In the order of the contexts, those that could be read. */
  readonly snapshots: readonly ClusterSnapshot[];
  /** The others, with what little is known of them and why it is not more. */
  readonly unread: readonly ClusterSnapshot[];
  /** What is missing in them, and which clusters are missing. */
  readonly notices: readonly Message[];
}

/** The sentences that say why the question could not be asked at all. */
export interface NotAsked {
  readonly ok: false;
  readonly whys: readonly Message[];
}

/** The question could not be asked for one reason. */
export function notAsked(why: Message): NotAsked {
  return { ok: false, whys: [why] };
}

/**
 * Reads the clusters. One that cannot be read, or whose pods cannot be listed, is named in the notices (`missingProxies`) beside
 * what the others say. The question ends where none can be read, and at a namespace that no cluster has.
 */
export async function readClusters(world: ClusterWorld, request: ClusterRequest, signal: AbortSignal): Promise<ReadClusters | NotAsked> {
  const refs = await chosenContexts(world, request);
  if (!refs.ok) return notAsked(failureMessage(refs.failure));
  if (refs.value.length === 0) return notAsked(message('check.error.noContexts', { path: request.kubeconfig }));
  const looks = (await readEach(world, refs.value, signal)).map(({ ref, read }) => (read.ok ? read.value : unreadSnapshot(ref, read.failure)));
  const snapshots = looks.filter((snapshot) => podsFailure(snapshot) === undefined);
  const unread = looks.filter((snapshot) => podsFailure(snapshot) !== undefined);
  if (snapshots.length === 0) return { ok: false, whys: looks.flatMap(whyUnreadable) };
  // Where namespaces may not be listed, one without pods cannot be told from one that is not there.
  const allListed = unread.length === 0 && snapshots.every(({ kinds }) => kinds.namespaces.state === 'live');
  const missing = request.namespaces.filter((name) => allListed && !snapshots.some(({ namespaces }) => namespaces.has(name)));
  if (missing.length > 0) return notAsked(message('check.error.namespaceMissing', { namespaces: missing.join(', ') }));
  return { ok: true, snapshots, unread, notices: [...surveyNotices(looks, { contexts: [], namespaces: [] }), ...readNotices(snapshots)] };
}

/** All of them at the same time, each with what came of it. */
export function readEach<Ref extends ClusterRef>(
  { clusterReader }: ClusterWorld,
  refs: readonly Ref[],
  signal: AbortSignal,
): Promise<readonly { readonly ref: Ref; readonly read: Result<ClusterSnapshot> }[]> {
  return Promise.all(refs.map(async (ref) => ({ ref, read: await clusterReader.readOnce(ref, signal) })));
}

async function chosenContexts(world: ClusterWorld, request: ClusterRequest): Promise<Result<readonly KubeContext[]>> {
  const file = path.resolve(request.kubeconfig);
  const known = await world.kubeconfigReader.contexts(file);
  if (!known.ok || request.contexts === 'all') return known;
  const chosen: KubeContext[] = [];
  for (const name of new Set(request.contexts)) {
    const context = known.value.find((candidate) => candidate.context === name);
    if (context === undefined) return fail({ kind: 'contextMissing', path: file, context: name });
    chosen.push(context);
  }
  return succeed(chosen);
}

function whyUnreadable(snapshot: ClusterSnapshot): readonly Message[] {
  const failure = podsFailure(snapshot);
  return failure === undefined ? [] : [message('check.error.clusterUnreadable', { context: snapshot.ref.context, failure: failureMessage(failure) })];
}

function podsFailure({ kinds }: ClusterSnapshot): Extract<ClusterSnapshot['kinds']['pods'], { state: 'failed' }>['failure'] | undefined {
  return kinds.pods.state === 'failed' ? kinds.pods.failure : undefined;
}

/** Without these the answer is still true, but names fewer things. */
function readNotices(snapshots: readonly ClusterSnapshot[]): readonly Message[] {
  return snapshots.flatMap(({ ref, kinds }) =>
    (['namespaces', 'configmaps', 'caRoots'] as const).flatMap((kind) => {
      const state = kinds[kind];
      if (state.state !== 'failed') return [];
      return [message(`check.notice.${kind}Unread`, { cluster: clusterName(ref), failure: failureMessage(state.failure) })];
    }),
  );
}
