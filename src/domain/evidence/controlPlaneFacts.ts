// The control planes of a cluster as gates see them: who signs, under which root, and what they hand out beside it.
import type { AnchorId, ControlPlaneGateFacts, ProxyFacts } from '../gates/gateFacts.js';
import { MESH_CA_ANCHOR } from '../gates/gateFacts.js';
import { controlPlanes } from '../mesh/controlPlanes.js';
import type { ControlPlaneView } from '../mesh/controlPlanes.js';
import type { Labels } from '../mesh/facts.js';
import { itemsOf } from '../mesh/gateObjects.js';
import type { SecretFacts } from '../mesh/gateObjects.js';
import type { ClusterSnapshot } from '../mesh/snapshot.js';
import { PLUGGED_IN_CA_SECRET, SELF_SIGNED_CA_SECRET } from '../../shared/istioNames.js';
import { acceptedBy } from './standing.js';

const HANDS_OUT = { handedOut: 'yes', configuredOnly: 'no', no: 'no', unknown: 'unknown' } as const;

export function controlPlaneFacts(snapshot: ClusterSnapshot, proxies: readonly ProxyFacts[]): readonly ControlPlaneGateFacts[] {
  return controlPlanes(snapshot).map((view) => ({
    revision: view.revision,
    identity: identityOf(view),
    installed: view.istiods.length > 0,
    ready: view.ready > 0,
    signer: view.signer,
    issuer: issuerOf(view, snapshot, proxies),
    handsOutMeshCa: HANDS_OUT[view.meshCaRoot],
    trustDomain: view.config?.unreadable === undefined ? view.config?.trustDomain : undefined,
    accepts: view.config === undefined || view.config.unreadable !== undefined ? 'unknown' : acceptedBy(view.config),
    loadedPresentCa: loadedPresentCa(view, snapshot),
  }));
}

/** `identity` of a revision's control plane, for whoever records evidence of it; undefined where no istiod of it is installed. */
export function controlPlaneIdentity(snapshot: ClusterSnapshot, revision: string): string | undefined {
  const view = controlPlanes(snapshot).find((candidate) => candidate.revision === revision);
  return view === undefined || view.istiods.length === 0 ? undefined : identityOf(view);
}

/**
 * Its Deployment made anew, another image, other settings or another mesh config object is another istiod; more replicas of it
 * are not, which is why the generation is not part of it.
 */
function identityOf({ istiods, config }: ControlPlaneView): string {
  const parts = istiods.map(({ uid, images, environment }) => `${uid} ${images.discovery ?? ''} ${settingsMark(environment)}`);
  return [...parts.sort(), config?.uid ?? ''].join(' ');
}

/** FNV-1a over the settings in order of their names: short, because it stands in every record of a probe. */
function settingsMark(environment: Labels): string {
  const text = Object.entries(environment).sort(([one], [other]) => (one < other ? -1 : 1)).join('\n');
  let mark = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) mark = Math.imul(mark ^ text.charCodeAt(index), 0x01000193);
  return (mark >>> 0).toString(16);
}

/** An istiod writes the self-signed root that it has just made within moments of its own start. */
const OWN_ROOT_MS = 60_000;

/**
 * istiod reads its CA at its start and not again (istio#57853): whether all that run started after it became what it is. Kubernetes
 * notes times in whole seconds: what happened in the same one is in no order.
 */
export function loadedPresentCa({ pods, signer }: ControlPlaneView, { objects, kinds }: ClusterSnapshot): boolean | 'unknown' {
  if (objects.secrets.state === 'unread' || kinds.pods.state !== 'live') return 'unknown';
  const find = (name: string): SecretFacts | undefined => itemsOf(objects.secrets).find((secret) => secret.name === name);
  const pluggedIn = find(PLUGGED_IN_CA_SECRET);
  const secret = pluggedIn ?? find(SELF_SIGNED_CA_SECRET);
  if (secret === undefined) return true;
  const startedAt = pods.flatMap(({ terminating, createdAt }) => (terminating ? [] : [createdAt]));
  if (startedAt.every((start) => start > secret.changedAt)) return true;
  // One that signs with a root of its own may have made this one; where Mesh CA signs, another istiod has, sooner or later.
  const slack = secret === pluggedIn ? 0 : OWN_ROOT_MS;
  if (startedAt.some((start) => start + slack < secret.changedAt)) return false;
  return secret !== pluggedIn && signer === 'istioCa' ? true : 'unknown';
}

/** What its proxies' certificates say comes first; where they say nothing or two things, the root that the cluster publishes. */
function issuerOf(view: ControlPlaneView, snapshot: ClusterSnapshot, proxies: readonly ProxyFacts[]): AnchorId | undefined {
  if (view.signer === 'meshCa') return MESH_CA_ANCHOR;
  if (view.signer === 'unknown') return undefined;
  const issuers = new Set(proxies.flatMap(({ revision, standing }) => (revision === view.revision && standing.kind === 'read' ? [standing.issuer] : [])));
  const [only] = issuers;
  if (issuers.size === 1 && only !== undefined) return only;
  const published = new Set([...snapshot.caRoots.values()].flatMap(({ fingerprints }) => fingerprints));
  const [root] = published;
  return issuers.size === 0 && published.size === 1 ? root : undefined;
}
