// The editor's language: the same words whether a catalogue is loaded late or was there from the start.
import assert from 'node:assert/strict';
import { en } from '../../../../src/shared/text/en.js';
import { ko } from '../../../../src/shared/text/ko.js';
import { lateTextRenderer } from '../../../../src/shared/text/lateCatalogue.js';
import { localeOf } from '../../../../src/shared/text/languages.js';
import { message } from '../../../../src/shared/text/message.js';
import type { TextKey } from '../../../../src/shared/text/message.js';
import { textRenderer } from '../../../../src/shared/text/render.js';
import { readText } from '../../../support/repository.js';

const CATALOGUES = { en, ko };

describe('the late catalogue', () => {
  for (const language of ['en', 'en-GB', 'ko', 'ko-KR', 'fr', 'qps-ploc', undefined]) {
    it(`reads like the others in the language ${language ?? 'that nobody named'}`, () => {
      const late = lateTextRenderer(language, (wanted) => CATALOGUES[wanted]);
      const known = textRenderer(localeOf(language));
      for (const key of Object.keys(en) as TextKey[]) {
        const text = { key, args: { count: 2, name: 'foo' } };
        assert.equal(late(text), known(text));
      }
    });
  }

  it('is loaded once, and not before a text is wanted', () => {
    const loaded: string[] = [];
    const render = lateTextRenderer('ko', (wanted) => {
      loaded.push(wanted);
      return CATALOGUES[wanted];
    });
    assert.deepEqual(loaded, []);
    render(message('trust.page.title'));
    render(message('trust.page.title'));
    assert.deepEqual(loaded, ['ko']);
  });

  it('is no part of what the editor loads at its start, in either language, and part of the programs', () => {
    const texts = [en['trust.page.title'], ko['trust.page.title']].map((text) => JSON.stringify(text).slice(1, -1));
    const holding = (bundle: string): readonly boolean[] => texts.map((text) => readText(`dist/${bundle}.js`).includes(text));
    assert.deepEqual(holding('extension'), [false, false]);
    assert.deepEqual([holding('en'), holding('ko')], [[true, false], [false, true]]);
    assert.deepEqual([holding('trust'), holding('trustKo')], [[true, false], [false, true]]);
    for (const program of ['cli', 'step']) assert.deepEqual(holding(program), [true, true], program);
  });
});
