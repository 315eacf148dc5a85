// Every public id once: what package.json contributes and the code registers. The manifest test holds the two together.

/** Commands, each under the same words in the palette, the tree and the context menu. */
export const COMMANDS = [
  'meshCa.clusters.choose',
  'meshCa.clusters.refresh',
  'meshCa.cluster.retry',
  'meshCa.cluster.leaveOut',
  'meshCa.namespace.migrate',
  'meshCa.namespace.rollBack',
  'meshCa.namespace.restart',
  'meshCa.namespace.checkTrust',
  'meshCa.namespace.showLabels',
  'meshCa.trust.open',
  'meshCa.rehearsal.start',
  'meshCa.rehearsal.stop',
  'meshCa.name.copy',
  'meshCa.log.show',
] as const;

export type CommandId = (typeof COMMANDS)[number];

export const VIEW_CONTAINER = 'meshCa';
export const CLUSTERS_VIEW = 'meshCa.clusters';
/** Type of the Certificate Trust panel, also what VS Code restores it by. */
export const TRUST_PANEL = 'meshCa.trust';
/** Type of the tasks that run steps; `runId` in its definition keeps two runs apart. */
export const STEP_TASK = 'meshCa.step';

export const CONTEXT_KEYS = {
  /** At least one cluster takes part. */
  hasClusters: 'meshCa.hasClusters',
  rehearsalRunning: 'meshCa.rehearsalRunning',
} as const;

/** Settings by their full name, with what holds where nothing is set; package.json repeats the defaults. */
export const SETTINGS = {
  'meshCa.kubeconfigs': [] as readonly string[],
  'meshCa.kubectlPath': '',
  'meshCa.trust.concurrency': 8,
  'meshCa.trust.timeoutSeconds': 5,
  'meshCa.trust.transport': 'automatic',
  'meshCa.steps.rolloutTimeoutMinutes': 10,
} as const;

export type SettingId = keyof typeof SETTINGS;

/** Words of a tree item's `contextValue`, joined by `.`; menus in package.json match them with anchored expressions. */
export const CONTEXT_VALUES = {
  cluster: 'cluster',
  clusterInTrouble: 'cluster.inTrouble',
  controlPlane: 'controlPlane',
  gateway: 'gateway',
  namespace: 'namespace.meshed',
  namespaceMoved: 'namespace.meshed.canRollBack',
  namespaceOutside: 'namespace.outside',
  workload: 'workload',
  pod: 'pod',
  proxyPod: 'pod.proxy',
  group: 'group',
  trouble: 'trouble',
} as const;

export type ContextValue = (typeof CONTEXT_VALUES)[keyof typeof CONTEXT_VALUES];
