// Request bodies that kubectl 1.32 and later sends as protobuf (`create namespace|secret|configmap`, `auth can-i`), as JSON objects.
// Field numbers are those of generated.proto in k8s.io/api and k8s.io/apimachinery.
import type { Buffer } from 'node:buffer';
import { ApiError, badRequest } from './apiError.js';
import { readFields } from './protobufReader.js';
import type { WireField, WireValue } from './protobufReader.js';

type Decode = (value: WireValue) => unknown;
interface FieldRule {
  readonly field: string;
  readonly decode: Decode;
  readonly repeats?: 'map' | 'list';
}
type Schema = Readonly<Record<number, FieldRule>>;

/** Every body starts with these four bytes, then a `runtime.Unknown`. */
const MAGIC = 'k8s\0';

const text: Decode = ({ type, value }) => (type === 'bytes' ? value.toString('utf8') : String(value));
const base64: Decode = ({ type, value }) => (type === 'bytes' ? value.toString('base64') : '');
const flag: Decode = ({ value }) => value === 1;

function bytesOf(value: WireValue | undefined): Buffer {
  if (value?.type !== 'bytes') throw badRequest('protobuf: a message was expected');
  return value.value;
}

function pick(fields: readonly WireField[], number: number): WireValue | undefined {
  return fields.find((field) => field.number === number)?.value;
}

function decodeMessage(schema: Schema, message: Buffer): Record<string, unknown> {
  const object: Record<string, unknown> = {};
  for (const { number, value } of readFields(message)) {
    const rule = schema[number];
    if (!rule) continue;
    if (rule.repeats === 'map') {
      const entry = readFields(bytesOf(value));
      const key = pick(entry, 1);
      const inner = pick(entry, 2);
      const before = object[rule.field] as Record<string, unknown> | undefined;
      object[rule.field] = { ...before, [key ? String(text(key)) : '']: inner ? rule.decode(inner) : '' };
    } else if (rule.repeats === 'list') {
      object[rule.field] = [...((object[rule.field] as unknown[] | undefined) ?? []), rule.decode(value)];
    } else {
      const decoded = rule.decode(value);
      // Go writes empty strings out; in JSON they would be claims (`namespace: ""`).
      if (decoded !== '') object[rule.field] = decoded;
    }
  }
  return object;
}

function message(schema: Schema): Decode {
  return (value) => decodeMessage(schema, bytesOf(value));
}

const metadata: FieldRule = {
  field: 'metadata',
  decode: message({
    1: { field: 'name', decode: text },
    2: { field: 'generateName', decode: text },
    3: { field: 'namespace', decode: text },
    11: { field: 'labels', decode: text, repeats: 'map' },
    12: { field: 'annotations', decode: text, repeats: 'map' },
    14: { field: 'finalizers', decode: text, repeats: 'list' },
  }),
};

const resourceAttributes = message({
  1: { field: 'namespace', decode: text },
  2: { field: 'verb', decode: text },
  3: { field: 'group', decode: text },
  4: { field: 'version', decode: text },
  5: { field: 'resource', decode: text },
  6: { field: 'subresource', decode: text },
  7: { field: 'name', decode: text },
});
const nonResourceAttributes = message({ 1: { field: 'path', decode: text }, 2: { field: 'verb', decode: text } });

const SCHEMAS: Readonly<Record<string, Schema>> = {
  Namespace: { 1: metadata },
  Secret: {
    1: metadata,
    2: { field: 'data', decode: base64, repeats: 'map' },
    3: { field: 'type', decode: text },
    4: { field: 'stringData', decode: text, repeats: 'map' },
    5: { field: 'immutable', decode: flag },
  },
  ConfigMap: {
    1: metadata,
    2: { field: 'data', decode: text, repeats: 'map' },
    3: { field: 'binaryData', decode: base64, repeats: 'map' },
    4: { field: 'immutable', decode: flag },
  },
  SelfSubjectAccessReview: {
    1: metadata,
    2: {
      field: 'spec',
      decode: message({
        1: { field: 'resourceAttributes', decode: resourceAttributes },
        2: { field: 'nonResourceAttributes', decode: nonResourceAttributes },
      }),
    },
  },
  DeleteOptions: {
    1: { field: 'gracePeriodSeconds', decode: ({ value }) => value },
    4: { field: 'propagationPolicy', decode: text },
    5: { field: 'dryRun', decode: text, repeats: 'list' },
  },
};

/** The object in a `application/vnd.kubernetes.protobuf` body; 415 for kinds that no command sends this way. */
export function parseProtobufBody(body: Buffer): Record<string, unknown> {
  if (body.toString('latin1', 0, MAGIC.length) !== MAGIC) throw badRequest('the body is not Kubernetes protobuf');
  try {
    const unknown = readFields(body.subarray(MAGIC.length));
    const typeMeta = readFields(bytesOf(pick(unknown, 1)));
    const kind = pick(typeMeta, 2);
    const version = pick(typeMeta, 1);
    const schema = kind ? SCHEMAS[String(text(kind))] : undefined;
    if (!schema || !kind || !version) {
      throw new ApiError(415, 'UnsupportedMediaType', `the rehearsal reads no protobuf of kind ${kind ? String(text(kind)) : 'unknown'}`);
    }
    return { apiVersion: text(version), kind: text(kind), ...decodeMessage(schema, bytesOf(pick(unknown, 2))) };
  } catch (error) {
    if (error instanceof RangeError) throw badRequest(error.message);
    throw error;
  }
}
