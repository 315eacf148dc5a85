// The control planes that run in one simulated cluster: which istiod a Service leads to, what it has loaded, what it hands out.
import {
  DEFAULT_REVISION,
  ISTIO_NAMESPACE,
  PLUGGED_IN_CA_SECRET,
  REVISION_LABEL,
  SELF_SIGNED_CA_SECRET,
} from '../../shared/istioNames.js';
import { textAt } from '../api/json.js';
import type { ObjectStore } from '../clusterBackend.js';
import { spreadOf } from '../controllers/generatedNames.js';
import type { RehearsalClock } from '../controllers/rehearsalClock.js';
import type { StoredObject } from '../kubeObject.js';
import { authorityInSecret, selfSignedCaSecret } from '../pki/caSecrets.js';
import { createSelfSignedAuthority } from '../pki/certificateAuthority.js';
import type { CertificateAuthority } from '../pki/certificateAuthority.js';
import type { KeySource } from '../pki/keySource.js';
import { caSourceAtStart } from './controlPlane.js';
import type { CaSecretsFound, ControlPlane, MeshCaVariant } from './controlPlane.js';
import { readInjector, revisionSuffix } from './injector.js';
import type { Injector } from './injector.js';
import { hasLabels } from './labelSelector.js';
import { readMeshConfig } from './meshConfig.js';
import type { MeshConfig } from './meshConfig.js';
import { asPod, containerNamed, envValue, isReady } from './podTypes.js';
import type { StoredPod } from './podTypes.js';

/** One istiod process. */
export interface RunningIstiod {
  readonly pod: StoredPod;
  readonly controlPlane: ControlPlane;
  /** With its key; `controlPlane.caRoot` is its root. */
  readonly authority: CertificateAuthority | undefined;
}

export interface Istiods {
  /** Loads the CA into a starting istiod, making one where Istio would. False when it cannot come up with what it finds. */
  start(pod: StoredPod): boolean;
  stop(pod: StoredPod): void;
  /** The ready istiods behind a Service; undefined when there is no such Service. */
  behindService(namespace: string, name: string): readonly RunningIstiod[] | undefined;
  /** The one that a client finds at `istiod[-REV].istio-system.svc:15012`; undefined when nobody answers. */
  atAddress(address: string, client: string): RunningIstiod | undefined;
  /** The istiod in the pod of this uid, while it is ready. */
  process(uid: string): RunningIstiod | undefined;
  /** All that are ready, in order of name. */
  ready(): readonly RunningIstiod[];
  injectorOf(istiod: RunningIstiod): Injector;
}

export function isIstiod(pod: StoredPod): boolean {
  return pod.metadata.namespace === ISTIO_NAMESPACE && pod.metadata.labels?.app === 'istiod';
}

function revisionOf(pod: StoredPod): string {
  return pod.metadata.labels?.[REVISION_LABEL] ?? DEFAULT_REVISION;
}

/** Self-signed Citadels compare their CA with the Secret once an hour (selfsignedcarootcertrotator.go) and follow it. */
const RELOAD_WITHIN_MS = 60 * 60 * 1000;

/** `ENABLE_CA_SERVER` is on unless it says false. */
function servesCa(pod: StoredPod): boolean {
  return envValue(containerNamed(pod.spec, 'discovery'), 'ENABLE_CA_SERVER') !== 'false';
}

function versionOf(pod: StoredPod): string {
  return containerNamed(pod.spec, 'discovery')?.image.replace(/^.*:/u, '') ?? '';
}

/** Stored objects never change, so what was read from one holds as long as it is there. */
function createConfigReader(store: ObjectStore): {
  meshConfigOf(revision: string): MeshConfig;
  injectorOf(revision: string): Injector;
} {
  const meshConfigs = new WeakMap<StoredObject, MeshConfig>();
  const injectors = new WeakMap<StoredObject, { readonly from: StoredObject; readonly injector: Injector }>();
  const configMap = (name: string): StoredObject | undefined => store.get('configmaps', ISTIO_NAMESPACE, name);
  return {
    meshConfigOf(revision) {
      const source = configMap(`istio${revisionSuffix(revision)}`);
      if (source === undefined) return readMeshConfig('');
      const mesh = meshConfigs.get(source) ?? readMeshConfig(textAt(source, 'data', 'mesh'));
      meshConfigs.set(source, mesh);
      return mesh;
    },
    injectorOf(revision) {
      const mesh = configMap(`istio${revisionSuffix(revision)}`);
      const values = configMap(`istio-sidecar-injector${revisionSuffix(revision)}`);
      const known = values && injectors.get(values);
      if (known !== undefined && known.from === mesh) return known.injector;
      const injector = readInjector(revision, textAt(mesh, 'data', 'mesh'), textAt(values, 'data', 'values'));
      if (mesh !== undefined && values !== undefined) injectors.set(values, { from: mesh, injector });
      return injector;
    },
  };
}

