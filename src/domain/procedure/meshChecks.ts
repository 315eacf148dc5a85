// The rows that only read the mesh: permissions, revisions, roots, issuers, identities, and the user's own test.
import { message } from '../../shared/text/message.js';
import type { Message } from '../../shared/text/message.js';
import { ISTIO_NAMESPACE, REVISION_LABEL } from '../../shared/istioNames.js';
import type { ClusterRef } from '../cluster.js';
import { clusterName } from '../cluster.js';
import type { ClusterGateFacts, ProxyFacts } from '../gates/gateFacts.js';
import { MESH_CA_ANCHOR } from '../gates/gateFacts.js';
import type { CommandSpec } from '../steps/commandSpec.js';
import { permissionLines } from './permissions.js';
import type { MeshSituation, ProcedureStep, StepDraft, StepVerification } from './procedureStep.js';
import { clusterOf, kubectl } from './situationParts.js';
import { EMPTY_DRAFT, openWhile, READS_ONLY, unknown, unplannable } from './stepDraft.js';
import type { StepOrder } from './stepOrder.js';

export const checkPermissions: ProcedureStep = {
  id: 'check-permissions',
  phases: [0],
  scope: 'cluster',
  guideSection: undefined,
  readsOnly: true,
  title: () => message('procedure.permissions.title'),
  gates: () => [],
  plan: (order, situation) => {
    const cluster = clusterOf(order);
    if (cluster === undefined) return unplannable(message('procedureChecks.wrongTarget'));
    return { ...EMPTY_DRAFT, ...READS_ONLY, action: { kind: 'reviewPermissions' }, equivalent: permissionLines(situation, cluster), guarded: [message('procedure.permissions.guard')] };
  },
};

export const showRevisions: ProcedureStep = {
  id: 'show-revisions',
  phases: [1, 2],
  scope: 'cluster',
  guideSection: 'Migrate workloads to the new control plane',
  readsOnly: true,
  title: () => message('procedure.revisions.title'),
  gates: () => [],
  plan: (order, situation) => {
    const cluster = clusterOf(order);
    if (cluster === undefined) return unplannable(message('procedureChecks.wrongTarget'));
    const words = ['get', 'pod', '-n', ISTIO_NAMESPACE, '-L', REVISION_LABEL];
    return {
      ...EMPTY_DRAFT,
      ...READS_ONLY,
      commands: [kubectl(situation, cluster, ...words)],
      guideForm: { lines: [['kubectl', ...words].join(' ')], reasons: [message('doctor.context')], commands: undefined },
    };
  },
};

/** Where the plan gives no command line the user is asked; either way the answer is kept in the cluster. */
export const testApplication: ProcedureStep = {
  id: 'test-application',
  phases: [1, 2],
  scope: 'namespace',
  guideSection: 'Migrate workloads to the new control plane',
  readsOnly: true,
  title: ({ target }) => message('procedure.test.title', { namespace: target.scope === 'namespace' ? target.namespace : '' }),
  gates: () => [],
  plan: ({ target }, situation) => {
    if (target.scope !== 'namespace') return unplannable(message('procedureChecks.wrongTarget'));
    const command = testCommand(situation, target.cluster, target.namespace);
    return {
      ...EMPTY_DRAFT,
      ...READS_ONLY,
      commands: command === undefined ? [] : [command],
      action: { kind: 'recordTest', namespace: target.namespace, asks: command === undefined },
      changes: [message('procedure.test.change')],
      guarded: [message(command === undefined ? 'procedure.test.asks' : 'procedure.test.runs')],
    };
  },
};

/** The closest of `cluster/namespace`, `namespace` and `*`; it is told which cluster by variables, never by a kubeconfig. */
export function testCommand({ plan }: MeshSituation, cluster: ClusterRef, namespace: string): CommandSpec | undefined {
  const tests = plan?.tests ?? {};
  const argv = tests[`${clusterName(cluster)}/${namespace}`] ?? tests[namespace] ?? tests['*'];
  const [executable, ...words] = argv ?? [];
  if (executable === undefined) return undefined;
  return { argv: [executable, ...words], env: { MESH_CA_CLUSTER: cluster.context, MESH_CA_NAMESPACE: namespace } };
}

