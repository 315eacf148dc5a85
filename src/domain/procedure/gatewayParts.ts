// What the rows on gateways share: the Deployment meant, who else serves its Services, and which revision a label leads to.
import { REVISION_LABEL } from '../../shared/istioNames.js';
import type { Message } from '../../shared/text/message.js';
import { message } from '../../shared/text/message.js';
import type { ClusterRef } from '../cluster.js';
import type { Labels, WorkloadFacts } from '../mesh/facts.js';
import { itemsOf } from '../mesh/gateObjects.js';
import { matchesSelector, serviceSelects } from '../mesh/podSelection.js';
import type { ClusterSnapshot, NamespaceSnapshot } from '../mesh/snapshot.js';
import type { CommandSpec } from '../steps/commandSpec.js';
import { injectingRevision } from '../steps/namespaceInjector.js';
import type { MeshSituation, StepVerification } from './procedureStep.js';
import { kubectl, snapshotOf } from './situationParts.js';
import { openWhile, unknown } from './stepDraft.js';
import type { StepOrder } from './stepOrder.js';

/** Label by which a Gateway API controller marks what it makes of a Gateway (Kubernetes Gateway API, GEP-1762). */
const GATEWAY_NAME_LABEL = 'gateway.networking.k8s.io/gateway-name';

/** A gateway as an order names it, with everything read of it. */
export interface OrderedGateway {
  readonly cluster: ClusterRef;
  readonly snapshot: ClusterSnapshot;
  readonly namespace: NamespaceSnapshot;
  readonly name: string;
  readonly facts: WorkloadFacts;
  /** Of the Gateway that a controller makes this Deployment of; undefined for one that stands for itself. */
  readonly gatewayApi: string | undefined;
  /** Labels of the pods of a gateway that is put back before anything happens to this one. */
  readonly returning?: Labels;
}

/** Undefined when the order is for something else, or there is no such Deployment. */
export function orderedGateway({ target }: StepOrder, situation: MeshSituation): OrderedGateway | undefined {
  if (target.scope !== 'gateway') return undefined;
  const snapshot = snapshotOf(situation, target.cluster);
  const namespace = snapshot?.namespaces.get(target.namespace);
  const facts = namespace?.workloads.get(`Deployment/${target.name}`) ?? deploymentOfGateway(namespace, target.name);
  if (snapshot === undefined || namespace === undefined || facts === undefined) return undefined;
  const gatewayApi = facts.labels[GATEWAY_NAME_LABEL] ?? facts.templateLabels[GATEWAY_NAME_LABEL];
  return { cluster: target.cluster, snapshot, namespace, name: facts.name, facts, gatewayApi };
}

function deploymentOfGateway(namespace: NamespaceSnapshot | undefined, gateway: string): WorkloadFacts | undefined {
  return [...(namespace?.workloads.values() ?? [])].find(({ kind, labels }) => kind === 'Deployment' && labels[GATEWAY_NAME_LABEL] === gateway);
}

/** Services that lead to pods with these labels, by name. */
export function servicesLeadingTo(namespace: NamespaceSnapshot, labels: Labels): readonly string[] {
  return [...namespace.services.values()].filter(({ selector }) => serviceSelects(selector, labels)).map(({ name }) => name).sort();
}

/** Of the Services that lead to this gateway, those that would be left without a ready endpoint if it went. */
export function servicesLeftAlone({ namespace, facts, returning }: OrderedGateway): readonly string[] {
  const others = [...namespace.pods.values()].filter(({ ready, terminating, owner }) => ready && !terminating && !(owner?.kind === 'Deployment' && owner.name === facts.name));
  return servicesLeadingTo(namespace, facts.templateLabels).filter((name) => {
    const selector = namespace.services.get(name)?.selector ?? {};
    return !others.some(({ labels }) => serviceSelects(selector, labels)) && !(returning !== undefined && serviceSelects(selector, returning));
  });
}

