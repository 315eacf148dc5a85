// The proxies that run in one simulated cluster: each asks for its certificate, then hears from its control plane.
import { ISTIO_NAMESPACE, MESH_CA_ADDRESS, PROXY_CONTAINER } from '../../shared/istioNames.js';
import { fieldsAt } from '../api/json.js';
import type { ObjectStore, StoreEvent } from '../clusterBackend.js';
import { spreadOf } from '../controllers/generatedNames.js';
import type { RehearsalClock } from '../controllers/rehearsalClock.js';
import type { ControlStream } from '../envoy/envoyView.js';
import type { CertificateAuthority } from '../pki/certificateAuthority.js';
import { acceptedDomains, pinnedDomains, pushedAnchors, signsUnder } from './controlPlane.js';
import { CONNECTION_AGE_MS, createIstiodConnections } from './istiodConnections.js';
import type { Istiods, RunningIstiod } from './istiods.js';
import { isIstiod } from './istiods.js';
import type { MeshFaults } from './meshFaults.js';
import { asPod, containerNamed, isReady } from './podTypes.js';
import type { StoredPod } from './podTypes.js';
import { readProxySettings } from './proxySettings.js';
import type { ProxySettings } from './proxySettings.js';
import { agedTrust, firstCertificate, receivePush, renewalDue, renewCertificate, samePush } from './proxyTrust.js';
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
  /** Its stream to istiod, as its Envoy counts it. */
  controlStreamOf(pod: StoredPod): ControlStream;
  /** The proxy asks for a new certificate now. False when it has none yet or nobody answered. */
  renew(pod: StoredPod): boolean;
  /** Sends what proxies have not heard yet, after pushes were lost. */
  pushAgain(): void;
}

/** A signer with the key that signs. */
export interface KnownSigner extends Signer {
  readonly authority: CertificateAuthority;
}

/** Agents ask again soon, then less and less often. */
const RETRY_MS = { first: 1_500, longest: 60_000 } as const;
/** Proxies that lost their istiod look for it again; kubelets need a while to bring them a new root. */
const RECONNECT_MS = { first: 2_000, longest: 120_000 } as const;
const FIRST_PUSH_MS = 900;
/** Pushes reach the proxies of a cluster one after another; in a large one all of them within half a minute. */
const PUSH_DELAY_MS = 400;
const PUSH_STAGGER_MS = { each: 120, all: 30_000 } as const;

interface Inhabitant {
  readonly pod: StoredPod;
  readonly proxy: RunningProxy;
}

function pushOf({ controlPlane }: RunningIstiod): ConfigPush {
  return {
    anchors: pushedAnchors(controlPlane),
    acceptedDomains: acceptedDomains(controlPlane),
    pinnedDomains: pinnedDomains(controlPlane),
  };
}

/** The same proxy as though it had been there for longer. */
function aged(proxy: RunningProxy, ms: number): RunningProxy {
  const { startedAt, trust } = proxy;
  return { ...proxy, startedAt: startedAt - ms, trust: trust && agedTrust(trust, ms) };
}

/** In how many steps the proxies come over to where a Service leads now. */
const RECONNECTION_PARTS = 10;

/** Tries again later as long as it fails, at growing intervals. */
function createRetry(
  clock: RehearsalClock,
  waits: { readonly first: number; readonly longest: number },
  attempt: () => void,
): { after(hasFailed: boolean): void } {
  let wait = waits.first;
  let isWaiting = false;
  return {
    after(hasFailed) {
      if (!hasFailed) wait = waits.first;
      if (!hasFailed || isWaiting) return;
      isWaiting = true;
      clock.schedule(wait, () => {
        isWaiting = false;
        wait = Math.min(wait * 2, waits.longest);
        attempt();
      });
    },
  };
}

/** Changes after which an istiod may have something new to say: its mesh config, its coming and going, its Service. */
function concernsProxies({ type, resource, object, previous }: StoreEvent): boolean {
  if (object.metadata.namespace !== ISTIO_NAMESPACE) return false;
  if (resource === 'configmaps') return 'mesh' in fieldsAt(object, 'data');
  if (resource === 'services') return type === 'MODIFIED';
  if (resource !== 'pods' || !isIstiod(asPod(object))) return false;
  const was = previous !== undefined && isReady(asPod(previous));
  return was !== (type !== 'DELETED' && isReady(asPod(object)));
}

