// Runs the integration tests inside a downloaded desktop VS Code: `main.js minimum|stable|VERSION`.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { resolveVersion, runTestsOnDesktop } from '../desktopVscode.js';
import { logFolder } from '../paths.js';
import { exitOnSignals } from '../processGroup.js';
import { startRehearsal } from '../rehearsal.js';

async function main(): Promise<void> {
  const version = resolveVersion(process.argv[2] ?? 'stable');
  // Short, for VS Code makes a socket in it, whose path may have about a hundred characters.
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'mca-'));
  fs.mkdirSync(path.join(folder, 'workspace'));
  const rehearsal = await startRehearsal({ folder: path.join(folder, 'rehearsal'), logFile: path.join(logFolder, 'desktop-rehearsal.log') });
  try {
    await runTestsOnDesktop(version, folder, rehearsal.env);
  } finally {
    await rehearsal.end();
    fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

exitOnSignals();
main().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${String(error)}\n`);
    process.exit(1);
  },
);
