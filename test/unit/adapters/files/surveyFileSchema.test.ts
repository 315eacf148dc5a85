// The text of a saved survey is held to its shape: nothing missing, nothing more, nothing of another kind.
import assert from 'node:assert/strict';
import { parseSurveyDocument } from '../../../../src/adapters/files/surveyFileSchema.js';
import { finish } from '../../../../src/app/trust/stretches.js';
import { writeSurveyFile } from '../../../../src/app/trust/surveyFile.js';
import type { SurveyDocument } from '../../../../src/domain/trust/surveyDocument.js';
import { textRenderer } from '../../../../src/shared/text/render.js';
import { recordOf } from '../../../support/surveyRecords.js';

const english = textRenderer('en');

function parse(text: string) {
  return finish(parseSurveyDocument(new TextEncoder().encode(text)));
}

async function reasonFor(change: (document: SurveyDocument) => unknown): Promise<string> {
  const parsed = parse(JSON.stringify(change(JSON.parse(writeSurveyFile(await recordOf(), 'mesh-ca test')) as SurveyDocument)));
  return parsed.ok ? 'read' : english(parsed.why);
}

describe('the text of a saved survey', () => {
  it('is read as it was written', async () => {
    const document = JSON.parse(writeSurveyFile(await recordOf(), 'mesh-ca test')) as SurveyDocument;
    const parsed = parse(JSON.stringify(document));
    assert.deepEqual(parsed.ok && JSON.parse(JSON.stringify(parsed.document)), JSON.parse(JSON.stringify(document)));
  });

  it('says where it is wrong', async () => {
    assert.match(await reasonFor((document) => ({ ...document, extra: 1 })), /Unrecognized key.*extra/);
    assert.match(await reasonFor(({ proxies: _left, ...rest }) => rest), /: proxies: /);
    assert.match(await reasonFor((document) => ({ ...document, format: 'other' })), /: format: /);
    assert.match(await reasonFor((document) => ({ ...document, clusters: [{ context: 'one', kubeconfig: '/x' }] })), /clusters\.0.*kubeconfig/);
    assert.match(await reasonFor((document) => ({ ...document, proxies: [{ ...document.proxies[0], cluster: -1 }] })), /proxies\.0\.cluster/);
    assert.match(await reasonFor((document) => ({ ...document, roots: [{ fingerprint: 'AB', name: { kind: 'other' } }] })), /roots\.0\.fingerprint/);
    const many = (document: SurveyDocument): SurveyDocument['proxies'] => Array.from({ length: 250 }, () => document.proxies[0]!);
    assert.match(await reasonFor((document) => ({ ...document, proxies: many(document).map((proxy, index) => (index === 201 ? { ...proxy, role: 'king' } : proxy)) })), /proxies\.201\.role/);
    assert.match(await reasonFor((document) => ({ ...document, notices: [{ key: 'no.such.text', args: {} }] })), /notices\.0\.key/);
  });

  it('is read and refused however it is laid out', async () => {
    const text = writeSurveyFile(await recordOf(), 'mesh-ca test');
    const document = JSON.parse(text) as SurveyDocument;
    const spread = parse(JSON.stringify(document, undefined, 2));
    assert.deepEqual(spread.ok && spread.document, JSON.parse(text));
    const { proxies, ...rest } = document;
    const last = parse(JSON.stringify({ ...rest, proxies }));
    assert.deepEqual(last.ok && last.document, JSON.parse(text));
    const none = parse(JSON.stringify({ ...document, proxies: [] }));
    assert.deepEqual(none.ok && none.document.proxies, []);
    const cut = text.slice(0, text.indexOf('"proxies":[') + 200);
    for (const broken of [cut, text.replace('"proxies":[', '"proxies":[,'), text.replace('"proxies":[', '"proxies":[{,')]) {
      const parsed = parse(broken);
      assert.equal(!parsed.ok && parsed.why.key, 'surveys.file.notJson', broken.slice(0, 50));
    }
    const twice = parse(`${text.trimEnd().slice(0, -1)},"proxies":${JSON.stringify(proxies)}}`);
    assert.equal(!twice.ok && twice.why.key, 'surveys.file.schema');
  });

  it('of a newer version is called so, and what is no JSON is called that', async () => {
    assert.equal(await reasonFor((document) => ({ ...document, version: 2 })), 'it was saved by a newer version (format 2)');
    const parsed = parse('{');
    assert.equal(!parsed.ok && parsed.why.key, 'surveys.file.notJson');
    for (const text of ['[]', 'null', '7']) assert.ok(!parse(text).ok);
  });
});
