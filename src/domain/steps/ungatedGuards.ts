// The guards of a namespace step that runs without a plan: no gate looks at the other clusters, so whatever needs one is refused.
import { controlPlane, controlPlanes } from '../mesh/controlPlanes.js';
import type { ControlPlaneView } from '../mesh/controlPlanes.js';
import type { NamespaceFacts } from '../mesh/facts.js';
import type { ClusterSnapshot } from '../mesh/snapshot.js';
import type { Finding } from './finding.js';
import { memoryOf } from './labelMemory.js';
import { injectingRevision } from './namespaceInjector.js';
import { injectionLabelsOf, withInjectionLabels } from './namespaceLabels.js';
import type { NamespaceStepChoice } from './namespaceStep.js';

/**
 * A proxy that Mesh CA signs is refused by every proxy, of any cluster, that lacks Mesh CA's root; and a proxy without that
 * root refuses every one that Mesh CA signs (guide, "Migrate to Mesh CA": the root is distributed to all clusters first).
 */
export function guardWithoutPlan(
  snapshot: ClusterSnapshot | undefined,
  namespace: string,
  choice: NamespaceStepChoice,
  /** All clusters that take part: proxies of one talk to those of another. */
  mesh: readonly ClusterSnapshot[],
): readonly Finding[] {
  const facts = snapshot?.namespaces.get(namespace)?.facts;
  if (snapshot === undefined || facts === undefined || !isMove(choice)) return [];
  const state = snapshot.kinds.configmaps;
  // Who signs is read from the mesh configs: on old ones the guards would believe what is no longer so.
  if (state.state !== 'live') return [{ kind: 'notLive', resource: 'configmaps', failure: state.state === 'loading' ? undefined : state.failure }];
  const revision = destinationOf(snapshot, facts, choice);
  const plane = revision === undefined ? undefined : controlPlane(snapshot, revision);
  return [...guardSigner(revision, plane), ...guardSigned(mesh, snapshot, revision, plane)];
}

function isMove({ id }: NamespaceStepChoice): boolean {
  return id === 'migrate-namespace' || id === 'roll-back-namespace';
}

/** What pods created afterwards would be injected by; undefined where nothing would inject them. */
function destinationOf(snapshot: ClusterSnapshot, facts: NamespaceFacts, { id, parameters }: NamespaceStepChoice): string | undefined {
  if (id === 'migrate-namespace') return parameters.revision;
  if (id !== 'roll-back-namespace') return undefined;
  const labels = parameters.to ?? memoryOf(facts)?.before ?? injectionLabelsOf(facts.labels);
  return injectingRevision(snapshot, { name: facts.name, labels: withInjectionLabels(facts.labels, labels) });
}

function guardSigner(revision: string | undefined, plane: ControlPlaneView | undefined): readonly Finding[] {
  // Without an istiod nobody signs, and the step's own guards refuse it by a better name.
  if (revision === undefined || plane === undefined || plane.istiods.length === 0 || plane.signer === 'istioCa') return [];
  return [{ kind: 'signerNeedsPlan', revision, signer: plane.signer }];
}

/** Proxies that Mesh CA may have signed would not be trusted by what is moved. */
function guardSigned(
  mesh: readonly ClusterSnapshot[],
  snapshot: ClusterSnapshot,
  revision: string | undefined,
  plane: ControlPlaneView | undefined,
): readonly Finding[] {
  if (plane?.meshCaRoot === 'handedOut') return [];
  const signed = mesh.flatMap((cluster) =>
    controlPlanes(cluster).filter((each) => (cluster !== snapshot || each.revision !== revision) && each.signer !== 'istioCa' && each.proxies !== 0),
  );
  if (signed.length === 0) return [];
  return [{ kind: 'losesMeshCaRoot', to: revision, signing: [...new Set(signed.map((each) => each.revision))] }];
}
