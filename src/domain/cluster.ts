// Which cluster: a kubeconfig file and a context in it. Nothing that touches a cluster works without one.

export interface ClusterRef {
  /** Absolute path of the kubeconfig file. */
  readonly kubeconfig: string;
  readonly context: string;
}

/** What a GKE context name says: `gke_PROJECT_LOCATION_CLUSTER`, as `gcloud … get-credentials` writes it. */
export interface GkeName {
  readonly project: string;
  readonly location: string;
  readonly cluster: string;
  readonly zonal: boolean;
}

/** Names a cluster in maps and ids; two refs are the same cluster's when their keys are equal. */
export function clusterKey(ref: ClusterRef): string {
  return `${ref.context}@${ref.kubeconfig}`;
}

/** Undefined when the context was not named by gcloud. A project id holds no underscore; a zone ends in `-a`, `-b`, … */
export function gkeName(context: string): GkeName | undefined {
  const [, project, location, cluster] = /^gke_([^_]+)_([^_]+)_(.+)$/.exec(context) ?? [];
  if (project === undefined || location === undefined || cluster === undefined) return undefined;
  return { project, location, cluster, zonal: /-[a-z]$/.test(location) };
}

/** What people call the cluster: its GKE name where the context has one, else the context. */
export function clusterName(ref: ClusterRef): string {
  return gkeName(ref.context)?.cluster ?? ref.context;
}

/** `clusterName` where no other of these is called so; two of one name are told apart by their keys, and never taken for one. */
export function distinctName(ref: ClusterRef, among: readonly ClusterRef[]): string {
  const name = clusterName(ref);
  return among.some((other) => clusterName(other) === name && clusterKey(other) !== clusterKey(ref)) ? clusterKey(ref) : name;
}
