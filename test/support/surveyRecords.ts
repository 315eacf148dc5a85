// A mesh's survey in a few words, with real certificates: by which fixtures each proxy is signed and which roots it trusts.
import { surveyRecord } from '../../src/app/trust/surveyRecord.js';
import type { SurveyRecord } from '../../src/app/trust/surveyRecord.js';
import { TrustSurvey } from '../../src/app/trust/trustSurvey.js';
import type { ProxyReading } from '../../src/app/trust/trustSurvey.js';
import type { ClusterSnapshot } from '../../src/domain/mesh/snapshot.js';
import { parseSecretDump } from '../../src/domain/trust/envoyDump.js';
import type { SecretDump } from '../../src/domain/trust/secretDump.js';
import type { Result } from '../../src/shared/failure.js';
import { fail } from '../../src/shared/failure.js';
import type { Message } from '../../src/shared/text/message.js';
import { chainEntry, flatAnswer, rootsEntry } from './envoyAnswers.js';
import type { FixtureName } from './trustCertificates.js';
import { fingerprint, pemOf, reader } from './trustCertificates.js';
import { caRoots, instantClock, meshConfigs, NOW, pod, snapshot } from './trustMesh.js';

export const CITADEL_CHAIN: readonly FixtureName[] = ['citadel-leaf', 'citadel-root'];
export const MESH_CHAIN: readonly FixtureName[] = ['mesh-leaf', 'mesh-intermediate', 'mesh-root'];
export const FLEET = 'fleet-1.svc.id.goog';

export function holding(chain: readonly FixtureName[], ...roots: readonly FixtureName[]): Result<SecretDump> {
  return parseSecretDump(flatAnswer([chainEntry(pemOf(...chain)), rootsEntry(pemOf(...roots))]));
}

/** Old proxies trust Istio CA alone, `both` both roots, new ones are signed by Mesh CA; one in four cannot be reached. */
export const MIXED_ANSWERS: Readonly<Record<string, Result<SecretDump>>> = {
  'old-1': holding(CITADEL_CHAIN, 'citadel-root'),
  'both-1': holding(CITADEL_CHAIN, 'citadel-root', 'mesh-root'),
  'new-1': holding(MESH_CHAIN, 'mesh-root', 'citadel-root'),
};

export const MIXED_MESH = snapshot(
  'gke_p_z-a_one',
  [pod('foo', 'old-1'), pod('foo', 'both-1'), pod('foo', 'refused-1'), pod('bar', 'new-1', { revision: 'asm-2' })],
  {
    caRoots: caRoots(fingerprint('citadel-root')),
    declaredMeshCaRoots: [fingerprint('mesh-root')],
    meshConfigs: meshConfigs(['default', 'cluster.local', FLEET], ['asm-2', FLEET, 'cluster.local']),
  },
);

const REFUSED = fail({ kind: 'proxyUnreachable', reason: 'connection refused, see /home/me/.kube/config' });

/** Surveys the snapshots with these answers by the pod's name. */
export async function recordOf(
  snapshots: readonly ClusterSnapshot[] = [MIXED_MESH],
  answers: Readonly<Record<string, Result<SecretDump>>> = MIXED_ANSWERS,
  notices: readonly Message[] = [],
): Promise<SurveyRecord> {
  const proxyReader = { readSecrets: ({ pod: name }: { readonly pod: string }) => Promise.resolve(answers[name] ?? REFUSED) };
  const readings: ProxyReading[] = [];
  const listener = { onReadings: (some: readonly ProxyReading[]) => void readings.push(...some) };
  await new TrustSurvey({ proxyReader, certificateReader: reader, clock: instantClock, concurrencyPerCluster: 1 }).run(
    snapshots,
    { contexts: [], namespaces: [] },
    listener,
    new AbortController().signal,
  );
  return surveyRecord(readings, snapshots, [], notices, NOW);
}
