// Where the arrow keys go in the tab list and in the matrix.
import assert from 'node:assert/strict';
import { placeAfterKey } from '../../../webview/trust/matrixGrid.js';
import { tabAfterKey } from '../../../webview/trust/viewTabs.js';

describe('the keys of the tab list', () => {
  it('go round, and to both ends', () => {
    assert.deepEqual(['ArrowRight', 'ArrowLeft', 'Home', 'End'].map((key) => tabAfterKey(key, 3, 4)), [0, 2, 0, 3]);
    assert.equal(tabAfterKey('ArrowLeft', 0, 4), 3);
    assert.equal(tabAfterKey('a', 0, 4), undefined);
  });
});

describe('the keys of the matrix', () => {
  it('go cell by cell and stop at the edges', () => {
    assert.deepEqual(placeAfterKey('ArrowDown', false, { row: 0, column: 1 }, 3), { row: 1, column: 1 });
    assert.deepEqual(placeAfterKey('ArrowRight', false, { row: 0, column: 2 }, 3), { row: 0, column: 2 });
    assert.deepEqual(placeAfterKey('ArrowUp', false, { row: 0, column: 2 }, 3), { row: 0, column: 2 });
  });

  it('go to the ends of the row, and with control to the corners', () => {
    assert.deepEqual(placeAfterKey('End', false, { row: 1, column: 0 }, 3), { row: 1, column: 2 });
    assert.deepEqual(placeAfterKey('Home', true, { row: 2, column: 2 }, 3), { row: 0, column: 0 });
    assert.equal(placeAfterKey('Tab', false, { row: 0, column: 0 }, 3), undefined);
  });
});
