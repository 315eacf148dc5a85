// Everything that gates judge: the mesh at one moment as small plain values. The clusters' snapshots and the model checker's
// states both produce it, so that a gate proven in the model is the gate that runs.

import type { Message } from '../../shared/text/message.js';
import type { ClusterRef } from '../cluster.js';

/** A root by SHA-256 fingerprint (or a model's name of it), or `MESH_CA_ANCHOR`. */
export type AnchorId = string;

/** Mesh CA's root, by whatever fingerprint it goes (a rehearsal's stands for it). */
export const MESH_CA_ANCHOR: AnchorId = 'MESHCA';

/** What a proxy was found to be. Only `read` can satisfy a gate by itself. */
export type ProxyStanding =
  | {
      readonly kind: 'read';
      /** Sorted, each once. */
      readonly anchors: readonly AnchorId[];
      /** The root that its certificate verifies to. */
      readonly issuer: AnchorId;
      readonly domain: string;
      /** Trust domains its inbound listener accepts, and those its clusters accept of servers. */
      readonly inbound: readonly string[] | 'any' | 'unknown';
      readonly outbound: readonly string[] | 'any' | 'unknown';
      readonly expired: boolean;
    }
  /** Not Ready yet, or never: judged by its injector and a read sibling of the same revision. */
  | { readonly kind: 'followsInjector' }
  /** Envoy holds no certificate because nothing uses mTLS; judged likewise. */
  | { readonly kind: 'notLoaded' }
  /** SPIRE or file-mounted: listed, waivable. */
  | { readonly kind: 'ownCertificates' }
  /** Not reached, forbidden, unreadable, or read too long ago. */
  | { readonly kind: 'unknown'; readonly reason: Message };

/** The proxies of one workload that stand alike. */
export interface ProxyFacts {
  readonly namespace: string;
  /** `Kind/name`, or `Pod/name` for what nothing owns. */
  readonly workload: string;
  /** Pod names, for people; a model gives one. */
  readonly pods: readonly string[];
  readonly role: 'sidecar' | 'router';
  /** What injected it; undefined when it does not say. */
  readonly revision: string | undefined;
  readonly standing: ProxyStanding;
  /** The plan waives it, with a reason and an end that has not come. */
  readonly waived: boolean;
}

/** What could be created next, whether or not a pod of it lives now: by evaluating the webhooks, or a server-side dry-run. */
export interface CreatableFacts {
  readonly namespace: string;
  /** `Kind/name`; `Namespace/name` stands for a pod without labels of its own. */
  readonly workload: string;
  readonly role: 'sidecar' | 'router';
  /** It was meshed at the baseline, or has a proxy now, or its labels ask for one. */
  readonly meshed: boolean;
  readonly outcome:
    | { readonly kind: 'injected'; readonly revision: string }
    /** The template holds its proxy itself (hand-injected), told to ask this revision. */
    | { readonly kind: 'handInjected'; readonly revision: string | undefined }
    | { readonly kind: 'withoutSidecar' }
    | { readonly kind: 'refused'; readonly reason: Message }
    | { readonly kind: 'unknown'; readonly reason: Message };
  /** An own proxy image (`sidecar.istio.io/proxyImage`) that is not ASM's: it cannot reach Mesh CA. */
  readonly foreignProxyImage: boolean;
  /** Its pods bring certificates of their own (SPIRE, files), which nobody has waived for the proxies that live. */
  readonly ownCertificates: boolean;
  /** Its pods have no Envoy (gRPC), which nobody has waived. */
  readonly proxyless?: true;
  readonly waived: boolean;
}

export interface ControlPlaneGateFacts {
  readonly revision: string;
  /** Which installation this is (uid and generation of its Deployment): a probe of another one is void. */
  readonly identity: string;
  readonly installed: boolean;
  readonly ready: boolean;
  readonly signer: 'istioCa' | 'meshCa' | 'unknown';
  /** The root it signs under, when its proxies or published root tell; Mesh CA's for a Mesh CA signer. */
  readonly issuer: AnchorId | undefined;
  /** Both effects of option ca-migration-citadel/-meshca: extra anchors configured, and handed out (istiod's switch, agents' flag). */
  readonly handsOutMeshCa: 'yes' | 'no' | 'unknown';
  readonly trustDomain: string | undefined;
  /** Its trust domain and aliases. */
  readonly accepts: readonly string[] | 'unknown';
  /** All its running istiods started after the present CA Secrets were made or changed; true where there is no CA Secret. */
  readonly loadedPresentCa: boolean | 'unknown';
}

