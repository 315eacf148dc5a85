// What a session holds after a survey of a mesh of any size: judged certificates of a small stock, told of as many proxies as wanted.
import { createNodeCertificateReader } from '../../src/adapters/nodeCertificateReader.js';
import { targetId } from '../../src/app/trust/proxyTargets.js';
import type { SurveyEvidence } from '../../src/app/trust/surveyEvidence.js';
import { trustRow } from '../../src/app/trust/trustPresenter.js';
import { TrustSurvey } from '../../src/app/trust/trustSurvey.js';
import type { ProxyReading } from '../../src/app/trust/trustSurvey.js';
import type { ClusterSnapshot } from '../../src/domain/mesh/snapshot.js';
import { parseSecretDump } from '../../src/domain/trust/envoyDump.js';
import type { ProxyTrust } from '../../src/domain/trust/proxyTrust.js';
import type { Result } from '../../src/shared/failure.js';
import { succeed } from '../../src/shared/failure.js';
import { parseJson } from '../../src/shared/json.js';
import { wallClock } from '../support/clusterFollower.js';
import { cluster, meshConfig, namespace, pod } from '../support/meshBuilder.js';
import { createCertificateStock } from './certificateStock.js';

const CLUSTERS = 5;
const PODS_A_NAMESPACE = 25;
const CHAINS = 40;
const JUDGED = 200;
const REVISIONS = ['default', 'asm-1232-2-distribute-root'] as const;
const WHOLE_SCOPE = { contexts: [], namespaces: [] };

/** Five clusters, a namespace for each 25 pods, both revisions of a migration half-way, no two leaves alike. */
export async function largeSurvey(pods: number): Promise<SurveyEvidence> {
  const snapshots = Array.from({ length: CLUSTERS }, (_, index) => snapshotOf(index, pods / CLUSTERS));
  const judged = await judgedTrust();
  const now = Date.now();
  const readings = new Map<string, ProxyReading>();
  for (const { ref, namespaces } of snapshots) {
    for (const facts of [...namespaces.values()].flatMap((one) => [...one.pods.values()])) {
      const target = { cluster: ref, pod: facts };
      const trust = ofItsOwn(judged[readings.size % judged.length], readings.size);
      readings.set(targetId(target), { target, trust });
    }
  }
  const rows = new Map([...readings].map(([id, { target, trust }]) => [id, trustRow(target, trust, now)] as const));
  const previous = { rows: [...rows.values()].map((row, index) => (index % 10 === 0 ? { ...row, roots: row.roots.slice(1) } : row)), finishedAt: now };
  return { rows, readings, samples: [], snapshots, scope: WHOLE_SCOPE, notices: [], progress: { running: false, cancelled: false }, now, previous, saved: undefined };
}

function snapshotOf(index: number, pods: number): ClusterSnapshot {
  const names = Array.from({ length: Math.ceil(pods / PODS_A_NAMESPACE) }, (_, place) => `team-${place}`);
  const listed = Array.from({ length: pods }, (_, place) =>
    pod(names[Math.floor(place / PODS_A_NAMESPACE)] ?? '', `app-${place % PODS_A_NAMESPACE}-6b7c9d-${place.toString(36)}`, { by: REVISIONS[place % 2] }),
  );
  const ref = { kubeconfig: '/home/me/.kube/config', context: `gke_project_us-central1_cluster-${index + 1}` };
  return cluster([...names.map((name) => namespace(name)), ...listed, ...REVISIONS.map((revision) => meshConfig(revision))], ref);
}

/** What a real survey makes of some proxies. */
async function judgedTrust(): Promise<readonly Result<ProxyTrust>[]> {
  const stock = createCertificateStock(JUDGED, CHAINS);
  const few = cluster(Array.from({ length: JUDGED }, (_, index) => pod('team', String(index), { by: 'default' })));
  const proxyReader = { readSecrets: ({ pod: name }: { readonly pod: string }) => Promise.resolve(parseSecretDump(parseJson(stock.answer(Number(name))))) };
  const found: Result<ProxyTrust>[] = [];
  const listener = { onReadings: (some: readonly ProxyReading[]) => void found.push(...some.map(({ trust }) => trust)) };
  const survey = new TrustSurvey({ proxyReader, certificateReader: createNodeCertificateReader(), clock: wallClock, concurrencyPerCluster: 8 });
  await survey.run([few], WHOLE_SCOPE, listener, new AbortController().signal);
  if (found.length !== JUDGED || found.some(({ ok }) => !ok)) throw new Error('the stock was not judged');
  return found;
}

/** The same with a leaf of its own. */
function ofItsOwn(trust: Result<ProxyTrust> | undefined, index: number): Result<ProxyTrust> {
  if (trust?.ok !== true || trust.value.certificate.state !== 'active') throw new Error('a proxy of the stock holds no certificate');
  const { value } = trust.value.certificate;
  const fingerprint = value.fingerprint.replace(/^(..:){4}/, index.toString(16).padStart(8, '0').replace(/(..)/g, '$1:').toUpperCase());
  const certificate = { ...value, fingerprint, spiffeId: `spiffe://cluster.local/ns/team/sa/app-${index}` };
  return succeed({ ...trust.value, certificate: { state: 'active', value: certificate } });
}
