// The page's shell: only what must be there before its script runs. Everything visible is made by the script.

export interface TrustPanelPaths {
  /** Of the page's bundle, as the webview may load it. */
  readonly script: string;
  /** Of the script with the page's words in the editor's language, where they are not the page's own. */
  readonly texts?: string | undefined;
  readonly styles: string;
  /** What the webview names as its own source of files. */
  readonly cspSource: string;
}

/**
 * `nonce` must be new for each call and unguessable. Styles come from files only: the toolkit adopts style sheets and
 * needs no `'unsafe-inline'`.
 */
export function trustPanelHtml(paths: TrustPanelPaths, nonce: string, language: string, title: string): string {
  const policy = `default-src 'none'; script-src 'nonce-${nonce}'; style-src ${paths.cspSource}; font-src ${paths.cspSource}; img-src ${paths.cspSource};`;
  const scripts = [...(paths.texts === undefined ? [] : [paths.texts]), paths.script].map(
    (source) => `  <script type="module" nonce="${escapeMarkup(nonce)}" src="${escapeMarkup(source)}"></script>\n`,
  );
  return `<!DOCTYPE html>
<html lang="${escapeMarkup(language)}">
<head>
  <meta charset="UTF-8">
  <meta http-equiv="Content-Security-Policy" content="${escapeMarkup(policy)}">
  <meta name="viewport" content="width=device-width, initial-scale=1.0">
  <link rel="stylesheet" href="${escapeMarkup(paths.styles)}">
  <title>${escapeMarkup(title)}</title>
</head>
<body>
${scripts.join('')}</body>
</html>
`;
}

function escapeMarkup(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
