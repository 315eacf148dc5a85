// What an istiod hands out, as a function of its configuration and of the CA it loaded when it started (the last table of
// the procedure). Anchors are opaque texts here: PEM in the rehearsal, short ids in a model checker.
import type { MeshConfig } from './meshConfig.js';

/**
 * What the Mesh CA control plane does beside signing through Mesh CA is not public; these are the possibilities:
 * it also hands out the old root while a CA Secret exists; it hands out Mesh CA's alone; it does not inject; or it does
 * the first and no longer maintains `istio-ca-root-cert`.
 */
export type MeshCaVariant = 'oldRootToo' | 'meshCaOnly' | 'injectionRefused' | 'rootConfigMapAbandoned';

/** One istiod as it is now: `caRoot` was fixed at its start, the rest follows its configuration. */
export interface ControlPlane {
  readonly revision: string;
  readonly trustDomain: string;
  readonly trustDomainAliases: readonly string[];
  readonly caCertificates: MeshConfig['caCertificates'];
  /** istiod's `ISTIO_MULTIROOT_MESH`. */
  readonly isMultiRoot: boolean;
  /** istiod's `ENABLE_CA_SERVER`: false on a Mesh CA control plane. */
  readonly servesCa: boolean;
  /** Root of the CA in this istiod's memory; none where it loaded none. */
  readonly caRoot: string | undefined;
  readonly variant: MeshCaVariant;
}

/** Where an istiod that starts gets its CA from. */
export type CaSource = 'pluggedIn' | 'selfSigned' | 'generated' | 'none';

/** `cacerts` wins over `istio-ca-secret`; with neither, a Citadel makes itself a new root (PROTOCOLS 3.3). */
export function caSourceAtStart(
  istiod: { readonly servesCa: boolean; readonly variant: MeshCaVariant },
  secrets: { readonly pluggedIn: boolean; readonly selfSigned: boolean },
): CaSource {
  if (!istiod.servesCa && istiod.variant === 'meshCaOnly') return 'none';
  if (secrets.pluggedIn) return 'pluggedIn';
  if (secrets.selfSigned) return 'selfSigned';
  return istiod.servesCa ? 'generated' : 'none';
}

/** Anchors pushed to proxies that listen for them: nothing without the multi-root switch. */
export function pushedAnchors(istiod: ControlPlane): readonly string[] {
  if (!istiod.isMultiRoot) return [];
  const own = istiod.caRoot === undefined ? [] : [istiod.caRoot];
  return [...new Set([...own, ...istiod.caCertificates.map(({ pem }) => pem)])];
}

/** Trust domains whose identities its proxies let in (prefix matchers of the inbound listener). */
export function acceptedDomains(istiod: ControlPlane): readonly string[] {
  const brought = istiod.caCertificates.flatMap(({ trustDomains }) => trustDomains);
  return [...new Set([istiod.trustDomain, ...istiod.trustDomainAliases, ...brought])];
}

/** Trust domains under which its proxies pin the service accounts of the servers they call. */
export function pinnedDomains(istiod: ControlPlane): readonly string[] {
  return [...new Set([istiod.trustDomain, ...istiod.trustDomainAliases])];
}

/** Whether this istiod answers its injection webhook at all. */
export function injects(istiod: ControlPlane): boolean {
  return istiod.servesCa || istiod.variant !== 'injectionRefused';
}

/** Whether this istiod keeps `istio-ca-root-cert` up to date in every namespace. */
export function maintainsRootConfigMap(istiod: ControlPlane): boolean {
  return istiod.caRoot !== undefined && (istiod.servesCa || istiod.variant !== 'rootConfigMapAbandoned');
}
