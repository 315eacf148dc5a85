// Fields that a kind does not have: an error where the client asks for strictness (kubectl does), otherwise dropped unsaid.
import type { ResourceRequest } from './apiContext.js';
import { ApiError, badRequest, invalid } from './apiError.js';
import { isObject } from './json.js';
import { KNOWN_FIELDS } from './knownFields.js';
import type { FieldTree } from './knownFields.js';

function unknownBelow(value: unknown, tree: FieldTree, path: string): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((item: unknown, index) => unknownBelow(item, tree, `${path}[${index}]`));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([field, inner]) => {
    const below = path === '' ? field : `${path}.${field}`;
    if (!Object.hasOwn(tree, field)) return [below];
    const known = tree[field];
    return known ? unknownBelow(inner, known, below) : [];
  });
}

/** Paths of the fields that a kind does not have; none for kinds that are not known field by field. */
export function unknownFields(kind: string, object: unknown): readonly string[] {
  const tree = KNOWN_FIELDS[kind];
  return tree ? unknownBelow(object, tree, '') : [];
}

function strictError(fields: readonly string[]): string {
  return `strict decoding error: ${fields.map((field) => `unknown field "${field}"`).join(', ')}`;
}

function isStrict({ params, target }: ResourceRequest): boolean {
  return params.get('fieldValidation') === 'Strict' && !target.resource.custom;
}

/** Throws 400 for an object to be created or to replace another. */
export function checkKnownFields(request: ResourceRequest, object: unknown): void {
  const { kind } = request.target.resource;
  const fields = isStrict(request) ? unknownFields(kind, object) : [];
  if (fields.length === 0) return;
  throw badRequest(`${kind} in version "${request.target.version}" cannot be handled as a ${kind}: ${strictError(fields)}`);
}

/** Throws 422 for the outcome of a patch. */
export function checkPatchedFields(request: ResourceRequest, patched: unknown): void {
  const fields = isStrict(request) ? unknownFields(request.target.resource.kind, patched) : [];
  if (fields.length === 0) return;
  throw invalid('', '', 'patch', `Invalid value: "${request.body.bytes.toString('utf8')}": ${strictError(fields)}`);
}

/** Server-side apply knows every field it takes, whether strictness is asked for or not. */
export function checkAppliedFields(request: ResourceRequest, configuration: { readonly apiVersion: string }): void {
  const { resource, namespace, name } = request.target;
  const [field] = unknownFields(resource.kind, configuration);
  if (field === undefined) return;
  const subject = `${namespace === undefined ? '' : `${namespace}/`}${name ?? ''}; ${configuration.apiVersion}, Kind=${resource.kind}`;
  throw new ApiError(500, '', `failed to create typed patch object (${subject}): .${field}: field not declared in schema`);
}
