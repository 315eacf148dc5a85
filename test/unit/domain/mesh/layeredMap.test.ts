// Large maps that share with their predecessors: they say what a plain map says, and a copy never shows in what it came from.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { changeableCopy, keysUnlike } from '../../../../src/domain/mesh/layeredMap.js';

const NAMES = 400;

function numbered(count: number): ReadonlyMap<string, number> {
  return new Map(Array.from({ length: count }, (_, index) => [`n${index}`, index]));
}

function sorted(map: ReadonlyMap<string, number>): readonly (readonly [string, number])[] {
  return [...map].sort(([one], [other]) => (one < other ? -1 : 1));
}

describe('a changeable copy', () => {
  it('says after any changes what a plain map says, in every one of its ways', () => {
    const change = fc.record({ key: fc.nat(NAMES + 50).map((index) => `n${index}`), value: fc.option(fc.nat(), { nil: undefined }), copies: fc.boolean() });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 120 }), (changes) => {
        const plain = new Map(numbered(NAMES));
        let layered = changeableCopy(numbered(NAMES));
        for (const { key, value, copies } of changes) {
          if (copies) layered = changeableCopy(layered);
          if (value === undefined) assert.equal(layered.delete(key), plain.delete(key));
          else {
            layered.set(key, value);
            plain.set(key, value);
          }
          assert.equal(layered.get(key), plain.get(key));
          assert.equal(layered.has(key), plain.has(key));
        }
        assert.equal(layered.size, plain.size);
        assert.deepEqual(sorted(layered), sorted(plain));
        assert.deepEqual([...layered.keys()].sort(), [...plain.keys()].sort());
        assert.deepEqual([...layered.values()].sort(), [...plain.values()].sort());
        const visited = new Map<string, number>();
        layered.forEach((value, key) => visited.set(key, value));
        assert.deepEqual(sorted(visited), sorted(plain));
      }),
      { numRuns: 60 },
    );
  });

  it('leaves the map that it is a copy of as it was', () => {
    const first = changeableCopy(numbered(NAMES));
    first.set('n1', -1);
    const before = sorted(first);
    const second = changeableCopy(first);
    second.set('n1', -2);
    second.delete('n2');
    second.set('new', 0);
    assert.deepEqual(sorted(first), before);
    assert.deepEqual([second.get('n1'), second.has('n2'), second.get('new'), second.size], [-2, false, 0, NAMES]);
  });

  it('keeps entries in the order in which they came', () => {
    const copy = changeableCopy(numbered(NAMES));
    copy.set('new', 0);
    copy.set('n0', 7);
    assert.deepEqual([...copy.keys()], [...numbered(NAMES).keys(), 'new']);
  });

  it('names the keys whose values differ, however the two came about', () => {
    const first = changeableCopy(numbered(NAMES));
    first.set('n1', -1);
    const second = changeableCopy(first);
    second.set('n2', -2);
    second.delete('n3');
    for (const map of [second, new Map(second)]) {
      assert.deepEqual(keysUnlike(map, first), ['n2']);
      assert.deepEqual([...keysUnlike(first, map)].sort(), ['n2', 'n3']);
      assert.equal(keysUnlike(map, undefined).length, NAMES - 1);
    }
    assert.deepEqual([...keysUnlike(second, numbered(NAMES))].sort(), ['n1', 'n2']);
    // Somebody went through all of it: the next copy begins a new layer.
    assert.equal([...second].length, second.size);
    const third = changeableCopy(second);
    third.set('n4', -4);
    assert.deepEqual([keysUnlike(third, second), keysUnlike(second, third)], [['n4'], ['n4']]);
  });

  it('of a large map touches few of its entries, however often it is copied', () => {
    let read = 0;
    const base = new Map(numbered(10_000));
    const counting = new Proxy(base, {
      get: (target, name) => {
        if (name === Symbol.iterator || name === 'entries') read += target.size;
        const value: unknown = Reflect.get(target, name, target);
        return typeof value === 'function' ? value.bind(target) as unknown : value;
      },
    });
    let copy = changeableCopy(counting);
    for (let index = 0; index < 50; index += 1) {
      copy = changeableCopy(copy);
      copy.set(`n${index}`, -1);
    }
    assert.equal(read, 0);
  });
});
