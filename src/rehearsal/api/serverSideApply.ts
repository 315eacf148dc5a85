// Server-side apply: a manager's configuration is merged in, what it applied before and names no longer goes away, and what another
// manager owns is a conflict unless it is forced (k8s.io/apimachinery/pkg/util/managedfields).
import type { KubeObject } from '../kubeObject.js';
import { ApiError } from './apiError.js';
import { compareLeaves, isSameManager, readManagers, rewrite, withManagers } from './fieldOwners.js';
import type { FieldManager } from './fieldOwners.js';
import { describePath, leavesOf, pathOfKey, withoutLeaf } from './fieldPaths.js';
import { without } from './json.js';
import { applyMergePatch } from './mergePatch.js';
import { applyStrategicMergePatch } from './strategicMergePatch.js';

export interface ApplyRequest {
  readonly manager: string;
  /** Takes over what others own. */
  readonly force: boolean;
  /** Custom resources have no merge keys: their lists are replaced. */
  readonly custom: boolean;
  /** For the record of the manager. */
  readonly time: string;
}

function nameOf({ manager, operation, apiVersion, subresource }: FieldManager): string {
  const named = subresource === undefined ? JSON.stringify(manager) : `${JSON.stringify(manager)} with subresource "${subresource}"`;
  return operation === 'Update' ? `${named} using ${apiVersion}` : named;
}

interface Conflict {
  readonly owner: FieldManager;
  readonly path: string;
}

/** The real server's words (`managedfields/internal/conflict.go`). */
function conflictError(conflicts: readonly Conflict[]): ApiError {
  const causes = conflicts.map(({ owner, path }) => ({ reason: 'FieldManagerConflict', message: `conflict with ${nameOf(owner)}`, field: path }));
  const [only, ...others] = conflicts;
  const grouped = new Map<string, string[]>();
  for (const { owner, path } of conflicts) grouped.set(nameOf(owner), [...(grouped.get(nameOf(owner)) ?? []), path]);
  const lists = [...grouped].sort(([one], [other]) => (one < other ? -1 : 1)).map(([owner, paths]) => `conflicts with ${owner}:\n- ${paths.join('\n- ')}`);
  const message =
    only !== undefined && others.length === 0
      ? `Apply failed with 1 conflict: conflict with ${nameOf(only.owner)}: ${only.path}`
      : `Apply failed with ${conflicts.length} conflicts: ${lists.join('\n')}`;
  return new ApiError(409, 'Conflict', message, { causes });
}

/** The live object without what the manager applied before and does not name any more, unless another manager owns it too. */
function giveUp(live: KubeObject, mine: FieldManager | undefined, applied: ReadonlySet<string>, others: readonly FieldManager[]): KubeObject {
  const dropped = [...(mine?.fields ?? [])].filter((key) => !applied.has(key) && !others.some(({ fields }) => fields.has(key)));
  // An item of a list goes as a whole only when nobody owns a field in it.
  const removable = dropped.filter((key) => {
    if (!key.endsWith('\n.')) return true;
    const inside = key.slice(0, -1);
    return ![...others.flatMap(({ fields }) => [...fields]), ...applied].some((owned) => owned.startsWith(inside));
  });
  return removable.reduce((object, key) => (withoutLeaf(object, pathOfKey(key)) ?? object) as KubeObject, live);
}

/** The object as it stands after `configuration` was applied to what is there, or to nothing. Throws 409 for a conflict. */
export function applyConfiguration(existing: KubeObject | undefined, configuration: KubeObject, request: ApplyRequest): KubeObject {
  const { manager, force, custom, time } = request;
  const writer = { manager, operation: 'Apply', apiVersion: configuration.apiVersion, time } as const;
  const managers = readManagers(existing?.metadata);
  const mine = managers.find((known) => isSameManager(known, writer));
  const others = managers.filter((known) => known !== mine);
  const patch = { ...configuration, metadata: without(configuration.metadata, 'managedFields') };
  const applied = new Set(leavesOf(patch, custom).keys());
  const live = existing ?? {};
  const merged = (custom ? applyMergePatch(live, patch) : applyStrategicMergePatch(live, patch)) as KubeObject;
  const { written } = compareLeaves(leavesOf(live, custom), leavesOf(merged, custom));
  const conflicts = others.flatMap((owner) => [...owner.fields].filter((key) => written.has(key)).map((key) => ({ owner, path: describePath(key) })));
  if (conflicts.length > 0 && !force) throw conflictError(conflicts);
  const left = others.map((other) => ({ ...other, fields: new Set([...other.fields].filter((key) => !written.has(key))) }));
  const object = giveUp(merged, mine, applied, left);
  return { ...object, metadata: withManagers(object.metadata, [...left, rewrite(mine, writer, applied)]) };
}
