// Which roots phase 3 is about: those that were known before it, so that one that an istiod makes anew is none of them.
import type { AnchorId, GateFacts } from '../gates/gateFacts.js';
import { MESH_CA_ANCHOR } from '../gates/gateFacts.js';
import type { ClusterEvidence } from './gateInputs.js';
import { readRecords } from './records/clusterRecords.js';

export interface OldRootEvidence {
  readonly facts: Pick<GateFacts, 'baseline' | 'clusters'>;
  /** By `clusterKey`. */
  readonly evidence?: ReadonlyMap<string, ClusterEvidence>;
}

/**
 * By fingerprint: an istiod that restarts without a CA signs itself a new root (istio, pilot/pkg/bootstrap/istio_ca.go), which is
 * not the old one. Known are the issuers of the baseline and what was trusted when a CA secret was backed up; where neither was
 * recorded, any root but Mesh CA's counts as old.
 */
export function oldRoots(situation: OldRootEvidence): (anchor: AnchorId) => boolean {
  const backedUp = rootsOfBackups(situation);
  // A pair is `cluster|anchor,cluster|anchor`, and no anchor has a comma or a space in it.
  const issuers = [...(situation.facts.baseline?.pairs ?? [])].flatMap((pair) => [...pair.matchAll(/\|([^,|\s]+)/g)].flatMap(([, anchor]) => anchor ?? []));
  const known = new Set([...issuers, ...backedUp].filter((anchor) => anchor !== MESH_CA_ANCHOR));
  return known.size === 0 ? (anchor) => anchor !== MESH_CA_ANCHOR : (anchor) => known.has(anchor);
}

/** What the record of a backup keeps: a later one keeps what the first did, because a root made anew may be trusted by then. */
export function rootsToKeep(situation: OldRootEvidence): readonly AnchorId[] {
  const recorded = rootsOfBackups(situation);
  const { clusters } = situation.facts;
  const trusted = clusters.flatMap(({ proxies }) => proxies.flatMap(({ standing }) => (standing.kind === 'read' ? [...standing.anchors, standing.issuer] : [])));
  const roots = recorded.length > 0 ? recorded : trusted.filter((anchor) => anchor !== MESH_CA_ANCHOR);
  return [...new Set(roots)].sort();
}

function rootsOfBackups({ evidence }: OldRootEvidence): readonly AnchorId[] {
  return [...(evidence?.values() ?? [])].flatMap(({ records }) =>
    records?.ok === true ? readRecords(records.value).backups.flatMap(({ roots = [] }) => roots) : [],
  );
}
