// Every public id once: what package.json contributes and the code registers. The manifest test holds the two together.

/** Commands that are there without the procedure. */
const MESH_COMMANDS = [
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
  'meshCa.trust.export',
  'meshCa.trust.save',
  'meshCa.trust.openFile',
  'meshCa.rehearsal.start',
  'meshCa.rehearsal.stop',
  'meshCa.name.copy',
  'meshCa.log.show',
] as const;

/** Commands of the procedure, whose bundle is loaded when the first of them is run or the view Migration is shown. */
export const MIGRATION_COMMANDS = [
  'meshCa.migration.runNext',
  'meshCa.migration.refresh',
  'meshCa.migration.runStep',
  'meshCa.migration.showGate',
  'meshCa.plan.create',
  'meshCa.plan.open',
  'meshCa.report.create',
  // One for each step of the procedure; those on namespaces that are not here are `meshCa.namespace.…`.
  'meshCa.step.checkTools',
  'meshCa.step.checkAsmcli',
  'meshCa.step.checkClusters',
  'meshCa.step.checkFleet',
  'meshCa.step.checkPermissions',
  'meshCa.step.getCredentials',
  'meshCa.step.downloadMigrateCa',
  'meshCa.step.setIstioctlPath',
  'meshCa.step.recordBaseline',
  'meshCa.step.installRevision1',
  'meshCa.step.probeRevision1',
  'meshCa.step.installRevision2',
  'meshCa.step.probeRevision2',
  'meshCa.step.showRevisions',
  'meshCa.step.testApplication',
  'meshCa.step.checkRootCert',
  'meshCa.step.checkWorkloadCert',
  'meshCa.step.scanIdentity',
  'meshCa.step.migrateGateway',
  'meshCa.step.upgradeGateway',
  'meshCa.step.deleteOldGateway',
  'meshCa.step.moveTags',
  'meshCa.step.finalizeWebhook',
  'meshCa.step.deleteOldIstiod',
  'meshCa.step.deleteOldOperator',
  'meshCa.step.rollBackGateway',
  'meshCa.step.rollBackCluster',
  'meshCa.step.backupSecrets',
  'meshCa.step.deleteSecrets',
  'meshCa.step.restartControlPlane',
  'meshCa.step.restartGateways',
  'meshCa.step.restoreSecrets',
] as const;

/** Commands, each under the same words in the palette, the tree and the context menu. */
export const COMMANDS = [...MESH_COMMANDS, ...MIGRATION_COMMANDS] as const;

export type CommandId = (typeof COMMANDS)[number];
export type MigrationCommandId = (typeof MIGRATION_COMMANDS)[number];

export const VIEW_CONTAINER = 'meshCa';
export const CLUSTERS_VIEW = 'meshCa.clusters';
export const MIGRATION_VIEW = 'meshCa.migration';
/** The walkthrough that follows the procedure's phases. */
export const WALKTHROUGH = 'meshCa.walkthrough';
/** Type of the Certificate Trust panel, also what VS Code restores it by. */
export const TRUST_PANEL = 'meshCa.trust';
/** Type of the tasks that run steps; `runId` in its definition keeps two runs apart. */
export const STEP_TASK = 'meshCa.step';

/** Steps of each phase below a cluster of the tree Clusters. */
export const SUBMENUS = ['meshCa.phase0', 'meshCa.phase1', 'meshCa.phase2', 'meshCa.phase3'] as const;

export const CONTEXT_KEYS = {
  /** At least one cluster takes part. */
  hasClusters: 'meshCa.hasClusters',
  rehearsalRunning: 'meshCa.rehearsalRunning',
  /** Known to be done in every cluster; they complete the steps of the walkthrough. */
  preparationDone: 'meshCa.preparationDone',
  phase1Done: 'meshCa.phase1Done',
  phase2Done: 'meshCa.phase2Done',
  phase3Done: 'meshCa.phase3Done',
} as const;

/** Settings by their full name, with what holds where nothing is set; package.json repeats the defaults. */
export const SETTINGS = {
  'meshCa.kubeconfigs': [] as readonly string[],
  'meshCa.kubectlPath': '',
  'meshCa.trust.concurrency': 0,
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
  phase: 'phase',
  /** A step, or one of its targets, that can be run now; that something is in the way of; and of which nothing is left to do. */
  step: 'step.open',
  stepBlocked: 'step.blocked',
  stepDone: 'step.done',
  note: 'note',
  noPlan: 'note.noPlan',
  unusablePlan: 'note.unusablePlan',
} as const;

export type ContextValue = (typeof CONTEXT_VALUES)[keyof typeof CONTEXT_VALUES];
