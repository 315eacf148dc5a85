// What an install of a control plane is a function of.
import type { MigrationPlan, PlannedCluster } from '../plan/migrationPlan.js';
import type { MeshSituation } from './procedureStep.js';

export type InstallId = 'install-revision-1' | 'install-revision-2';

export interface Install {
  readonly id: InstallId;
  readonly plan: MigrationPlan;
  readonly planned: PlannedCluster;
  readonly situation: MeshSituation;
  readonly revision: string;
}
