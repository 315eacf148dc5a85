// One Korean word for each term of the field, in every text that the extension and package.json have.
import assert from 'node:assert/strict';
import { ko } from '../../../../src/shared/text/ko.js';
import { readJson } from '../../../support/repository.js';

/** The word for each term, and the others that once stood beside it. */
const GLOSSARY: readonly (readonly [word: string, others: RegExp])[] = [
  ['인젝션', /삽입|주입/],
  ['컨트롤 플레인', /제어 영역|컨트롤플레인/],
  ['포드', /파드|팟/],
  ['트러스트 도메인', /신뢰 도메인/],
  ['프로브 포드', /(시험|검사|테스트)(용)? 포드/],
];

const TEXTS: readonly (readonly [key: string, text: string])[] = [
  ...Object.entries(ko),
  ...Object.entries(readJson('package.nls.ko.json') as Record<string, string>),
];

function keysOf(texts: typeof TEXTS, pattern: RegExp): readonly string[] {
  return texts.filter(([, text]) => pattern.test(text)).map(([key, text]) => `${key}: ${text}`);
}

describe('the Korean texts', () => {
  for (const [word, others] of GLOSSARY) {
    it(`say ${word} and no other word for it`, () => {
      assert.ok(TEXTS.some(([, text]) => text.includes(word)), 'the word is in use');
      assert.deepEqual(keysOf(TEXTS, others), []);
    });
  }

  it('call a probe a probe: checks and scans are other steps', () => {
    const ofProbes = TEXTS.filter(([key]) => /probe/i.test(key));
    assert.ok(ofProbes.length > 10);
    assert.deepEqual(keysOf(ofProbes, /검사|시험/), []);
  });

  it('put a counter right after its number, which plural forms cannot', () => {
    assert.deepEqual(keysOf(TEXTS, /\{\w+#/), []);
  });
});
