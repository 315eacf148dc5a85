// What is in dist/panel.js: the views, exports and files of Certificate Trust, loaded when the first of them is asked for.
export { keptSurveyWork, readKeptSurvey } from './app/trust/keptSurvey.js';
export { createTrustViewMaker } from './app/trust/trustViewMaker.js';
