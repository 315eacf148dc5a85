// The English catalogue, put together from one file per part of the product. English decides which texts there are.
import { checksEn } from './en/checks.js';
import { clustersEn } from './en/clusters.js';
import { failuresEn } from './en/failures.js';
import { matrixEn } from './en/matrix.js';
import { rehearsalEn } from './en/rehearsal.js';
import { stepsEn } from './en/steps.js';
import { trustEn } from './en/trust.js';

export const en = { ...checksEn, ...clustersEn, ...failuresEn, ...matrixEn, ...rehearsalEn, ...stepsEn, ...trustEn } as const;