export interface WebhookGateFacts {
  readonly name: string;
  readonly kind: 'mutating' | 'validating';
  readonly revision: string | undefined;
  readonly tag: string | undefined;
  /** `namespace/name` of the Service it calls; undefined for a URL. */
  readonly service: string | undefined;
  /** Whether anything could match it: for a validating one always. */
  readonly canMatch: boolean;
  /** One of those that match it, a namespace or `namespace/Kind/name`, for whoever has to look for them. */
  readonly matches?: string;
  readonly endpointReady: boolean | 'unknown';
}

/** Labels and templates that select a revision (directly or through a tag). */
export interface RevisionReference {
  readonly kind: 'namespace' | 'template' | 'gatewayApi' | 'tag';
  /** `namespace` or `namespace/Kind/name` or the tag. */
  readonly name: string;
  readonly revision: string;
}

export interface GatewayServiceFacts {
  readonly namespace: string;
  readonly name: string;
  /** Ready endpoints by the workload (`Kind/name`) they belong to. */
  readonly ready: Readonly<Record<string, number>>;
}

export interface CaSecretFacts {
  readonly name: 'cacerts' | 'istio-ca-secret';
  readonly present: boolean | 'unknown';
  /** A backup of exactly this object (uid and resourceVersion; where it is gone, of the one that was there last) was read back and compared. */
  readonly backedUp: boolean;
  /**
   * An istiod made it for itself after what was backed up had gone: a root under which nobody's certificate is, and which istiod
   * needs. Phase 3 is not about it.
   */
  readonly madeAnew?: true;
}

export interface ProbeFacts {
  readonly revision: string;
  readonly passed: boolean;
  /** What the probe held; the gate compares with what lives now. */
  readonly issuer: AnchorId | undefined;
  readonly anchors: readonly AnchorId[];
  readonly domain: string | undefined;
  /** `identity` of the control plane that injected it: another one makes the evidence void. */
  readonly controlPlane: string;
}

export interface ClusterGateFacts {
  /** `clusterKey(ref)`. */
  readonly cluster: string;
  readonly ref: ClusterRef;
  /** What could not be read of it (a kind, the survey), in words for people. Anything here makes every gate unknown. */
  readonly unread: readonly Message[];
  readonly controlPlanes: readonly ControlPlaneGateFacts[];
  readonly proxies: readonly ProxyFacts[];
  readonly creatable: readonly CreatableFacts[];
  readonly webhooks: readonly WebhookGateFacts[];
  readonly references: readonly RevisionReference[];
  readonly gatewayServices: readonly GatewayServiceFacts[];
  readonly caSecrets: readonly CaSecretFacts[];
  readonly probes: readonly ProbeFacts[];
  /** Findings of `scan-identity` neither fixed nor waived; undefined when it was not scanned. */
  readonly openIdentityFindings: number | undefined;
  /** Revision that Service `istiod` selects; undefined when there is none, or it selects nothing ready. */
  readonly istiodService: string | undefined;
}

/** Which kinds of peers could authenticate before anything was done, by the roots that signed them. */
export interface BaselineFacts {
  /** Pairs `issuer of the client, issuer of the server` that authenticated, both by `cluster|anchor`. */
  readonly pairs: ReadonlySet<string>;
}

/** Who is in the fleet, as Google Cloud was asked last. Nobody has to be of the mesh for that: each is for a person to confirm. */
export type FleetFacts =
  /** `notInPlan`: neither in the plan nor confirmed in it. */
  | { readonly state: 'read'; readonly members: number; readonly notInPlan: readonly string[] }
  /** Not read for this fleet project, or so long ago that somebody may have joined since. */
  | { readonly state: 'unread'; readonly why: 'never'; readonly project: string }
  | { readonly state: 'unread'; readonly why: 'old'; readonly days: number; readonly project: string }
  /** Not read, and the plan says with a reason that it need not be. */
  | { readonly state: 'waived' };

export interface GateFacts {
  readonly clusters: readonly ClusterGateFacts[];
  /** Undefined when none was recorded: then every pair counts as one that could talk. */
  readonly baseline: BaselineFacts | undefined;
  /** Clusters of the mesh (by remote secrets) that are not among `clusters`. */
  readonly clustersNotInPlan: readonly string[];
  readonly fleet: FleetFacts;
  /** Two surveys, each begun after the last step, gave the same classes. */
  readonly settled: boolean;
  /** Trust domain of the identities that Mesh CA issues, `FLEET.svc.id.goog`; undefined without a plan. */
  readonly meshCaDomain: string | undefined;
  readonly revision1: string | undefined;
  readonly revision2: string | undefined;
}
