// A command line as a value: what would run, where, and what its output goes to. Never a shell string.

export interface CommandSpec {
  /** Executable and arguments, exactly as the process gets them. */
  readonly argv: readonly [string, ...string[]];
  /** Added to the environment that the step runs in. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** What the process reads from its standard input instead of the terminal: a manifest of ours, never a secret. */
  readonly stdin?: string;
  /** Where stdout goes instead of the terminal: created anew with mode 0600, its folder with 0700 where there is none. */
  readonly stdoutFile?: string;
}

/** What became of a step's command lines; `ran` is the only one from which a step may go on to be verified. */
export type StepOutcome =
  | { readonly kind: 'ran' }
  | { readonly kind: 'failed'; readonly command: number; readonly exitCode: number }
  /** Ctrl+C, a closed terminal, a kill: by the runner's own record or for want of one. */
  | { readonly kind: 'interrupted'; readonly signal: string | undefined }
  | { readonly kind: 'notStarted'; readonly reason: 'untrustedWorkspace' | 'noStartEvent' | 'toolMissing'; readonly detail: string };
