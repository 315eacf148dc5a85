// Runs one suite of bundled tests with mocha: `main.js unit|proof|cluster|ui|journeys [--grep PATTERN] [--file NAME…] [--screenshots] [--full]`, with what that suite needs set up.
// `cluster --kubeconfig FILE [--context NAME] [--every-kubectl]` checks any real cluster in place of a rehearsal.
import path from 'node:path';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { runMocha } from '../mochaRun.js';
import { reportFolder, repository } from '../paths.js';
import { exitOnSignals } from '../processGroup.js';
import { browserArguments, ensureKoreanFont, findBrowser } from '../setup/browser.js';
import { findKubectl, kubectlFolder } from '../setup/kubectl.js';
import { installPackagedExtension } from '../setup/packagedExtension.js';
import { installVscodeServer } from '../setup/vscodeServerInstall.js';

/** What a suite needs before its tests, and how long one test may take. */
interface Suite {
  readonly timeoutMs: number;
  /** Where its files are, when not in a folder of its name, and which of them are its own. */
  readonly folder?: string;
  isOwn?(file: string): boolean;
  prepare?(): Promise<void> | void;
}

const suites: Readonly<Record<string, Suite>> = {
  unit: { timeoutMs: 10_000 },
  proof: { timeoutMs: 240_000 },
  cluster: { timeoutMs: 60_000, prepare: prepareKubectl },
  ui: { timeoutMs: 120_000, prepare: prepareBrowser, isOwn: (file) => !isJourney(file) },
  journeys: { timeoutMs: 120_000, prepare: prepareBrowser, folder: 'ui', isOwn: isJourney },
};

/** A whole migration by clicks takes minutes, most of which it waits. */
function isJourney(file: string): boolean {
  return path.basename(file).startsWith('journey');
}

/** Puts the kubectl first on PATH and says which one it is. */
function prepareKubectl(): void {
  const kubectl = findKubectl();
  process.stdout.write(`kubectl ${kubectl.version} (${kubectl.file})\n`);
  process.env.PATH = [kubectlFolder(kubectl), process.env.PATH ?? ''].join(path.delimiter);
}

/** One installed package and one browser for all files of the suite, which are bundles of their own and find them by these variables. */
async function prepareBrowser(): Promise<void> {
  prepareKubectl();
  process.env.MESH_CA_EXTENSIONS = installPackagedExtension(installVscodeServer());
  const executablePath = findBrowser();
  ensureKoreanFont();
  const server = await chromium.launchServer({ executablePath, args: browserArguments, headless: process.env.MESH_CA_HEADED === undefined });
  process.env.MESH_CA_BROWSER = server.wsEndpoint();
}

async function main(): Promise<number> {
  const options = {
    grep: { type: 'string' },
    file: { type: 'string', multiple: true },
    screenshots: { type: 'boolean' },
    full: { type: 'boolean' },
    kubeconfig: { type: 'string' },
    context: { type: 'string' },
    'every-kubectl': { type: 'boolean' },
  } as const;
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  const name = positionals[0] ?? '';
  const suite = suites[name];
  if (suite === undefined) throw new Error(`Which suite? One of ${Object.keys(suites).join(', ')}`);
  // The pictures of the documentation are made anew, in media/.
  if (values.screenshots === true) process.env.MESH_CA_SCREENSHOTS = '1';
  // Every scene of the proof by itself, and the stories of what is lost without each lock.
  if (values.full === true) process.env.MESH_CA_PROVE = 'full';
  if (values.kubeconfig !== undefined) process.env.MESH_CA_TEST_KUBECONFIG = path.resolve(values.kubeconfig);
  if (values.context !== undefined) process.env.MESH_CA_TEST_CONTEXT = values.context;
  if (values['every-kubectl'] === true) process.env.MESH_CA_EVERY_KUBECTL = '1';
  await suite.prepare?.();
  const { failed } = await runMocha({
    folder: path.join(repository, 'out', suite.folder ?? name),
    isOwn: (file) => (suite.isOwn?.(file) ?? true) && (values.file?.includes(path.basename(file)) ?? true),
    reportFile: path.join(reportFolder, `${name}.json`),
    timeoutMs: suite.timeoutMs,
    ...(values.grep !== undefined && { grep: values.grep }),
  });
  return failed === 0 ? 0 : 1;
}

exitOnSignals();
main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
