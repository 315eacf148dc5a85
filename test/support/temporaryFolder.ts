// A folder of a suite's own below the temporary folder, gone when the suite is over.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** Call it in a `describe`; the path is of use from the first hook on. */
export function temporaryFolder(): (...parts: readonly string[]) => string {
  const made: { folder: string | undefined } = { folder: undefined };
  before(() => {
    // The real path: macOS has a link in it, and the code under test looks behind links.
    made.folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'mesh-ca-test-')));
  });
  after(() => {
    if (made.folder !== undefined) fs.rmSync(made.folder, { recursive: true, force: true });
  });
  return (...parts) => path.join(made.folder ?? '', ...parts);
}
