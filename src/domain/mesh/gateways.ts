// The gateways of a cluster, found by what they are (a proxy of type `router`), never by name or namespace.
import { INJECTION_TEMPLATES_ANNOTATION } from '../../shared/istioNames.js';
import type { PodFacts, ProxyRole, WorkloadFacts } from './facts.js';
import { serviceSelects } from './podSelection.js';
import type { ClusterSnapshot, NamespaceSnapshot } from './snapshot.js';
import type { WorkloadView } from './workloadView.js';
import { workloadViews } from './workloadView.js';

export interface GatewayService {
  readonly name: string;
  /** Ready endpoints that are this workload's pods, and of all that the Service selects. */
  readonly own: number;
  readonly all: number;
}

export interface GatewayView {
  readonly namespace: string;
  readonly workload: WorkloadView;
  /** Services that lead to it, by name. */
  readonly services: readonly GatewayService[];
}

const gatewaysByNamespace = new WeakMap<NamespaceSnapshot, readonly GatewayView[]>();

/** By namespace and name. */
export function gateways(snapshot: ClusterSnapshot): readonly GatewayView[] {
  return [...snapshot.namespaces.keys()].sort().flatMap((name) => {
    const namespace = snapshot.namespaces.get(name);
    return namespace === undefined ? [] : gatewaysOf(namespace);
  });
}

/** Whether a proxy stands for itself, with no application beside it: a gateway's, or a waypoint. */
export function isGatewayRole(role: ProxyRole): boolean {
  return role === 'router' || role === 'waypoint';
}

/** Whether the workload is a gateway: its pods say so, or, where it has none, its template. */
export function isGateway({ pods, facts }: WorkloadView): boolean {
  if (pods.some(({ proxy }) => proxy?.role === 'router')) return true;
  return pods.length === 0 && facts !== undefined && isRouterTemplate(facts);
}

/** Whether pods of the template will be gateways: it asks for the injection template of gateways. */
export function isRouterTemplate({ templateAnnotations }: Pick<WorkloadFacts, 'templateAnnotations'>): boolean {
  return templateAnnotations[INJECTION_TEMPLATES_ANNOTATION] === 'gateway';
}

function gatewaysOf(namespace: NamespaceSnapshot): readonly GatewayView[] {
  const remembered = gatewaysByNamespace.get(namespace);
  if (remembered !== undefined) return remembered;
  const views = workloadViews(namespace)
    .filter(isGateway)
    .map((workload) => ({ namespace: namespace.name, workload, services: servicesOf(namespace, workload) }));
  gatewaysByNamespace.set(namespace, views);
  return views;
}

function servicesOf(namespace: NamespaceSnapshot, { pods }: WorkloadView): readonly GatewayService[] {
  const ready = [...namespace.pods.values()].filter((pod) => pod.ready && !pod.terminating);
  const own = new Set(pods.map(({ name }) => name));
  return [...namespace.services.values()].sort((one, other) => (one.name < other.name ? -1 : 1)).flatMap(({ name, selector }) => {
    const selects = ({ labels }: PodFacts): boolean => serviceSelects(selector, labels);
    if (!pods.some(selects)) return [];
    const endpoints = ready.filter(selects);
    return [{ name, own: endpoints.filter((pod) => own.has(pod.name)).length, all: endpoints.length }];
  });
}
