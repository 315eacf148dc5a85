// What one proxy trusts and who signed its certificate, with names people know for the roots.
import type { Failure } from '../../shared/failure.js';
import type { CertificateFacts } from './certificateFacts.js';

/** Where a root comes from. Decided by fingerprint, never by subject. */
export type RootName =
  | { readonly kind: 'meshCa'; /** Declared by the kubeconfig of a rehearsal, not Google's own. */ readonly rehearsal: boolean; /** Another certificate of its key. */ readonly renewed?: true }
  /** An Istio CA: the cluster whose istiod publishes this root. Several when they share a plugged-in root. */
  | { readonly kind: 'istioCa'; readonly clusters: readonly string[]; /** Another certificate of the key that they publish. */ readonly renewed?: true }
  /** Formed like the self-signed root of an Istio CA, but published by no chosen cluster: never counted as certain. */
  | { readonly kind: 'unknownIstioCa'; readonly trustDomain: string }
  /** Named like Mesh CA, but not its key: never counted as Mesh CA. */
  | { readonly kind: 'lookalike' }
  | { readonly kind: 'other' };

export interface NamedRoot {
  readonly fingerprint: string;
  readonly subject: string;
  /** Undefined where nobody noted it. */
  readonly notBefore?: number;
  readonly notAfter: number;
  readonly name: RootName;
  /** The certificate itself; one object for all proxies that hold it. */
  readonly certificate?: CertificateFacts;
  /** As an anchor of Envoy's SPIFFE validator: it verifies identities of these trust domains alone. Without it, of any. */
  readonly trustDomains?: readonly string[];
}

export interface WorkloadCertificate {
  readonly spiffeId: string | undefined;
  readonly notBefore: number;
  readonly notAfter: number;
  /** When the last of the presented intermediates begins; undefined without any. */
  readonly intermediatesNotBefore?: number | undefined;
  /** When the first of the presented intermediates ends; undefined without any. */
  readonly intermediatesNotAfter?: number | undefined;
  readonly fingerprint: string;
  readonly serial: string;
  /** Leaf first, as presented, by fingerprint and subject. */
  readonly chain: readonly { readonly fingerprint: string; readonly subject: string }[];
  /** The certificates above it on its verified path, its issuer first and the root last; undefined where nobody noted them. */
  readonly issuers?: readonly CertificateFacts[];
  /** The root that the chain really verifies to, signature by signature; undefined when it verifies to none we know. */
  readonly signedBy: NamedRoot | undefined;
}

/** What is known of one of the two secrets a meshed proxy should hold. */
export type Held<Value> =
  | { readonly state: 'active'; readonly value: Value }
  /** Asked for at the CA and not delivered yet. */
  | { readonly state: 'warming' }
  /** Envoy did not ask for it because nothing uses mTLS: says nothing about trust. */
  | { readonly state: 'notLoaded' }
  /** With `file`: certificates of the workload's own, mounted into its pod. */
  | { readonly state: 'unreadable'; readonly failure: Failure; readonly file?: string };

export interface ProxyTrust {
  readonly anchors: Held<readonly NamedRoot[]>;
  /** Envoy holds ROOTCA several times with different anchors; `anchors` is the newest. */
  readonly anchorsConflict: boolean;
  readonly certificate: Held<WorkloadCertificate>;
  /** A gateway's own TLS secrets and the like, by name: never mesh trust. */
  readonly otherSecrets: readonly string[];
}
