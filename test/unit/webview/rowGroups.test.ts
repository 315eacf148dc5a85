// The table's rows under heads.
import assert from 'node:assert/strict';
import { message } from '../../../src/shared/text/message.js';
import type { TrustRow } from '../../../src/shared/trustRows.js';
import { deriveRows } from '../../../webview/trust/derivedRows.js';
import { noFilter } from '../../../webview/trust/rowFilter.js';
import type { RowGrouping } from '../../../webview/trust/rowGroups.js';
import { isGroupHead, tableItems } from '../../../webview/trust/rowGroups.js';
import { byPod } from '../../../webview/trust/rowOrder.js';
import { citadel, rowNamed, rowsById } from './rowSamples.js';

const mesh: readonly TrustRow[] = [
  rowNamed('foo/b', { revision: undefined }),
  rowNamed('bar/z', { cluster: 'cluster-2' }),
  rowNamed('foo/a', { roots: [citadel] }),
  rowNamed('bar/y', { state: 'unknown', roots: [] }),
];

function drawn(grouping: RowGrouping, folded: ReadonlySet<string> = new Set()): readonly string[] {
  const { shown } = deriveRows(undefined, { rows: rowsById(mesh), filter: noFilter, sort: byPod, grouping });
  return tableItems(shown, grouping, folded).map((item) => {
    if (!isGroupHead(item)) return `  ${item.namespace}/${item.pod}`;
    return `${item.folded ? '▸' : '▾'} ${typeof item.name === 'string' ? item.name : item.name.key} (${item.count})`;
  });
}

describe('the groups of the table', () => {
  it('are not there unless they are asked for', () => {
    assert.deepEqual(drawn('none'), ['  bar/y', '  bar/z', '  foo/a', '  foo/b']);
  });

  it('have a head with the number of their rows, which keep their order', () => {
    assert.deepEqual(drawn('namespace'), ['▾ bar (2)', '  bar/y', '  bar/z', '▾ foo (2)', '  foo/a', '  foo/b']);
    assert.deepEqual(drawn('cluster'), ['▾ cluster-1 (3)', '  bar/y', '  foo/a', '  foo/b', '▾ cluster-2 (1)', '  bar/z']);
  });

  it('by roots stand in the order of the classes, and by revision name what has none', () => {
    const both = message('trust.page.class.both').key;
    assert.deepEqual(drawn('class'), [`▾ ${both} (2)`, '  bar/z', '  foo/b', '▾ trust.page.class.istioCa (1)', '  foo/a', '▾ trust.page.class.unknown (1)', '  bar/y']);
    assert.deepEqual(drawn('revision').slice(0, 2), ['▾ panel.group.noRevision (1)', '  foo/b']);
  });

  it('keep their head and hide their rows when they are folded', () => {
    assert.deepEqual(drawn('namespace', new Set(['bar'])), ['▸ bar (2)', '▾ foo (2)', '  foo/a', '  foo/b']);
  });
});
