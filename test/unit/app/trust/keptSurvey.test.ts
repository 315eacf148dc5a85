// What the extension keeps of a survey: enough to compare the next one with it, and nothing else.
import assert from 'node:assert/strict';
import { keptSurveyWork, readKeptSurvey } from '../../../../src/app/trust/keptSurvey.js';
import { finish } from '../../../../src/app/trust/stretches.js';
import { surveyDifference } from '../../../../src/app/trust/surveyDifference.js';
import type { KeptSurvey } from '../../../../src/app/trust/surveyMemory.js';
import { recordRows } from '../../../../src/app/trust/surveyRecord.js';
import { MIXED_MESH, recordOf } from '../../../support/surveyRecords.js';
import { NOW } from '../../../support/trustMesh.js';

const SCOPE = { contexts: [], namespaces: ['foo', 'bar'] };

async function survey(): Promise<KeptSurvey> {
  return { scope: SCOPE, rows: recordRows(await recordOf()), finishedAt: NOW };
}

async function written(): Promise<string> {
  return finish(keptSurveyWork(await survey(), '1.2.3')).join('');
}

describe('a survey that is kept for the next one', () => {
  it('differs in nothing from what it was', async () => {
    const before = await survey();
    const kept = finish(readKeptSurvey(await written(), '1.2.3'));
    assert.deepEqual([kept?.scope, kept?.finishedAt], [SCOPE, NOW]);
    assert.deepEqual(surveyDifference(kept?.rows ?? [], before.rows), { added: [], gone: [], changed: [] });
    assert.equal(kept?.rows.length, 4);
  });

  it('tells what has changed, who is new and who is gone', async () => {
    const [first, second, ...others] = (await survey()).rows;
    assert.ok(first && second);
    const kept = finish(readKeptSurvey(await written(), '1.2.3'));
    const now = [{ ...first, roots: [] }, { ...second, pod: 'newer' }, ...others];
    const { added, gone, changed } = surveyDifference(kept?.rows ?? [], now);
    assert.deepEqual([added.map(({ pod }) => pod), gone.map(({ pod }) => pod)], [['newer'], [second.pod]]);
    assert.deepEqual(changed.map(({ after, aspects }) => [after.pod, aspects]), [[first.pod, ['roots']]]);
  });

  it('holds no certificate, no key and no path of a kubeconfig but in the reason of a failure', async () => {
    const text = await written();
    assert.doesNotMatch(text, /-----BEGIN/);
    assert.ok(!text.replace(/connection refused, see [^"]*/g, '').includes(MIXED_MESH.ref.kubeconfig));
  });

  it('is not believed when it is no such file, of another version, or refers to what is not in it', async () => {
    const text = await written();
    const broken = [
      '',
      'null',
      '[]',
      '{}',
      text.slice(0, -5),
      text.replace('"version":"1.2.3"', '"version":"1.2.4"'),
      text.replace('"read"', '5').replace('"rows":[[0,', '"rows":[[99,'),
      text.replace(/"texts":\[[^\]]*\]/, '"texts":[]'),
      text.replace('"badges":[{"label"', '"badges":[{"other"'),
    ];
    for (const [place, content] of broken.entries()) assert.equal(finish(readKeptSurvey(content, '1.2.3')), undefined, String(place));
  });
});
