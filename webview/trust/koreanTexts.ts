// Entry of dist/trustKo.js: the page's words in Korean, for the page that is loaded after it.
import { checksKo } from '../../src/shared/text/ko/checks.js';
import { failuresKo } from '../../src/shared/text/ko/failures.js';
import { matrixKo } from '../../src/shared/text/ko/matrix.js';
import { panelKo } from '../../src/shared/text/ko/panel.js';
import { surveysKo } from '../../src/shared/text/ko/surveys.js';
import { trustKo } from '../../src/shared/text/ko/trust.js';

globalThis.meshCaPageTexts = { ...checksKo, ...failuresKo, ...matrixKo, ...panelKo, ...surveysKo, ...trustKo };
