// The matrix after a change that has not been run: a pure function over the classes of a survey and one hypothesis.
import type { ClusterRef } from '../../domain/cluster.js';
import { clusterKey, clusterName } from '../../domain/cluster.js';
import type { ClusterSnapshot } from '../../domain/mesh/snapshot.js';
import type { Authentication } from '../../domain/trust/authentication.js';
import type { NamedRoot } from '../../domain/trust/proxyTrust.js';
import { isSameRoot } from '../../domain/trust/sameRoot.js';
import type { TrustClass, TrustPosition, UnknownTrust } from '../../domain/trust/trustClasses.js';
import { positionKey } from '../../domain/trust/trustClasses.js';
import type { Message } from '../../shared/text/message.js';
import { message } from '../../shared/text/message.js';
import { configuredPosition } from './configuredPosition.js';
import { meshCaDomain } from './meshCaDomain.js';
import type { ProxyTarget } from './proxyTargets.js';
import type { Work } from './stretches.js';
import { each } from './stretches.js';
import type { TrustMatrix } from './trustMatrix.js';
import { gridWork } from './trustMatrix.js';
import { rootBadge } from './trustPresenter.js';

export type Hypothesis =
  /** The proxies of a namespace are created anew and injected by this revision. */
  | { readonly kind: 'injected'; readonly cluster: ClusterRef; readonly namespace: string; readonly revision: string }
  /** No proxy of the cluster trusts this root any more. */
  | { readonly kind: 'rootRemoved'; readonly cluster: ClusterRef; readonly root: NamedRoot }
  /** Every proxy of the cluster has a valid certificate under this root. Mesh CA gives it another trust domain, its own. */
  | { readonly kind: 'signed'; readonly cluster: ClusterRef; readonly root: NamedRoot };

export interface ChangedCell {
  /** Places in the new matrix. */
  readonly client: number;
  readonly server: number;
  /** What it is now between the proxies of the two; several where the new classes join old ones. */
  readonly before: readonly Authentication['kind'][];
  readonly after: Authentication['kind'];
}

export type WhatIf =
  | {
      readonly ok: true;
      readonly matrix: TrustMatrix;
      /** Cells that are not for all their pairs of proxies as they were. */
      readonly changed: readonly ChangedCell[];
      /** What was taken to be so without having been seen. */
      readonly assumptions: readonly Message[];
    }
  /** Of the proxies that are meant nothing can be said, and this is why. In the matrix they are not known. */
  | { readonly ok: false; readonly why: Message; readonly matrix: TrustMatrix; readonly changed: readonly ChangedCell[] };

/** Looks at each member once, whatever the hypothesis; `snapshots` are asked for control planes without proxies. */
export function* whatIf(matrix: TrustMatrix, hypothesis: Hypothesis, snapshots: readonly ClusterSnapshot[], now: number): Work<WhatIf> {
  const change = yield* changeFor(matrix, hypothesis, snapshots);
  const apply = 'key' in change ? (): UnknownTrust => ({ kind: 'unforeseen', why: change }) : change.apply;
  const moved = yield* regroup(matrix.classes, hypothesis, apply);
  const classes = moved.map(({ trustClass }) => trustClass);
  const grid = yield* gridWork(classes, now);
  const after = { matrix: { classes, grid }, changed: changedCells(matrix, moved, grid) };
  return 'key' in change ? { ok: false, why: change, ...after } : { ok: true, assumptions: change.assumptions, ...after };
}

/** The hypothesis as half a sentence. */
export function hypothesisMessage(hypothesis: Hypothesis): Message {
  const cluster = clusterName(hypothesis.cluster);
  switch (hypothesis.kind) {
    case 'injected':
      return message('surveys.what.injected', { cluster, namespace: hypothesis.namespace, revision: hypothesis.revision });
    case 'rootRemoved':
      return message('surveys.what.rootRemoved', { cluster, root: rootBadge(hypothesis.root).detail });
    case 'signed':
      return message('surveys.what.signed', { cluster, root: rootBadge(hypothesis.root).detail });
  }
}

interface Change {
  /** Where the members of a class that are meant stand afterwards; undefined: still nobody knows. */
  readonly apply: (position: TrustPosition | undefined) => TrustPosition | undefined;
  readonly assumptions: readonly Message[];
}

function* changeFor(matrix: TrustMatrix, hypothesis: Hypothesis, snapshots: readonly ClusterSnapshot[]): Work<Change | Message> {
  switch (hypothesis.kind) {
    case 'rootRemoved':
      return { assumptions: [], apply: (position) => position && withoutRoot(position, hypothesis.root) };
    case 'signed':
      return yield* signedUnder(hypothesis.root, hypothesis.cluster, matrix, snapshots);
    case 'injected': {
      const { cluster, revision } = hypothesis;
      const seen = yield* mostCommonPosition(matrix, cluster, revision);
      const model = seen ?? configuredPosition(cluster, revision, matrix, snapshots);
      if (model === undefined) return message('surveys.what.noModel', { revision, cluster: clusterName(cluster) });
      // How a proxy takes connections is decided by policies of its namespace, not by what injected it.
      const assumptions = seen === undefined ? [message('panel.matrix.suppose.assumed')] : [];
      return { assumptions, apply: (position) => ({ ...model, validity: 'valid', mtls: position?.mtls ?? 'unknown' }) };
    }
  }
}

