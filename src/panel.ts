// What is in dist/panel.js: the views, exports and files of Certificate Trust, loaded when the first of them is asked for.
export { createTrustViewMaker } from './app/trust/trustViewMaker.js';
