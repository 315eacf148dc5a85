// Proxies in a few words for tests of classes and of the matrix: what they trust, who signed them, what they accept.
import type { NamedRoot, ProxyTrust, WorkloadCertificate } from '../../src/domain/trust/proxyTrust.js';
import type { DomainRules } from '../../src/domain/trust/domainRules.js';
import type { ProxyPosition } from '../../src/domain/trust/trustClasses.js';
import { succeed } from '../../src/shared/failure.js';
import { NOW } from './trustMesh.js';

const DAY_MS = 24 * 60 * 60 * 1000;

/** Every root has the same subject: only the fingerprint tells them apart. */
export function root(fingerprint: string, notAfter = NOW + DAY_MS): NamedRoot {
  return { fingerprint, subject: 'O=cluster.local', notAfter, name: { kind: 'other' } };
}

export function accepting(...domains: readonly string[]): DomainRules {
  return { inbound: domains, outbound: domains };
}

export interface ProxyWords {
  readonly anchors?: readonly NamedRoot[];
  readonly signedBy?: NamedRoot;
  readonly domain?: string;
  readonly domains?: DomainRules | 'unknown';
  readonly certificate?: Partial<WorkloadCertificate>;
  readonly more?: Partial<ProxyTrust>;
}

/** A proxy of an ordinary mesh: trusts root R, is signed by it, lives in cluster.local. */
export function proxy(member: string, words: ProxyWords = {}): ProxyPosition<string> {
  const { anchors = [root('R')], signedBy = root('R'), domain = 'cluster.local', domains = accepting('cluster.local') } = words;
  const spiffeId = `spiffe://${domain}/ns/foo/sa/${member}`;
  const value = { spiffeId, notBefore: NOW - DAY_MS, notAfter: NOW + DAY_MS, fingerprint: member, serial: member, chain: [], signedBy, ...words.certificate };
  const trust: ProxyTrust = { anchors: { state: 'active', value: anchors }, anchorsConflict: false, certificate: { state: 'active', value }, otherSecrets: [], ...words.more };
  return { member, trust: succeed(trust), domains };
}
