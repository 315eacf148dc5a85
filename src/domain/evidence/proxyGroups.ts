// The proxies of a cluster, put together by workload and by how they stand: small, however many pods there are.
import { message } from '../../shared/text/message.js';
import type { ProxyFacts, ProxyStanding } from '../gates/gateFacts.js';
import type { MeshConfigFacts, PodFacts } from '../mesh/facts.js';
import { isGatewayRole } from '../mesh/gateways.js';
import { itemsOf } from '../mesh/gateObjects.js';
import type { ClusterContext } from './clusterContext.js';
import { proxyKey } from './gateInputs.js';
import { isProxyless } from './injectionTemplates.js';
import { standingOf } from './standing.js';

/** By namespace and workload. Machines without a pod are among them, as unknown: nobody can ask them. */
export function proxyFacts(context: ClusterContext): readonly ProxyFacts[] {
  const configs = new Map([...context.snapshot.meshConfigs.values()].map((config) => [config.revision, config]));
  return [...groupPods(context, configs), ...machines(context)];
}

function groupPods(context: ClusterContext, configs: ReadonlyMap<string, MeshConfigFacts>): readonly ProxyFacts[] {
  const groups = new Map<string, { readonly facts: ProxyFacts; readonly pods: string[] }>();
  for (const namespace of context.snapshot.namespaces.values()) {
    for (const pod of namespace.pods.values()) {
      const { proxy } = pod;
      if (proxy === undefined) continue;
      const config = configs.get(proxy.revision ?? '');
      const evidence = context.evidence.proxies.get(proxyKey(pod.namespace, pod.name));
      const standing = standingOf(pod, evidence, { now: context.now, freshForMs: context.freshForMs, config });
      if (standing === undefined) continue;
      const workload = workloadOf(pod);
      const role = isGatewayRole(proxy.role) ? 'router' : 'sidecar';
      const key = `${pod.namespace} ${workload} ${role} ${proxy.revision ?? ''} ${standingKey(standing, pod.name)}`;
      const known = groups.get(key);
      if (known !== undefined) {
        known.pods.push(pod.name);
        continue;
      }
      const pods = [pod.name];
      const waived = isWaived(context, pod, workload);
      groups.set(key, { facts: { namespace: pod.namespace, workload, pods, role, revision: proxy.revision, standing, waived }, pods });
    }
  }
  return [...groups.entries()].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, { facts, pods }]) => ({ ...facts, pods: pods.sort() }));
}

/** `Kind/name` of what owns the pod, or the pod itself where nothing does. */
export function workloadOf({ owner, name }: Pick<PodFacts, 'owner' | 'name'>): string {
  return owner === undefined ? `Pod/${name}` : `${owner.kind}/${owner.name}`;
}

function isWaived({ waivers, name }: ClusterContext, pod: PodFacts, workload: string): boolean {
  const subject = `${name}/${pod.namespace}/${workload}`;
  return waivers.covers('proxy', subject) || (isProxyless(pod) && waivers.covers('grpc', subject));
}

/** Reasons name the pod they are of, and thousands of pods may be unknown for one reason. */
function standingKey(standing: ProxyStanding, pod: string): string {
  return standing.kind === 'unknown' ? `unknown ${JSON.stringify(standing.reason).replaceAll(pod, '')}` : JSON.stringify(standing);
}

/** WorkloadEntries and WorkloadGroups: proxies on virtual machines, which no pod stands for. */
function machines({ snapshot, waivers, name }: ClusterContext): readonly ProxyFacts[] {
  const entries = [...itemsOf(snapshot.objects.workloadEntries), ...itemsOf(snapshot.objects.workloadGroups)];
  return entries.map((entry) => ({
    namespace: entry.namespace,
    workload: `${entry.kind}/${entry.name}`,
    pods: [],
    role: 'sidecar',
    revision: undefined,
    standing: { kind: 'unknown', reason: message('reason.machine') },
    waived: waivers.covers('vm', `${name}/${entry.namespace}/${entry.kind}/${entry.name}`),
  }));
}
