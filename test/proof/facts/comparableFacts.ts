// Gate facts in a form in which the model's and a scan's can be compared: without names that only one of them has.
import type { ClusterGateFacts, GateFacts, ProxyStanding } from '../../../src/domain/gates/gateFacts.js';

/** What to call a root that one of them names otherwise. */
type RootNames = (anchor: string) => string;

function sorted<T>(list: readonly T[] | string): readonly T[] | string {
  return typeof list === 'string' ? list : [...list].sort();
}

function standing(found: ProxyStanding, name: RootNames): unknown {
  if (found.kind === 'unknown') return { kind: found.kind };
  if (found.kind !== 'read') return found;
  return { ...found, anchors: found.anchors.map(name).sort(), issuer: name(found.issuer), inbound: sorted(found.inbound), outbound: sorted(found.outbound) };
}

/** With fields in order of their names. */
function text(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => {
    if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).sort(([one], [other]) => (one < other ? -1 : 1)));
  });
}

/** Each line once and in order: as many pods of a class as there are are one, and lists are sets to a gate. */
function lines(values: readonly unknown[]): readonly string[] {
  return [...new Set(values.map(text))].sort();
}

/** By part, so that a difference says what it is in. */
function comparable(cluster: ClusterGateFacts, name: RootNames): Readonly<Record<string, readonly string[]>> {
  const { controlPlanes, proxies, creatable, webhooks, references, gatewayServices, caSecrets, probes, openIdentityFindings, istiodService, unread } = cluster;
  // A pod without labels of its own, where a workload of the namespace stands for it.
  const outcomes = creatable.map(({ outcome, ...rest }) => ({ ...rest, outcome: outcome.kind === 'refused' ? { kind: 'refused' } : outcome }));
  const isCovered = ({ namespace, workload, outcome }: (typeof outcomes)[number]): boolean =>
    workload.startsWith('Namespace/') && outcomes.some((other) => other.namespace === namespace && other.workload !== workload && JSON.stringify(other.outcome) === JSON.stringify(outcome));
  return {
    unread: lines(unread),
    controlPlanes: lines(
      controlPlanes
        .filter(({ installed }) => installed)
        // Under which root one will sign that has not come up yet is no more than a guess, and gates ask of ready ones alone.
        .map(({ accepts, issuer, ready, revision, signer, handsOutMeshCa, trustDomain, loadedPresentCa }) => ({
          revision, ready, signer, handsOutMeshCa, trustDomain, loadedPresentCa, accepts: sorted(accepts), issuer: issuer === undefined || !ready ? undefined : name(issuer),
        })),
    ),
    proxies: lines(proxies.map(({ pods: _, standing: found, ...rest }) => ({ ...rest, standing: standing(found, name) }))),
    creatable: lines(outcomes.filter((one) => one.meshed && !isCovered(one))),
    webhooks: lines(webhooks.map(({ kind, revision, tag, service, canMatch, endpointReady }) => ({ kind, revision, tag, service, canMatch, endpointReady }))),
    references: lines(references),
    gatewayServices: lines(gatewayServices.map(({ ready, ...rest }) => ({ ...rest, ready: Object.keys(ready).filter((workload) => (ready[workload] ?? 0) > 0).sort() }))),
    caSecrets: lines(caSecrets),
    probes: lines(probes.map(({ issuer, anchors, controlPlane, ...rest }) => ({
      ...rest, issuer: issuer === undefined ? undefined : name(issuer), anchors: anchors.map(name).sort(), isOfPresent: controlPlanes.some(({ revision, identity }) => revision === rest.revision && identity === controlPlane),
    }))),
    openIdentityFindings: lines([openIdentityFindings]),
    istiodService: lines([istiodService ?? null]),
  };
}

/** What stands in the model and not in the scan, and the other way round; empty where they are the same. */
export function differences(model: GateFacts, scan: GateFacts, name: RootNames): readonly string[] {
  return model.clusters.flatMap((cluster, index) => {
    const [expected, found] = [comparable(cluster, (root) => root), comparable(scan.clusters[index]!, name)];
    return Object.keys(expected).flatMap((part) => {
      const [here, there] = [expected[part]!, found[part]!];
      const prefix = `cluster ${index + 1} ${part}`;
      return [
        ...here.filter((line) => !there.includes(line)).map((line) => `${prefix}, model only: ${line}`),
        ...there.filter((line) => !here.includes(line)).map((line) => `${prefix}, scan only: ${line}`),
      ];
    });
  });
}
