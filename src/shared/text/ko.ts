// The Korean catalogue: a text that English has and Korean lacks does not compile.
import type { en } from './en.js';
import { checksKo } from './ko/checks.js';
import { clustersKo } from './ko/clusters.js';
import { concernsKo } from './ko/concerns.js';
import { identityKo } from './ko/identity.js';
import { failuresKo } from './ko/failures.js';
import { reasonsKo } from './ko/reasons.js';
import { matrixKo } from './ko/matrix.js';
import { panelKo } from './ko/panel.js';
import { rehearsalKo } from './ko/rehearsal.js';
import { stepsKo } from './ko/steps.js';
import { surveysKo } from './ko/surveys.js';
import { trustKo } from './ko/trust.js';
import { gateCliKo } from './ko/gateCli.js';
import { gatesKo } from './ko/gates.js';
import { journalKo } from './ko/journal.js';
import { migrationKo } from './ko/migration.js';
import { planKo } from './ko/plan.js';
import { reportKo } from './ko/report.js';
import { doctorKo } from './ko/doctor.js';
import { procedureKo } from './ko/procedure.js';
import { procedureChecksKo } from './ko/procedureChecks.js';
import { procedureRunKo } from './ko/procedureRun.js';
import { stepActionsKo } from './ko/stepActions.js';

export const ko: Readonly<Record<keyof typeof en, string>> = {
  ...checksKo,
  ...clustersKo,
  ...failuresKo,
  ...reasonsKo,
  ...identityKo,
  ...concernsKo,
  ...matrixKo,
  ...panelKo,
  ...rehearsalKo,
  ...stepsKo,
  ...surveysKo,
  ...trustKo,
  ...gateCliKo,
  ...gatesKo, ...journalKo,
  ...migrationKo,
  ...planKo,
  ...reportKo,
  ...doctorKo,
  ...procedureKo,
  ...procedureChecksKo,
  ...procedureRunKo,
  ...stepActionsKo,
};
