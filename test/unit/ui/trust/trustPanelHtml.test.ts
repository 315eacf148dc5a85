// The page's shell and its content security policy.
import assert from 'node:assert/strict';
import { trustPanelHtml } from '../../../../src/ui/trust/trustPanelHtml.js';

const paths = { script: 'https://files/dist/trust.js', styles: 'https://files/media/trust.css', cspSource: 'https://*.files' };

describe('the shell of the Certificate Trust page', () => {
  const html = trustPanelHtml(paths, 'bm9uY2U=', 'ko', 'A "B" <C> & D');

  it('permits nothing but its own script, styles, fonts and pictures', () => {
    const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1];
    assert.equal(
      policy,
      "default-src 'none'; script-src 'nonce-bm9uY2U='; style-src https://*.files; font-src https://*.files; img-src https://*.files;",
    );
  });

  it('has one script, by its nonce, and no markup beyond it', () => {
    assert.deepEqual(html.match(/<script[^>]*>/g), ['<script type="module" nonce="bm9uY2U=" src="https://files/dist/trust.js">']);
    assert.match(html, /<body>\s*<script[^>]*><\/script>\s*<\/body>/);
    assert.doesNotMatch(html, /style=|onload=|unsafe/);
  });

  it('has the script with the words of another language before the page, by the same nonce', () => {
    const korean = trustPanelHtml({ ...paths, texts: 'https://files/dist/trustKo.js' }, 'bm9uY2U=', 'ko', 'A');
    assert.deepEqual(korean.match(/<script[^>]*>/g), [
      '<script type="module" nonce="bm9uY2U=" src="https://files/dist/trustKo.js">',
      '<script type="module" nonce="bm9uY2U=" src="https://files/dist/trust.js">',
    ]);
  });

  it('is in the language of the editor and escapes its title', () => {
    assert.match(html, /<html lang="ko">/);
    assert.match(html, /<title>A &quot;B&quot; &lt;C&gt; &amp; D<\/title>/);
  });
});