/** `meshCa` signs for the whole fleet, under its workload identity pool. */
export function createDataPlane(tools: {
  readonly store: ObjectStore;
  readonly clock: RehearsalClock;
  readonly istiods: Istiods;
  readonly meshCa: { readonly authority: CertificateAuthority; readonly identityDomain: string };
  readonly faults: MeshFaults;
  /** Told of every signer before it is used. */
  readonly onSigner: (signer: KnownSigner) => void;
}): DataPlane {
  const { store, clock, istiods, meshCa, faults, onSigner } = tools;
  const inhabitants = new Map<string, Inhabitant>();
  /** How to call off the next renewal of each proxy. */
  const renewals = new Map<string, () => void>();
  const connections = createIstiodConnections(store, clock, istiods);
  const now = (): number => clock.now().getTime();

  const announceSigner = (authority: CertificateAuthority, signs: Pick<Signer, 'identityDomain' | 'handsOn'>): Signer => {
    const named = { id: authority.certificatePem, root: authority.rootPem, ...signs };
    const lifetimeMs = faults.certificateLifetimeMs();
    const signer: Signer = lifetimeMs === undefined ? named : { ...named, lifetimeMs };
    onSigner({ ...signer, authority });
    return signer;
  };

  /** Whoever answers a certificate request of this proxy at this moment, with its present configuration. */
  const signerFor = ({ pod, proxy: { settings } }: Inhabitant): Signer | undefined => {
    if (faults.refusesCertificate(pod)) return undefined;
    if (settings.caAddress === MESH_CA_ADDRESS) {
      return settings.agent.speaksMeshCa ? announceSigner(meshCa.authority, { identityDomain: meshCa.identityDomain }) : undefined;
    }
    const istiod = connections.reach(pod, settings.caAddress);
    const signs = istiod && signsUnder(istiod.controlPlane);
    if (istiod?.authority === undefined || signs === undefined) return undefined;
    return announceSigner(istiod.authority, signs);
  };

  const keep = (inhabitant: Inhabitant, trust: ProxyTrust): void => {
    const { pod, proxy } = inhabitant;
    inhabitants.set(pod.metadata.uid, { pod, proxy: { ...proxy, trust } });
  };

  /** What istiod has to say when the push arrives, not when it was announced. */
  const deliver = (uid: string): void => {
    const inhabitant = inhabitants.get(uid);
    const trust = inhabitant?.proxy.trust;
    if (inhabitant === undefined || trust === undefined) return;
    const { settings } = inhabitant.proxy;
    const istiod = connections.reach(inhabitant.pod, settings.discoveryAddress);
    const push = istiod && pushOf(istiod);
    if (push === undefined || samePush(trust.push, push)) return;
    const next = receivePush(settings.agent, trust, push, signerFor(inhabitant), now());
    keep(inhabitant, next);
    if (next.certifiedAt !== trust.certifiedAt) awaitRenewal(uid);
  };

  const send = (pod: StoredPod, delayMs: number): void => {
    const late = faults.pushDelay(pod);
    if (late !== 'lost') clock.schedule(delayMs + late, () => { deliver(pod.metadata.uid); });
  };

  /** Only proxies for which something changed hear of it; what each istiod says is worked out once. */
  const pushToAll = (): void => {
    const pushes = new Map<RunningIstiod['pod'], ConfigPush>();
    const waiting: StoredPod[] = [];
    let isCutOff = false;
    for (const { pod, proxy } of inhabitants.values()) {
      if (proxy.trust === undefined) continue;
      const istiod = connections.reach(pod, proxy.settings.discoveryAddress);
      isCutOff ||= istiod === undefined;
      if (istiod === undefined) continue;
      const push = pushes.get(istiod.pod) ?? pushOf(istiod);
      pushes.set(istiod.pod, push);
      if (!samePush(proxy.trust.push, push)) waiting.push(pod);
    }
    const stagger = Math.min(PUSH_STAGGER_MS.each, PUSH_STAGGER_MS.all / Math.max(1, waiting.length));
    waiting.forEach((pod, place) => { send(pod, PUSH_DELAY_MS + place * stagger); });
    reconnection.after(isCutOff);
  };
  const reconnection = createRetry(clock, RECONNECT_MS, pushToAll);

  const renew = (uid: string): boolean => {
    const inhabitant = inhabitants.get(uid);
    const trust = inhabitant?.proxy.trust;
    if (inhabitant === undefined || trust === undefined) return false;
    const signer = signerFor(inhabitant);
    if (signer === undefined) return false;
    keep(inhabitant, renewCertificate(inhabitant.proxy.settings.agent, trust, signer, now()));
    awaitRenewal(uid);
    return true;
  };

  /** Waits for half the lifetime of the certificate that is there now; what was waited for before is off. */
  const awaitRenewal = (uid: string, retryMs: number = RETRY_MS.first): void => {
    const inhabitant = inhabitants.get(uid);
    const trust = inhabitant?.proxy.trust;
    if (inhabitant === undefined || trust === undefined) return;
    const due = renewalDue(trust, spreadOf(inhabitant.pod.metadata.name));
    renewals.get(uid)?.();
    const callOff = clock.schedule(Math.max(due - now(), retryMs), () => {
      if (!renew(uid)) awaitRenewal(uid, Math.min(retryMs * 2, RETRY_MS.longest));
    });
    renewals.set(uid, callOff);
  };

  /** Envoy is ready when it has its certificate and its first configuration; until then it asks again. */
  const begin = (uid: string, whenReady: () => void, retryMs: number = RETRY_MS.first): void => {
    const inhabitant = inhabitants.get(uid);
    if (inhabitant === undefined) return;
    const { pod, proxy } = inhabitant;
    const signer = signerFor(inhabitant);
    if (signer === undefined || connections.reach(pod, proxy.settings.discoveryAddress) === undefined) {
      clock.schedule(retryMs, () => { begin(uid, whenReady, Math.min(retryMs * 2, RETRY_MS.longest)); });
      return;
    }
    keep(inhabitant, firstCertificate(signer, now()));
    send(pod, FIRST_PUSH_MS);
    awaitRenewal(uid);
    whenReady();
  };

  clock.onLeap((ms) => {
    for (const [uid, { pod, proxy }] of inhabitants) inhabitants.set(uid, { pod, proxy: aged(proxy, ms) });
  });
  store.onChange((event) => {
    if (!concernsProxies(event)) return;
    pushToAll();
    // Old connections to where a Service led before end one after another.
    if (event.resource !== 'services') return;
    for (let part = 1; part <= RECONNECTION_PARTS; part += 1) clock.schedule((CONNECTION_AGE_MS * part) / RECONNECTION_PARTS, pushToAll);
  });

  return {
    start(pod, whenReady) {
      const container = containerNamed(pod.spec, PROXY_CONTAINER);
      if (container === undefined) {
        whenReady();
        return;
      }
      const settings = readProxySettings(pod, container);
      inhabitants.set(pod.metadata.uid, { pod, proxy: { settings, startedAt: now(), trust: undefined } });
      begin(pod.metadata.uid, whenReady);
    },
    stop(pod) {
      inhabitants.delete(pod.metadata.uid);
      renewals.get(pod.metadata.uid)?.();
      renewals.delete(pod.metadata.uid);
      connections.forget(pod.metadata.uid);
    },
    proxyIn: (pod) => inhabitants.get(pod.metadata.uid)?.proxy,
    controlStreamOf(pod) {
      const proxy = inhabitants.get(pod.metadata.uid)?.proxy;
      if (proxy === undefined) return { isOpen: false, opened: 0, answered: 0 };
      const { isOpen, made } = connections.of(pod, proxy.settings.discoveryAddress);
      // Its first configuration takes a moment; whoever has been configured once is answered as soon as it asks.
      const isUnanswered = isOpen && proxy.trust?.push === undefined;
      return { isOpen, opened: made, answered: made - Number(isUnanswered) };
    },
    renew: (pod) => renew(pod.metadata.uid),
    pushAgain: pushToAll,
  };
}