export const checkRootCert: ProcedureStep = surveyStep('check-root-cert', [1], 'Migrate workloads to the new control plane', message('procedure.rootCert.title'), (proxies) =>
  proxies.filter(({ standing }) => standing.kind === 'read' && !standing.anchors.includes(MESH_CA_ANCHOR)).map((proxy) => message('procedureChecks.roots.without', { name: proxyName(proxy) })),
);

export const checkWorkloadCert: ProcedureStep = surveyStep('check-workload-cert', [2, 3], undefined, message('procedure.workloadCert.title'), (proxies) =>
  proxies.filter(({ standing }) => standing.kind === 'read' && standing.issuer !== MESH_CA_ANCHOR).map((proxy) => message('procedureChecks.issuer.other', { name: proxyName(proxy) })),
);

function proxyName({ namespace, workload }: ProxyFacts): string {
  return `${namespace}/${workload}`;
}

/** A check over all clusters by the extension's own survey; the same from a terminal is `mesh-ca`. */
function surveyStep(
  id: 'check-root-cert' | 'check-workload-cert',
  phases: ProcedureStep['phases'],
  guideSection: string | undefined,
  title: Message,
  judge: (proxies: readonly ProxyFacts[]) => readonly Message[],
): ProcedureStep {
  return {
    id,
    phases,
    scope: 'mesh',
    guideSection,
    readsOnly: true,
    title: () => title,
    gates: () => [],
    plan: (_order, situation) => ({
      ...EMPTY_DRAFT,
      ...READS_ONLY,
      action: { kind: 'surveyTrust' },
      equivalent: situation.snapshots.map(({ ref }) => ({ argv: ['mesh-ca', id, '--kubeconfig', ref.kubeconfig, '--context', ref.context] })),
      guideForm: id === 'check-root-cert' ? { lines: ['./migrate_ca check-root-cert'], reasons: [message('doctor.migrateCa.cache'), message('doctor.migrateCa.clusters')], commands: undefined } : undefined,
      guarded: [message('procedure.survey.guard')],
      verify: ({ facts }) => judgeSurvey(facts.clusters, judge),
    }),
  };
}

function judgeSurvey(clusters: readonly ClusterGateFacts[], judge: (proxies: readonly ProxyFacts[]) => readonly Message[]): StepVerification {
  const why = [
    ...clusters.flatMap(({ unread }) => unread.map((what) => message('procedureChecks.unread', { what }))),
    ...clusters.flatMap(({ proxies }) => proxies.filter(({ standing, waived }) => standing.kind === 'unknown' && !waived)).map((proxy) => message('procedureChecks.proxyUnknown', { name: proxyName(proxy) })),
  ];
  const open = clusters.flatMap(({ proxies }) => judge(proxies.filter(({ waived }) => !waived)));
  if (open.length > 0) return { kind: 'open', items: open, settles: false };
  if (why.length > 0 || clusters.length === 0) return unknown(...(why.length > 0 ? why : [message('steps.finding.clusterNotFollowed')]));
  const proxies = clusters.reduce((sum, { proxies: own }) => sum + own.length, 0);
  return { kind: 'verified', evidence: [message('procedureChecks.survey.good', { proxies, clusters: clusters.length })] };
}

export const scanIdentity: ProcedureStep = {
  id: 'scan-identity',
  phases: [1, 2],
  scope: 'mesh',
  guideSection: undefined,
  readsOnly: true,
  title: () => message('procedure.identity.title'),
  gates: () => [],
  plan: (_order: StepOrder): StepDraft => ({
    ...EMPTY_DRAFT,
    ...READS_ONLY,
    action: { kind: 'scanIdentity' },
    guarded: [message('procedure.identity.guard')],
    verify: ({ facts }) => {
      const unscanned = facts.clusters.filter(({ openIdentityFindings }) => openIdentityFindings === undefined);
      if (unscanned.length > 0) return unknown(...unscanned.map(({ ref }) => message('procedureChecks.identity.unscanned', { cluster: clusterName(ref) })));
      const open = facts.clusters.filter(({ openIdentityFindings }) => (openIdentityFindings ?? 0) > 0);
      const items = open.map(({ ref, openIdentityFindings }) => message('procedureChecks.identity.open', { cluster: clusterName(ref), count: openIdentityFindings ?? 0 }));
      return openWhile(items, false, [message('procedureChecks.identity.none')]);
    },
  }),
};
