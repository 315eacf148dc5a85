// The Korean catalogue: a text that English has and Korean lacks does not compile.
import type { en } from './en.js';
import { checksKo } from './ko/checks.js';
import { clustersKo } from './ko/clusters.js';
import { failuresKo } from './ko/failures.js';
import { matrixKo } from './ko/matrix.js';
import { rehearsalKo } from './ko/rehearsal.js';
import { stepsKo } from './ko/steps.js';
import { trustKo } from './ko/trust.js';

export const ko: Readonly<Record<keyof typeof en, string>> = {
  ...checksKo,
  ...clustersKo,
  ...failuresKo,
  ...matrixKo,
  ...rehearsalKo,
  ...stepsKo,
  ...trustKo,
};
