// OpenAPI, as much as kubectl needs before it applies: which kinds there are and that `fieldValidation` is understood.
import type { Answer } from './answer.js';
import { ok } from './answer.js';
import { SERVED_VERSIONS } from './discovery.js';
import { groupVersion } from './resources.js';
import type { Resource } from './resources.js';

const V2_PROTOBUF = 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf';

function pathOf(group: string, version: string): string {
  return group === '' ? `api/${version}` : `apis/${group}/${version}`;
}

function index(): Answer {
  const entries = SERVED_VERSIONS.map(({ group, version }) => {
    const path = pathOf(group, version);
    return [path, { serverRelativeURL: `/openapi/v3/${path}?hash=rehearsal` }] as const;
  });
  return ok({ paths: Object.fromEntries(entries) });
}

function queryParameter(name: string): object {
  return { name, in: 'query', schema: { type: 'string', uniqueItems: true } };
}

function operation(resource: Resource, version: string, action: string): object {
  const { group, kind } = resource;
  return {
    operationId: `${action}${kind}`,
    parameters: ['dryRun', 'fieldManager', 'fieldValidation'].map(queryParameter),
    responses: { 200: { description: 'OK' } },
    'x-kubernetes-group-version-kind': { group, version, kind },
  };
}

/** Bare objects: the server's own checks are the only ones, kubectl has nothing to complain about. */
function schema(resource: Resource, version: string): object {
  const { group, kind } = resource;
  return {
    type: 'object',
    properties: { apiVersion: { type: 'string' }, kind: { type: 'string' }, metadata: { type: 'object' } },
    'x-kubernetes-group-version-kind': [{ group, version, kind }],
    'x-kubernetes-preserve-unknown-fields': true,
  };
}

function document(group: string, version: string, resources: readonly Resource[]): Answer {
  const paths = resources.map((resource) => {
    const namespace = resource.namespaced ? '/namespaces/{namespace}' : '';
    const path = `/${pathOf(group, version)}${namespace}/${resource.plural}/{name}`;
    return [path, { get: operation(resource, version, 'read'), patch: operation(resource, version, 'patch') }] as const;
  });
  const name = groupVersion(group, version).replaceAll('/', '.');
  const schemas = resources.map((resource) => [`${name}.${resource.kind}`, schema(resource, version)] as const);
  return ok({
    openapi: '3.0.0',
    info: { title: 'Kubernetes', version: 'v1.32.0' },
    paths: Object.fromEntries(paths),
    components: { schemas: Object.fromEntries(schemas) },
  });
}

/** The OpenAPI answer for a path, or undefined for every other path. */
export function serveOpenApi(path: string): Answer | undefined {
  // kubectl 1.27 insists on version 2 as protobuf; an empty message is a valid document.
  if (path === '/openapi/v2') return { code: 200, body: '', contentType: V2_PROTOBUF };
  if (path === '/openapi/v3') return index();
  const served = SERVED_VERSIONS.find(({ group, version }) => path === `/openapi/v3/${pathOf(group, version)}`);
  return served && document(served.group, served.version, served.resources);
}
