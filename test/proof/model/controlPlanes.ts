// The istiods of the model: which roots they can have in memory, what they say then, by the rehearsal's own rules.
import { acceptedDomains, caSourceAtStart, injects, pinnedDomains, pushedAnchors, signsUnder } from '../../../src/rehearsal/mesh/controlPlane.js';
import type { CaSource, ControlPlane } from '../../../src/rehearsal/mesh/controlPlane.js';
import type { ConfigPush, Signer } from '../../../src/rehearsal/mesh/proxyTrust.js';
import { MESH_CA, specsOf } from './scene.js';
import type { Revision, Scene } from './scene.js';

/** The cluster's old root, and the one that a Citadel makes for itself when it finds no CA Secret. */
export type LocalRoot = 'C' | 'N';

/** Roots in the memory of a revision's replicas, as a set: any of them may answer. */
export const LOADED = { C: 1, N: 2, none: 4 } as const;
export type LoadedRoots = number;

const LOADED_AS: readonly (readonly [number, LocalRoot | undefined])[] = [
  [LOADED.C, 'C'],
  [LOADED.N, 'N'],
  [LOADED.none, undefined],
];

/** What the CA Secrets hold: `cacerts` the old root, `istio-ca-secret` one that a Citadel made; with both the first counts. */
export type CaSecret = LocalRoot | 'CN' | 'none';

export function rootsIn(secret: CaSecret): readonly LocalRoot[] {
  return secret === 'none' ? [] : secret === 'CN' ? ['C', 'N'] : [secret];
}

export function secretOf(roots: readonly LocalRoot[]): CaSecret {
  const [hasOld, hasNew] = [roots.includes('C'), roots.includes('N')];
  return hasOld && hasNew ? 'CN' : hasOld ? 'C' : hasNew ? 'N' : 'none';
}

export interface ControlPlanes {
  /** Where a starting istiod gets its CA from. */
  startsWith(revision: Revision, secret: CaSecret): CaSource;
  /** The root it loads; undefined when it would make a new one. */
  loads(revision: Revision, secret: CaSecret): LoadedRoots | undefined;
  signers(revision: Revision, loaded: LoadedRoots): readonly Signer[];
  pushes(revision: Revision, loaded: LoadedRoots): readonly ConfigPush[];
  injects(revision: Revision): boolean;
  accepts(revision: Revision): readonly string[];
  readonly trustDomains: readonly string[];
  readonly revisions: readonly string[];
  readonly handsOutMeshCa: readonly boolean[];
  readonly meshCaSigner: Signer;
  /** As which pods are signed that bring their certificates: under the old root, in the domain of the old control plane. */
  readonly ownSigner: Signer;
}

export function createControlPlanes(scene: Scene): ControlPlanes {
  const specs = specsOf(scene);
  const withRoot = (revision: Revision, caRoot: LocalRoot | undefined): ControlPlane => {
    const spec = specs[revision];
    return {
      revision: spec.revision,
      trustDomain: spec.trustDomain,
      trustDomainAliases: spec.trustDomainAliases,
      caCertificates: spec.caCertificates.map((pem) => ({ pem, trustDomains: [] })),
      isMultiRoot: spec.isMultiRoot,
      servesCa: spec.signsWith === 'citadel',
      caRoot,
      variant: scene.variant,
    };
  };
  const loadedBy = (revision: Revision, loaded: LoadedRoots): readonly ControlPlane[] =>
    LOADED_AS.filter(([bit]) => (loaded & bit) !== 0).map(([, root]) => withRoot(revision, root));
  const startsWith = (revision: Revision, secret: CaSecret): CaSource =>
    revision === 1 && scene.flaw === 'otherRoot' ? 'selfSigned' : caSourceAtStart(withRoot(revision, undefined), { pluggedIn: rootsIn(secret).includes('C') ? 'usable' : 'none', selfSigned: rootsIn(secret).includes('N') });

  return {
    startsWith,
    loads(revision, secret) {
      const source = startsWith(revision, secret);
      return source === 'generated' ? undefined : { pluggedIn: LOADED.C, selfSigned: LOADED.N, none: LOADED.none, unusable: 0 }[source];
    },
    signers: (revision, loaded) =>
      loadedBy(revision, loaded).flatMap((controlPlane) => {
        const signs = signsUnder(controlPlane);
        return signs === undefined ? [] : [{ id: signs.root, root: signs.root, identityDomain: signs.identityDomain }];
      }),
    pushes: (revision, loaded) =>
      loadedBy(revision, loaded).map((controlPlane) => ({
        anchors: pushedAnchors(controlPlane),
        acceptedDomains: acceptedDomains(controlPlane),
        pinnedDomains: pinnedDomains(controlPlane),
      })),
    injects: (revision) => (revision !== 1 || scene.flaw !== 'refusesInjection') && injects(withRoot(revision, 'C')),
    accepts: (revision) => acceptedDomains(withRoot(revision, 'C')),
    trustDomains: specs.map(({ trustDomain }) => trustDomain),
    revisions: specs.map(({ revision }) => revision),
    handsOutMeshCa: specs.map(({ isMultiRoot, caCertificates }) => isMultiRoot && caCertificates.includes(MESH_CA)),
    meshCaSigner: { id: MESH_CA, root: MESH_CA, identityDomain: specs[2].trustDomain },
    ownSigner: { id: 'files', root: 'C', identityDomain: specs[0].trustDomain },
  };
}
