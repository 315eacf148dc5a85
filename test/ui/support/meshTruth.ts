// What the real kubectl says of the rehearsal mesh, to hold the drawn tree against.
import { INJECTION_STATUS_ANNOTATION } from '../../../src/shared/istioNames.js';
import type { TreeView } from './treeView.js';
import type { Workbench } from './workbench.js';

/** The contexts of every scene, by the names under which the tree shows them. */
export const contexts = {
  'cluster-1': 'gke_rehearsal-project_us-central1_cluster-1',
  'cluster-2': 'gke_rehearsal-project_us-east1-b_cluster-2',
} as const;

export type ClusterName = keyof typeof contexts;

/** Runs kubectl on one cluster and returns what it printed; its complaint is the failure. */
export async function kubectlOn(workbench: Workbench, cluster: ClusterName, ...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await workbench.kubectl(['--context', contexts[cluster], ...args]);
  if (code !== 0) throw new Error(`kubectl ${args.join(' ')} on ${cluster} ended with ${String(code)}: ${stderr}`);
  return stdout;
}

/** The injection labels of a namespace, empty where one is not set, as `kubectl get ns -L` prints them. */
export interface LabelColumns {
  readonly revision: string;
  readonly injection: string;
}

/** `kubectl get ns -L istio.io/rev,istio-injection`, by namespace. */
export async function labelColumns(workbench: Workbench, cluster: ClusterName): Promise<ReadonlyMap<string, LabelColumns>> {
  const [header = '', ...lines] = (await kubectlOn(workbench, cluster, 'get', 'ns', '-L', 'istio.io/rev,istio-injection')).trimEnd().split('\n');
  // A label that is not set leaves its column empty, so the columns are found by where their heads stand.
  const revisionAt = header.indexOf('REV');
  const injectionAt = header.indexOf('ISTIO-INJECTION');
  const columns = lines.map((line) => ({
    name: line.split(' ')[0] ?? '',
    revision: line.slice(revisionAt, injectionAt).trim(),
    injection: line.slice(injectionAt).trim(),
  }));
  return new Map(columns.map(({ name, ...labels }) => [name, labels]));
}

/** A pod's name and the revision that its injector wrote on it. */
export type PodRevision = readonly [pod: string, revision: string | undefined];

interface PodList {
  readonly items: readonly {
    readonly metadata: { readonly name: string; readonly deletionTimestamp?: string; readonly annotations?: Readonly<Record<string, string>> };
  }[];
}

/** The pods of a namespace that are not being deleted, by name, from `kubectl get pods -o json`. */
export async function podRevisions(workbench: Workbench, cluster: ClusterName, namespace: string): Promise<readonly PodRevision[]> {
  const { items } = JSON.parse(await kubectlOn(workbench, cluster, 'get', 'pods', '-n', namespace, '-o', 'json')) as PodList;
  return items
    .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
    .map(({ metadata }): PodRevision => {
      const status = metadata.annotations?.[INJECTION_STATUS_ANNOTATION];
      return [metadata.name, status === undefined ? undefined : (JSON.parse(status) as { revision?: string }).revision];
    })
    .sort(([one], [other]) => (one < other ? -1 : 1));
}

/** The annotations of a namespace that are ours. */
export async function rememberedLabels(workbench: Workbench, cluster: ClusterName, namespace: string): Promise<Readonly<Record<string, string>>> {
  const { metadata } = JSON.parse(await kubectlOn(workbench, cluster, 'get', 'ns', namespace, '-o', 'json')) as { metadata: { annotations?: Record<string, string> } };
  return Object.fromEntries(Object.entries(metadata.annotations ?? {}).filter(([name]) => name.startsWith('mesh-ca-migration/')));
}

/** The description of a drawn row, split at its dots. */
export async function drawnFacts(tree: TreeView, ...path: readonly string[]): Promise<readonly string[]> {
  return ((await tree.find(...path))?.description ?? '').split(' · ');
}

/** Pods that the tree draws below opened workloads of a namespace: name and the revision beside it, without those that go. */
export async function drawnPodRevisions(tree: TreeView, cluster: ClusterName, namespace: string): Promise<readonly PodRevision[]> {
  const pods = (await tree.below(cluster, 'Namespaces', namespace)).filter(({ expanded, level }) => expanded === undefined && level > 3);
  return pods
    .map(({ label, description }) => ({ label, facts: description.split(' · ') }))
    .filter(({ facts }) => !facts.includes('Terminating'))
    .map(({ label, facts }): PodRevision => [label, facts.at(-1)])
    .sort(([one], [other]) => (one < other ? -1 : 1));
}
