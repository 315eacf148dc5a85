// One cluster of the model: everything in it that a step or the environment can change, as a flat value with a key.
import { LOADED } from './controlPlanes.js';
import type { CaSecret, LoadedRoots, LocalRoot } from './controlPlanes.js';
import type { ClassSet } from './podClasses.js';
import type { Extent, Revision, Scene } from './scene.js';

/** `applied`: its objects are there, no istiod is ready yet. `withoutWebhooks`: half deleted. */
export type Installation = 'absent' | 'applied' | 'ready' | 'withoutWebhooks';

/** A namespace's label, and the one before while a GitOps tool might still put it back (E7). */
export interface NamespaceLabel {
  readonly label: Revision;
  readonly before: Revision;
}

/** The new gateway: the revision in its pod template, and the one in its Deployment's label. */
export interface CanaryGateway {
  readonly ready: boolean;
  readonly template: Revision;
  readonly label: Revision;
}

export interface ClusterState {
  readonly installed: readonly [Installation, Installation, Installation];
  /** Roots in the memory of each revision's replicas. */
  readonly loaded: readonly [LoadedRoots, LoadedRoots, LoadedRoots];
  /** Which revision Service `istiod` selects. */
  readonly istiodService: Revision;
  readonly namespaces: readonly NamespaceLabel[];
  readonly oldGateway: 'absent' | 'applied' | 'ready';
  readonly canary: CanaryGateway | undefined;
  readonly secret: CaSecret;
  /** What verified backups hold, the first root first: a later one never takes the place of an earlier. */
  readonly backups: readonly LocalRoot[];
  /** Class of the last probe pod of REVISION_1 and REVISION_2, made by the istiod that is there now; -1 none, -2 failed. */
  readonly probes: readonly [number, number, number];
  /** A finding of the identity scan that is neither fixed nor waived. */
  readonly openFinding: boolean;
  /** The plan waives the proxies that have certificates of their own. */
  readonly waivesOwnCertificates: boolean;
  /** Live pods by workload: one of each namespace, the old gateway, the new one. */
  readonly pods: readonly ClassSet[];
}

export const NO_PROBE = -1;
export const FAILED_PROBE = -2;

/** Before anything is done. Pods are filled in by the environment. */
export function initialCluster({ namespaces }: Extent): ClusterState {
  return {
    installed: ['ready', 'absent', 'absent'],
    loaded: [LOADED.C, 0, 0],
    istiodService: 0,
    namespaces: Array.from({ length: namespaces }, () => ({ label: 0, before: 0 })),
    oldGateway: 'ready',
    canary: undefined,
    secret: 'C',
    backups: [],
    probes: [NO_PROBE, NO_PROBE, NO_PROBE],
    openFinding: true,
    waivesOwnCertificates: false,
    pods: Array.from({ length: namespaces + 2 }, () => 0),
  };
}

export function stateKey(state: ClusterState): string {
  const { installed, loaded, istiodService, namespaces, oldGateway, canary, secret, backups, probes, openFinding, waivesOwnCertificates, pods } = state;
  const labels = namespaces.map(({ label, before }) => `${label}${before}`);
  const gateway = canary === undefined ? '-' : `${canary.ready ? 1 : 0}${canary.template}${canary.label}`;
  return [installed, loaded, istiodService, labels, oldGateway, gateway, secret, backups, probes, openFinding ? 1 : 0, waivesOwnCertificates ? 1 : 0, pods].join(';');
}

export function at<T>(triple: readonly [T, T, T], index: Revision, value: T): readonly [T, T, T] {
  return [index === 0 ? value : triple[0], index === 1 ? value : triple[1], index === 2 ? value : triple[2]];
}

/** Pods of each workload of a cluster in the order of `ClusterState.pods`. */
export interface Workload {
  readonly namespace: string;
  readonly name: string;
  readonly isGateway: boolean;
  /** Its template holds the proxy itself: no webhook is asked, and whoever made it stays its injector. */
  readonly isRendered: boolean;
  /** It is labelled with a tag, whose webhook stays whatever becomes of a revision's own. */
  readonly isTagged: boolean;
  /** Its pods bring their certificates, and ask nobody for them. */
  readonly hasOwnCertificates: boolean;
  readonly isWaived: boolean;
}

/** Istio's installer renders its gateway whole; all others are left to the injector. */
export function workloadsOf({ start, extent: { namespaces }, tag, ownCertificates = false, isWaived = false }: Scene): readonly Workload[] {
  const gateway = { namespace: 'istio-system', isGateway: true, isTagged: false, hasOwnCertificates: false, isWaived: false } as const;
  const application = { isGateway: false, isRendered: false, isTagged: tag !== undefined } as const;
  const inNamespaces = [
    { ...application, namespace: 'shop', name: 'Deployment/web', hasOwnCertificates: ownCertificates, isWaived },
    { ...application, namespace: 'bank', name: 'StatefulSet/ledger', hasOwnCertificates: false, isWaived: false },
  ].slice(0, namespaces);
  return [
    ...inNamespaces,
    { ...gateway, name: 'Deployment/istio-ingressgateway', isRendered: start === 'istio' },
    { ...gateway, name: 'Deployment/istio-ingressgateway-canary', isRendered: false },
  ];
}

/** The label that decides who injects a workload's next pod; undefined where the workload is not there. */
export function selectingLabel(state: ClusterState, workload: number): Revision | undefined {
  const { namespaces, oldGateway, canary } = state;
  if (workload < namespaces.length) return namespaces[workload]!.label;
  if (workload === namespaces.length) return oldGateway === 'absent' ? undefined : 0;
  return canary?.template;
}

/** A label is young while a GitOps tool may still put back what was there before: until two surveys have agreed. */
export function isSettled({ namespaces }: ClusterState): boolean {
  return namespaces.every(({ label, before }) => label === before);
}

export function settled(state: ClusterState): ClusterState {
  if (isSettled(state)) return state;
  return { ...state, namespaces: state.namespaces.map(({ label }) => ({ label, before: label })) };
}
