// The order and the choice of the rows that the table shows.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { TrustRow } from '../../../src/shared/trustRows.js';
import { deriveRows } from '../../../webview/trust/derivedRows.js';
import type { RowFilter } from '../../../webview/trust/rowFilter.js';
import { isFiltering, noFilter } from '../../../webview/trust/rowFilter.js';
import { rowGroupings } from '../../../webview/trust/rowGroups.js';
import type { Column, RowSort } from '../../../webview/trust/rowOrder.js';
import { byPod, columns } from '../../../webview/trust/rowOrder.js';
import { citadel, meshca, namesOf, otherRoot, rowNamed, rowsById } from './rowSamples.js';

const mesh: readonly TrustRow[] = [
  rowNamed('foo/b', { notAfter: 300 }),
  rowNamed('foo/a', { roots: [citadel], revision: 'asm-1232-2', notAfter: 100 }),
  rowNamed('bar/z', { cluster: 'cluster-2', roots: [meshca], signedBy: meshca, notAfter: 200 }),
  rowNamed('bar/y', { state: 'unknown', roots: [], signedBy: undefined, spiffeId: undefined, notAfter: undefined }),
  rowNamed('baz/x', { roots: [otherRoot], signedBy: undefined }),
];

function shown(filter: Partial<RowFilter>, sort: RowSort = byPod): readonly string[] {
  return namesOf(deriveRows(undefined, { rows: rowsById(mesh), filter: { ...noFilter, ...filter }, sort, grouping: 'none' }).shown);
}

function sortedBy(column: Column, direction: RowSort['direction'] = 'ascending'): readonly string[] {
  return shown({}, { column, direction });
}

describe('the rows that the table shows', () => {
  it('stand in the order of namespace and pod at first', () => {
    assert.deepEqual(shown({}), ['bar/y', 'bar/z', 'baz/x', 'foo/a', 'foo/b']);
    assert.deepEqual(sortedBy('pod', 'descending'), ['foo/b', 'foo/a', 'baz/x', 'bar/z', 'bar/y']);
  });

  it('can stand in the order of any column', () => {
    assert.deepEqual(sortedBy('roots'), ['foo/b', 'foo/a', 'bar/z', 'baz/x', 'bar/y']);
    assert.deepEqual(sortedBy('revision').slice(0, 2), ['foo/a', 'bar/y']);
    assert.deepEqual(sortedBy('cluster', 'descending')[0], 'bar/z');
    for (const column of columns) assert.equal(sortedBy(column).length, mesh.length);
  });

  it('put what is not known last, whichever way the order goes', () => {
    assert.equal(sortedBy('expires').at(-1), 'bar/y');
    assert.equal(sortedBy('expires', 'descending').at(-1), 'bar/y');
    assert.equal(sortedBy('expires')[0], 'foo/a');
  });

  it('are those that match every word of the search', () => {
    assert.deepEqual(shown({ text: 'ASM-1232' }), ['foo/a']);
    assert.deepEqual(shown({ text: 'foo default' }), ['foo/b']);
    assert.deepEqual(shown({ text: 'ns/bar' }), ['bar/z']);
    assert.deepEqual(shown({ text: 'cc:03' }), ['baz/x']);
  });

  it('are those that match each chosen facet', () => {
    assert.deepEqual(shown({ cluster: 'gke_project_location_cluster-2@/config' }), ['bar/z']);
    assert.deepEqual(shown({ namespace: 'foo' }), ['foo/a', 'foo/b']);
    assert.deepEqual(shown({ state: 'unknown' }), ['bar/y']);
    assert.deepEqual(shown({ roots: 'istioCa' }), ['foo/a']);
    assert.deepEqual(shown({ roots: 'otherRoots' }), ['baz/x']);
    assert.deepEqual(shown({ namespace: 'foo', roots: 'meshCa' }), []);
  });

  it('never count a proxy that was not read as one with known roots', () => {
    for (const roots of ['both', 'istioCa', 'meshCa', 'otherRoots'] as const) assert.ok(!shown({ roots }).includes('bar/y'));
  });

  it('are the very same list as long as nothing has changed', () => {
    const input = { rows: rowsById(mesh), filter: noFilter, sort: byPod, grouping: 'none' } as const;
    const first = deriveRows(undefined, input);
    assert.equal(deriveRows(first, { ...input }), first);
  });

  it('are the same after a stream of changes as when derived at once', () => {
    const change = fc.record({ name: fc.constantFrom('a/1', 'a/2', 'b/1', 'b/2', 'c/1'), gone: fc.boolean(), read: fc.boolean(), notAfter: fc.nat(5) });
    fc.assert(
      fc.property(fc.array(fc.array(change)), fc.constantFrom(...columns), fc.boolean(), fc.constantFrom(...rowGroupings), (frames, column, filtered, grouping) => {
        const filter = filtered ? { ...noFilter, state: 'read' as const } : noFilter;
        const sort: RowSort = { column, direction: 'descending' };
        let rows: ReadonlyMap<string, TrustRow> = new Map();
        let derived = deriveRows(undefined, { rows, filter, sort, grouping });
        for (const frame of frames) {
          const next = new Map(rows);
          for (const { name, gone, read, notAfter } of frame) {
            const row = rowNamed(name, { state: read ? 'read' : 'unknown', notAfter });
            if (gone) next.delete(row.id);
            else next.set(row.id, row);
          }
          rows = next;
          derived = deriveRows(derived, { rows, filter, sort, grouping });
        }
        assert.deepEqual(derived.shown, deriveRows(undefined, { rows, filter, sort, grouping }).shown);
      }),
    );
  });
});

describe('a filter', () => {
  it('filters nothing when its text is blank and no facet is chosen', () => {
    assert.equal(isFiltering({ ...noFilter, text: '  ' }), false);
    assert.equal(isFiltering({ ...noFilter, text: 'a' }), true);
    assert.equal(isFiltering({ ...noFilter, state: 'unknown' }), true);
  });
});
