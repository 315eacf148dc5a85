// Discovery: which groups, versions and resources there are, in the aggregated form that kubectl asks for first and in the older ones.
import type { Answer } from './answer.js';
import { ok } from './answer.js';
import { RESOURCES, groupVersion } from './resources.js';
import type { Resource } from './resources.js';

interface ServedVersion {
  readonly group: string;
  readonly version: string;
  readonly resources: readonly Resource[];
}

const GROUPS: readonly string[] = [...new Set(RESOURCES.map(({ group }) => group))];

/** Every group and version, preferred versions first within a group. */
export const SERVED_VERSIONS: readonly ServedVersion[] = GROUPS.flatMap((group) => {
  const resources = RESOURCES.filter((resource) => resource.group === group);
  const longest = resources.map(({ versions }) => versions).reduce((left, right) => (right.length > left.length ? right : left));
  const versions = [...new Set([...longest, ...resources.flatMap((resource) => resource.versions)])];
  return versions.map((version) => ({
    group,
    version,
    resources: resources.filter((resource) => resource.versions.includes(version)),
  }));
});

function aggregatedResource(resource: Resource, version: string): object {
  const { group, kind } = resource;
  return {
    resource: resource.plural,
    responseKind: { group, version, kind },
    scope: resource.namespaced ? 'Namespaced' : 'Cluster',
    singularResource: resource.singular,
    verbs: resource.verbs,
    ...(resource.shortNames.length > 0 ? { shortNames: resource.shortNames } : {}),
    ...(resource.categories.length > 0 ? { categories: resource.categories } : {}),
    ...(resource.subresources.length > 0
      ? {
          subresources: resource.subresources.map((subresource) => ({
            subresource: subresource.name,
            responseKind: { group: subresource.group, version: subresource.version, kind: subresource.kind },
            verbs: subresource.verbs,
          })),
        }
      : {}),
  };
}

function aggregated(groups: readonly string[], documentVersion: string): Answer {
  const items = groups.map((group) => ({
    metadata: { ...(group === '' ? {} : { name: group }), creationTimestamp: null },
    versions: SERVED_VERSIONS.filter((served) => served.group === group).map(({ version, resources }) => ({
      version,
      resources: resources.map((resource) => aggregatedResource(resource, version)),
      freshness: 'Current',
    })),
  }));
  return {
    code: 200,
    body: { kind: 'APIGroupDiscoveryList', apiVersion: `apidiscovery.k8s.io/${documentVersion}`, metadata: {}, items },
    // kubectl takes the document for the aggregated form only with exactly these parameters.
    contentType: `application/json;g=apidiscovery.k8s.io;v=${documentVersion};as=APIGroupDiscoveryList`,
  };
}

/** Version of the aggregated form that the client named first, if it knows it: kubectl up to 1.29 knows only v2beta1. */
function aggregatedVersion(accept: string): string | undefined {
  for (const entry of accept.split(',')) {
    if (!entry.includes('as=APIGroupDiscoveryList')) continue;
    const [, version] = /;\s*v=(v2|v2beta1)(?:;|$)/u.exec(entry.trim()) ?? [];
    if (version !== undefined) return version;
  }
  return undefined;
}

function groupDocument(group: string): { name: string; versions: readonly object[]; preferredVersion: object | undefined } {
  const versions = SERVED_VERSIONS.filter((served) => served.group === group).map(({ version }) => {
    return { groupVersion: groupVersion(group, version), version };
  });
  return { name: group, versions, preferredVersion: versions[0] };
}

function resourceList({ group, version, resources }: ServedVersion): Answer {
  const entries = resources.flatMap((resource) => [
    {
      name: resource.plural,
      singularName: resource.singular,
      namespaced: resource.namespaced,
      kind: resource.kind,
      verbs: resource.verbs,
      ...(resource.shortNames.length > 0 ? { shortNames: resource.shortNames } : {}),
      ...(resource.categories.length > 0 ? { categories: resource.categories } : {}),
    },
    ...resource.subresources.map((subresource) => ({
      name: `${resource.plural}/${subresource.name}`,
      singularName: '',
      namespaced: resource.namespaced,
      ...(groupVersion(subresource.group, subresource.version) === groupVersion(group, version)
        ? {}
        : { group: subresource.group, version: subresource.version }),
      kind: subresource.kind,
      verbs: subresource.verbs,
    })),
  ]);
  return ok({ kind: 'APIResourceList', apiVersion: 'v1', groupVersion: groupVersion(group, version), resources: entries });
}

const NAMED_GROUPS = GROUPS.filter((group) => group !== '');

/** The discovery document at a path, or undefined for every other path. */
export function discover(path: string, accept: string): Answer | undefined {
  const segments = path.split('/').filter((segment) => segment !== '');
  const [root, group, version] = segments;
  const documentVersion = aggregatedVersion(accept);
  if (root === 'api' && segments.length === 1) {
    if (documentVersion !== undefined) return aggregated([''], documentVersion);
    return ok({ kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: [] });
  }
  if (root === 'apis' && segments.length === 1) {
    if (documentVersion !== undefined) return aggregated(NAMED_GROUPS, documentVersion);
    return ok({ kind: 'APIGroupList', apiVersion: 'v1', groups: NAMED_GROUPS.map(groupDocument) });
  }
  if (root === 'apis' && segments.length === 2 && group !== undefined && NAMED_GROUPS.includes(group)) {
    return ok({ kind: 'APIGroup', apiVersion: 'v1', ...groupDocument(group) });
  }
  const isCore = root === 'api' && segments.length === 2;
  const isNamed = root === 'apis' && segments.length === 3;
  if (!isCore && !isNamed) return undefined;
  const wanted = isCore ? { group: '', version: group } : { group, version };
  const served = SERVED_VERSIONS.find((entry) => entry.group === wanted.group && entry.version === wanted.version);
  return served && resourceList(served);
}
