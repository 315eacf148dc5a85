// Request bodies: JSON, YAML or Kubernetes protobuf in, plain objects out.
import { Buffer } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { parse as parseYaml } from 'yaml';
import type { KubeObject } from '../kubeObject.js';
import { ApiError, badRequest, unsupportedMediaType } from './apiError.js';
import { isObject } from './json.js';
import { parseProtobufBody } from './protobufBodies.js';

/** The real server's limit for a request body. */
const LIMIT_BYTES = 3 * 1024 * 1024;

export interface RequestBody {
  /** Without parameters; empty when the client named none. */
  readonly mediaType: string;
  readonly bytes: Buffer;
}

export async function readBody(request: IncomingMessage): Promise<RequestBody> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > LIMIT_BYTES) throw new ApiError(413, 'RequestEntityTooLarge', `limit is ${LIMIT_BYTES}`);
    chunks.push(chunk);
  }
  const [mediaType = ''] = (request.headers['content-type'] ?? '').split(';');
  return { mediaType: mediaType.trim().toLowerCase(), bytes: Buffer.concat(chunks) };
}

function parseText(body: RequestBody): unknown {
  const text = body.bytes.toString('utf8');
  try {
    return body.mediaType.includes('yaml') ? (parseYaml(text, { maxAliasCount: 100 }) as unknown) : (JSON.parse(text) as unknown);
  } catch (error) {
    throw badRequest(`the object provided is unrecognized (must be of type json or yaml): ${String(error)}`);
  }
}

/** A patch, whose shape depends on its media type; apply patches are YAML, of which JSON is a part. */
export function parsePatch(body: RequestBody): unknown {
  return parseText(body);
}

function parseFields(body: RequestBody): Record<string, unknown> {
  switch (body.mediaType) {
    case 'application/vnd.kubernetes.protobuf':
      return parseProtobufBody(body.bytes);
    case '':
    case 'application/json':
    case 'application/yaml': {
      const value = parseText(body);
      if (!isObject(value)) throw badRequest('the body of the request is not an object');
      return value;
    }
    default:
      throw unsupportedMediaType(['application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf']);
  }
}

/** An object to be stored: it has a kind and metadata. */
export function parseObject(body: RequestBody): KubeObject {
  const fields = parseFields(body);
  if (typeof fields.kind !== 'string' || fields.kind === '') throw badRequest("Object 'Kind' is missing in the body");
  const metadata = isObject(fields.metadata) ? fields.metadata : {};
  const apiVersion = typeof fields.apiVersion === 'string' ? fields.apiVersion : '';
  const name = typeof metadata.name === 'string' ? metadata.name : '';
  return { ...fields, apiVersion, kind: fields.kind, metadata: { ...metadata, name } };
}

/** Options that a client may leave out altogether. */
export function parseOptions(body: RequestBody): Record<string, unknown> {
  return body.bytes.length === 0 ? {} : parseFields(body);
}
