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
import type { RehearsalClock } from '../controllers/rehearsalClock.js';
import type { StoredObject } from '../kubeObject.js';
import { authorityInSecret, selfSignedCaSecret } from '../pki/caSecrets.js';
import { createSelfSignedAuthority } from '../pki/certificateAuthority.js';
import type { CertificateAuthority } from '../pki/certificateAuthority.js';
import type { RsaKeySource } from '../pki/rsaKeySource.js';
import { caSourceAtStart } from './controlPlane.js';
import type { ControlPlane, MeshCaVariant } from './controlPlane.js';
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
  /** Loads the CA into a starting istiod, making one where Istio would. */
  start(pod: StoredPod): void;
  stop(pod: StoredPod): void;
  /** The ready istiods behind a Service; undefined when there is no such Service. */
  behindService(namespace: string, name: string): readonly RunningIstiod[] | undefined;
  /** The one that answers at `istiod[-REV].istio-system.svc:15012`; undefined when nobody does. */
  atAddress(address: string): RunningIstiod | undefined;
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

/** `ENABLE_CA_SERVER` is on unless it says false. */
function servesCa(pod: StoredPod): boolean {
  return envValue(containerNamed(pod.spec, 'discovery'), 'ENABLE_CA_SERVER') !== 'false';
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
  readonly newKey: RsaKeySource;
}): Istiods {
  const { store, clock, variant, newKey } = tools;
  /** By uid of the pod: what each process has in memory, whatever became of the Secret since. */
  const loaded = new Map<string, CertificateAuthority | undefined>();
  const config = createConfigReader(store);

  const loadAuthority = (pod: StoredPod): CertificateAuthority | undefined => {
    const pluggedIn = store.get('secrets', ISTIO_NAMESPACE, PLUGGED_IN_CA_SECRET);
    const selfSigned = store.get('secrets', ISTIO_NAMESPACE, SELF_SIGNED_CA_SECRET);
    const source = caSourceAtStart(
      { servesCa: servesCa(pod), variant },
      { pluggedIn: pluggedIn !== undefined, selfSigned: selfSigned !== undefined },
    );
    switch (source) {
      case 'pluggedIn':
        return pluggedIn && authorityInSecret(pluggedIn);
      case 'selfSigned':
        return selfSigned && authorityInSecret(selfSigned);
      case 'generated': {
        const { trustDomain } = config.meshConfigOf(revisionOf(pod));
        const made = createSelfSignedAuthority(trustDomain, clock.now(), newKey);
        store.create('secrets', selfSignedCaSecret(made));
        return made;
      }
      case 'none':
        return undefined;
    }
  };

  const running = (pod: StoredPod): RunningIstiod => {
    const revision = revisionOf(pod);
    const authority = loaded.get(pod.metadata.uid);
    const isMultiRoot = envValue(containerNamed(pod.spec, 'discovery'), 'ISTIO_MULTIROOT_MESH') === 'true';
    const { trustDomain, trustDomainAliases, caCertificates } = config.meshConfigOf(revision);
    const ca = { servesCa: servesCa(pod), caRoot: authority?.rootPem, variant };
    return { pod, authority, controlPlane: { revision, trustDomain, trustDomainAliases, caCertificates, isMultiRoot, ...ca } };
  };

  const readyPods = (): StoredPod[] =>
    store
      .list('pods', ISTIO_NAMESPACE)
      .map(asPod)
      .filter((pod) => isIstiod(pod) && isReady(pod) && loaded.has(pod.metadata.uid));

  const istiods: Istiods = {
    start(pod) {
      loaded.set(pod.metadata.uid, loadAuthority(pod));
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
    atAddress(address) {
      const [name = '', namespace = ''] = address.split('.');
      return istiods.behindService(namespace, name)?.[0];
    },
    ready: () => readyPods().map(running),
    injectorOf: ({ controlPlane }) => config.injectorOf(controlPlane.revision),
  };
  return istiods;
}
