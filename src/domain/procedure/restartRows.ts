// `restart-control-plane` and `restart-gateways` of phase 3: istiod of REVISION_2 first, gateways when it has proven good.
import type { Message } from '../../shared/text/message.js';
import { message } from '../../shared/text/message.js';
import { ISTIO_NAMESPACE } from '../../shared/istioNames.js';
import type { ClusterRef } from '../cluster.js';
import { oldRoots as oldRootsOfMesh } from '../evidence/oldRoots.js';
import { laggingRoots, staleBundles } from '../evidence/publishedTrust.js';
import { MESH_CA_ANCHOR } from '../gates/gateFacts.js';
import { controlPlane } from '../mesh/controlPlanes.js';
import { gateways } from '../mesh/gateways.js';
import { findingMessage } from '../steps/finding.js';
import { istiodsReplaced, proxiesConnected } from './istiodConnections.js';
import type { MeshSituation, ProcedureStep, StepDraft, StepVerification } from './procedureStep.js';
import { rolloutStatus } from './gatewayParts.js';
import { clusterOf, factsOf, kubectl, newRevision, revisionSuffix, snapshotOf } from './situationParts.js';
import { allOf, blocks, EMPTY_DRAFT, openWhile, unknown, unplannable } from './stepDraft.js';
import { rolledOut } from './verifyRollout.js';

const GUIDE = 'Delete the CA secrets and restart the new control plane';

export const restartControlPlane: ProcedureStep = {
  id: 'restart-control-plane',
  phases: [3],
  scope: 'cluster',
  guideSection: GUIDE,
  readsOnly: false,
  title: () => message('procedure.restartIstiod.title'),
  gates: () => [{ gate: 'phase-3', about: {} }],
  plan: (order, situation) => {
    const cluster = clusterOf(order);
    const revision = newRevision(order, situation);
    if (cluster === undefined) return unplannable(message('procedureChecks.wrongTarget'));
    return revision === undefined ? unplannable(message('procedureChecks.noPlan')) : planIstiodRestart(situation, cluster, revision);
  },
};

/** Also what ends `restore-secrets`: an istiod reads its CA when it starts. */
export function planIstiodRestart(situation: MeshSituation, cluster: ClusterRef, revision: string): StepDraft {
  const snapshot = snapshotOf(situation, cluster);
  const found = snapshot === undefined ? undefined : controlPlane(snapshot, revision);
  const names = found?.istiods.map(({ name }) => name) ?? [];
  const restarted = names.length > 0 ? names : [`istiod${revisionSuffix(revision)}`];
  const commands = restarted.flatMap((name) => [
    kubectl(situation, cluster, 'rollout', 'restart', `deployment/${name}`, '-n', ISTIO_NAMESPACE),
    rolloutStatus(situation, cluster, ISTIO_NAMESPACE, name),
  ]);
  return {
    ...EMPTY_DRAFT,
    commands,
    guideForm: {
      lines: [`kubectl rollout restart deployment -n ${ISTIO_NAMESPACE}`],
      reasons: [message('doctor.context'), message('doctor.restartIstiod.everything'), message('doctor.restartIstiod.herd')],
      // Safe, only rougher: everything in the namespace goes at once.
      commands: [kubectl(situation, cluster, 'rollout', 'restart', 'deployment', '-n', ISTIO_NAMESPACE)],
    },
    changes: [message('procedure.restartIstiod.change.istiod', { names: restarted.join(', ') }), message('procedure.restartIstiod.change.bundle')],
    guarded: [message('procedure.restartIstiod.guard')],
    findings: names.length === 0 ? [blocks(message('steps.finding.revisionMissing', { revision }))] : [],
    checks: [message('procedure.restartIstiod.check.ready'), message('procedure.restartIstiod.check.oldRoot'), message('procedure.restartIstiod.check.caBundle'), message('procedure.restartIstiod.check.connected')],
    undo: { explanation: message('procedure.deleteSecrets.undo'), commands: [] },
    verify: allOf(
      ...(found?.istiods ?? []).map(({ name, generation }) => rolledOut({ cluster, namespace: ISTIO_NAMESPACE, kind: 'Deployment', name }, generation)),
      istiodsReplaced(situation, cluster, revision),
      oldRootsGone(oldRoots(situation, cluster), cluster),
      servedRootPublished(cluster),
    ),
    verifyLast: proxiesConnected(cluster),
  };
}

/** What proxies of this cluster trust now and is old: by fingerprint, so that a root made anew is not mistaken for one, however often this runs. */
function oldRoots(situation: MeshSituation, cluster: ClusterRef): ReadonlySet<string> {
  const anchors = factsOf(situation, cluster)?.proxies.flatMap(({ standing }) => (standing.kind === 'read' ? standing.anchors : [])) ?? [];
  return new Set(anchors.filter(oldRootsOfMesh(situation)));
}

