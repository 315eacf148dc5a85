// A scan of simulated clusters by the product's own code, from Envoy's answers to gate facts; only HTTP is left out in between.
import { X509Certificate } from 'node:crypto';
import { readCronJob, readJob, readSecret, readWebhookConfiguration } from '../../../src/adapters/kubernetes/gateObjectFacts.js';
import { createNodeCertificateReader } from '../../../src/adapters/nodeCertificateReader.js';
import { clusterKey } from '../../../src/domain/cluster.js';
import { classKeys } from '../../../src/domain/evidence/classKeys.js';
import type { ClusterEvidence, GateInputs, ProxyEvidence } from '../../../src/domain/evidence/gateInputs.js';
import { FLEET_KEY, fleetText } from '../../../src/domain/evidence/records/fleetRecord.js';
import { proxyKey } from '../../../src/domain/evidence/gateInputs.js';
import { gatherGateFacts } from '../../../src/domain/evidence/gatherGateFacts.js';
import type { IdentityFinding } from '../../../src/domain/evidence/identityFinding.js';
import type { GateFacts } from '../../../src/domain/gates/gateFacts.js';
import type { GateObjects, Listed } from '../../../src/domain/mesh/gateObjects.js';
import type { ClusterSnapshot } from '../../../src/domain/mesh/snapshot.js';
import type { MigrationPlan } from '../../../src/domain/plan/migrationPlan.js';
import { parseSecretDump } from '../../../src/domain/trust/envoyDump.js';
import { parseInboundDomains } from '../../../src/domain/trust/inboundDomains.js';
import { judgeProxy } from '../../../src/domain/trust/judgeProxy.js';
import { gatherRootKnowledge, nameRoot } from '../../../src/domain/trust/rootNames.js';
import type { RootKnowledge } from '../../../src/domain/trust/rootNames.js';
import { trackServicePods } from '../../../src/rehearsal/controllers/servicePods.js';
import { answerAdminRequest } from '../../../src/rehearsal/envoy/adminAnswers.js';
import type { EnvoyView } from '../../../src/rehearsal/envoy/envoyView.js';
import { asPod, isReady } from '../../../src/rehearsal/mesh/podTypes.js';
import { viewOfProxy } from '../../../src/rehearsal/mesh/proxyView.js';
import { message } from '../../../src/shared/text/message.js';
import { simulatedSnapshot } from '../../support/simulatedSnapshot.js';
import { clusterRef } from '../model/meshFacts.js';
import { REVISION_1, REVISION_2 } from '../model/scene.js';
import type { Scene } from '../model/scene.js';
import type { LivingCluster, LivingMesh } from './livingMesh.js';

const NOTHING = { state: 'listed', items: [], served: true } as const;
const FINDING: IdentityFinding = {
  id: 'f', kind: 'AuthorizationPolicy', namespace: 'shop', name: 'callers', path: 'spec', value: 'cluster.local/ns/shop/sa/web', verdict: 'breaks', why: message('gates.pointOfNoReturn', { revision: '' }), proposal: undefined,
};

/** What nobody can read off a cluster: our own records, whether written identities were put right, whether the mesh has come to rest. */
interface LivingRecords {
  readonly texts: readonly Readonly<Record<string, string>>[];
  readonly openFindings: readonly boolean[];
  /** Whether the plan waives proxies with certificates of their own, by cluster. */
  readonly waivesOwn: readonly boolean[];
  readonly settled: boolean;
}

interface LivingScan {
  readonly snapshots: readonly ClusterSnapshot[];
  readonly facts: GateFacts;
}

export interface Scanner {
  scan(records: LivingRecords): LivingScan;
  /** What one proxy holds, as a survey reads it. */
  readProxy(cluster: number, namespace: string, pod: string): ProxyEvidence | undefined;
}

function planOf({ fleet, start, extent, isWaived }: Scene, waivesOwn: readonly boolean[]): MigrationPlan {
  const waived = Array.from({ length: extent.clusters }, (_, index) => index).filter((index) => isWaived === true || waivesOwn[index] === true);
  const waivers = waived.map((index) => ({ what: 'proxy', subject: `cluster-${index + 1}/shop`, reason: 'moved by hand', until: '2099-12-31' }));
  return {
    version: 1, startingPoint: start, fleetProject: fleet === 'isProject' ? 'project' : 'fleet', revision1: REVISION_1, revision2: REVISION_2,
    clusters: Array.from({ length: extent.clusters }, (_, index) => ({
      ref: clusterRef(index), project: 'project', location: 'here', name: `cluster-${index + 1}`, outputDirectory: '/out', overlays: [], caFiles: undefined,
    })),
    asmcli: undefined, asmcliFlags: [], waveSize: 1, tests: {}, waivers, backupDirectory: undefined,
  };
}

