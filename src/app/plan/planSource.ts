// Where steps, gates and views get the plan from, whichever surface watches the file.
import type { Disposable } from '../events.js';
import type { PlanState } from './planPorts.js';

/** The name by which a plan is found in a workspace folder. */
export const PLAN_FILE_NAME = 'mesh-ca.plan.jsonc';

export interface PlanSource {
  /** As far as it has been read; never waits. */
  current(): PlanState;
  onDidChange(listener: (state: PlanState) => void): Disposable;
}
