// Asks every proxy of one cluster whether it is connected to its istiod: one small request each, a bounded number at a time.
import type { ClusterRef } from '../../domain/cluster.js';
import { proxyKey } from '../../domain/evidence/gateInputs.js';
import type { MeshSituation } from '../../domain/procedure/procedureStep.js';
import { snapshotOf } from '../../domain/procedure/situationParts.js';
import type { IstiodStream } from '../../domain/trust/istiodStream.js';
import type { Result } from '../../shared/failure.js';
import { fail } from '../../shared/failure.js';
import type { IstiodStreamReader } from '../ports.js';
import { forEachTarget } from '../trust/eachTarget.js';
import { notRunning, proxyTargets } from '../trust/proxyTargets.js';

/** By `proxyKey`. When the signal aborts, what was not asked by then is not in it. */
export async function readIstiodStreams(
  reader: IstiodStreamReader,
  situation: MeshSituation,
  cluster: ClusterRef,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Result<IstiodStream>>> {
  const streams = new Map<string, Result<IstiodStream>>();
  const snapshot = snapshotOf(situation, cluster);
  if (snapshot === undefined) return streams;
  await forEachTarget(proxyTargets([snapshot], { contexts: [], namespaces: [] }), undefined, async ({ pod }) => {
    if (signal.aborted) return;
    const unasked = notRunning(pod);
    const address = { cluster, namespace: pod.namespace, pod: pod.name };
    streams.set(proxyKey(pod.namespace, pod.name), unasked === undefined ? await reader.readIstiodStream(address, signal) : fail(unasked));
  });
  return streams;
}
