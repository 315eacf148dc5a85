// The private folder of one run of a step: the orders for the runner in, its record out, gone when the run is over.
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { StepRunFolder, StepRunFolders } from '../../app/ports.js';
import type { StepSpec } from '../../domain/steps/stepRecord.js';

/** Makes the folders below the temporary folder: 0700, their files 0600. */
export class TemporaryStepRunFolders implements StepRunFolders {
  async prepare(spec: StepSpec): Promise<StepRunFolder> {
    // mkdtemp makes it 0700.
    const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'mesh-ca-step-'));
    const specFile = path.join(folder, 'spec.json');
    const recordFile = path.join(folder, 'record.json');
    await fs.writeFile(specFile, JSON.stringify(spec), { mode: 0o600, flag: 'wx' });
    return {
      specFile,
      recordFile,
      readRecord: async () => {
        try {
          return await fs.readFile(recordFile, 'utf8');
        } catch {
          return undefined;
        }
      },
      remove: () => fs.rm(folder, { recursive: true, force: true }),
    };
  }
}