/** The gateway's autoscalers, and the budgets that are for its pods and for no others. */
export function gatewayScaling({ snapshot, namespace, facts, returning }: OrderedGateway): { readonly autoscalers: readonly string[]; readonly budgets: readonly string[]; readonly sharedBudgets: readonly string[] } {
  const { autoscalers, disruptionBudgets } = snapshot.objects;
  const own = itemsOf(autoscalers).filter((one) => one.namespace === namespace.name && one.target.kind === 'Deployment' && one.target.name === facts.name);
  const budgets = itemsOf(disruptionBudgets).filter((one) => one.namespace === namespace.name && matchesSelector(facts.templateLabels, one.selector));
  const others = [...namespace.workloads.values()].flatMap(({ name, templateLabels }) => (name === facts.name ? [] : [templateLabels]));
  const isShared = (selector: (typeof budgets)[number]['selector']): boolean => [...others, ...(returning === undefined ? [] : [returning])].some((labels) => matchesSelector(labels, selector));
  return {
    autoscalers: own.map(({ name }) => name).sort(),
    budgets: budgets.filter(({ selector }) => !isShared(selector)).map(({ name }) => name).sort(),
    sharedBudgets: budgets.filter(({ selector }) => isShared(selector)).map(({ name }) => name).sort(),
  };
}

/** Why pods with this revision label would not be injected by it here, or undefined: a label of the namespace wins over the pod's. */
export function labelProblem({ snapshot, namespace, facts }: OrderedGateway, revision: string): Message | undefined {
  const labels = { ...facts.templateLabels, 'sidecar.istio.io/inject': 'true', [REVISION_LABEL]: revision };
  const place = { name: namespace.name, labels: namespace.facts?.labels ?? {} };
  const injector = injectingRevision(snapshot, place, { labels, hostNetwork: false });
  if (injector === revision) return undefined;
  return message('procedureChecks.gateway.labelLoses', { namespace: namespace.name, revision, injector: injector ?? message('steps.injector.none') });
}

/** One patch that sets the revision on the Deployment and on its pods, so that neither is ever without the other. */
export function labelBoth(situation: MeshSituation, { cluster, namespace, name }: OrderedGateway, revision: string): CommandSpec {
  const labels = { [REVISION_LABEL]: revision };
  const patch = { metadata: { labels }, spec: { template: { metadata: { labels } } } };
  return kubectl(situation, cluster, 'patch', 'deployment', name, '-n', namespace.name, '--type=merge', '-p', JSON.stringify(patch));
}

export function rolloutStatus(situation: MeshSituation, cluster: ClusterRef, namespace: string, name: string): CommandSpec {
  const timeout = `--timeout=${situation.tools.rolloutTimeoutMinutes}m`;
  return kubectl(situation, cluster, 'rollout', 'status', `deployment/${name}`, '-n', namespace, timeout);
}

/** Pods of the Deployment that are Ready and were injected by the revision. */
export function readyPodsOf(snapshot: ClusterSnapshot, namespace: string, name: string, revision: string): number {
  const pods = [...(snapshot.namespaces.get(namespace)?.pods.values() ?? [])];
  return pods.filter((pod) => pod.owner?.name === name && pod.ready && !pod.terminating && pod.proxy?.revision === revision).length;
}

/** Ready pods of the Deployment have a proxy of the revision. */
export function injectedBy({ cluster, namespace }: OrderedGateway, name: string, revision: string): (situation: MeshSituation) => StepVerification {
  return (situation) => {
    const snapshot = snapshotOf(situation, cluster);
    if (snapshot === undefined) return unknown(message('steps.finding.clusterNotFollowed'));
    const ready = readyPodsOf(snapshot, namespace.name, name, revision);
    const items = ready > 0 ? [] : [message('procedureChecks.gateway.noPods', { name, revision })];
    return openWhile(items, true, [message('procedureChecks.gateway.pods', { name, revision, ready })]);
  };
}
