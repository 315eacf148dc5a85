// Holds the code to its architecture: who may import whom, which file may use which library, how long a file may be.
import assert from 'node:assert/strict';
import { importsOf, resolveImport } from '../support/imports.js';
import { filesBelow, readJson, readText } from '../support/repository.js';

const SOURCES = [...filesBelow('src', '.ts'), ...filesBelow('webview', '.ts')];

/** A layer is the folder a file is in; the files directly under src have layers of their own. */
function layerOf(file: string): string {
  if (file.startsWith('webview/')) return 'webview';
  const [, folder = '', rest] = file.split('/');
  return rest === undefined ? folder.replace(/\.ts$/, '') : folder;
}

/** What each layer may import besides itself. A dependency that points outwards is a missing port. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  shared: [],
  domain: ['shared'],
  app: ['shared', 'domain'],
  adapters: ['shared', 'domain', 'app/ports.ts', 'app/plan/planPorts.ts', 'app/journal/journalPorts.ts', 'app/migration/ports.ts'],
  rehearsal: ['shared/istioNames.ts'],
  composeCore: ['shared', 'domain', 'app', 'adapters.ts', 'adapters'],
  cli: ['shared', 'domain', 'app', 'composeCore'],
  contributions: [],
  ui: ['shared', 'domain', 'app', 'contributions'],
  compose: ['shared', 'domain', 'app', 'composeCore', 'panel', 'migration', 'ui', 'contributions'],
  migration: ['shared', 'domain', 'app', 'composeCore', 'ui', 'contributions'],
  panel: ['shared', 'domain', 'app'],
  extension: ['compose'],
  webview: ['shared'],
};

/** Which files may import a library; a new line here is a decision to be reviewed. */
const LIBRARIES: Readonly<Record<string, RegExp>> = {
  vscode: /^src\/(ui\/|compose\.ts$|migration\.ts$|extension\.ts$)/,
  '@kubernetes/client-node': /^src\/adapters\/kubernetes\/clusterConnection\.ts$/,
  execa: /^src\/adapters\/(toolFinder|gcloudFleet)\.ts$/,
  'node-forge': /^src\/rehearsal\/pki\//,
  ws: /^src\/(adapters\/proxies|rehearsal\/streams)\//,
  yaml: /^src\/(adapters\/kubernetes|rehearsal)\//,
  commander: /^src\/cli\//,
  'jsonc-parser': /^src\/adapters\/files\/jsoncText\.ts$/,
  zod: /^src\/adapters\/.*Schema\.ts$/,
  '@vscode/webview-ui-toolkit': /^webview\/trust\/toolkit\.ts$/,
};

/** Layers that may use Node's own modules. */
const MAY_USE_NODE = /^(adapters|rehearsal|composeCore|cli|ui|compose|migration|extension)$/;

function complaintsAbout(file: string): string[] {
  return importsOf(file).flatMap((imported) => {
    const target = resolveImport(file, imported);
    const complaint = complaintAbout(file, target);
    return complaint === undefined ? [] : [`${file} imports ${imported}: ${complaint}`];
  });
}

