// A survey as the extension keeps it for the next one: of each row what a comparison looks at, each text once. The file is the
// extension's own, and is still read like any other: what is not as it was written is not believed.
import { parseJson, recordField } from '../../shared/json.js';
import type { Message } from '../../shared/text/message.js';
import type { RootBadge, TrustRow, TrustScope, TrustState } from '../../shared/trustRows.js';
import type { TextPieces, Work } from './stretches.js';
import { each, inPieces, mapEach } from './stretches.js';
import type { KeptSurvey } from './surveyMemory.js';

const STATES: readonly TrustState[] = ['waiting', 'read', 'notLoaded', 'unknown'];

/** Places in the tables, but for the pod's name; -1 for none: cluster, context, namespace, pod, gateway, revision, state, roots, signer, identity, reason. */
type KeptRow = readonly [number, number, number, string, 0 | 1, number, number, readonly number[], number, number, number];

interface Tables {
  readonly texts: readonly string[];
  readonly badges: readonly RootBadge[];
  readonly reasons: readonly Message[];
}

/** The text of the file. `version` is that of the extension: another one may have other texts and another form. */
export function* keptSurveyWork({ scope, rows, finishedAt }: KeptSurvey, version: string): Work<TextPieces> {
  const texts = new Table<string>((text) => text);
  const badges = new Table<RootBadge>(JSON.stringify);
  const reasons = new Table<Message>(JSON.stringify);
  const written = yield* mapEach(rows, (row) => {
    const roots = row.roots.map((root) => badges.place(root));
    const kept: KeptRow = [
      texts.place(row.cluster), texts.place(row.context), texts.place(row.namespace), row.pod, row.gateway ? 1 : 0, texts.place(row.revision),
      STATES.indexOf(row.state), roots, badges.place(row.signedBy), texts.place(row.spiffeId), reasons.place(row.why),
    ];
    return JSON.stringify(kept);
  });
  const head = { version, scope, finishedAt, texts: texts.items, badges: badges.items, reasons: reasons.items };
  return yield* inPieces(written, `${JSON.stringify(head).slice(0, -1)},"rows":[`, ',', ']}');
}

/** Undefined for a file that is none, or of another version. */
export function* readKeptSurvey(content: string, version: string): Work<KeptSurvey | undefined> {
  const file = parseJson(content);
  const tables = tablesOf(file);
  const { finishedAt, rows } = fieldsOf(file);
  const scope = scopeOf(fieldsOf(file).scope);
  if (fieldsOf(file).version !== version || typeof finishedAt !== 'number' || !isList(rows) || tables === undefined || scope === undefined) return undefined;
  const read: TrustRow[] = [];
  yield* each(rows, (row) => {
    const known = rowOf(row, tables);
    if (known !== undefined) read.push(known);
  });
  return read.length === rows.length ? { scope, finishedAt, rows: read } : undefined;
}

/** Values by the key that makes them equal. */
class Table<Item> {
  readonly items: Item[] = [];
  readonly #places = new Map<string, number>();
  readonly #keyOf: (item: Item) => string;

  constructor(keyOf: (item: Item) => string) {
    this.#keyOf = keyOf;
  }

  place(item: Item | undefined): number {
    if (item === undefined) return -1;
    const key = this.#keyOf(item);
    const known = this.#places.get(key);
    if (known !== undefined) return known;
    this.#places.set(key, this.items.length);
    return this.items.push(item) - 1;
  }
}

function rowOf(value: unknown, { texts, badges, reasons }: Tables): TrustRow | undefined {
  if (!isList(value)) return undefined;
  const [cluster, context, namespace, pod, gateway, revision, state, roots, signer, identity, reason] = value as unknown as Partial<KeptRow>;
  const names = [cluster, context, namespace].map((place) => texts[place ?? -1]);
  const [clusterName, contextName, namespaceName] = names;
  const known = STATES[state ?? -1];
  const held = Array.isArray(roots) ? roots.map((place: number) => badges[place]) : [undefined];
  const isWhole = clusterName !== undefined && contextName !== undefined && namespaceName !== undefined && typeof pod === 'string' && known !== undefined;
  if (!isWhole || held.includes(undefined)) return undefined;
  return {
    // A place of its own: which kubeconfig it was is not kept.
    id: JSON.stringify([contextName, namespaceName, pod]),
    cluster: clusterName,
    context: contextName,
    clusterKey: contextName,
    namespace: namespaceName,
    pod,
    gateway: gateway === 1,
    revision: texts[revision ?? -1],
    state: known,
    roots: held.filter((badge) => badge !== undefined),
    signedBy: badges[signer ?? -1],
    spiffeId: texts[identity ?? -1],
    notBefore: undefined,
    notAfter: undefined,
    why: reasons[reason ?? -1],
  };
}

function tablesOf(file: unknown): Tables | undefined {
  const { texts, badges, reasons } = fieldsOf(file);
  if (!isList(texts) || !isList(badges) || !isList(reasons)) return undefined;
  const areBadges = badges.every((badge) => typeof fieldsOf(badge).label === 'string' && typeof fieldsOf(badge).fingerprint === 'string' && isMessage(fieldsOf(badge).detail));
  return areTexts(texts) && areBadges && reasons.every(isMessage) ? { texts, badges: badges as readonly RootBadge[], reasons } : undefined;
}

function isMessage(value: unknown): value is Message {
  const { key, args } = fieldsOf(value);
  return typeof key === 'string' && typeof args === 'object' && args !== null;
}

function scopeOf(value: unknown): TrustScope | undefined {
  const { contexts, namespaces } = fieldsOf(value);
  return areTexts(contexts) && areTexts(namespaces) ? { contexts, namespaces } : undefined;
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

function areTexts(value: unknown): value is readonly string[] {
  return isList(value) && value.every((entry) => typeof entry === 'string');
}

function fieldsOf(value: unknown): Partial<Record<string, unknown>> {
  return recordField({ value }, 'value') ?? {};
}
