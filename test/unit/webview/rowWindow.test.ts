// Which rows are drawn, and where the keyboard goes in them.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { mostDrawnRows, rowWindow, scrollToShow } from '../../../webview/trust/rowWindow.js';
import { indexAfterKey } from '../../../webview/trust/tableKeys.js';

describe('the drawn part of a long table', () => {
  it('covers what is in view, wherever it is scrolled to', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60_000 }), fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 0, max: 3000 }), (rowCount, share, height) => {
        const scrollTop = share * Math.max(0, rowCount * 28 - height);
        const { first, count } = rowWindow(rowCount, scrollTop, height, 28);
        assert.ok(first >= 0 && first + count <= rowCount && count <= mostDrawnRows);
        assert.ok(first * 28 <= scrollTop);
        assert.ok((first + count) * 28 >= Math.min(rowCount * 28, scrollTop + height));
      }),
    );
  });

  it('scrolls no farther than needed to show a row', () => {
    assert.equal(scrollToShow(5, 0, 280, 28), undefined);
    assert.equal(scrollToShow(10, 0, 280, 28), 28);
    assert.equal(scrollToShow(2, 280, 280, 28), 56);
  });
});

describe('the keys of the table', () => {
  it('move by one, by a page and to the ends, and stop there', () => {
    assert.equal(indexAfterKey('ArrowDown', -1, 10, 4), 0);
    assert.equal(indexAfterKey('ArrowDown', 9, 10, 4), 9);
    assert.equal(indexAfterKey('ArrowUp', 0, 10, 4), 0);
    assert.equal(indexAfterKey('PageDown', 7, 10, 4), 9);
    assert.equal(indexAfterKey('PageUp', 7, 10, 4), 3);
    assert.equal(indexAfterKey('Home', 7, 10, 4), 0);
    assert.equal(indexAfterKey('End', 0, 10, 4), 9);
  });

  it('leave other keys, and an empty table, alone', () => {
    assert.equal(indexAfterKey('a', 0, 10, 4), undefined);
    assert.equal(indexAfterKey('End', -1, 0, 4), undefined);
  });
});
