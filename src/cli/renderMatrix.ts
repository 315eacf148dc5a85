// What `mesh-ca matrix` prints: the classes of proxies, the grid, and what is behind each cell that is not green.
import type { PairNames } from '../app/trust/matrixWords.js';
import { className, pairReasons, unknownTrustMessage } from '../app/trust/matrixWords.js';
import type { ProxyTarget } from '../app/trust/proxyTargets.js';
import { jsonBadge, rootText } from '../app/trust/surveyExport.js';
import type { TrustMatrix } from '../app/trust/trustMatrix.js';
import { rootBadge } from '../app/trust/trustPresenter.js';
import { clusterKey, clusterName } from '../domain/cluster.js';
import type { Authentication } from '../domain/trust/authentication.js';
import type { NamedRoot } from '../domain/trust/proxyTrust.js';
import type { TrustClass, TrustPosition } from '../domain/trust/trustClasses.js';
import type { Message } from '../shared/text/message.js';
import { message } from '../shared/text/message.js';
import type { RenderText } from '../shared/text/render.js';

export type MatrixStyle = 'text' | 'json';

const SIGNS: Readonly<Record<Authentication['kind'], string>> = { authenticates: '✓', broken: '✕', unknown: '?' };

/** Whether every class can authenticate every class, itself included. */
export function isWhole({ grid }: TrustMatrix): boolean {
  return grid.flat().every(({ kind }) => kind === 'authenticates');
}

