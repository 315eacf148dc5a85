// The proxies that run in one simulated cluster: each asks for its certificate, then hears from its control plane.
import { MESH_CA_ADDRESS, PROXY_CONTAINER } from '../../shared/istioNames.js';
import type { ObjectStore } from '../clusterBackend.js';
import { spreadOf } from '../controllers/generatedNames.js';
import type { RehearsalClock } from '../controllers/rehearsalClock.js';
import type { CertificateAuthority } from '../pki/certificateAuthority.js';
import { acceptedDomains, pinnedDomains, pushedAnchors } from './controlPlane.js';
import { isIstiod } from './istiods.js';
import type { Istiods } from './istiods.js';
import { asPod, containerNamed, isReady } from './podTypes.js';
import type { StoredPod } from './podTypes.js';
import { readProxySettings } from './proxySettings.js';
import type { ProxySettings } from './proxySettings.js';
import { firstCertificate, receivePush, renewCertificate } from './proxyTrust.js';
import type { ConfigPush, ProxyTrust, Signer } from './proxyTrust.js';

export interface RunningProxy {
  readonly settings: ProxySettings;
  readonly startedAt: number;
  /** None while it waits for its first certificate. */
  readonly trust: ProxyTrust | undefined;
}

export interface DataPlane {
  start(pod: StoredPod, whenReady: () => void): void;
  stop(pod: StoredPod): void;
  proxyIn(pod: StoredPod): RunningProxy | undefined;
}

/** A signer with the key that signs. */
export interface KnownSigner extends Signer {
  readonly authority: CertificateAuthority;
}

const RETRY_MS = 1_500;
const FIRST_PUSH_MS = 900;
/** Pushes reach the proxies of a revision one after another. */
const PUSH_DELAY_MS = 400;
const PUSH_STAGGER_MS = 120;
/** Agents renew at half the lifetime of 24 hours, spread a little so that they do not all come at once. */
const RENEWAL_AGE_MS = 12 * 60 * 60 * 1000;
const RENEWAL_SPREAD = 0.2;

function samePush(a: ConfigPush | undefined, b: ConfigPush): boolean {
  return a !== undefined && JSON.stringify(a) === JSON.stringify(b);
}

/** `meshCa` signs for the whole fleet, under its workload identity pool. */
export function createDataPlane(tools: {
  readonly store: ObjectStore;
  readonly clock: RehearsalClock;
  readonly istiods: Istiods;
  readonly meshCa: { readonly authority: CertificateAuthority; readonly identityDomain: string };
  /** Told of every signer before it is used. */
  readonly onSigner: (signer: KnownSigner) => void;
}): DataPlane {
  const { store, clock, istiods, meshCa, onSigner } = tools;
  const proxies = new Map<string, RunningProxy>();

  const signerFor = (settings: ProxySettings): Signer | undefined => {
    const istiod = settings.caAddress === MESH_CA_ADDRESS ? undefined : istiods.atAddress(settings.caAddress);
    const isMeshCa = settings.caAddress === MESH_CA_ADDRESS;
    const authority = isMeshCa ? meshCa.authority : istiod?.controlPlane.servesCa === true ? istiod.authority : undefined;
    if (authority === undefined) return undefined;
    const identityDomain = isMeshCa ? meshCa.identityDomain : (istiod?.controlPlane.trustDomain ?? '');
    const signer = { id: authority.certificatePem, root: authority.rootPem, identityDomain };
    onSigner({ ...signer, authority });
    return signer;
  };

  const pushFor = (discoveryAddress: string): ConfigPush | undefined => {
    const controlPlane = istiods.atAddress(discoveryAddress)?.controlPlane;
    if (controlPlane === undefined) return undefined;
    return {
      anchors: pushedAnchors(controlPlane),
      acceptedDomains: acceptedDomains(controlPlane),
      pinnedDomains: pinnedDomains(controlPlane),
    };
  };

  /** What istiod has to say when the push arrives, not when it was announced. */
  const deliver = (uid: string): void => {
    const proxy = proxies.get(uid);
    const push = proxy && pushFor(proxy.settings.discoveryAddress);
    if (proxy?.trust === undefined || push === undefined || samePush(proxy.trust.push, push)) return;
    const { settings, trust } = proxy;
    proxies.set(uid, { ...proxy, trust: receivePush(settings.agent, trust, push, signerFor(settings), clock.now().getTime()) });
  };

  const pushToAll = (): void => {
    const pushes = new Map<string, ConfigPush | undefined>();
    let place = 0;
    for (const [uid, { settings, trust }] of proxies) {
      const address = settings.discoveryAddress;
      if (!pushes.has(address)) pushes.set(address, pushFor(address));
      const push = pushes.get(address);
      if (trust?.push === undefined || push === undefined || samePush(trust.push, push)) continue;
      clock.schedule(PUSH_DELAY_MS + place * PUSH_STAGGER_MS, () => { deliver(uid); });
      place += 1;
    }
  };

  /** Waits for half the lifetime of the present certificate; where a push renewed it meanwhile, from that one on. */
  const awaitRenewal = (uid: string, name: string): void => {
    const proxy = proxies.get(uid);
    if (proxy?.trust === undefined) return;
    const { certifiedAt } = proxy.trust;
    const age = RENEWAL_AGE_MS * (1 - RENEWAL_SPREAD * spreadOf(name));
    const left = certifiedAt + age - clock.now().getTime();
    clock.schedule(Math.max(left, RETRY_MS), () => {
      const current = proxies.get(uid);
      const signer = current && signerFor(current.settings);
      if (current?.trust !== undefined && signer !== undefined && current.trust.certifiedAt === certifiedAt) {
        const trust = renewCertificate(current.settings.agent, current.trust, signer, clock.now().getTime());
        proxies.set(uid, { ...current, trust });
      }
      awaitRenewal(uid, name);
    });
  };

  /** Envoy is ready when it has its certificate and its first configuration; until then it asks again. */
  const begin = (pod: StoredPod, whenReady: () => void): void => {
    const { uid, name } = pod.metadata;
    const proxy = proxies.get(uid);
    if (proxy === undefined) return;
    const signer = signerFor(proxy.settings);
    if (signer === undefined || pushFor(proxy.settings.discoveryAddress) === undefined) {
      clock.schedule(RETRY_MS, () => { begin(pod, whenReady); });
      return;
    }
    proxies.set(uid, { ...proxy, trust: firstCertificate(signer, clock.now().getTime()) });
    clock.schedule(FIRST_PUSH_MS, () => { deliver(uid); });
    awaitRenewal(uid, name);
    whenReady();
  };

  store.onChange(({ resource, object }) => {
    const isMeshConfig = resource === 'configmaps' && object.metadata.name.startsWith('istio');
    if (isMeshConfig || (resource === 'pods' && isIstiod(asPod(object)) && isReady(asPod(object)))) pushToAll();
  });

  return {
    start(pod, whenReady) {
      const container = containerNamed(pod.spec, PROXY_CONTAINER);
      if (container === undefined) {
        whenReady();
        return;
      }
      const settings = readProxySettings(pod, container);
      proxies.set(pod.metadata.uid, { settings, startedAt: clock.now().getTime(), trust: undefined });
      begin(pod, whenReady);
    },
    stop(pod) {
      proxies.delete(pod.metadata.uid);
    },
    proxyIn: (pod) => proxies.get(pod.metadata.uid),
  };
}
