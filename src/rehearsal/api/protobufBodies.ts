// Request bodies that kubectl 1.32 and later sends as protobuf (`create namespace`, `auth can-i` and their like), as JSON objects.
import type { Buffer } from 'node:buffer';
import { ApiError, badRequest } from './apiError.js';
import { bytesOf, decodeMessage, pick, text } from './protobufMessages.js';
import { readFields } from './protobufReader.js';
import { PROTOBUF_SCHEMAS } from './protobufSchemas.js';

/** Every body starts with these four bytes, then a `runtime.Unknown`. */
const MAGIC = 'k8s\0';

/** The object in a `application/vnd.kubernetes.protobuf` body; 415 for kinds that no command sends this way. */
export function parseProtobufBody(body: Buffer): Record<string, unknown> {
  if (body.toString('latin1', 0, MAGIC.length) !== MAGIC) throw badRequest('the body is not Kubernetes protobuf');
  try {
    const unknown = readFields(body.subarray(MAGIC.length));
    const typeMeta = readFields(bytesOf(pick(unknown, 1)));
    const kind = pick(typeMeta, 2);
    const version = pick(typeMeta, 1);
    const schema = kind ? PROTOBUF_SCHEMAS[String(text(kind))] : undefined;
    if (!schema || !kind || !version) {
      throw new ApiError(415, 'UnsupportedMediaType', `the rehearsal reads no protobuf of kind ${kind ? String(text(kind)) : 'unknown'}`);
    }
    return { apiVersion: text(version), kind: text(kind), ...decodeMessage(schema, bytesOf(pick(unknown, 2))) };
  } catch (error) {
    if (error instanceof RangeError) throw badRequest(error.message);
    throw error;
  }
}