/** The whole of stdout. */
export function renderMatrix(matrix: TrustMatrix, notices: readonly Message[], style: MatrixStyle, render: RenderText): string {
  if (style === 'json') return `${JSON.stringify(jsonMatrix(matrix, notices, render), null, 2)}\n`;
  if (matrix.classes.length === 0) return `${render(message('matrix.none'))}\n`;
  const lines = [
    render(message('matrix.classes')),
    ...matrix.classes.flatMap((one, index) => classLines(one, index, render)),
    '',
    render(message('matrix.grid')),
    ...gridLines(matrix),
    ...reasonLines(matrix, render),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

function classLines(one: TrustClass<ProxyTarget>, index: number, render: RenderText): readonly string[] {
  const count = render(message('matrix.class.count', { count: one.members.length }));
  const places = placesOf(one.members).map(({ cluster, revisions }) => {
    const names = revisions.map((revision) => revision ?? render(message('matrix.class.noRevision')));
    return render(message('matrix.class.place', { cluster, revisions: names.join(', ') }));
  });
  const details = one.kind === 'known' ? positionMessages(one.position, render) : [unknownLine(one)];
  return ['', `${className(index)}  ${count}: ${places.join(', ')}`, ...details.map((detail) => `   ${render(detail)}`)];
}

function positionMessages({ anchors, signedBy, identityDomain, domains, validity, mtls }: TrustPosition, render: RenderText): readonly Message[] {
  const roots = [...anchors.values()].map((root) => message('matrix.class.trusts', { root: namedRootText(root, render) }));
  return [
    ...(roots.length > 0 ? roots : [message('matrix.class.trustsNothing')]),
    message('matrix.class.signedBy', { root: namedRootText(signedBy, render) }),
    message('matrix.class.identity', { domain: identityDomain }),
    acceptsMessage(domains),
    ...(mtls === 'unknown' ? [] : [message(`surveys.class.${mtls}`)]),
    ...(validity === 'valid' ? [] : [message(`matrix.class.${validity}`)]),
  ];
}

function acceptsMessage(domains: TrustPosition['domains']): Message {
  if (domains === 'unknown') return message('matrix.class.acceptsUnknown');
  if (domains.anyInbound === true) return message('surveys.class.acceptsAny');
  return message('matrix.class.accepts', { domains: domains.inbound.join(', ') });
}

function unknownLine({ why, members }: Extract<TrustClass<ProxyTarget>, { kind: 'unknown' }>): Message {
  const [first] = members;
  if (why.kind !== 'unread' || first === undefined) return message('matrix.class.unknown', { why: unknownTrustMessage(why) });
  return message('matrix.class.unread', { pod: podText(first), why: unknownTrustMessage(why) });
}

interface Place {
  readonly cluster: string;
  readonly context: string;
  readonly revisions: readonly (string | undefined)[];
}

/** The clusters that members run in, and which revisions injected them there. */
function placesOf(members: readonly ProxyTarget[]): readonly Place[] {
  const places = new Map<string, { readonly target: ProxyTarget; readonly revisions: Set<string | undefined> }>();
  for (const target of members) {
    const key = clusterKey(target.cluster);
    const place = places.get(key) ?? { target, revisions: new Set() };
    place.revisions.add(target.pod.proxy?.revision);
    places.set(key, place);
  }
  return [...places.values()].map(({ target: { cluster }, revisions }) => ({
    cluster: clusterName(cluster),
    context: cluster.context,
    revisions: [...revisions],
  }));
}

function gridLines({ grid }: TrustMatrix): readonly string[] {
  const names = grid.map((_, index) => className(index));
  const width = Math.max(...names.map(({ length }) => length));
  const line = (cells: readonly string[]): string => `   ${cells.map((cell) => cell.padEnd(width)).join(' ')}`.trimEnd();
  return [line(['', ...names]), ...grid.map((row, index) => line([className(index), ...row.map(({ kind }) => SIGNS[kind])]))];
}

function reasonLines(matrix: TrustMatrix, render: RenderText): readonly string[] {
  return pairsOf(matrix).flatMap(({ client, server, pair, clients, servers }) => {
    if (pair.kind === 'authenticates') return [];
    const [from, to] = exampleOf(clients, servers);
    const example = from && to ? [`     ${render(message('matrix.pair.example', { client: podText(from), server: podText(to) }))}`] : [];
    const reasons = reasonTexts(pair, { client, server }, render).map((reason) => `     ${reason}`);
    return ['', `${SIGNS[pair.kind]}  ${client} → ${server}`, ...reasons, ...example];
  });
}

/** Of a class with itself two different pods, where it has two. */
function exampleOf(clients: readonly ProxyTarget[], servers: readonly ProxyTarget[]): readonly [ProxyTarget | undefined, ProxyTarget | undefined] {
  return [clients[0], clients === servers ? (servers[1] ?? servers[0]) : servers[0]];
}

interface NamedPair {
  readonly client: string;
  readonly server: string;
  readonly pair: Authentication;
  readonly clients: readonly ProxyTarget[];
  readonly servers: readonly ProxyTarget[];
}

function pairsOf({ classes, grid }: TrustMatrix): readonly NamedPair[] {
  return grid.flatMap((row, from) =>
    row.map((pair, to) => ({
      client: className(from),
      server: className(to),
      pair,
      clients: classes[from]?.members ?? [],
      servers: classes[to]?.members ?? [],
    })),
  );
}

function jsonMatrix(matrix: TrustMatrix, notices: readonly Message[], render: RenderText): object {
  return {
    classes: matrix.classes.map((one, index) => ({
      name: className(index),
      proxies: one.members.length,
      places: placesOf(one.members),
      ...(one.kind === 'known' ? jsonPosition(one.position, render) : { unknown: one.why.kind, why: render(unknownTrustMessage(one.why)) }),
      pods: one.members.map(({ cluster, pod }) => ({ context: cluster.context, namespace: pod.namespace, pod: pod.name })),
    })),
    pairs: pairsOf(matrix).map(({ client, server, pair }) => ({
      client,
      server,
      state: pair.kind,
      reasons: pair.kind === 'authenticates' ? [] : pair.reasons.map(({ kind, side }) => ({ kind, side })),
      texts: reasonTexts(pair, { client, server }, render),
    })),
    notices: notices.map(render),
  };
}

function jsonPosition({ anchors, signedBy, identityDomain, domains, validity, mtls }: TrustPosition, render: RenderText): object {
  return {
    roots: [...anchors.values()].map((root) => jsonBadge(rootBadge(root), render)),
    signedBy: jsonBadge(rootBadge(signedBy), render),
    identityDomain,
    acceptedDomains: domains === 'unknown' ? null : domains.anyInbound === true ? 'any' : domains.inbound,
    expectedDomains: domains === 'unknown' ? null : domains.outbound,
    validity,
    mtls,
  };
}

function reasonTexts(pair: Authentication, names: PairNames, render: RenderText): readonly string[] {
  return pairReasons(pair, names, (root) => namedRootText(root, render)).map(render);
}

function namedRootText(root: NamedRoot, render: RenderText): string {
  return rootText(rootBadge(root), render);
}

/** A pod as one can find it. */
function podText({ cluster, pod }: ProxyTarget): string {
  return `${pod.namespace}/${pod.name} (${clusterName(cluster)})`;
}
