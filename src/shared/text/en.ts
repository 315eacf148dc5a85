// The English catalogue, put together from one file per part of the product. English decides which texts there are.
import { checksEn } from './en/checks.js';
import { clustersEn } from './en/clusters.js';
import { concernsEn } from './en/concerns.js';
import { identityEn } from './en/identity.js';
import { failuresEn } from './en/failures.js';
import { reasonsEn } from './en/reasons.js';
import { matrixEn } from './en/matrix.js';
import { panelEn } from './en/panel.js';
import { rehearsalEn } from './en/rehearsal.js';
import { stepsEn } from './en/steps.js';
import { surveysEn } from './en/surveys.js';
import { trustEn } from './en/trust.js';
import { gateCliEn } from './en/gateCli.js';
import { gatesEn } from './en/gates.js';
import { journalEn } from './en/journal.js';
import { migrationEn } from './en/migration.js';
import { planEn } from './en/plan.js';
import { reportEn } from './en/report.js';
import { doctorEn } from './en/doctor.js';
import { procedureEn } from './en/procedure.js';
import { procedureChecksEn } from './en/procedureChecks.js';
import { procedureRunEn } from './en/procedureRun.js';
import { stepActionsEn } from './en/stepActions.js';

export const en = { ...checksEn, ...clustersEn, ...failuresEn, ...reasonsEn, ...identityEn, ...concernsEn, ...matrixEn, ...panelEn, ...rehearsalEn, ...stepsEn, ...surveysEn, ...trustEn, ...gateCliEn, ...gatesEn, ...journalEn, ...migrationEn, ...planEn, ...reportEn, ...doctorEn, ...procedureEn, ...procedureChecksEn, ...procedureRunEn, ...stepActionsEn } as const;
