// The whole procedure as one table: every row of the guide, and what the guide lacks, by its id.
import { checkClusters } from './checkClusters.js';
import { checkFleet } from './checkFleet.js';
import { deleteOldGateway } from './deleteOldGateway.js';
import { deleteOldIstiod } from './deleteOldIstiod.js';
import { deleteOldOperator } from './deleteOldOperator.js';
import { finalizeWebhook } from './finalizeWebhook.js';
import { getCredentials } from './getCredentials.js';
import { installRevision1, installRevision2 } from './installRevision.js';
import { checkPermissions, checkRootCert, checkWorkloadCert, scanIdentity, showRevisions, testApplication } from './meshChecks.js';
import { moveTags } from './moveTags.js';
import { migrateGateway } from './migrateGateway.js';
import { migrateNamespace, restartWorkloads, rollBackNamespace, showLabels } from './namespaceRows.js';
import { probeRevision1, probeRevision2 } from './probeRevision.js';
import type { ProcedureStep } from './procedureStep.js';
import { recordBaseline } from './recordBaseline.js';
import { restartControlPlane, restartGateways } from './restartRows.js';
import { restoreSecrets } from './restoreSecrets.js';
import { rollBackCluster } from './rollBackCluster.js';
import { rollBackGateway } from './rollBackGateway.js';
import { backupSecrets, deleteSecrets } from './secretRows.js';
import type { StepId } from './stepOrder.js';
import { checkAsmcli, checkTools, downloadMigrateCa, setIstioctlPath } from './toolRows.js';
import { upgradeGateway } from './upgradeGateway.js';

/** Whoever shows, runs, journals or tests a step reads it here. */
export const PROCEDURE: Readonly<Record<StepId, ProcedureStep>> = {
  'check-tools': checkTools,
  'check-asmcli': checkAsmcli,
  'check-clusters': checkClusters,
  'check-fleet': checkFleet,
  'check-permissions': checkPermissions,
  'get-credentials': getCredentials,
  'download-migrate-ca': downloadMigrateCa,
  'set-istioctl-path': setIstioctlPath,
  'record-baseline': recordBaseline,
  'install-revision-1': installRevision1,
  'probe-revision-1': probeRevision1,
  'install-revision-2': installRevision2,
  'probe-revision-2': probeRevision2,
  'show-revisions': showRevisions,
  'migrate-namespace': migrateNamespace,
  'restart-workloads': restartWorkloads,
  'show-labels': showLabels,
  'test-application': testApplication,
  'check-root-cert': checkRootCert,
  'check-workload-cert': checkWorkloadCert,
  'scan-identity': scanIdentity,
  'migrate-gateway': migrateGateway,
  'upgrade-gateway': upgradeGateway,
  'delete-old-gateway': deleteOldGateway,
  'move-tags': moveTags,
  'finalize-webhook': finalizeWebhook,
  'delete-old-istiod': deleteOldIstiod,
  'delete-old-operator': deleteOldOperator,
  'roll-back-namespace': rollBackNamespace,
  'roll-back-gateway': rollBackGateway,
  'roll-back-cluster': rollBackCluster,
  'backup-secrets': backupSecrets,
  'delete-secrets': deleteSecrets,
  'restart-control-plane': restartControlPlane,
  'restart-gateways': restartGateways,
  'restore-secrets': restoreSecrets,
};