function* signedUnder(root: NamedRoot, cluster: ClusterRef, matrix: TrustMatrix, snapshots: readonly ClusterSnapshot[]): Work<Change | Message> {
  const signed = (position: TrustPosition): TrustPosition => ({ ...position, signedBy: root, validity: 'valid' });
  if (root.name.kind !== 'meshCa') return { assumptions: [], apply: (position) => position && signed(position) };
  const found = yield* meshCaDomain(cluster, matrix, snapshots);
  // Whether anybody accepts them is what phase 2 most often fails by, so no domain is made up.
  if (found === undefined) return message('surveys.what.noMeshCaDomain', { cluster: clusterName(cluster) });
  const { domain: identityDomain, isAlias } = found;
  const assumptions = isAlias ? [message('panel.matrix.suppose.alias', { domain: identityDomain, cluster: clusterName(cluster) })] : [];
  return { assumptions, apply: (position) => position && { ...signed(position), identityDomain } };
}

/** A root goes with every certificate that stands for it. */
function withoutRoot(position: TrustPosition, root: NamedRoot): TrustPosition {
  return { ...position, anchors: new Map([...position.anchors].filter(([, anchor]) => !isSameRoot(anchor, root))) };
}

/** Of the revision's proxies in that cluster; what most of them have is what the next one gets. */
function* mostCommonPosition({ classes }: TrustMatrix, cluster: ClusterRef, revision: string): Work<TrustPosition | undefined> {
  let most: { readonly position: TrustPosition; readonly count: number } | undefined;
  for (const one of classes) {
    if (one.kind !== 'known') continue;
    let count = 0;
    yield* each(one.members, (member) => {
      if (member.pod.proxy?.revision === revision && isIn(member, cluster)) count += 1;
    });
    if (count > (most?.count ?? 0)) most = { position: one.position, count };
  }
  return most?.position;
}

/** A class of the new matrix with the places of the old ones that its members come from. */
interface Moved {
  readonly trustClass: TrustClass<ProxyTarget>;
  readonly origins: ReadonlySet<number>;
}

function* regroup(
  classes: readonly TrustClass<ProxyTarget>[],
  hypothesis: Hypothesis,
  apply: (position: TrustPosition | undefined) => TrustPosition | UnknownTrust | undefined,
): Work<readonly Moved[]> {
  const groups = new Map<string, { readonly like: TrustClass<ProxyTarget>; readonly members: ProxyTarget[]; readonly origins: Set<number> }>();
  const put = (like: TrustClass<ProxyTarget>, members: readonly ProxyTarget[], origin: number): void => {
    if (members.length === 0) return;
    const group = groups.get(like.id) ?? { like, members: [], origins: new Set<number>() };
    groups.set(like.id, group);
    for (const member of members) group.members.push(member);
    group.origins.add(origin);
  };
  for (const [place, one] of classes.entries()) {
    const found = apply(one.kind === 'known' ? one.position : undefined);
    const meant: ProxyTarget[] = [];
    const others: ProxyTarget[] = [];
    yield* each(one.members, (member) => (found !== undefined && isMeant(member, hypothesis) ? meant : others).push(member));
    put(one, others, place);
    if (found !== undefined) put(classAt(found), meant, place);
  }
  const all = [...groups.values()].map(({ like, members, origins }) => ({ trustClass: { ...like, members }, origins }));
  return [...all.filter(({ trustClass }) => trustClass.kind === 'known'), ...all.filter(({ trustClass }) => trustClass.kind === 'unknown')];
}

function classAt(found: TrustPosition | UnknownTrust): TrustClass<ProxyTarget> {
  if ('kind' in found) return { kind: 'unknown', id: JSON.stringify([found.kind]), why: found, members: [] };
  return { kind: 'known', id: positionKey(found), position: found, members: [] };
}

function changedCells(before: TrustMatrix, moved: readonly Moved[], grid: TrustMatrix['grid']): readonly ChangedCell[] {
  return moved.flatMap((from, client) =>
    moved.flatMap((to, server) => {
      const after = grid[client]?.[server]?.kind;
      const kinds = new Set([...from.origins].flatMap((row) => [...to.origins].map((column) => before.grid[row]?.[column]?.kind)));
      const known = [...kinds].filter((kind) => kind !== undefined);
      return after === undefined || known.every((kind) => kind === after) ? [] : [{ client, server, before: known, after }];
    }),
  );
}

function isMeant(member: ProxyTarget, hypothesis: Hypothesis): boolean {
  return isIn(member, hypothesis.cluster) && (hypothesis.kind !== 'injected' || member.pod.namespace === hypothesis.namespace);
}

function isIn({ cluster }: ProxyTarget, ref: ClusterRef): boolean {
  return clusterKey(cluster) === clusterKey(ref);
}
