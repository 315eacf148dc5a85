// Runs mocha over the test files of one suite, inside or outside VS Code, and leaves the results in a file.
import fs from 'node:fs';
import path from 'node:path';
import Mocha from 'mocha';

const LONGEST_REASON = 1500;

/** How many tests passed and failed, and which failed, each with the reason; and the names of the files in which one failed. */
export interface SuiteResults {
  readonly passed: number;
  readonly failed: number;
  readonly failures: readonly string[];
  readonly failedFiles: readonly string[];
  /** Of the passed, how many are in none of those files. */
  readonly passedElsewhere: number;
}

/** Which tests to run, and how. */
export interface MochaRunOptions {
  /** The folder of bundled tests; every `*.test.js` below it is run. */
  readonly folder: string;
  /** Of these only some, where it is said. */
  readonly isOwn?: (file: string) => boolean;
  readonly reportFile: string;
  readonly timeoutMs: number;
  /** Only tests whose full name matches. */
  readonly grep?: string;
}

/** Runs every test file below the folder; finding none is an error, for a suite that tests nothing must not look green. */
export async function runMocha({ folder, isOwn = () => true, reportFile, timeoutMs, grep }: MochaRunOptions): Promise<SuiteResults> {
  const files = testFilesBelow(folder).filter(isOwn);
  if (files.length === 0) throw new Error(`No *.test.js below ${folder}`);
  process.setSourceMapsEnabled(true);
  const mocha = new Mocha({ ui: 'bdd', color: process.stdout.isTTY, timeout: timeoutMs, forbidOnly: true, forbidPending: true, ...(grep !== undefined && { grep }) });
  for (const file of files) mocha.addFile(file);
  const failed: { readonly test: string; readonly file: string; readonly error: unknown }[] = [];
  const passed: string[] = [];
  await new Promise<void>((resolve) => {
    const runner = mocha.run(() => {
      resolve();
    });
    runner.on('pass', (test) => passed.push(path.basename(test.file ?? '')));
    runner.on('fail', (test, error: unknown) => failed.push({ test: test.fullTitle(), file: path.basename(test.file ?? ''), error }));
  });
  // Not before the end: hooks after a test add to its reason what was on the screen.
  const failures = failed.map(({ test, error }) => `${test}: ${reasonOf(error)}`);
  const failedFiles = [...new Set(failed.map(({ file }) => file))];
  const passedElsewhere = passed.filter((file) => !failedFiles.includes(file)).length;
  const results: SuiteResults = { passed: passed.length, failed: failures.length, failures, failedFiles, passedElsewhere };
  fs.mkdirSync(path.dirname(reportFile), { recursive: true });
  fs.writeFileSync(reportFile, JSON.stringify(results, undefined, 2));
  return results;
}

/** A difference of lists is long, and its end says as much as its beginning. */
function reasonOf(error: unknown): string {
  const reason = (error instanceof Error ? error.message : String(error)).trim();
  return reason.length <= LONGEST_REASON ? reason : `${reason.slice(0, LONGEST_REASON / 2)} … ${reason.slice(-LONGEST_REASON / 2)}`;
}

function testFilesBelow(folder: string): string[] {
  if (!fs.existsSync(folder)) return [];
  return fs
    .readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.js'))
    .sort()
    .map((file) => path.join(folder, file));
}
