// `probe-revision-1` and `probe-revision-2`: one throw-away pod injected by the revision, in a namespace made for it, so that what
// a control plane really hands out is known before the first namespace is moved.
import { message } from '../../shared/text/message.js';
import { POD_INJECT_LABEL, REVISION_LABEL } from '../../shared/istioNames.js';
import type { ClusterRef } from '../cluster.js';
import { controlPlane } from '../mesh/controlPlanes.js';
import type { CommandSpec } from '../steps/commandSpec.js';
import { injectingRevision } from '../steps/namespaceInjector.js';
import type { GateQuestion, MeshSituation, ProcedureStep, StepDraft, StepFinding, StepVerification } from './procedureStep.js';
import { clusterOf, factsOf, kubectl, newRevision, snapshotOf } from './situationParts.js';
import { blocks, EMPTY_DRAFT, findingsWhere, openWhile, unknown, unplannable } from './stepDraft.js';
import type { StepId, StepOrder } from './stepOrder.js';

/** Made for the probe and deleted with it; neither injection label, so that the pod's own decides. */
export const PROBE_NAMESPACE = 'mesh-ca-migration-probe';
const POD = 'probe';
/** Does nothing, and nearly every node holds it already. */
const DEFAULT_IMAGE = 'registry.k8s.io/pause:3.9';

export const probeRevision1: ProcedureStep = probeStep('probe-revision-1', 1, () => []);
export const probeRevision2: ProcedureStep = probeStep('probe-revision-2', 2, () => [{ gate: 'phase-2', about: {} }]);

function probeStep(id: Extract<StepId, 'probe-revision-1' | 'probe-revision-2'>, phase: 1 | 2, gates: () => readonly GateQuestion[]): ProcedureStep {
  return {
    id,
    phases: [phase],
    scope: 'cluster',
    guideSection: undefined,
    readsOnly: false,
    title: () => message(phase === 1 ? 'procedure.probe.title1' : 'procedure.probe.title2'),
    gates,
    plan: (order, situation) => {
      const cluster = clusterOf(order);
      const revision = order.parameters.revision ?? newRevision({ ...order, phase }, situation);
      if (cluster === undefined) return unplannable(message('procedureChecks.wrongTarget'));
      if (revision === undefined) return unplannable(message('procedureChecks.noPlan'));
      return order.parameters.pod === undefined ? planProbe(order, situation, cluster, revision) : planNamedPod(order.parameters.pod, cluster, revision);
    },
  };
}

function planProbe({ parameters }: StepOrder, situation: MeshSituation, cluster: ClusterRef, revision: string): StepDraft {
  const apply = (manifest: object, ...words: readonly string[]): CommandSpec => ({ ...kubectl(situation, cluster, 'apply', ...words, '-f', '-'), stdin: JSON.stringify(manifest) });
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: PROBE_NAMESPACE } };
  const pod = podManifest(revision, parameters.image ?? DEFAULT_IMAGE);
  const timeout = `--timeout=${situation.tools.rolloutTimeoutMinutes}m`;
  return {
    ...EMPTY_DRAFT,
    commands: [
      apply(namespace),
      // The injection webhook has no side effects, so the server shows first what it would make of the pod.
      apply(pod, '--dry-run=server'),
      apply(pod),
      kubectl(situation, cluster, 'wait', '--for=condition=Ready', `pod/${POD}`, '-n', PROBE_NAMESPACE, timeout),
    ],
    action: { kind: 'recordProbe', revision, namespace: PROBE_NAMESPACE, pod: POD },
    cleanup: [kubectl(situation, cluster, 'delete', 'namespace', PROBE_NAMESPACE, '--ignore-not-found=true')],
    dryRun: [kubectl(situation, cluster, 'auth', 'can-i', 'create', 'pods', '-n', PROBE_NAMESPACE)],
    changes: [message('procedure.probe.change.pod', { namespace: PROBE_NAMESPACE, revision }), message('procedure.probe.change.removed')],
    guarded: [message('procedure.probe.guard')],
    findings: probeFindings(situation, cluster, revision),
    checks: [message('procedure.probe.check.roots'), message('procedure.probe.check.record')],
    undo: { explanation: message('procedure.probe.undo'), commands: [kubectl(situation, cluster, 'delete', 'namespace', PROBE_NAMESPACE, '--ignore-not-found=true')] },
    verify: probePassed(cluster, revision),
  };
}

function podManifest(revision: string, image: string): object {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: POD, namespace: PROBE_NAMESPACE, labels: { app: 'mesh-ca-migration-probe', [REVISION_LABEL]: revision, [POD_INJECT_LABEL]: 'true' } },
    spec: { terminationGracePeriodSeconds: 0, containers: [{ name: 'pause', image, resources: { requests: { cpu: '10m', memory: '16Mi' } } }] },
  };
}

/** A pod of the user's (`namespace/name`), where policy forbids pods of ours. */
function planNamedPod(pod: string, cluster: ClusterRef, revision: string): StepDraft {
  const [namespace, name] = pod.split('/');
  if (namespace === undefined || name === undefined || name === '') return unplannable(message('procedureChecks.probe.podName', { pod }));
  return {
    ...EMPTY_DRAFT,
    action: { kind: 'recordProbe', revision, namespace, pod: name },
    changes: [message('procedure.probe.change.named', { pod })],
    findings: [],
    checks: [message('procedure.probe.check.roots'), message('procedure.probe.check.record')],
    undo: { explanation: message('steps.undo.nothing'), commands: [] },
    verify: probePassed(cluster, revision),
  };
}

function probeFindings(situation: MeshSituation, cluster: ClusterRef, revision: string): readonly StepFinding[] {
  const snapshot = snapshotOf(situation, cluster);
  if (snapshot === undefined) return [];
  const labels = { [REVISION_LABEL]: revision, [POD_INJECT_LABEL]: 'true' };
  const injector = injectingRevision(snapshot, { name: PROBE_NAMESPACE, labels: {} }, { labels, hostNetwork: false });
  const found = controlPlane(snapshot, revision);
  return findingsWhere(
    [found === undefined || found.istiods.length === 0, blocks(message('steps.finding.revisionMissing', { revision }))],
    [found !== undefined && found.istiods.length > 0 && found.ready === 0, blocks(message('steps.finding.revisionNotReady', { revision }))],
    [injector !== revision, blocks(message('steps.finding.revisionNotInjecting', { revision, injector: injector ?? message('steps.injector.none') }))],
  );
}

function probePassed(cluster: ClusterRef, revision: string): (situation: MeshSituation) => StepVerification {
  return (situation) => {
    const facts = factsOf(situation, cluster);
    if (facts === undefined) return unknown(message('steps.finding.clusterNotFollowed'));
    const found = facts.probes.find((probe) => probe.revision === revision);
    if (found === undefined) return { kind: 'open', items: [message('procedureChecks.probe.noRecord', { revision })], settles: true };
    const items = found.passed ? [] : [message('procedureChecks.probe.failed', { revision, roots: found.anchors.join(', ') })];
    return openWhile(items, false, [message('procedureChecks.probe.passed', { revision, roots: found.anchors.length })]);
  };
}
