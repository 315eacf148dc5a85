// Decodes protobuf messages by tables of their fields into the JSON that the same object would be.
import type { Buffer } from 'node:buffer';
import { badRequest } from './apiError.js';
import { readFields } from './protobufReader.js';
import type { WireField, WireValue } from './protobufReader.js';

export type Decode = (value: WireValue) => unknown;

export interface FieldRule {
  readonly field: string;
  readonly decode: Decode;
  readonly repeats?: 'map' | 'list';
}

/** Rules by field number; a number without a rule is passed over. */
export type Schema = Readonly<Record<number, FieldRule>>;

export const text: Decode = ({ type, value }) => (type === 'bytes' ? value.toString('utf8') : String(value));
export const base64: Decode = ({ type, value }) => (type === 'bytes' ? value.toString('base64') : '');
export const flag: Decode = ({ value }) => value === 1;
export const number: Decode = ({ value }) => value;
/** Go writes a number that was not set as 0; where 0 means nothing it is left out. */
export const positive: Decode = ({ value }) => (value === 0 ? '' : value);

export function bytesOf(value: WireValue | undefined): Buffer {
  if (value?.type !== 'bytes') throw badRequest('protobuf: a message was expected');
  return value.value;
}

export function pick(fields: readonly WireField[], wanted: number): WireValue | undefined {
  return fields.find((field) => field.number === wanted)?.value;
}

export function decodeMessage(schema: Schema, bytes: Buffer): Record<string, unknown> {
  const object: Record<string, unknown> = {};
  for (const { number: fieldNumber, value } of readFields(bytes)) {
    const rule = schema[fieldNumber];
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

export function message(schema: Schema): Decode {
  return (value) => decodeMessage(schema, bytesOf(value));
}

/** A number or a text (`intstr.IntOrString`). */
export const numberOrText: Decode = (value) => {
  const fields = readFields(bytesOf(value));
  const isText = pick(fields, 1)?.value === 1;
  const chosen = pick(fields, isText ? 3 : 2);
  if (!chosen) return isText ? '' : 0;
  return isText ? text(chosen) : number(chosen);
};
