// The CA secrets of a cluster as gates see them: there, backed up, or made anew by the istiod that runs.
import { ISTIO_NAMESPACE, PLUGGED_IN_CA_SECRET, SELF_SIGNED_CA_SECRET } from '../../shared/istioNames.js';
import type { AnchorId, CaSecretFacts, ClusterGateFacts } from '../gates/gateFacts.js';
import type { SecretFacts } from '../mesh/gateObjects.js';
import type { ClusterContext } from './clusterContext.js';

type Around = Pick<ClusterGateFacts, 'controlPlanes' | 'proxies'>;

/** Of both, in the order of their names; `isOldRoot` as `oldRoots` finds it. */
export function caSecretFacts(context: ClusterContext, around: Around, isOldRoot: (anchor: AnchorId) => boolean): readonly CaSecretFacts[] {
  const pluggedIn = caSecret(context, PLUGGED_IN_CA_SECRET);
  const own = caSecret(context, SELF_SIGNED_CA_SECRET);
  return [pluggedIn, isMadeAnew(context, around, isOldRoot) ? { ...own, madeAnew: true } : own];
}

function caSecret(context: ClusterContext, name: CaSecretFacts['name']): CaSecretFacts {
  if (context.snapshot.objects.secrets.state === 'unread') return { name, present: 'unknown', backedUp: false };
  const secret = secretOf(context, name);
  const backup = context.records.backups.find((record) => record.secret === name);
  if (secret === undefined) return { name, present: false, backedUp: backup !== undefined };
  return { name, present: true, backedUp: backup?.uid === secret.uid && backup.resourceVersion === secret.resourceVersion };
}

function secretOf({ snapshot: { objects } }: ClusterContext, name: CaSecretFacts['name']): SecretFacts | undefined {
  return objects.secrets.state === 'unread' ? undefined : objects.secrets.items.find((secret) => secret.name === name && secret.namespace === ISTIO_NAMESPACE);
}

/**
 * An istiod without a CA makes itself a root and keeps it in a Secret, also where Mesh CA signs (istio, pilot/pkg/bootstrap/istio_ca.go).
 * Taken for the old one it would be saved and deleted again and again. It is another object than any that was saved, and nobody
 * holds or publishes an old root any more; as long as one of these is not known, it counts like the old one.
 */
function isMadeAnew(context: ClusterContext, { controlPlanes, proxies }: Around, isOldRoot: (anchor: AnchorId) => boolean): boolean {
  const { records, snapshot } = context;
  const secret = secretOf(context, SELF_SIGNED_CA_SECRET);
  // With plugged-in keys beside it, it is not what istiod runs with.
  if (secret === undefined || secretOf(context, PLUGGED_IN_CA_SECRET) !== undefined) return false;
  if (records.backups.length === 0 || records.backups.some(({ uid }) => uid === secret.uid)) return false;
  // Written long after every istiod had started: somebody put it there, and what it holds comes with the next restart.
  if (controlPlanes.some(({ installed, loadedPresentCa }) => installed && loadedPresentCa === false)) return false;
  if (snapshot.kinds.pods.state !== 'live' || snapshot.kinds.caRoots.state !== 'live') return false;
  if ([...snapshot.caRoots.values()].some(({ fingerprints }) => fingerprints.some(isOldRoot))) return false;
  return proxies.every(({ standing, waived }) => (standing.kind === 'read' ? !standing.anchors.some(isOldRoot) : standing.kind !== 'unknown' || waived));
}
