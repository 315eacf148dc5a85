// From what a proxy's Envoy holds to what the proxy trusts and who signed its certificate.
import type { Failure, Result } from '../../shared/failure.js';
import { ROOT_SECRET, WORKLOAD_SECRET } from '../../shared/istioNames.js';
import type { CertificateFacts } from './certificateFacts.js';
import { findVerifiedPath } from './chain.js';
import type { IsSignedBy } from './chain.js';
import type { Held, NamedRoot, ProxyTrust, RootName, WorkloadCertificate } from './proxyTrust.js';
import type { ProxySecret, SecretDump } from './secretDump.js';

/** What judging needs to know of certificates and roots. */
export interface TrustJudgement {
  /** Every certificate of a bundle of anchors; the same bundle comes from thousands of proxies. */
  readonly readBundle: (pem: string) => Result<readonly CertificateFacts[]>;
  /** Every certificate of a workload's chain, which is like no other's. */
  readonly readChain: (pem: string) => Result<readonly CertificateFacts[]>;
  readonly isSignedBy: IsSignedBy;
  readonly nameRoot: (root: CertificateFacts) => RootName;
}

/** Judges one proxy. Other secrets than the mesh's two are named and otherwise left alone: gateways hold public ones. */
export function judgeProxy(dump: SecretDump, judgement: TrustJudgement): ProxyTrust {
  const find = (name: string): ProxySecret | undefined => dump.secrets.find((secret) => secret.name === name);
  const anchors = heldAnchors(find(ROOT_SECRET), judgement);
  const certificate = heldCertificate(find(WORKLOAD_SECRET), anchors.state === 'active' ? anchors.value.map(({ root }) => root) : [], judgement);
  return {
    anchors: anchors.state === 'active' ? { state: 'active', value: anchors.value.map(({ root, trustDomains }) => ({ ...namedRoot(root, judgement), ...(trustDomains && { trustDomains }) })) } : anchors,
    anchorsConflict: dump.conflicts.includes(ROOT_SECRET),
    certificate,
    otherSecrets: dump.secrets.map(({ name }) => name).filter((name) => name !== ROOT_SECRET && name !== WORKLOAD_SECRET),
  };
}

interface Anchor {
  readonly root: CertificateFacts;
  readonly trustDomains: readonly string[] | undefined;
}

/** A root that several bundles hold is an anchor for the trust domain of each; in one without a domain, for all. */
function heldAnchors(secret: ProxySecret | undefined, judgement: TrustJudgement): Held<readonly Anchor[]> {
  const absent = heldWithoutBytes(secret, (secret?.anchors.length ?? 0) > 0);
  if (absent || secret === undefined) return absent ?? { state: 'notLoaded' };
  const roots = new Map<string, Anchor>();
  for (const { pem, trustDomain } of secret.anchors) {
    const read = judgement.readBundle(pem);
    if (!read.ok) return unreadable(read.failure);
    for (const root of read.value) {
      const known = roots.get(root.fingerprint);
      const isForAll = trustDomain === undefined || (known !== undefined && known.trustDomains === undefined);
      roots.set(root.fingerprint, { root, trustDomains: isForAll ? undefined : [...new Set([...(known?.trustDomains ?? []), trustDomain])].sort() });
    }
  }
  return { state: 'active', value: [...roots.values()] };
}

function heldCertificate(
  secret: ProxySecret | undefined,
  anchors: readonly CertificateFacts[],
  judgement: TrustJudgement,
): Held<WorkloadCertificate> {
  const absent = heldWithoutBytes(secret, secret?.chainPem !== undefined);
  if (absent || secret?.chainPem === undefined) return absent ?? { state: 'notLoaded' };
  const read = judgement.readChain(secret.chainPem);
  if (!read.ok) return unreadable(read.failure);
  const [leaf] = read.value;
  if (leaf === undefined) return unreadable({ kind: 'certificateUnreadable', reason: 'the chain is empty' });
  const issuers = findVerifiedPath(read.value, anchors, judgement.isSignedBy);
  const root = issuers.at(-1);
  return {
    state: 'active',
    value: {
      spiffeId: leaf.uris.find((uri) => uri.startsWith('spiffe://')),
      notBefore: leaf.notBefore,
      notAfter: leaf.notAfter,
      ...validityOfIntermediates(read.value),
      fingerprint: leaf.fingerprint,
      serial: leaf.serial,
      chain: read.value.map(({ fingerprint, subject }) => ({ fingerprint, subject })),
      issuers,
      signedBy: root && namedRoot(root, judgement),
    },
  };
}

/** Roots that istiod appends do not count: each verifier goes by its own. */
function validityOfIntermediates(chain: readonly CertificateFacts[]): Pick<WorkloadCertificate, 'intermediatesNotBefore' | 'intermediatesNotAfter'> {
  const intermediates = chain.slice(1).filter(({ selfSigned }) => !selfSigned);
  if (intermediates.length === 0) return {};
  return {
    intermediatesNotBefore: Math.max(...intermediates.map(({ notBefore }) => notBefore)),
    intermediatesNotAfter: Math.min(...intermediates.map(({ notAfter }) => notAfter)),
  };
}

/** What there is to say of a secret whose certificates did not come with it; undefined when they did. */
function heldWithoutBytes(secret: ProxySecret | undefined, hasBytes: boolean): Held<never> | undefined {
  if (secret === undefined) return { state: 'notLoaded' };
  if (secret.unreadable !== undefined) return unreadable({ kind: 'proxyAnswerUnreadable', reason: `secret ${secret.name}: ${secret.unreadable}` });
  if (secret.state === 'warming') return { state: 'warming' };
  if (hasBytes) return undefined;
  const holds = secret.file === undefined ? 'holds no certificate' : `is the file ${secret.file} in the pod`;
  const held = unreadable({ kind: 'proxyAnswerUnreadable', reason: `secret ${secret.name} ${holds}` });
  return secret.file === undefined ? held : { ...held, file: secret.file };
}

function unreadable(failure: Failure): Extract<Held<never>, { state: 'unreadable' }> {
  return { state: 'unreadable', failure };
}

function namedRoot(root: CertificateFacts, judgement: TrustJudgement): NamedRoot {
  const { fingerprint, subject, notBefore, notAfter } = root;
  return { fingerprint, subject, notBefore, notAfter, name: judgement.nameRoot(root), certificate: root };
}
