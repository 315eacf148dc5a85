// The kinds that gates and steps ask for beside the watched ones: listed once a refresh, because what they say seldom changes.
// Each has a state of its own, so that a forbidden kind never holds up the rest.
import type { Failure } from '../../shared/failure.js';
import type { Labels, PodOwner, Selector } from './facts.js';
import type { GatewayApiFacts, GatewayRouteFacts, ReferenceGrantFacts } from './gatewayApiObjects.js';
import type { NamedObject } from './namedObject.js';

/** One kind as it was listed. A kind that the cluster does not serve is listed and empty: there can be none of it. */
export type Listed<Facts> =
  | { readonly state: 'listed'; readonly items: readonly Facts[]; readonly served: boolean }
  /** Forbidden or failed; without a failure: not asked for yet. */
  | { readonly state: 'unread'; readonly failure: Failure | undefined };

export type { NamedObject };

/** A webhook configuration of either kind that Istio's installers made, or that calls a Service of istio-system. */
export interface WebhookConfigurationFacts extends NamedObject {
  readonly annotations: Labels;
  readonly revision: string | undefined;
  readonly tag: string | undefined;
  readonly webhooks: readonly WebhookCall[];
}

export interface WebhookCall {
  readonly name: string;
  readonly service: { readonly namespace: string; readonly name: string } | undefined;
  /** SHA-256 fingerprints of `caBundle`; empty where there is none, undefined where it cannot be read. */
  readonly caBundle: readonly string[] | undefined;
  readonly failurePolicy: string;
  /** `group/resource` of what it is asked about, e.g. `networking.istio.io/*`. */
  readonly resources: readonly string[];
}

export interface AutoscalerFacts extends NamedObject {
  /** What it scales. */
  readonly target: PodOwner;
  readonly current: number;
  readonly maximum: number;
}

export interface DisruptionBudgetFacts extends NamedObject {
  readonly selector: Selector;
  /** Undefined before its controller has counted. */
  readonly disruptionsAllowed: number | undefined;
}

/** A Job or CronJob: what its next pod will be made from. */
export interface BatchFacts extends NamedObject {
  readonly kind: 'Job' | 'CronJob';
  readonly templateLabels: Labels;
  readonly templateAnnotations: Labels;
  readonly hostNetwork: boolean;
  readonly proxyInTemplate: boolean;
  /** A CronJob's switch, or a Job's that is over. */
  readonly idle: boolean;
  readonly owner: PodOwner | undefined;
}

/** Of a Secret of istio-system only what names it; what it holds is never asked for. */
export interface SecretFacts extends NamedObject {
  readonly resourceVersion: string;
  /** When it was made or last written to, by its managed fields; ms since the epoch. */
  readonly changedAt: number;
  /** Name of the remote cluster for which it holds access (label `istio/multiCluster=true`). */
  readonly remoteCluster: string | undefined;
}

/** A Gateway of Istio's own API (networking.istio.io): whose pods it is for, and what they open. */
export interface IstioGatewayFacts extends NamedObject {
  /** Empty: any gateway's pods. */
  readonly selector: Labels;
  readonly servers: readonly GatewayServerFacts[];
}

export interface GatewayServerFacts {
  readonly port: number;
  readonly hosts: readonly string[];
  /** `credentialName`: the Secret with its TLS certificate. */
  readonly credential: string | undefined;
  /** TLS mode MUTUAL or OPTIONAL_MUTUAL. */
  readonly verifiesClients: boolean;
}

/** A VirtualService that is bound to a gateway; what is for sidecars alone is not kept. */
export interface VirtualServiceFacts extends NamedObject {
  /** `namespace/name` each. */
  readonly gateways: readonly string[];
  readonly hosts: readonly string[];
}

/** A machine outside Kubernetes that takes part in the mesh. */
export interface WorkloadEntryFacts extends NamedObject {
  readonly kind: 'WorkloadEntry' | 'WorkloadGroup';
}

/** Which member of which fleet the cluster is: the one object of hub.gke.io that registering puts into it. */
export interface MembershipFacts extends NamedObject {
  /** `projects/FLEET/locations/LOCATION/memberships/NAME`; the fleet by its project's id or number. */
  readonly owner: string | undefined;
}

export interface GateObjects {
  readonly validatingWebhooks: Listed<WebhookConfigurationFacts>;
  readonly mutatingWebhooks: Listed<WebhookConfigurationFacts>;
  readonly autoscalers: Listed<AutoscalerFacts>;
  readonly disruptionBudgets: Listed<DisruptionBudgetFacts>;
  readonly jobs: Listed<BatchFacts>;
  readonly cronJobs: Listed<BatchFacts>;
  readonly secrets: Listed<SecretFacts>;
  readonly istioOperators: Listed<NamedObject>;
  readonly gatewayApi: Listed<GatewayApiFacts>;
  /** Routes of all kinds that are attached to Gateways of the Gateway API. */
  readonly gatewayRoutes: Listed<GatewayRouteFacts>;
  readonly referenceGrants: Listed<ReferenceGrantFacts>;
  readonly istioGateways: Listed<IstioGatewayFacts>;
  readonly virtualServices: Listed<VirtualServiceFacts>;
  readonly workloadEntries: Listed<WorkloadEntryFacts>;
  readonly workloadGroups: Listed<WorkloadEntryFacts>;
  /** Fleet memberships as the cluster itself knows them (its own). */
  readonly memberships: Listed<MembershipFacts>;
}

export type GateObjectKind = keyof GateObjects;

const UNASKED: Listed<never> = { state: 'unread', failure: undefined };

/** Before anything was listed. */
export const NOTHING_LISTED: GateObjects = {
  validatingWebhooks: UNASKED,
  mutatingWebhooks: UNASKED,
  autoscalers: UNASKED,
  disruptionBudgets: UNASKED,
  jobs: UNASKED,
  cronJobs: UNASKED,
  secrets: UNASKED,
  istioOperators: UNASKED,
  gatewayApi: UNASKED,
  gatewayRoutes: UNASKED,
  referenceGrants: UNASKED,
  istioGateways: UNASKED,
  virtualServices: UNASKED,
  workloadEntries: UNASKED,
  workloadGroups: UNASKED,
  memberships: UNASKED,
};

/** What is listed; nothing where it is unread, which whoever concludes from absence has to ask for by itself. */
export function itemsOf<Facts>(listed: Listed<Facts>): readonly Facts[] {
  return listed.state === 'listed' ? listed.items : [];
}
