// `npm test`: every suite but the journeys by clicks, those that wait for an editor beside those that compute; each goes on whatever the others did, and the sums come at the end.
// Tests through an editor or a kubectl that failed beside the others are run once more with the machine to themselves, and both are told: a test that only then passes is unsteady, which somebody has to look into, and says nothing against the change.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import type { SuiteResults } from '../mochaRun.js';
import { reportFolder, repository } from '../paths.js';
import { exitOnSignals } from '../processGroup.js';
import { ensureKoreanFont, findBrowser } from '../setup/browser.js';
import { findKubectl } from '../setup/kubectl.js';
import { installVscodeServer } from '../setup/vscodeServerInstall.js';

/** One suite: what runs it, and whether it leaves a report of single tests. */
interface Suite {
  readonly name: string;
  readonly file: string;
  readonly args: readonly string[];
  readonly reports: boolean;
  /** Whether its files are run once more, alone, when a test in them failed: where programs of others are between us and what is asserted. */
  readonly secondTry?: boolean;
}

interface SuiteOutcome {
  readonly name: string;
  readonly passed: number;
  readonly failed: number;
  readonly seconds: number;
  readonly failures: readonly string[];
  /** What to run again, and how many passed that are not run again; undefined where nothing is tried twice. */
  readonly again?: { readonly suite: Suite; readonly passedElsewhere: number };
  /** What failed at first and passed alone. */
  readonly unsteady: readonly string[];
}

function bundled(name: string, ...words: readonly string[]): Suite {
  const [bundle = name, ...args] = words;
  return { name, file: process.execPath, args: [path.join(repository, 'out', 'workbench', bundle, 'main.js'), ...args], reports: true };
}

/** Suites of one lane run one after another, the lanes side by side: an editor mostly waits, and the rest mostly computes. */
const lanes: readonly (readonly Suite[])[] = [
  [
    { name: 'types', file: 'npm', args: ['run', '--silent', 'check-types'], reports: false },
    { name: 'lint', file: 'npm', args: ['run', '--silent', 'lint'], reports: false },
    bundled('unit', 'suite', 'unit'),
    { ...bundled('cluster', 'suite', 'cluster'), secondTry: true },
  ],
  [{ ...bundled('ui', 'suite', 'ui'), secondTry: true }, bundled('integration')],
];

/** It computes on every core there is, and would take them from whoever waits for an editor. */
const alone = bundled('proof', 'suite', 'proof');

/** What suites would otherwise install at the same time. */
function prepare(): void {
  findKubectl();
  findBrowser();
  ensureKoreanFont();
  installVscodeServer();
}

async function runLane(lane: readonly Suite[]): Promise<SuiteOutcome[]> {
  const outcomes: SuiteOutcome[] = [];
  for (const suite of lane) outcomes.push(await runSuite(suite));
  return outcomes;
}

async function runSuite(suite: Suite): Promise<SuiteOutcome> {
  const { name, file, args, reports } = suite;
  process.stdout.write(`${name} begins\n`);
  const reportFile = path.join(reportFolder, `${name}.json`);
  fs.rmSync(reportFile, { force: true });
  const begin = performance.now();
  const code = await exitCode(name, file, args);
  const seconds = Math.round((performance.now() - begin) / 1000);
  const counted: SuiteResults =
    reports && fs.existsSync(reportFile) ? (JSON.parse(fs.readFileSync(reportFile, 'utf8')) as SuiteResults) : { passed: 0, failed: 0, failures: [], failedFiles: [], passedElsewhere: 0 };
  const { passed, failures, failedFiles, passedElsewhere } = counted;
  // A suite that could not be set up, or that has no single tests, fails as one.
  if (code !== 0 && failures.length === 0) return { name, seconds, passed, failed: 1, failures: [`${name} ended with ${String(code)}`], unsteady: [] };
  const again =
    suite.secondTry === true && failedFiles.length > 0
      ? { suite: { ...suite, secondTry: false, args: [...args, ...failedFiles.flatMap((failed) => ['--file', failed])] }, passedElsewhere }
      : undefined;
  return { name, seconds, passed, failed: failures.length, failures, unsteady: [], ...(again && { again }) };
}

/** The same outcome where nothing failed that may be tried again. */
async function triedAgain(first: SuiteOutcome): Promise<SuiteOutcome> {
  if (first.again === undefined) return first;
  const second = await runSuite(first.again.suite);
  const seconds = first.seconds + second.seconds;
  if (second.failed > 0) return { ...first, seconds, failures: [...first.failures, ...second.failures.map((failure) => `again, alone: ${failure}`)] };
  return { ...first, seconds, passed: first.again.passedElsewhere + second.passed, failed: 0, failures: [], unsteady: first.failures };
}

/** Runs to its end; what it printed comes as one piece then, or when everything is ended before. */
function exitCode(name: string, file: string, args: readonly string[]): Promise<number | string> {
  return new Promise((resolve) => {
    const child = spawn(file, args, { cwd: repository, stdio: ['ignore', 'pipe', 'pipe'], shell: process.platform === 'win32' });
    const printed: Buffer[] = [];
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => printed.push(chunk));
    const print = (): void => {
      process.stdout.write(`\n=== ${name} ===\n${Buffer.concat(printed).toString()}`);
    };
    const endWithThisProcess = (): void => {
      child.kill();
      print();
    };
    process.once('exit', endWithThisProcess);
    const end = (how: number | string): void => {
      process.off('exit', endWithThisProcess);
      print();
      resolve(how);
    };
    child.once('error', (error) => {
      end(error.message);
    });
    child.once('close', (code, signal) => {
      end(code ?? signal ?? 'unknown');
    });
  });
}

async function main(): Promise<number> {
  prepare();
  const sideBySide = (await Promise.all(lanes.map(runLane))).flat();
  const outcomes = [...sideBySide, await runSuite(alone)];
  for (const [index, outcome] of outcomes.entries()) outcomes[index] = await triedAgain(outcome);
  process.stdout.write('\n=== summary ===\n');
  for (const { failures, unsteady } of outcomes) {
    for (const failure of failures) process.stdout.write(`failed: ${failure}\n`);
    for (const failure of unsteady) process.stdout.write(`unsteady, passed when tried again alone: ${failure}\n`);
  }
  for (const { name, passed, failed, unsteady, seconds } of outcomes) {
    const note = unsteady.length === 0 ? '' : ` (${unsteady.length} of them unsteady)`;
    process.stdout.write(`${name.padEnd(12)} ${failed === 0 ? 'ok    ' : 'FAILED'} ${passed} passed${note}, ${failed} failed, ${seconds} s\n`);
  }
  const sum = (count: (outcome: SuiteOutcome) => number): number => outcomes.reduce((total, outcome) => total + count(outcome), 0);
  const failed = sum((outcome) => outcome.failed);
  process.stdout.write(`${sum((outcome) => outcome.passed)} passed, ${failed} failed\n`);
  return failed === 0 ? 0 : 1;
}

exitOnSignals();
void main().then((code) => process.exit(code));
