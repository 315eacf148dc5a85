// What the journal needs of the outside world: a file that only grows, a hash, and who is at the keyboard.
import type { Result } from '../../shared/failure.js';

/** Journals by name, each a file of lines that only its owner can read (0600). */
export interface JournalFiles {
  /**
   * Adds what `lineAfter` makes of the text so far, alone: several windows may write the same journal. The line is on the
   * disk when this resolves.
   */
  append(name: string, lineAfter: (text: string) => string): Promise<Result<undefined>>;
  /** Empty where nothing has been written yet. */
  read(name: string): Promise<Result<string>>;
}

/** SHA-256 of the UTF-8 bytes, in lower-case hex. */
export type Sha256 = (text: string) => string;

/** Who does something. */
export interface Operator {
  readonly user: string;
  readonly host: string;
  /** The account that gcloud is set to, where it is known. */
  readonly account: string | undefined;
}

export interface OperatorReader {
  who(): Promise<Operator>;
}
