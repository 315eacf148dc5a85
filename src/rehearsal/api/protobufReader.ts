// Reads the protobuf wire format as far as Kubernetes request bodies need it: varints and length-delimited fields.
import type { Buffer } from 'node:buffer';

export type WireValue = { readonly type: 'number'; readonly value: number } | { readonly type: 'bytes'; readonly value: Buffer };

export interface WireField {
  readonly number: number;
  readonly value: WireValue;
}

const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;
const FIXED32 = 5;

class Cursor {
  readonly bytes: Buffer;
  position = 0;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  readVarint(): number {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.bytes[this.position];
      if (byte === undefined) throw new RangeError('protobuf: the body ends inside a number');
      this.position += 1;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return Number(BigInt.asIntN(64, value));
    }
    throw new RangeError('protobuf: a number is too long');
  }

  readBytes(length: number): Buffer {
    const end = this.position + length;
    if (length < 0 || end > this.bytes.length) throw new RangeError('protobuf: the body ends inside a field');
    const bytes = this.bytes.subarray(this.position, end);
    this.position = end;
    return bytes;
  }
}

function readValue(cursor: Cursor, wireType: number): WireValue {
  switch (wireType) {
    case VARINT:
      return { type: 'number', value: cursor.readVarint() };
    case FIXED64:
      return { type: 'bytes', value: cursor.readBytes(8) };
    case BYTES:
      return { type: 'bytes', value: cursor.readBytes(cursor.readVarint()) };
    case FIXED32:
      return { type: 'bytes', value: cursor.readBytes(4) };
    default:
      throw new RangeError(`protobuf: wire type ${wireType} is not used by Kubernetes`);
  }
}

/** The fields of one message in the order in which they were written. Throws RangeError for bytes that are no message. */
export function readFields(message: Buffer): readonly WireField[] {
  const cursor = new Cursor(message);
  const fields: WireField[] = [];
  while (cursor.position < message.length) {
    const tag = cursor.readVarint();
    fields.push({ number: Math.floor(tag / 8), value: readValue(cursor, tag & 7) });
  }
  return fields;
}
