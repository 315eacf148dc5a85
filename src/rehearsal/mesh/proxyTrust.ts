// What one proxy trusts and is: a value, and the three things that change it (first certificate, bundle push, renewal).
// Anchors are opaque texts, so that the same rules run with PEM and with the ids of a model checker.

/** What the injector fixed in the pod for its whole life. */
export interface ProxyAgent {
  /** proxyMetadata `PROXY_CONFIG_XDS_AGENT`: takes extra anchors from istiod. */
  readonly listensForAnchors: boolean;
  /** Agents of 1.23 drop their certificate and ask anew when their anchors change; those of 1.16 do not. */
  readonly resignsOnNewAnchors: boolean;
}

/** Whoever answers a certificate request at this moment. */
export interface Signer {
  /** Tells signers apart that share a root: the signing certificate. */
  readonly id: string;
  readonly root: string;
  readonly identityDomain: string;
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

/** Envoy's `ROOTCA`: the CA's root and the pushed anchors, without doubles, sorted as texts as the agent does. */
export function anchorsOf(agent: ProxyAgent, trust: ProxyTrust): readonly string[] {
  const pushed = agent.listensForAnchors ? (trust.push?.anchors ?? []) : [];
  return [...new Set([trust.signer.root, ...pushed])].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

function sameAnchors(agent: ProxyAgent, before: ProxyTrust, after: ProxyTrust): boolean {
  const [old, now] = [anchorsOf(agent, before), anchorsOf(agent, after)];
  return old.length === now.length && old.every((anchor, index) => anchor === now[index]);
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

/** The SPIFFE id in the proxy's certificate. */
export function spiffeId(trustDomain: string, namespace: string, serviceAccount: string): string {
  return `spiffe://${trustDomain}/ns/${namespace}/sa/${serviceAccount}`;
}
