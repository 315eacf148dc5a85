// JSON patch (RFC 6902) as `kubectl patch --type=json` sends it.
import { ApiError, badRequest } from './apiError.js';
import { isObject, sameJson } from './json.js';

type Pointer = readonly string[];
type Container = Record<string, unknown> | unknown[];

function parsePointer(text: unknown): Pointer {
  if (typeof text !== 'string' || (text !== '' && !text.startsWith('/'))) throw badRequest('json patch: a path has to start with "/"');
  return text
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function rejected(problem: string): ApiError {
  return new ApiError(422, 'Invalid', `the server rejected our request due to an error in our request: ${problem}`);
}

/** The real server answers 422 for a path that leads nowhere, with the library's words. */
function missing(pointer: Pointer, operation: string): ApiError {
  const problem = `${operation} operation does not apply: doc is missing path: "/${pointer.join('/')}": missing value`;
  return rejected(problem);
}

function read(root: unknown, pointer: Pointer): unknown {
  return pointer.reduce<unknown>((value, step) => {
    if (Array.isArray(value)) return value[Number(step)] as unknown;
    return isObject(value) ? value[step] : undefined;
  }, root);
}

function containerOf(root: unknown, pointer: Pointer, operation: string): { container: Container; key: string } {
  const container = read(root, pointer.slice(0, -1));
  const key = pointer.at(-1);
  if (key === undefined || (!Array.isArray(container) && !isObject(container))) throw missing(pointer, operation);
  return { container, key };
}

function add(root: unknown, pointer: Pointer, value: unknown): unknown {
  if (pointer.length === 0) return value;
  const { container, key } = containerOf(root, pointer, 'add');
  if (!Array.isArray(container)) {
    container[key] = value;
    return root;
  }
  const position = key === '-' ? container.length : Number(key);
  if (!Number.isInteger(position) || position < 0 || position > container.length) throw missing(pointer, 'add');
  container.splice(position, 0, value);
  return root;
}

function remove(root: unknown, pointer: Pointer, operation: string): unknown {
  const removed = read(root, pointer);
  const { container, key } = containerOf(root, pointer, operation);
  if (removed === undefined) throw missing(pointer, operation);
  if (Array.isArray(container)) container.splice(Number(key), 1);
  else Reflect.deleteProperty(container, key);
  return removed;
}

function replace(root: unknown, pointer: Pointer, value: unknown): unknown {
  if (pointer.length === 0) return value;
  if (read(root, pointer) === undefined) throw missing(pointer, 'replace');
  const { container, key } = containerOf(root, pointer, 'replace');
  if (Array.isArray(container)) container[Number(key)] = value;
  else container[key] = value;
  return root;
}

function applyOperation(root: unknown, operation: Record<string, unknown>): unknown {
  const pointer = parsePointer(operation.path);
  switch (operation.op) {
    case 'add':
      return add(root, pointer, operation.value);
    case 'remove':
      remove(root, pointer, 'remove');
      return root;
    case 'replace':
      return replace(root, pointer, operation.value);
    case 'move':
      return add(root, pointer, remove(root, parsePointer(operation.from), 'move'));
    case 'copy':
      return add(root, pointer, structuredClone(read(root, parsePointer(operation.from))));
    case 'test':
      if (!sameJson(read(root, pointer), operation.value)) {
        throw rejected(`testing value /${pointer.join('/')} failed: test failed`);
      }
      return root;
    default:
      throw badRequest(`json patch: unexpected kind of operation: ${String(operation.op)}`);
  }
}

/** All operations or none: the target is never changed, a failing operation throws. */
export function applyJsonPatch(target: unknown, patch: unknown): unknown {
  if (!Array.isArray(patch)) throw badRequest('json patch: the body has to be a list of operations');
  return patch.reduce<unknown>((root, operation) => {
    if (!isObject(operation)) throw badRequest('json patch: an operation has to be an object');
    return applyOperation(root, structuredClone(operation));
  }, structuredClone(target));
}
