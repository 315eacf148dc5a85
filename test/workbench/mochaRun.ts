// Runs mocha over the test files of one suite, inside or outside VS Code, and leaves the results in a file.
import fs from 'node:fs';
import path from 'node:path';
import Mocha from 'mocha';

/** How many tests passed and failed, and which failed. */
export interface SuiteResults {
  readonly passed: number;
  readonly failed: number;
  readonly failures: readonly string[];
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
  const failures: string[] = [];
  let passed = 0;
  await new Promise<void>((resolve) => {
    const runner = mocha.run(() => {
      resolve();
    });
    runner.on('pass', () => (passed += 1));
    runner.on('fail', (test) => failures.push(test.fullTitle()));
  });
  const results = { passed, failed: failures.length, failures };
  fs.mkdirSync(path.dirname(reportFile), { recursive: true });
  fs.writeFileSync(reportFile, JSON.stringify(results, undefined, 2));
  return results;
}

function testFilesBelow(folder: string): string[] {
  if (!fs.existsSync(folder)) return [];
  return fs
    .readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.js'))
    .sort()
    .map((file) => path.join(folder, file));
}
