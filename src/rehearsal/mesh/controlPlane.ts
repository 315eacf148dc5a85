// What an istiod hands out, as a function of its configuration and of the CA it loaded when it started (the last table of
// the procedure). Pure, and anchors are opaque texts here: PEM in the rehearsal, short ids in a model checker.
import type { MeshConfig } from './meshConfig.js';

/**
 * What the Mesh CA control plane does beside signing through Mesh CA is not public; these are the possibilities:
 * it also hands out the old root while a CA Secret exists; it hands out Mesh CA's alone; it does not inject; it does the
 * first and no longer maintains `istio-ca-root-cert`; or it does the first and, when it starts without a CA Secret, makes
 * itself a new root as a Citadel would.
 */
export const MESH_CA_VARIANTS = [
  'oldRootToo',
  'meshCaOnly',
  'injectionRefused',
  'rootConfigMapAbandoned',
  'newRootAfterwards',
] as const;
export type MeshCaVariant = (typeof MESH_CA_VARIANTS)[number];

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
  /** All of a plugged-in CA's `root-cert.pem`, in its order, where other roots stand beside its own. */
  readonly caRootBundle?: readonly string[];
  /** Tag of istiod's image. */
  readonly version?: string;
  readonly variant: MeshCaVariant;
}

/** Where an istiod that starts gets its CA from; with `unusable` it does not come up. */
export type CaSource = 'pluggedIn' | 'selfSigned' | 'generated' | 'none' | 'unusable';

/** The CA Secrets as a starting istiod finds them. */
export interface CaSecretsFound {
  /** A `cacerts` without file `ca-key.pem` counts as none: istiod looks for that name and quietly signs by itself. */
  readonly pluggedIn: 'none' | 'usable' | 'unusable';
  readonly selfSigned: boolean;
}

/** `cacerts` wins over `istio-ca-secret`; with neither, a Citadel makes itself a new root. */
export function caSourceAtStart(
  istiod: { readonly servesCa: boolean; readonly variant: MeshCaVariant },
  secrets: CaSecretsFound,
): CaSource {
  if (!istiod.servesCa && istiod.variant === 'meshCaOnly') return 'none';
  if (secrets.pluggedIn === 'usable') return 'pluggedIn';
  if (secrets.pluggedIn === 'unusable') return 'unusable';
  if (secrets.selfSigned) return 'selfSigned';
  return istiod.servesCa || istiod.variant === 'newRootAfterwards' ? 'generated' : 'none';
}

/**
 * Releases whose istiod answers a certificate request with `root-cert.pem` cut into single certificates. Agents take the last
 * element of the answer for the roots, so that they get one (istio#55793, undone by #55835; 1.24.4 had it too).
 */
const CUTS_ROOT_BUNDLE = /^1\.(24\.4|25\.1)(-|$)/;

/** What an istiod signs with at this moment, and the roots that come with its certificates where that is not its own alone. */
export function signsUnder(
  istiod: ControlPlane,
): { readonly root: string; readonly identityDomain: string; readonly handsOn?: readonly string[] } | undefined {
  const { servesCa, caRoot, caRootBundle, version, trustDomain } = istiod;
  if (!servesCa || caRoot === undefined) return undefined;
  const signs = { root: caRoot, identityDomain: trustDomain };
  if (caRootBundle === undefined) return signs;
  return { ...signs, handsOn: CUTS_ROOT_BUNDLE.test(version ?? '') ? caRootBundle.slice(-1) : caRootBundle };
}

/**
 * Whether a client that holds `root` takes this istiod's own serving certificate for good: proxies hold `istio-ca-root-cert`
 * of their namespace, the API server a webhook's `caBundle`. What an istiod without a CA serves under is not public.
 */
export function isServerTrusted(root: string | undefined, istiod: ControlPlane): boolean {
  return istiod.caRoot === undefined || root === istiod.caRoot;
}

/** Anchors pushed to proxies that listen for them: nothing without the multi-root switch. */
export function pushedAnchors(istiod: ControlPlane): readonly string[] {
  if (!istiod.isMultiRoot) return [];
  const own = istiod.caRootBundle ?? (istiod.caRoot === undefined ? [] : [istiod.caRoot]);
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