export function createIstiods(tools: {
  readonly store: ObjectStore;
  readonly clock: RehearsalClock;
  readonly variant: MeshCaVariant;
  readonly newKey: KeySource;
}): Istiods {
  const { store, clock, variant, newKey } = tools;
  /** By uid of the pod: what each process has in memory, whatever became of the Secret since. */
  const loaded = new Map<string, CertificateAuthority | undefined>();
  const pods = trackIstiodPods(store);
  const config = createConfigReader(store);

  const loadAuthority = (pod: StoredPod): CertificateAuthority | 'unusable' | undefined => {
    const pluggedIn = store.get('secrets', ISTIO_NAMESPACE, PLUGGED_IN_CA_SECRET);
    const selfSigned = store.get('secrets', ISTIO_NAMESPACE, SELF_SIGNED_CA_SECRET);
    const found = { pluggedIn: stateOfPluggedIn(pluggedIn), selfSigned: selfSigned !== undefined };
    const source = caSourceAtStart({ servesCa: servesCa(pod), variant }, found);
    switch (source) {
      case 'pluggedIn':
        return pluggedIn && authorityInSecret(pluggedIn);
      case 'selfSigned':
        return (selfSigned && authorityInSecret(selfSigned)) ?? 'unusable';
      case 'generated': {
        const { trustDomain } = config.meshConfigOf(revisionOf(pod));
        const made = createSelfSignedAuthority(trustDomain, clock.now(), newKey);
        store.create('secrets', selfSignedCaSecret(made));
        return made;
      }
      case 'none':
        return undefined;
      case 'unusable':
        return source;
    }
  };

  const running = (pod: StoredPod): RunningIstiod => {
    const revision = revisionOf(pod);
    const authority = loaded.get(pod.metadata.uid);
    const isMultiRoot = envValue(containerNamed(pod.spec, 'discovery'), 'ISTIO_MULTIROOT_MESH') === 'true';
    const { trustDomain, trustDomainAliases, caCertificates } = config.meshConfigOf(revision);
    const bundle = authority?.rootBundlePems;
    const ca = { servesCa: servesCa(pod), caRoot: authority?.rootPem, ...(bundle === undefined ? {} : { caRootBundle: bundle }), version: versionOf(pod), variant };
    return { pod, authority, controlPlane: { revision, trustDomain, trustDomainAliases, caCertificates, isMultiRoot, ...ca } };
  };

  const isServing = (pod: StoredPod): boolean => isReady(pod) && loaded.has(pod.metadata.uid);
  const readyPods = (): StoredPod[] => pods.all().filter(isServing);

  /** Only a self-signed CA follows its Secret while istiod runs; a plugged-in one is read at the start alone. */
  const followSecret = (uid: string): void => {
    const secret = store.get('secrets', ISTIO_NAMESPACE, SELF_SIGNED_CA_SECRET);
    const authority = secret && authorityInSecret(secret);
    if (authority !== undefined && loaded.get(uid)?.intermediatePems.length === 0) loaded.set(uid, authority);
  };
  store.onChange(({ type, resource, object }) => {
    const isCaSecret = resource === 'secrets' && object.metadata.name === SELF_SIGNED_CA_SECRET;
    if (!isCaSecret || type === 'DELETED' || object.metadata.namespace !== ISTIO_NAMESPACE) return;
    for (const { metadata } of readyPods()) {
      clock.schedule(RELOAD_WITHIN_MS * spreadOf(metadata.name), () => { followSecret(metadata.uid); });
    }
  });

  const istiods: Istiods = {
    start(pod) {
      const authority = loadAuthority(pod);
      if (authority !== 'unusable') loaded.set(pod.metadata.uid, authority);
      return authority !== 'unusable';
    },
    stop(pod) {
      loaded.delete(pod.metadata.uid);
    },
    behindService(namespace, name) {
      const service = store.get('services', namespace, name);
      if (service === undefined) return undefined;
      const selector = (service.spec as { selector?: Record<string, string> } | undefined)?.selector ?? {};
      if (Object.keys(selector).length === 0 || namespace !== ISTIO_NAMESPACE) return [];
      return readyPods().filter(({ metadata }) => hasLabels(selector, metadata.labels ?? {})).map(running);
    },
    atAddress(address, client) {
      const [name = '', namespace = ''] = address.split('.');
      const behind = istiods.behindService(namespace, name) ?? [];
      return behind[Math.floor(spreadOf(client) * behind.length)];
    },
    process(uid) {
      const pod = pods.withUid(uid);
      return pod && isServing(pod) ? running(pod) : undefined;
    },
    ready: () => readyPods().map(running),
    injectorOf: ({ pod, controlPlane }) => {
      const asksForNative = envValue(containerNamed(pod.spec, 'discovery'), 'ENABLE_NATIVE_SIDECARS') === 'true';
      return { ...config.injectorOf(controlPlane.revision), nativeSidecars: asksForNative };
    },
  };
  return istiods;
}

/** In the words of the rule for a starting istiod. */
function stateOfPluggedIn(secret: StoredObject | undefined): CaSecretsFound['pluggedIn'] {
  if (secret === undefined || textAt(secret, 'data', 'ca-key.pem') === '') return 'none';
  return authorityInSecret(secret) === undefined ? 'unusable' : 'usable';
}

/** The istiod pods of a cluster, in order of name, without going through all pods. */
function trackIstiodPods(store: ObjectStore): { all(): readonly StoredPod[]; withUid(uid: string): StoredPod | undefined } {
  const pods = new Map<string, StoredPod>();
  store.onChange(({ type, resource, object }) => {
    if (resource !== 'pods' || !isIstiod(asPod(object))) return;
    if (type === 'DELETED') pods.delete(object.metadata.uid);
    else pods.set(object.metadata.uid, asPod(object));
  });
  return {
    all: () => [...pods.values()].sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1)),
    withUid: (uid) => pods.get(uid),
  };
}
