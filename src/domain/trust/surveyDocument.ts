// The shape of a saved survey: certificates and facts as plain JSON. Never a key, never the path of a kubeconfig.
import type { Failure } from '../../shared/failure.js';
import type { Message } from '../../shared/text/message.js';
import type { ProxyRole } from '../mesh/facts.js';
import type { DomainRules } from './domainRules.js';
import type { MtlsMode } from './inboundDomains.js';
import type { RootName } from './proxyTrust.js';

export const SURVEY_FORMAT = 'mesh-ca-survey';
/** Raised when a reader of the old one would misunderstand the new one. */
export const SURVEY_VERSION = 1;

export interface SurveyDocument {
  readonly format: typeof SURVEY_FORMAT;
  readonly version: typeof SURVEY_VERSION;
  /** What wrote it, e.g. `mesh-ca 0.1.0`. */
  readonly tool: string;
  /** When the survey ended, ISO 8601 in UTC. */
  readonly finishedAt: string;
  readonly clusters: readonly { readonly context: string }[];
  /** PEM of every root and issuer, each once; workloads' own certificates are facts only. */
  readonly certificates: readonly string[];
  /** Roots by their names; one certificate may have different names in different clusters. */
  readonly roots: readonly { readonly fingerprint: string; readonly name: RootName; /** As an anchor for these alone. */ readonly trustDomains?: readonly string[] }[];
  readonly rules: readonly DomainRules[];
  readonly proxies: readonly SavedProxy[];
  readonly notices: readonly Message[];
}

export interface SavedProxy {
  /** Place in `clusters`. */
  readonly cluster: number;
  readonly namespace: string;
  readonly pod: string;
  readonly role: ProxyRole;
  readonly revision?: string | undefined;
  readonly trust: { readonly failure: Failure } | SavedTrust;
  /** Place in `rules`. */
  readonly domains: number | 'unknown';
  readonly mtls: MtlsMode;
}

export interface SavedTrust {
  /** Places in `roots`. */
  readonly anchors: SavedHeld<readonly number[]>;
  readonly conflict: boolean;
  readonly certificate: SavedHeld<SavedCertificate>;
  readonly otherSecrets: readonly string[];
}

export type SavedHeld<Value> =
  | { readonly state: 'active'; readonly value: Value }
  | { readonly state: 'warming' }
  | { readonly state: 'notLoaded' }
  | { readonly state: 'unreadable'; readonly failure: Failure; readonly file?: string };

export interface SavedCertificate {
  readonly spiffeId?: string | undefined;
  readonly notBefore: number;
  readonly notAfter: number;
  readonly intermediatesNotBefore?: number | undefined;
  readonly intermediatesNotAfter?: number | undefined;
  readonly fingerprint: string;
  readonly serial: string;
  readonly chain: readonly { readonly fingerprint: string; readonly subject: string }[];
  /** Fingerprints of certificates in `certificates`. */
  readonly issuers: readonly string[];
  /** Place in `roots`. */
  readonly signedBy?: number | undefined;
}
