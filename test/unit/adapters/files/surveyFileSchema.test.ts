// The text of a saved survey is held to its shape: nothing missing, nothing more, nothing of another kind.
import assert from 'node:assert/strict';
import { parseSurveyDocument } from '../../../../src/adapters/files/surveyFileSchema.js';
import { writeSurveyFile } from '../../../../src/app/trust/surveyFile.js';
import type { SurveyDocument } from '../../../../src/domain/trust/surveyDocument.js';
import { textRenderer } from '../../../../src/shared/text/render.js';
import { recordOf } from '../../../support/surveyRecords.js';

const english = textRenderer('en');

async function reasonFor(change: (document: SurveyDocument) => unknown): Promise<string> {
  const parsed = parseSurveyDocument(JSON.stringify(change(JSON.parse(writeSurveyFile(await recordOf(), 'mesh-ca test')) as SurveyDocument)));
  return parsed.ok ? 'read' : english(parsed.why);
}

describe('the text of a saved survey', () => {
  it('is read as it was written', async () => {
    const document = JSON.parse(writeSurveyFile(await recordOf(), 'mesh-ca test')) as SurveyDocument;
    const parsed = parseSurveyDocument(JSON.stringify(document));
    assert.deepEqual(parsed.ok && JSON.parse(JSON.stringify(parsed.document)), JSON.parse(JSON.stringify(document)));
  });

  it('says where it is wrong', async () => {
    assert.match(await reasonFor((document) => ({ ...document, extra: 1 })), /Unrecognized key.*extra/);
    assert.match(await reasonFor(({ proxies: _left, ...rest }) => rest), /: proxies: /);
    assert.match(await reasonFor((document) => ({ ...document, format: 'other' })), /: format: /);
    assert.match(await reasonFor((document) => ({ ...document, clusters: [{ context: 'one', kubeconfig: '/x' }] })), /clusters\.0.*kubeconfig/);
    assert.match(await reasonFor((document) => ({ ...document, proxies: [{ ...document.proxies[0], cluster: -1 }] })), /proxies\.0\.cluster/);
    assert.match(await reasonFor((document) => ({ ...document, roots: [{ fingerprint: 'AB', name: { kind: 'other' } }] })), /roots\.0\.fingerprint/);
    assert.match(await reasonFor((document) => ({ ...document, notices: [{ key: 'no.such.text', args: {} }] })), /notices\.0\.key/);
  });

  it('of a newer version is called so, and what is no JSON is called that', async () => {
    assert.equal(await reasonFor((document) => ({ ...document, version: 2 })), 'it was saved by a newer version (format 2)');
    const parsed = parseSurveyDocument('{');
    assert.equal(!parsed.ok && parsed.why.key, 'surveys.file.notJson');
    for (const text of ['[]', 'null', '7']) assert.ok(!parseSurveyDocument(text).ok);
  });
});
