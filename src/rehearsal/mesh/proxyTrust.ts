// What one proxy trusts and is: a value, and the three things that change it (first certificate, bundle push, renewal).
// Pure, and anchors are opaque texts, so that the same rules run with PEM and with the ids of a model checker.

/** What the injector fixed in the pod for its whole life. */
export interface ProxyAgent {
  /** proxyMetadata `PROXY_CONFIG_XDS_AGENT`: takes extra anchors from istiod. */
  readonly listensForAnchors: boolean;
  /** Agents of 1.23 drop their certificate and ask anew when their anchors change; those of 1.16 do not. */
  readonly resignsOnNewAnchors: boolean;
  /** Open-source agents lost the Google CA client with 1.23: from then on only ASM's images reach Mesh CA. */
  readonly speaksMeshCa: boolean;
}

/** Workload certificates live for 24 hours. */
export const CERTIFICATE_LIFETIME_MS = 24 * 60 * 60 * 1000;
/** Agents renew at half of the lifetime (`SECRET_GRACE_PERIOD_RATIO`). */
const RENEWAL_AT = 0.5;
/** Spread a little, so that they do not all come at once. */
const RENEWAL_SPREAD = 0.2;

/** Whoever answers a certificate request at this moment. */
export interface Signer {
  /** Tells signers apart that share a root: the signing certificate. */
  readonly id: string;
  readonly root: string;
  /** The roots that come with its certificates; `root` alone where nothing is said. */
  readonly handsOn?: readonly string[];
  readonly identityDomain: string;
  /** How long its certificates are good for; a day, where nothing is said. */
  readonly lifetimeMs?: number;
}

/** What istiod sends to a connected proxy. */
export interface ConfigPush {
  readonly anchors: readonly string[];
  readonly acceptedDomains: readonly string[];
  readonly pinnedDomains: readonly string[];
}

export interface ProxyTrust {
  readonly signer: Signer;
  readonly push: ConfigPush | undefined;
  /** Milliseconds of the epoch: when the certificate was issued, and when the anchors last changed. */
  readonly certifiedAt: number;
  readonly anchorsChangedAt: number;
}

/** A fresh proxy has its CA's root alone: istiod pushes only after the first certificate. */
export function firstCertificate(signer: Signer, at: number): ProxyTrust {
  return { signer, push: undefined, certifiedAt: at, anchorsChangedAt: at };
}

/** Envoy's `ROOTCA`: what the CA handed on and the pushed anchors, without doubles, sorted as texts as the agent does. */
export function anchorsOf(agent: ProxyAgent, trust: ProxyTrust): readonly string[] {
  const pushed = agent.listensForAnchors ? (trust.push?.anchors ?? []) : [];
  const { root, handsOn = [root] } = trust.signer;
  return [...new Set([...handsOn, ...pushed])].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

function sameAnchors(agent: ProxyAgent, before: ProxyTrust, after: ProxyTrust): boolean {
  return sameTexts(anchorsOf(agent, before), anchorsOf(agent, after));
}

function lifetimeOf({ lifetimeMs = CERTIFICATE_LIFETIME_MS }: Signer): number {
  return lifetimeMs;
}

/** When the agent asks for the next certificate; `spread` from 0 to 1 tells proxies apart. */
export function renewalDue({ certifiedAt, signer }: ProxyTrust, spread: number): number {
  return certifiedAt + lifetimeOf(signer) * RENEWAL_AT * (1 - RENEWAL_SPREAD * spread);
}

/** A proxy whose renewals fail goes on presenting its last certificate, which nobody accepts any more. */
export function isExpired({ certifiedAt, signer }: ProxyTrust, at: number): boolean {
  return at >= certifiedAt + lifetimeOf(signer);
}

function sameTexts(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((text, index) => text === b[index]);
}

/** Whether a push would change nothing. */
export function samePush(a: ConfigPush | undefined, b: ConfigPush): boolean {
  return (
    a !== undefined &&
    sameTexts(a.anchors, b.anchors) &&
    sameTexts(a.acceptedDomains, b.acceptedDomains) &&
    sameTexts(a.pinnedDomains, b.pinnedDomains)
  );
}

/** A new certificate from `signer`; its root replaces the one of the CA before. */
export function renewCertificate(agent: ProxyAgent, trust: ProxyTrust, signer: Signer, at: number): ProxyTrust {
  const renewed: ProxyTrust = { ...trust, signer, certifiedAt: at };
  return sameAnchors(agent, trust, renewed) ? renewed : { ...renewed, anchorsChangedAt: at };
}

/**
 * A push arrives. New anchors make a 1.23 agent ask for a new certificate at once, so that both secrets change together;
 * `signer` is undefined when nobody answers that request, and the old certificate stays.
 */
export function receivePush(
  agent: ProxyAgent,
  trust: ProxyTrust,
  push: ConfigPush,
  signer: Signer | undefined,
  at: number,
): ProxyTrust {
  const pushed: ProxyTrust = { ...trust, push };
  if (sameAnchors(agent, trust, pushed)) return pushed;
  const changed: ProxyTrust = { ...pushed, anchorsChangedAt: at };
  return agent.resignsOnNewAnchors && signer !== undefined ? renewCertificate(agent, changed, signer, at) : changed;
}

/** The same after a leap in time: what was noted before lies `ms` further back. */
export function agedTrust(trust: ProxyTrust, ms: number): ProxyTrust {
  return { ...trust, certifiedAt: trust.certifiedAt - ms, anchorsChangedAt: trust.anchorsChangedAt - ms };
}

/** The SPIFFE id in the proxy's certificate. */
export function spiffeId(trustDomain: string, namespace: string, serviceAccount: string): string {
  return `spiffe://${trustDomain}/ns/${namespace}/sa/${serviceAccount}`;
}