function complaintAbout(file: string, target: string): string | undefined {
  const layer = layerOf(file);
  if (target.startsWith('node:')) return MAY_USE_NODE.test(layer) ? undefined : `${layer} may not use Node`;
  if (!target.startsWith('src/') && !target.startsWith('webview/')) {
    const library = Object.keys(LIBRARIES).find((name) => target === name || target.startsWith(`${name}/`));
    if (library === undefined) return 'no such library is declared in LIBRARIES';
    return LIBRARIES[library]?.test(file) === true ? undefined : `only ${String(LIBRARIES[library])} may`;
  }
  const targetLayer = layerOf(target);
  if (targetLayer === layer) return undefined;
  const allowed = MAY_IMPORT[layer];
  if (allowed === undefined) return `layer ${layer} is not declared`;
  const inside = target.replace(/^src\//, '');
  return allowed.includes(targetLayer) || allowed.includes(inside) ? undefined : `${layer} may not import ${targetLayer}`;
}

/** The first import cycle found below src and webview, drawn with arrows. */
function findCycle(): string | undefined {
  const state = new Map<string, 'open' | 'closed'>();
  const visit = (file: string, trail: readonly string[]): string | undefined => {
    if (state.get(file) === 'closed') return undefined;
    if (state.get(file) === 'open') return [...trail.slice(trail.indexOf(file)), file].join(' → ');
    state.set(file, 'open');
    for (const imported of importsOf(file).map((name) => resolveImport(file, name))) {
      if (!SOURCES.includes(imported)) continue;
      const cycle = visit(imported, [...trail, file]);
      if (cycle !== undefined) return cycle;
    }
    state.set(file, 'closed');
    return undefined;
  };
  for (const file of SOURCES) {
    const cycle = visit(file, []);
    if (cycle !== undefined) return cycle;
  }
  return undefined;
}

describe('architecture', function () {
  // Parses every file of the project.
  this.timeout(60_000);

  it('has dependencies that point inwards only, and libraries in the files that own them', () => {
    assert.deepEqual(SOURCES.flatMap(complaintsAbout), []);
  });

  it('notices an import that points outwards and a library in a second file', () => {
    assert.equal(complaintAbout('src/domain/cluster.ts', 'src/ui/settings.ts'), 'domain may not import ui');
    assert.equal(complaintAbout('src/rehearsal/main.ts', 'src/domain/cluster.ts'), 'rehearsal may not import domain');
    assert.equal(complaintAbout('src/domain/cluster.ts', 'node:fs'), 'domain may not use Node');
    assert.match(complaintAbout('src/app/ports.ts', 'vscode') ?? '', /^only /);
    assert.equal(complaintAbout('src/app/ports.ts', 'left-pad'), 'no such library is declared in LIBRARIES');
  });

  it('has no import cycles', () => {
    assert.equal(findCycle(), undefined);
  });

  it('has files of at most 300 lines, tests of at most 400', () => {
    const tooLong = [...SOURCES, ...filesBelow('test', '.ts')]
      .map((file) => ({ file, lines: readText(file).split('\n').length - 1 }))
      .filter(({ file, lines }) => lines > (file.startsWith('test/') ? 400 : 300));
    assert.deepEqual(tooLong, []);
  });

  it('opens each file with a sentence on what it is for', () => {
    const silent = [...SOURCES, ...filesBelow('test', '.ts')].filter((file) => !/^(#!.*\n)?(\/\/ |\/\*\* )\S/.test(readText(file)));
    assert.deepEqual(silent, []);
  });

  it('has no barrel files, and no names that say nothing', () => {
    const vague = SOURCES.filter((file) => /(^|\/)(index|[^/]*(util|helper|manager|common|misc)[^/]*)\.ts$/i.test(file));
    assert.deepEqual(vague, ['webview/scenarios/index.ts'].filter((file) => vague.includes(file)));
  });

  it('takes only libraries that run on Node 20', () => {
    const { dependencies } = readJson('package.json') as { dependencies: Record<string, string> };
    const tooNew = Object.keys(dependencies).filter((name) => {
      const { engines } = readJson(`node_modules/${name}/package.json`) as { engines?: { node?: string } };
      return !satisfiedByNode20(engines?.node ?? '*');
    });
    assert.deepEqual(tooNew, []);
  });
});

/** Enough of semver's ranges for what packages write of Node: alternatives of `>=`, `^`, `*` and plain versions. */
function satisfiedByNode20(range: string): boolean {
  return range.split('||').some((part) => {
    const [, operator = '', major = ''] = /^\s*(>=|\^|~|>)?\s*v?(\d+|\*)/.exec(part) ?? [];
    if (major === '*' || part.trim() === '') return true;
    return operator.startsWith('>') ? Number(major) <= 20 : Number(major) === 20;
  });
}
