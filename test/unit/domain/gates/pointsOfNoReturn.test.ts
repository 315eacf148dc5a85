// Which steps have no way back, so that they are named before they run.
import assert from 'node:assert/strict';
import { pointOfNoReturn } from '../../../../src/domain/gates/pointsOfNoReturn.js';
import { STEP_IDS } from '../../../../src/domain/procedure/stepOrder.js';
import { textRenderer } from '../../../../src/shared/text/render.js';

describe('pointOfNoReturn', () => {
  it('is deleting an istiod, and nothing else', () => {
    assert.deepEqual(STEP_IDS.filter((step) => pointOfNoReturn(step, 'default') !== undefined), ['delete-old-istiod']);
  });

  it('names the revision that would have to be installed anew', () => {
    const named = pointOfNoReturn('delete-old-istiod', 'asm-1162-2');
    assert.ok(named);
    assert.match(textRenderer('en')(named), /^Point of no return: .*asm-1162-2/);
  });
});
