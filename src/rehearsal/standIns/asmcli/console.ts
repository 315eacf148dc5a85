// How asmcli talks: everything on standard error behind its own name, and fatal errors end it with 2 (asmcli/lib/util.sh).
import { StandInExit } from '../standInIo.js';
import type { StandInIo } from '../standInIo.js';
import { SHORT_USAGE } from './usage.js';

const NAME = 'asmcli';
/** Every refusal of asmcli's own. */
export const EXIT_FATAL = 2;
/** A command inside it failed: `set -e`. */
export const EXIT_FAILED = 1;

export interface AsmcliConsole {
  info(text: string): void;
  warn(text: string): void;
  error(text: string): void;
  fatal(text: string): never;
  fatalWithUsage(text: string): never;
  /** Ends at once when installing; only counts when validating, so that everything wrong is seen. */
  validationError(text: string): void;
  readonly validationErrors: number;
}

export function createConsole(io: StandInIo, isValidating: () => boolean): AsmcliConsole {
  let validationErrors = 0;
  const info = (text: string): void => { io.stderr.write(`${NAME}: ${text}\n`); };
  const error = (text: string): void => { info(`[ERROR]: ${text}`); };
  const end = (): never => { throw new StandInExit(EXIT_FATAL); };
  return {
    info,
    warn: (text) => { info(`[WARNING]: ${text}`); },
    error,
    fatal(text) {
      error(text);
      return end();
    },
    fatalWithUsage(text) {
      error(text);
      io.stderr.write(SHORT_USAGE);
      return end();
    },
    validationError(text) {
      error(text);
      if (!isValidating()) end();
      validationErrors += 1;
    },
    get validationErrors() {
      return validationErrors;
    },
  };
}
