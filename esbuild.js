// Builds everything that runs: the shipped bundles into dist/, and with --tests the test bundles into out/.
// Flags: --production (minified, no source maps), --tests, --watch.
'use strict';
const esbuild = require('esbuild');
const fs = require('node:fs');
const path = require('node:path');

const production = process.argv.includes('--production');
const tests = process.argv.includes('--tests');
const watch = process.argv.includes('--watch');

/** What is loaded when it is first needed is a bundle of its own: `import('./adapters.js')` and the like stay as they are. */
const lateBundles = {
  name: 'late-bundles',
  setup(build) {
    build.onResolve({ filter: /^\.\/(adapters|migration|panel)\.js$/ }, ({ kind, path: name }) =>
      kind === 'dynamic-import' ? { path: name, external: true } : undefined,
    );
  },
};

/** Prints errors in the form that the problem matcher of .vscode/tasks.json reads. */
const problemMatcher = {
  name: 'problem-matcher',
  setup(build) {
    build.onStart(() => {
      if (watch) console.log('[watch] build started');
    });
    build.onEnd((result) => {
      for (const { text, location } of result.errors) {
        console.error(`✘ [ERROR] ${text}`);
        if (location) console.error(`    ${location.file}:${location.line}:${location.column}:`);
      }
      if (watch) console.log('[watch] build finished');
    });
  },
};

const common = {
  bundle: true,
  logLevel: watch ? 'silent' : 'warning',
  // Korean letters as they are: escaped they take twice the room.
  charset: 'utf8',
  minify: production,
  sourcemap: production ? false : 'linked',
  plugins: [problemMatcher],
};

/** Everything that runs in Node: the extension host of VS Code 1.90 and the command line have Node 20. */
const node = { ...common, platform: 'node', format: 'cjs', target: 'node20', mainFields: ['module', 'main'] };

/** The root that the bundles of tests find the repository by, whatever folder they are started from. */
const repositoryRoot = { 'process.env.MESH_CA_REPOSITORY': JSON.stringify(__dirname) };

function shipped() {
  return [
    {
      ...node,
      entryPoints: {
        extension: 'src/extension.ts',
        cli: 'src/cli/main.ts',
        ...(fs.existsSync(path.join(__dirname, 'src/migration.ts')) ? { migration: 'src/migration.ts' } : {}),
      },
      outdir: 'dist',
      external: ['vscode'],
      plugins: [lateBundles, problemMatcher],
    },
    {
      ...node,
      entryPoints: {
        adapters: 'src/adapters.ts',
        panel: 'src/panel.ts',
        en: 'src/shared/text/en.ts',
        ko: 'src/shared/text/ko.ts',
        rehearsal: 'src/rehearsal/main.ts',
        step: 'src/adapters/step/main.ts',
      },
      outdir: 'dist',
      // Optional native accelerators of ws: it works without them.
      external: ['bufferutil', 'utf-8-validate'],
    },
    {
      ...common,
      platform: 'browser',
      format: 'esm',
      target: 'es2022',
      entryPoints: { trust: 'webview/trust/main.ts', trustKo: 'webview/trust/koreanTexts.ts' },
      outdir: 'dist',
    },
  ];
}

/** Test files are found by their ending, so that none can be forgotten. */
function findFiles(folder, ending) {
  return fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
    .map((entry) => path.join(entry.parentPath, entry.name));
}

/** All unit tests as one bundle: what they share is loaded, and made, once instead of once a file. */
const unitSuite = {
  name: 'unit-suite',
  setup(build) {
    build.onResolve({ filter: /^unit-suite$/ }, (found) => ({ path: found.path, namespace: 'unit-suite' }));
    build.onLoad({ filter: /.*/, namespace: 'unit-suite' }, () => ({
      contents: findFiles('test/unit', '.test.ts').sort().map((file) => `import ${JSON.stringify(`./${file.replaceAll(path.sep, '/')}`)};`).join('\n'),
      resolveDir: __dirname,
    }));
  },
};

/** What a test is bundled as, by the path of its source without ending. */
function bundleName(file) {
  return path.relative('test', file).replace(/\.ts$/, '');
}

function testBundles() {
  const files = [
    ...findFiles('test', '.test.ts').filter((file) => !file.startsWith(path.join('test', 'unit'))),
    'test/integration/index.ts',
    ...findFiles('test/workbench', 'main.ts'),
    'test/bench/main.ts',
  ];
  return [
    {
      ...node,
      sourcemap: 'inline',
      define: repositoryRoot,
      entryPoints: { 'unit/all.test': 'unit-suite', ...Object.fromEntries(files.map((file) => [bundleName(file), file])) },
      plugins: [unitSuite],
      outdir: 'out',
      external: ['vscode', 'mocha', 'playwright-core', 'esbuild', 'typescript', 'bufferutil', 'utf-8-validate', '@vscode/test-electron'],
    },
    {
      // The page with a scripted host instead of an editor: open out/scenarios/index.html in any browser.
      ...common,
      platform: 'browser',
      format: 'iife',
      target: 'es2022',
      entryPoints: { main: 'webview/scenarios/main.ts', index: 'webview/scenarios/index.html' },
      loader: { '.html': 'copy' },
      outdir: 'out/scenarios',
    },
  ];
}

async function main() {
  const builds = [...shipped(), ...(tests ? testBundles() : [])];
  if (watch) {
    const contexts = await Promise.all(builds.map((options) => esbuild.context(options)));
    await Promise.all(contexts.map((context) => context.watch()));
    return;
  }
  fs.rmSync(path.join(__dirname, 'dist'), { recursive: true, force: true });
  if (tests) fs.rmSync(path.join(__dirname, 'out'), { recursive: true, force: true });
  await Promise.all(builds.map((options) => esbuild.build(options)));
}

main().catch(() => process.exit(1));
