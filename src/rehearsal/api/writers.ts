// Under which name a request writes, and the record of what it wrote.
import type { KubeObject, StoredObject } from '../kubeObject.js';
import type { ApiContext, ResourceRequest } from './apiContext.js';
import { readManagers, recordUpdate, withManagers } from './fieldOwners.js';
import { isObject, without } from './json.js';
import { formatTime } from './objectStore.js';
import { groupVersion } from './resources.js';

/** `fieldManager`, or what the user agent calls itself, as the real server takes it. */
function managerName({ params, http }: ResourceRequest): string {
  const [agent = ''] = (http.request.headers['user-agent'] ?? '').split('/');
  return params.get('fieldManager') ?? (agent === '' ? 'unknown' : agent);
}

/** What counts as the writer's own doing: status is written through a door of its own. */
function ownFields(object: KubeObject | undefined, subresource: string | undefined): Record<string, unknown> {
  if (!object) return {};
  return subresource === 'status' ? { status: object.status } : without(object, 'status');
}

/** A client that sends managers of its own replaces the record; one that sends a single empty entry clears it. */
function presentManagers(old: StoredObject | undefined, next: KubeObject): ReturnType<typeof readManagers> {
  const sent = next.metadata.managedFields;
  if (!Array.isArray(sent) || sent.length === 0) return readManagers(old?.metadata);
  const isReset = sent.length === 1 && isObject(sent[0]) && Object.keys(sent[0]).length === 0;
  return isReset ? [] : readManagers(next.metadata);
}

/** The object with its record of managers after a create, an update or a patch other than apply. */
export function recordChange(context: ApiContext, request: ResourceRequest, old: StoredObject | undefined, next: KubeObject): KubeObject {
  const { target } = request;
  const { resource, subresource } = target;
  const writer = {
    manager: managerName(request),
    operation: 'Update',
    apiVersion: groupVersion(resource.group, target.version),
    time: formatTime(context.now()),
    ...(subresource === undefined ? {} : { subresource }),
  } as const;
  const change = { before: ownFields(old, subresource), after: ownFields(next, subresource), custom: resource.custom };
  const managers = recordUpdate(presentManagers(old, next), change, writer);
  return { ...next, metadata: managers.length === 0 ? next.metadata : withManagers(next.metadata, managers) };
}
