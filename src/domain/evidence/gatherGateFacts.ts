// Gathers everything that gates judge from what was read of the clusters. Pure: equal inputs give equal facts.
import { message } from '../../shared/text/message.js';
import { DEFAULT_REVISION, ISTIO_NAMESPACE, PLUGGED_IN_CA_SECRET, REVISION_LABEL, SELF_SIGNED_CA_SECRET } from '../../shared/istioNames.js';
import type { ClusterRef } from '../cluster.js';
import { clusterKey, clusterName } from '../cluster.js';
import type { AnchorId, BaselineFacts, ClusterGateFacts, GateFacts, ProbeFacts } from '../gates/gateFacts.js';
import { caSecretFacts } from './caSecretFacts.js';
import type { ClusterContext } from './clusterContext.js';
import { clusterContext } from './clusterContext.js';
import { controlPlaneFacts, controlPlaneIdentity } from './controlPlaneFacts.js';
import { creatableFacts } from './creatable.js';
import { fleetFacts } from './fleetFacts.js';
import type { GateInputs, SurveyClasses } from './gateInputs.js';
import { gatewayServiceFacts } from './gatewayServiceFacts.js';
import { clustersNotInPlan, plannedAndNotRead } from './membership.js';
import { oldRoots } from './oldRoots.js';
import { proxyFacts } from './proxyGroups.js';
import { renamedPair } from './records/baselineRecord.js';
import { revisionReferences } from './references.js';
import { findService, readyEndpoints } from './serviceEndpoints.js';
import { unreadOf } from './unread.js';
import { waiversAt } from './waivers.js';
import { webhookFacts } from './webhookFacts.js';

/** The mesh at one moment as gates see it; whatever is not known is in it as unknown. */
export function gatherGateFacts(inputs: GateInputs): GateFacts {
  const { snapshots, plan } = inputs;
  const contexts = snapshots.map((snapshot) => clusterContext(snapshot, inputs));
  const absent = plannedAndNotRead(snapshots, plan).map(nothingKnown);
  const waivers = waiversAt(plan, inputs.now);
  const strangers = clustersNotInPlan(snapshots, plan, waivers);
  const baseline = baselineOf(contexts);
  const isOldRoot = oldRoots({ facts: { baseline, clusters: [] }, evidence: inputs.evidence });
  return {
    clusters: [...contexts.map((context) => clusterFacts(context, isOldRoot)), ...absent],
    baseline,
    clustersNotInPlan: strangers,
    fleet: fleetFacts(contexts, plan, waivers, inputs.now, strangers),
    settled: isSettled(inputs.surveys, inputs.changedAt),
    meshCaDomain: plan === undefined ? undefined : `${plan.fleetProject}.svc.id.goog`,
    revision1: plan?.revision1,
    revision2: plan?.revision2,
  };
}

/** Two surveys, each begun after the last change, met the same classes. What came and went in between does not matter. */
export function isSettled(surveys: readonly SurveyClasses[], changedAt: number | undefined): boolean {
  const since = surveys.filter(({ startedAt }) => changedAt === undefined || startedAt > changedAt).slice(-2);
  const [one, other] = since;
  if (one === undefined || other === undefined) return false;
  return one.classes.size === other.classes.size && [...one.classes].every((key) => other.classes.has(key));
}

function clusterFacts(context: ClusterContext, isOldRoot: (anchor: AnchorId) => boolean): ClusterGateFacts {
  const { snapshot } = context;
  const proxies = proxyFacts(context);
  const controlPlanes = controlPlaneFacts(snapshot, proxies);
  return {
    cluster: context.cluster,
    ref: snapshot.ref,
    unread: unreadOf(context),
    controlPlanes,
    proxies,
    creatable: creatableFacts(context),
    webhooks: webhookFacts(context),
    references: revisionReferences(context),
    gatewayServices: gatewayServiceFacts(snapshot),
    caSecrets: caSecretFacts(context, { controlPlanes, proxies }, isOldRoot),
    probes: probes(context),
    openIdentityFindings: openFindings(context),
    istiodService: istiodService(context),
  };
}

/** A cluster of the plan that is not looked at: known to exist, and nothing else. */
function nothingKnown(ref: ClusterRef): ClusterGateFacts {
  const none = { controlPlanes: [], proxies: [], creatable: [], webhooks: [], references: [], gatewayServices: [], probes: [] };
  const caSecrets = ([PLUGGED_IN_CA_SECRET, SELF_SIGNED_CA_SECRET] as const).map((name) => ({ name, present: 'unknown', backedUp: false }) as const);
  return { cluster: clusterKey(ref), ref, unread: [message('reason.clusterNotRead')], ...none, caSecrets, openIdentityFindings: undefined, istiodService: undefined };
}

/** Evidence of an istiod that is no longer this one proves nothing about the one that is there. */
function probes({ snapshot, records }: ClusterContext): readonly ProbeFacts[] {
  return records.probes
    .filter(({ revision, controlPlane }) => controlPlaneIdentity(snapshot, revision) === controlPlane)
    .map(({ revision, passed, issuer, anchors, domain, controlPlane }) => ({ revision, passed, issuer, anchors, domain, controlPlane }));
}

function openFindings({ evidence, waivers, name }: ClusterContext): number | undefined {
  if (evidence.identity?.ok !== true) return undefined;
  const open = evidence.identity.value.filter(
    (finding) => finding.verdict !== 'holds' && !waivers.covers(`identity:${finding.id}`, `${name}/${finding.namespace}/${finding.kind}/${finding.name}`),
  );
  return open.length;
}

function istiodService({ snapshot }: ClusterContext): string | undefined {
  const service = findService(snapshot, ISTIO_NAMESPACE, 'istiod');
  const endpoints = service === undefined ? undefined : readyEndpoints(snapshot, service);
  const revisions = new Set((endpoints ?? []).map(({ labels }) => labels[REVISION_LABEL] ?? DEFAULT_REVISION));
  const [only] = revisions;
  return revisions.size === 1 ? only : undefined;
}

/** Every cluster keeps the whole baseline; should they differ, what could talk anywhere must keep talking. */
function baselineOf(contexts: readonly ClusterContext[]): BaselineFacts | undefined {
  const recorded = contexts.map(({ records }) => records.baseline).filter((baseline) => baseline !== undefined);
  if (recorded.length === 0) return undefined;
  const keys = new Map(contexts.map(({ name, cluster }) => [name, cluster]));
  // A record from when a name was no other cluster's does not say which of them it is of: then every pair counts as one that could talk.
  const shared = new Set(contexts.filter(({ name, cluster }) => name === cluster).map(({ snapshot: { ref } }) => clusterName(ref)));
  const isOfShared = (pair: string): boolean => renamedPair(pair, (name) => (shared.has(name) ? undefined : name)) === undefined;
  if (shared.size > 0 && recorded.some((baseline) => baseline.pairs.some(isOfShared))) return undefined;
  // A cluster that is not looked at keeps its name: nothing that is looked at has it.
  const pairs = recorded.flatMap((baseline) => baseline.pairs.map((pair) => renamedPair(pair, (name) => keys.get(name) ?? name)));
  return { pairs: new Set(pairs.filter((pair) => pair !== undefined)) };
}
