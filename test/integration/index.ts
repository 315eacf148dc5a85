// What VS Code starts inside its extension host, in the browser or on the desktop, to run the integration tests there.
import path from 'node:path';
import { runMocha } from '../workbench/mochaRun.js';
import { reportFolder, repository } from '../workbench/paths.js';

/** Runs every integration test; rejects when one fails, which is how VS Code learns of it. */
export async function run(): Promise<void> {
  const { passed, failed } = await runMocha({
    folder: path.join(repository, 'out', 'integration'),
    reportFile: path.join(reportFolder, 'integration.json'),
    timeoutMs: 60_000,
  });
  if (failed > 0) throw new Error(`${failed} of ${passed + failed} integration tests failed`);
}
