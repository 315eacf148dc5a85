// The extension as VS Code sees it: what activation registers, and what it leaves alone until it is needed.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type Esbuild from 'esbuild';
import * as vscode from 'vscode';
import { CLUSTERS_VIEW, COMMANDS, MIGRATION_VIEW, VIEW_CONTAINER } from '../../src/contributions.js';
import { REPOSITORY, readJson } from '../support/repository.js';

const load = createRequire(__filename);

/** What of the extension the host has in its require.cache; tests, and the VS Code itself, lie in other folders of the repository. */
function loadedFiles(): readonly string[] {
  const shipped = path.join(REPOSITORY, 'dist') + path.sep;
  return Object.keys(load.cache).filter((file) => file.startsWith(shipped));
}

function loadedBundles(): readonly string[] {
  return loadedFiles().map((file) => path.basename(file));
}

/** What is shipped is made small, what is under test need not be. */
function shippedSize(file: string): number {
  const { transformSync } = createRequire(path.join(REPOSITORY, 'package.json'))('esbuild') as typeof Esbuild;
  return Buffer.byteLength(transformSync(fs.readFileSync(file, 'utf8'), { minify: true, charset: 'utf8' }).code);
}

function extension(): vscode.Extension<unknown> {
  const { publisher, name } = readJson('package.json') as { publisher: string; name: string };
  const found = vscode.extensions.getExtension(`${publisher}.${name}`);
  assert.ok(found, 'the extension is not installed');
  return found;
}

describe('activation', () => {
  before(() => extension().activate());

  it('succeeds and loads one bundle, not the one that reads clusters', () => {
    assert.equal(extension().isActive, true);
    assert.deepEqual(loadedBundles(), ['extension.js']);
  });

  it('loads less than 200 KB of JavaScript, all files of the extension in require.cache together', () => {
    const files = loadedFiles();
    const bytes = files.reduce((sum, file) => sum + shippedSize(file), 0);
    assert.ok(bytes > 10 * 1024 && bytes < 200 * 1024, `${bytes} bytes: ${files.join(', ')}`);
  });

  it('registers exactly the declared commands', async () => {
    const registered = (await vscode.commands.getCommands(true)).filter((id) => id.startsWith('meshCa.'));
    // VS Code makes commands of its own for each view: to show, resize and reset it.
    const ofViews = [CLUSTERS_VIEW, MIGRATION_VIEW].map((view) => `${view}.`);
    const own = registered.filter((id) => !ofViews.some((view) => id.startsWith(view)) || (COMMANDS as readonly string[]).includes(id));
    assert.deepEqual(own.sort(), [...COMMANDS].sort());
  });

  it('contributes its views and its container', async () => {
    const all = await vscode.commands.getCommands();
    for (const view of [MIGRATION_VIEW, CLUSTERS_VIEW]) assert.ok(all.includes(`${view}.focus`), `the view ${view} is not there`);
    assert.ok(all.includes(`workbench.view.extension.${VIEW_CONTAINER}`), 'the container is not there');
    await vscode.commands.executeCommand(`${MIGRATION_VIEW}.focus`);
    await vscode.commands.executeCommand(`${CLUSTERS_VIEW}.focus`);
  });

  it('still has read nothing when its views are shown and no cluster takes part', () => {
    assert.deepEqual(loadedBundles(), ['extension.js']);
  });
});