export function createScanner(scene: Scene, mesh: LivingMesh): Scanner {
  const reader = createNodeCertificateReader();
  const root = new X509Certificate(mesh.meshCaRootPem).fingerprint256;
  const servicePods = mesh.clusters.map(({ cluster }) => trackServicePods(cluster.backend.store));
  const snapshotsNow = (): readonly ClusterSnapshot[] =>
    mesh.clusters.map(({ cluster }, index) => ({ ...simulatedSnapshot(clusterRef(index), cluster, [root]), objects: listedIn(mesh.clusters[index]!) }));

  const read = (index: number, namespace: string, name: string, knowledge: RootKnowledge): ProxyEvidence | undefined => {
    const { cluster } = mesh.clusters[index]!;
    const { store } = cluster.backend;
    const stored = store.get('pods', namespace, name);
    const proxy = cluster.proxyIn(namespace, name);
    if (stored === undefined || proxy === undefined) return undefined;
    const pod = asPod(stored);
    const controlStream = cluster.controlStreamOf(namespace, name)!;
    const view = viewOfProxy({ store, servicePods: servicePods[index]!, certificates: mesh.certificates, now: mesh.clock.now(), controlStream }, pod, proxy);
    const dumps = (['active', 'warming'] as const).map((state) => parseSecretDump(ask(view, `dynamic_${state}_secrets`), state));
    const secrets = dumps.flatMap((dump) => (dump.ok ? dump.value.secrets : []));
    const trust = judgeProxy({ secrets, conflicts: [] }, {
      readBundle: (pem) => reader.read(pem),
      readChain: (pem) => reader.read(pem),
      isSignedBy: (certificate, issuer) => reader.isSignedBy(certificate, issuer),
      nameRoot: (found) => nameRoot(found, clusterRef(index), knowledge),
    });
    const inbound = parseInboundDomains(ask(view, 'dynamic_listeners'));
    return { namespace, pod: name, uid: pod.metadata.uid, ready: isReady(pod), readAt: mesh.clock.now().getTime(), trust: { ok: true, value: trust }, inbound };
  };

  return {
    readProxy: (index, namespace, pod) => read(index, namespace, pod, gatherRootKnowledge(snapshotsNow())),
    scan({ texts, openFindings, waivesOwn, settled }) {
      const snapshots = snapshotsNow();
      const knowledge = gatherRootKnowledge(snapshots);
      const now = mesh.clock.now().getTime();
      // Whom Google Cloud names is for no cluster to say: nobody but the plan's clusters.
      const fleet = { [FLEET_KEY]: fleetText({ at: now, project: planOf(scene, waivesOwn).fleetProject, members: [] }) };
      const evidence = new Map(
        snapshots.map(({ ref, namespaces }, index): [string, ClusterEvidence] => {
          const pods = [...namespaces.values()].flatMap((namespace) => [...namespace.pods.values()]).filter(({ proxy }) => proxy !== undefined);
          const proxies = pods.flatMap(({ namespace, name }) => read(index, namespace, name, knowledge) ?? []);
          return [
            clusterKey(ref),
            {
              proxies: new Map(proxies.map((one) => [proxyKey(one.namespace, one.pod), one])),
              records: { ok: true, value: { ...fleet, ...texts[index] } },
              identity: { ok: true, value: openFindings[index] === true ? [FINDING] : [] },
            },
          ];
        }),
      );
      const inputs: GateInputs = { snapshots, plan: planOf(scene, waivesOwn), evidence, surveys: [], changedAt: undefined, now, freshForMs: 1 };
      const facts = gatherGateFacts(inputs);
      const classes = classKeys(facts);
      const surveys = settled ? [{ startedAt: now, classes }, { startedAt: now, classes }] : [];
      return { snapshots, facts: gatherGateFacts({ ...inputs, surveys }) };
    },
  };
}

function ask(view: EnvoyView, resource: string): unknown {
  return JSON.parse(answerAdminRequest('GET', `/config_dump?resource=${resource}`, view).body);
}

function listedIn({ cluster: { backend: { store } } }: LivingCluster): GateObjects {
  const list = <Facts>(resource: string, read: (object: unknown) => Facts | undefined): Listed<Facts> => ({
    state: 'listed', served: true, items: store.list(resource).flatMap((object) => read(object) ?? []),
  });
  const hooks = 'webhookconfigurations.admissionregistration.k8s.io';
  return {
    mutatingWebhooks: list(`mutating${hooks}`, readWebhookConfiguration),
    validatingWebhooks: list(`validating${hooks}`, readWebhookConfiguration),
    secrets: list('secrets', readSecret),
    jobs: list('jobs.batch', readJob),
    cronJobs: list('cronjobs.batch', readCronJob),
    autoscalers: NOTHING, disruptionBudgets: NOTHING, istioOperators: NOTHING, gatewayApi: NOTHING, gatewayRoutes: NOTHING, referenceGrants: NOTHING, workloadEntries: NOTHING, workloadGroups: NOTHING,
    memberships: NOTHING, istioGateways: NOTHING, virtualServices: NOTHING,
  };
}
