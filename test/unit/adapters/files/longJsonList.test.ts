// Cutting a list out of a text: the pieces together say what the whole says, whatever stands in its strings.
import assert from 'node:assert/strict';
import { cutList, decoded } from '../../../../src/adapters/files/longJsonList.js';
import { finish } from '../../../../src/app/trust/stretches.js';

function cut(text: string) {
  const bytes = new TextEncoder().encode(text);
  const { rest, entries } = finish(cutList(bytes, 'list'));
  return { rest, entries: entries.map(({ from, to }) => decoded(bytes, from, to)) };
}

describe('a long list in a JSON text', () => {
  it('is cut into its entries, whatever brackets, commas and quotation marks they have in them', () => {
    const list = [{ a: '],[', b: [1, [2]] }, 'say "list":[ \\', '\\\\"', [], {}, null, '네임스페이스, [', 7];
    const whole = { before: { list: ['inner'] }, list, after: '"list":[1]' };
    for (const text of [JSON.stringify(whole), JSON.stringify(whole, undefined, 3)]) {
      const { rest, entries } = cut(text);
      assert.deepEqual(entries.map((entry) => JSON.parse(entry) as unknown), list);
      assert.deepEqual(JSON.parse(rest), { ...whole, list: [] });
    }
  });

  it('may be empty, or not there, or no list', () => {
    for (const text of ['{"list":[]}', '{"list" : [ \n ]}']) assert.deepEqual(cut(text), { rest: text.replace(/\[\s+\]/, '[]'), entries: [] });
    for (const text of ['{}', '7', '', '"list"', '{"list":{"0":1}}', '{"other":{"list":[1]}}', '["list",[1,2]]']) {
      assert.deepEqual(cut(text), { rest: text, entries: [] }, text);
    }
  });

  it('leaves what is no JSON as that to whoever parses it', () => {
    for (const text of ['{"list":[1', '{"list":[1}', '{"list":["', '{"list":[1,2', '{"list":["\\"]']) {
      const { rest, entries } = cut(text);
      assert.throws(() => JSON.parse(rest) as unknown, text);
      assert.deepEqual(entries, []);
    }
    assert.deepEqual(cut('{"list":[1,]}').entries, ['1', '']);
    assert.deepEqual(cut('{"list":[,1]}').entries, ['', '1']);
  });
});
