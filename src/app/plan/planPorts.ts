// What the plan needs of the outside world: its text, what is on the disk, and what CA files hold without ever showing a key.
import type { MigrationPlan, PlannedCluster } from '../../domain/plan/migrationPlan.js';
import type { PlanDocument, PlanProblem } from '../../domain/plan/planDocument.js';
import type { CertificateFacts } from '../../domain/trust/certificateFacts.js';
import type { Failure, Result } from '../../shared/failure.js';

/** Parses JSON with comments as far as it goes; never throws. */
export type ParsePlanText = (text: string) => PlanDocument;

export type PathKind = 'file' | 'directory' | 'missing' | 'unreadable';

/** Only reads. */
export interface PlanFiles {
  readText(file: string): Promise<Result<string>>;
  kindOf(path: string): Promise<PathKind>;
  /** The git work tree in which the path is or would be; undefined outside of any. */
  gitWorkTreeOf(path: string): Promise<string | undefined>;
  /** Absolute, from the folder of the plan file. */
  resolve(planFile: string, path: string): string;
}

export type CaFiles = NonNullable<PlannedCluster['caFiles']>;

/** What the four CA files hold. The key itself never leaves the adapter. */
export interface CaFilesReading {
  readonly caCert: CertificateFacts;
  /** Of `cert-chain.pem`, in order. */
  readonly chain: readonly CertificateFacts[];
  /** Of `root-cert.pem`. */
  readonly roots: readonly CertificateFacts[];
  readonly key: 'matches' | 'differs' | 'encrypted' | 'unreadable';
}

/** One of the four files, and why it is of no use. */
export interface CaFileFailure {
  readonly file: keyof CaFiles;
  readonly failure: Failure;
}

export interface CaFilesReader {
  read(files: CaFiles): Promise<CaFilesReading | CaFileFailure>;
}

/** The plan at one moment. */
export type PlanState =
  /** No workspace folder has one. */
  | { readonly kind: 'none' }
  | { readonly kind: 'unreadable'; readonly file: string; readonly failure: Failure }
  | {
      readonly kind: 'read';
      readonly file: string;
      readonly text: string;
      /** Undefined when there is an error among the problems. */
      readonly plan: MigrationPlan | undefined;
      readonly problems: readonly PlanProblem[];
    };
