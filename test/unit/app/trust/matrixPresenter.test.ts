// What the page is sent of a matrix that is larger than it draws.
import assert from 'node:assert/strict';
import { presentMatrix } from '../../../../src/app/trust/matrixPresenter.js';
import { finish } from '../../../../src/app/trust/stretches.js';
import type { ProxyRecord } from '../../../../src/app/trust/surveyRecord.js';
import { matrixOf } from '../../../../src/app/trust/trustMatrix.js';
import { fail } from '../../../../src/shared/failure.js';
import type { MatrixView } from '../../../../src/shared/trustViews.js';
import { mostMatrixClasses } from '../../../../src/shared/trustViews.js';
import { matrixVerdict } from '../../../../webview/trust/matrixVerdict.js';
import { cluster, NOW, pod } from '../../../support/trustMesh.js';
import { accepting, proxy } from '../../../support/trustPositions.js';

/** As many classes as are drawn, all of which authenticate each other: they differ in a domain that nobody has. */
const DRAWN = Array.from({ length: mostMatrixClasses }, (_, index) => recordOf(`known-${index}`, { domains: accepting('cluster.local', `domain-${index}`) }));
const REFUSED: ProxyRecord = { ...recordOf('refused'), trust: fail({ kind: 'forbidden', reason: 'x' }) };

function recordOf(name: string, words: Parameters<typeof proxy>[1] = {}): ProxyRecord {
  const { trust, domains } = proxy(name, words);
  return { target: { cluster: cluster('one'), pod: pod('foo', name) }, trust, domains, mtls: 'unknown' };
}

function view(...records: readonly ProxyRecord[]): MatrixView {
  return finish(presentMatrix(matrixOf(records, NOW), { hypotheses: [] }));
}

function verdict(shown: MatrixView): readonly string[] {
  return matrixVerdict(shown).map(({ key, args }) => (typeof args.count === 'number' ? `${key} ${args.count}` : key));
}

describe('the verdict on a matrix', () => {
  it('is whole where every class can authenticate every class', () => {
    assert.deepEqual(verdict(view(...DRAWN)), ['panel.matrix.whole']);
  });

  it('counts the pairs of classes that are not drawn, which are the unknown ones first of all', () => {
    const shown = view(...DRAWN, REFUSED);
    assert.deepEqual([shown.classes.length, shown.more, shown.cells.flat().every(({ out }) => out === 'yes')], [mostMatrixClasses, 1, true]);
    // With each of the others, and among themselves.
    assert.deepEqual(verdict(shown), [`panel.matrix.unknownPairs ${mostMatrixClasses + 1}`]);
  });

  it('counts a pair once, however many of its directions fail', () => {
    assert.deepEqual(verdict(view(recordOf('a'), recordOf('b', { domain: 'other', domains: accepting('other') }), REFUSED)), ['panel.matrix.broken 1', 'panel.matrix.unknownPairs 3']);
  });
});