function oldRootsGone(old: ReadonlySet<string>, cluster: ClusterRef): (situation: MeshSituation) => StepVerification {
  return (situation) => {
    const facts = factsOf(situation, cluster);
    if (facts === undefined || facts.unread.length > 0) return unknown(...(facts?.unread ?? ['']).map((what) => message('procedureChecks.unread', { what })));
    const unread = facts.proxies.filter(({ standing, waived }) => standing.kind === 'unknown' && !waived);
    if (unread.length > 0) return unknown(...unread.map(({ namespace, workload }) => message('procedureChecks.proxyUnknown', { name: `${namespace}/${workload}` })));
    const holding = facts.proxies.filter(({ standing }) => standing.kind === 'read' && standing.anchors.some((anchor) => old.has(anchor)));
    const fresh = new Set(facts.proxies.flatMap(({ standing }) => (standing.kind === 'read' ? standing.anchors : [])).filter((anchor) => anchor !== MESH_CA_ANCHOR && !old.has(anchor)));
    const evidence = [message('procedureChecks.oldRoot.gone'), ...[...fresh].map((root) => message('procedureChecks.oldRoot.madeAnew', { root }))];
    return openWhile(holding.map(({ namespace, workload }) => message('procedureChecks.oldRoot.held', { name: `${namespace}/${workload}` })), true, evidence);
  };
}

/** Proxies and the API server verify istiod by what it publishes; one that lags can neither connect nor call its webhook. */
function servedRootPublished(cluster: ClusterRef): (situation: MeshSituation) => StepVerification {
  return (situation) => {
    const snapshot = snapshotOf(situation, cluster);
    if (snapshot === undefined) return unknown(message('steps.finding.clusterNotFollowed'));
    const { caRoots } = snapshot.kinds;
    if (caRoots.state !== 'live') return unknown(findingMessage({ kind: 'notLive', resource: 'caRoots', failure: caRoots.state === 'loading' ? undefined : caRoots.failure }));
    const { mutatingWebhooks, validatingWebhooks } = snapshot.objects;
    if (mutatingWebhooks.state === 'unread' || validatingWebhooks.state === 'unread') return unknown(message('procedureChecks.published.unread'));
    return openWhile([...laggingRoots(snapshot), ...staleBundles(snapshot)], true, [message('procedureChecks.published.agree')]);
  };
}

/** A gateway that starts has to reach istiod and verify it by what its namespace publishes; until it can, its rollout stands still. */
function istiodNotProven(situation: MeshSituation, cluster: ClusterRef, revision: string | undefined): readonly Message[] {
  const snapshot = snapshotOf(situation, cluster);
  const istiod = snapshot === undefined || revision === undefined ? undefined : controlPlane(snapshot, revision);
  const published = servedRootPublished(cluster)(situation);
  return [
    ...(istiod?.ready === 0 ? [message('steps.finding.revisionNotReady', { revision: istiod.revision })] : []),
    ...(published.kind === 'open' ? published.items : published.kind === 'unknown' ? published.why : []),
  ];
}

export const restartGateways: ProcedureStep = {
  id: 'restart-gateways',
  phases: [3],
  scope: 'cluster',
  guideSection: GUIDE,
  readsOnly: false,
  title: () => message('procedure.restartGateways.title'),
  gates: () => [],
  plan: (order, situation) => {
    const cluster = clusterOf(order);
    const snapshot = snapshotOf(situation, cluster);
    if (cluster === undefined || snapshot === undefined) return unplannable(message('steps.finding.clusterNotFollowed'));
    const revision = newRevision(order, situation);
    const found = gateways(snapshot).flatMap(({ namespace, workload }) => (workload.kind === 'Deployment' && workload.facts !== undefined ? [{ namespace, facts: workload.facts }] : []));
    return {
      ...EMPTY_DRAFT,
      commands: found.flatMap(({ namespace, facts }) => [
        kubectl(situation, cluster, 'rollout', 'restart', `deployment/${facts.name}`, '-n', namespace),
        rolloutStatus(situation, cluster, namespace, facts.name),
      ]),
      changes: [message('procedure.restartGateways.change', { names: found.map(({ namespace, facts }) => `${namespace}/${facts.name}`).join(', ') })],
      guarded: [message('procedure.restartGateways.guard')],
      checks: [message('steps.check.rollout')],
      undo: { explanation: message('steps.undo.restart'), commands: [] },
      findings: [
        ...found.filter(({ facts }) => facts.paused).map(({ facts }) => blocks(message('procedureChecks.gateway.paused', { name: facts.name }))),
        ...istiodNotProven(situation, cluster, revision).map(blocks),
      ],
      verify: allOf(...found.map(({ namespace, facts }) => rolledOut({ cluster, namespace, kind: 'Deployment', name: facts.name }, facts.generation))),
    };
  },
};
