// What all steps of one asmcli run share.
import type { MeshFile } from '../meshFile.js';
import type { ClusterClient } from '../clusterClient.js';
import type { StandInIo } from '../standInIo.js';
import type { AsmcliConsole } from './console.js';
import type { AsmcliRequest } from './request.js';

export interface AsmcliRun {
  readonly request: AsmcliRequest;
  readonly mesh: MeshFile;
  readonly cluster: ClusterClient;
  readonly io: StandInIo;
  readonly say: AsmcliConsole;
  readonly isValidating: boolean;
  /** Waits for as long as asmcli would, at the rehearsal's pace. */
  pause(ms: number): Promise<void>;
  /** With --dry_run only says what would have run. */
  does(command: string, act: () => Promise<void>): Promise<void>;
}

/** Google Cloud's answer to who is logged in. */
export const ACCOUNT = 'rehearsal@example.com';
