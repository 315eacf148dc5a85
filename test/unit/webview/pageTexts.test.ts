// The page's own catalogue: it has every text that the page says or is sent, and nothing of the rest of the product.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import '../../../webview/trust/koreanTexts.js';
import { pageEn, pageRenderer } from '../../../webview/trust/pageTexts.js';
import { message } from '../../../src/shared/text/message.js';

const repository = process.env.MESH_CA_REPOSITORY ?? process.cwd();

/** The first words of the keys in a folder's calls of `message`. */
function areasIn(...folder: readonly string[]): ReadonlySet<string> {
  const root = path.join(repository, ...folder);
  const files = fs.readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  const texts = files.map((name) => fs.readFileSync(path.join(root, name), 'utf8'));
  return new Set(texts.flatMap((text) => [...text.matchAll(/\bmessage\(\s*['`]([a-zA-Z]+)\./g)].map(([, area]) => area ?? '')));
}

describe('the words of the Certificate Trust page', () => {
  const has = new Set(Object.keys(pageEn).map((key) => key.split('.')[0] ?? ''));

  it('are there for everything that the page says and that the survey sends it', () => {
    const said = new Set([...areasIn('webview', 'trust'), ...areasIn('src', 'app', 'trust'), 'failure']);
    assert.deepEqual([...said].filter((area) => !has.has(area)), []);
  });

  it('are not those of the rest of the product', () => {
    assert.deepEqual(['procedure', 'gates', 'plan', 'steps', 'rehearsal', 'migration'].filter((area) => has.has(area)), []);
  });

  it('are Korean where the script with the Korean words was loaded, and English elsewhere', () => {
    const cancel = message('trust.page.cancel');
    assert.equal(pageRenderer('en')(cancel), 'Cancel');
    assert.match(pageRenderer('ko')(cancel), /^\p{Script=Hangul}+$/u);
    assert.equal(pageRenderer('pseudo')(cancel), '⟦Cancel⟧');
  });
});
