// Holds the text of a saved survey to its shape, field by field: a file may come from anywhere.
import { z } from 'zod';
import type { SurveyDocumentParser } from '../../app/ports.js';
import type { SavedProxy, SurveyDocument } from '../../domain/trust/surveyDocument.js';
import { SURVEY_FORMAT, SURVEY_VERSION } from '../../domain/trust/surveyDocument.js';
import type { Failure } from '../../shared/failure.js';
import { parseJson, recordField } from '../../shared/json.js';
import { en } from '../../shared/text/en.js';
import type { Message, TextArgument, TextKey } from '../../shared/text/message.js';
import { message } from '../../shared/text/message.js';
import { cutList, decoded } from './longJsonList.js';

interface Refused {
  readonly ok: false;
  readonly why: Message;
}

const text = z.string().max(10_000);
const fingerprint = z.string().regex(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
const place = z.number().int().nonnegative();
const moment = z.number().int().min(-8.64e15).max(8.64e15);

const failure: z.ZodType<Failure> = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('kubeconfigUnreadable'), path: text, reason: text }),
  z.strictObject({ kind: z.literal('contextMissing'), path: text, context: text }),
  z.strictObject({ kind: z.literal('clusterUnreachable'), reason: text }),
  z.strictObject({ kind: z.literal('unauthenticated'), reason: text }),
  z.strictObject({ kind: z.literal('forbidden'), reason: text }),
  z.strictObject({ kind: z.literal('apiError'), status: z.number(), reason: text, retryAfterSeconds: z.number().exactOptional() }),
  z.strictObject({ kind: z.literal('timedOut'), seconds: z.number() }),
  z.strictObject({ kind: z.literal('cancelled') }),
  z.strictObject({ kind: z.literal('proxyNotRunning'), state: text }),
  z.strictObject({ kind: z.literal('proxyUnreachable'), reason: text }),
  z.strictObject({ kind: z.literal('proxyAnswerUnreadable'), reason: text }),
  z.strictObject({ kind: z.literal('certificateUnreadable'), reason: text }),
  z.strictObject({ kind: z.literal('toolMissing'), tool: text }),
  z.strictObject({ kind: z.literal('toolTooOld'), tool: text, version: text, needed: text }),
  z.strictObject({ kind: z.literal('unexpected'), reason: text }),
]);

function isTextKey(key: string): key is TextKey {
  return Object.hasOwn(en, key);
}

const sentence: z.ZodType<Message> = z.strictObject({
  key: z.string().refine(isTextKey, 'no text of this version'),
  get args(): z.ZodType<Readonly<Record<string, TextArgument>>> {
    return z.record(text, z.union([text, z.number(), z.lazy(() => sentence)]));
  },
});

const rootName = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('meshCa'), rehearsal: z.boolean(), renewed: z.literal(true).exactOptional() }),
  z.strictObject({ kind: z.literal('istioCa'), clusters: z.array(text), renewed: z.literal(true).exactOptional() }),
  z.strictObject({ kind: z.literal('unknownIstioCa'), trustDomain: text }),
  z.strictObject({ kind: z.literal('lookalike') }),
  z.strictObject({ kind: z.literal('other') }),
]);

const certificate = z.strictObject({
  spiffeId: text.optional(),
  notBefore: moment,
  notAfter: moment,
  intermediatesNotBefore: moment.optional(),
  intermediatesNotAfter: moment.optional(),
  fingerprint,
  serial: text,
  chain: z.array(z.strictObject({ fingerprint, subject: text })),
  issuers: z.array(fingerprint),
  signedBy: place.optional(),
});

const absences = [
  z.strictObject({ state: z.literal('warming') }),
  z.strictObject({ state: z.literal('notLoaded') }),
  z.strictObject({ state: z.literal('unreadable'), failure, file: text.exactOptional() }),
] as const;

const trust = z.strictObject({
  anchors: z.discriminatedUnion('state', [z.strictObject({ state: z.literal('active'), value: z.array(place) }), ...absences]),
  conflict: z.boolean(),
  certificate: z.discriminatedUnion('state', [z.strictObject({ state: z.literal('active'), value: certificate }), ...absences]),
  otherSecrets: z.array(text),
});

const proxy = z.strictObject({
  cluster: place,
  namespace: text,
  pod: text,
  role: z.enum(['sidecar', 'router', 'waypoint', 'unknown']),
  revision: text.optional(),
  trust: z.union([z.strictObject({ failure }), trust]),
  domains: z.union([place, z.literal('unknown')]),
  mtls: z.enum(['strict', 'permissive', 'disable', 'unknown']),
});
const proxies: z.ZodType<readonly SavedProxy[]> = z.array(proxy);

const document: z.ZodType<SurveyDocument> = z.strictObject({
  format: z.literal(SURVEY_FORMAT),
  version: z.literal(SURVEY_VERSION),
  tool: text,
  finishedAt: z.iso.datetime(),
  clusters: z.array(z.strictObject({ context: text })),
  certificates: z.array(z.string().max(100_000)),
  roots: z.array(z.strictObject({ fingerprint, name: rootName, trustDomains: z.array(text).exactOptional() })),
  rules: z.array(z.strictObject({ inbound: z.array(text), outbound: z.array(text), anyInbound: z.literal(true).exactOptional() })),
  proxies,
  notices: z.array(sentence),
});

/** Checked between two pauses. */
const PROXIES_AT_A_TIME = 100;

/** What is wrong is said of the first place at which it is wrong. Tens of thousands of proxies are read a few at a time. */
export const parseSurveyDocument: SurveyDocumentParser = function* (content) {
  const { rest, entries } = yield* cutList(content, 'proxies');
  const json = parseJson(rest);
  if (json === undefined) return notJson();
  const version = recordField({ json }, 'json')?.version;
  if (typeof version === 'number' && version > SURVEY_VERSION) return { ok: false, why: message('surveys.file.newer', { version }) };
  const head = document.safeParse(json);
  if (!head.success) return notOfShape(head.error);
  // A second list of the name: nobody could say which of them is meant.
  if (entries.length > 0 && head.data.proxies.length > 0) return wrongAt('proxies', 'twice');
  const known = [...head.data.proxies];
  for (let first = 0; first < entries.length; first += PROXIES_AT_A_TIME) {
    const last = Math.min(first + PROXIES_AT_A_TIME, entries.length) - 1;
    const some = parseJson(`[${decoded(content, entries[first]?.from, entries[last]?.to)}]`);
    if (some === undefined) return notJson();
    const read = proxies.safeParse(some);
    if (!read.success) return notOfShape(read.error, first);
    known.push(...read.data);
    yield;
  }
  return { ok: true, document: { ...head.data, proxies: known } };
};

function notJson(): Refused {
  return { ok: false, why: message('surveys.file.notJson') };
}

/** `first`: the place in the list of the first proxy that was looked at; without it the whole document was. */
function notOfShape({ issues: [issue] }: z.ZodError, first?: number): Refused {
  const [place, ...below] = issue?.path ?? [];
  const path = first === undefined ? (issue?.path ?? []) : ['proxies', first + Number(place), ...below];
  return wrongAt(path.length === 0 ? '/' : path.join('.'), issue?.message ?? '');
}

function wrongAt(where: string, what: string): Refused {
  return { ok: false, why: message('surveys.file.schema', { where, what }) };
}
