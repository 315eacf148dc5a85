// By which field the items of a list are told apart when a strategic merge patch merges it.

/** `patchMergeKey` of the built-in types' lists of objects, by the name of the list (k8s.io/api struct tags). */
const MERGE_KEYS: Readonly<Record<string, string>> = {
  addresses: 'type',
  conditions: 'type',
  containers: 'name',
  env: 'name',
  ephemeralContainers: 'name',
  hostAliases: 'ip',
  imagePullSecrets: 'name',
  initContainers: 'name',
  ownerReferences: 'uid',
  resourceClaims: 'name',
  secrets: 'name',
  topologySpreadConstraints: 'topologyKey',
  volumeDevices: 'devicePath',
  volumeMounts: 'mountPath',
  volumes: 'name',
  webhooks: 'name',
};

/** Lists of plain values that merge as sets instead of being replaced. */
const MERGED_VALUES: readonly string[] = ['finalizers'];

/** Lists in which a container's ports are told apart from a service's. */
const CONTAINER_LISTS: readonly string[] = ['containers', 'initContainers', 'ephemeralContainers'];

/** The merge key of the list at the end of `path`, or undefined for a list that is replaced as a whole. */
export function mergeKeyOf(path: readonly string[]): string | undefined {
  const list = path.at(-1) ?? '';
  if (list === 'ports') return path.some((step) => CONTAINER_LISTS.includes(step)) ? 'containerPort' : 'port';
  // `status.podIPs`, `secrets` of a projected volume and their like have keys of their own; none of them is patched by kubectl.
  return Object.hasOwn(MERGE_KEYS, list) ? MERGE_KEYS[list] : undefined;
}

export function mergesAsSet(path: readonly string[]): boolean {
  return MERGED_VALUES.includes(path.at(-1) ?? '');
}
