// The matrix as the page draws it: classes in words, both directions of each pair in one cell, and what is behind a cell.
import { clusterKey, clusterName } from '../../domain/cluster.js';
import type { Authentication } from '../../domain/trust/authentication.js';
import type { NamedRoot } from '../../domain/trust/proxyTrust.js';
import type { TrustClass } from '../../domain/trust/trustClasses.js';
import type { Message } from '../../shared/text/message.js';
import { message } from '../../shared/text/message.js';
import type { HypothesisChoice, MatrixCell, MatrixClass, MatrixMembers, MatrixPairView, MatrixPlace, MatrixView, PairState } from '../../shared/trustViews.js';
import { membersPerPage, mostMatrixClasses } from '../../shared/trustViews.js';
import type { PairNames } from './matrixWords.js';
import { className, pairReasons, unknownTrustMessage } from './matrixWords.js';
import type { ProxyTarget } from './proxyTargets.js';
import { targetId } from './proxyTargets.js';
import type { PairRequest } from './surveyEvidence.js';
import type { ChangedCell } from './whatIf.js';
import type { Work } from './stretches.js';
import { each } from './stretches.js';
import type { TrustMatrix } from './trustMatrix.js';
import { rootBadge, sortedBadges } from './trustPresenter.js';

export interface Supposition {
  readonly hypotheses: readonly HypothesisChoice[];
  readonly hypothesis?: string | undefined;
  /** The directions that are others than without the hypothesis. */
  readonly changed?: readonly ChangedCell[];
  /** What is to be known of the result. */
  readonly notes?: readonly Message[];
}

export function* presentMatrix({ classes, grid }: TrustMatrix, { hypotheses, hypothesis, changed = [], notes = [] }: Supposition): Work<MatrixView> {
  const places = new Set(changed.map(({ client, server }) => `${client} ${server}`));
  const drawn = classes.slice(0, mostMatrixClasses);
  const stateOf = (client: number, server: number): PairState => pairState(grid[client]?.[server]);
  const cells = drawn.map((_, row) =>
    drawn.map((__, column): MatrixCell => ({
      out: stateOf(row, column),
      back: stateOf(column, row),
      changed: places.has(`${row} ${column}`) || places.has(`${column} ${row}`),
    })),
  );
  const presented: MatrixClass[] = [];
  for (const [index, one] of drawn.entries()) presented.push(presentClass(one, index, yield* placesOf(one.members)));
  return { classes: presented, cells, pairs: yield* countPairs(grid), more: classes.length - drawn.length, hypotheses, hypothesis, notes };
}

/** What is not drawn fails as well: the classes that are cut off are the unknown ones first of all. */
function* countPairs(grid: TrustMatrix['grid']): Work<MatrixView['pairs']> {
  const found = { broken: 0, unknown: 0 };
  for (const [client, row] of grid.entries()) {
    for (let server = client; server < row.length; server += 1) {
      const states = [pairState(row[server]), pairState(grid[server]?.[client])];
      if (states.includes('no')) found.broken += 1;
      if (states.includes('unknown')) found.unknown += 1;
    }
    yield;
  }
  return found;
}

/** Undefined where the matrix has no such cell. */
export function presentPair({ classes, grid }: TrustMatrix, { row, column, rowOffset, columnOffset }: PairRequest): MatrixPairView | undefined {
  const [one, other] = [classes[row], classes[column]];
  if (one === undefined || other === undefined) return undefined;
  return {
    row,
    column,
    out: reasons(grid[row]?.[column], { client: className(row), server: className(column) }),
    back: reasons(grid[column]?.[row], { client: className(column), server: className(row) }),
    rowMembers: membersFrom(one, rowOffset),
    columnMembers: membersFrom(other, columnOffset),
  };
}

export function pairState(authentication: Authentication | undefined): PairState {
  switch (authentication?.kind) {
    case 'authenticates':
      return 'yes';
    case 'broken':
      return 'no';
    case 'unknown':
    case undefined:
      return 'unknown';
  }
}

function presentClass(one: TrustClass<ProxyTarget>, index: number, places: readonly MatrixPlace[]): MatrixClass {
  const base = { id: one.id, name: className(index), count: one.members.length, places };
  if (one.kind === 'unknown') {
    return { ...base, roots: [], signedBy: undefined, identity: undefined, accepts: undefined, mode: undefined, remarks: [unknownTrustMessage(one.why)] };
  }
  const { anchors, signedBy, identityDomain, domains, validity, mtls } = one.position;
  return {
    ...base,
    roots: sortedBadges([...anchors.values()]),
    signedBy: rootBadge(signedBy),
    identity: identityDomain,
    accepts: domains === 'unknown' ? undefined : domains.anyInbound === true ? ['*'] : domains.inbound,
    mode: mtls === 'unknown' ? undefined : mtls,
    remarks: validity === 'valid' ? [] : [message(`trust.why.${validity}`)],
  };
}

/** Clusters with the revisions of their proxies, in the order in which they come. */
function* placesOf(members: readonly ProxyTarget[]): Work<readonly MatrixPlace[]> {
  const places = new Map<string, { readonly cluster: string; readonly revisions: Set<string | undefined> }>();
  yield* each(members, ({ cluster, pod }) => {
    const key = clusterKey(cluster);
    const place = places.get(key) ?? { cluster: clusterName(cluster), revisions: new Set() };
    places.set(key, place);
    place.revisions.add(pod.proxy?.revision);
  });
  return [...places.values()].map(({ cluster, revisions }) => ({ cluster, revisions: [...revisions] }));
}

function membersFrom({ members }: TrustClass<ProxyTarget>, wanted: number): MatrixMembers {
  const offset = Math.max(0, Math.min(Number.isInteger(wanted) ? wanted : 0, members.length - 1));
  const pods = members.slice(offset, offset + membersPerPage).map((target) => ({
    id: targetId(target),
    cluster: clusterName(target.cluster),
    name: `${target.pod.namespace}/${target.pod.name}`,
  }));
  return { total: members.length, offset, pods };
}

function reasons(pair: Authentication | undefined, names: PairNames): readonly Message[] {
  return pair === undefined ? [] : pairReasons(pair, names, rootWords);
}

function rootWords(root: NamedRoot): Message {
  const { label, detail } = rootBadge(root);
  return message('panel.matrix.root', { label, detail });
}
