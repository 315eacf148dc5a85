// Finds the command line tools that steps run, and their versions.
import { execa } from 'execa';
import type { FoundTool, ToolFinder, ToolVersions } from '../app/ports.js';
import { parseJson, recordField, textField } from '../shared/json.js';
import type { Result } from '../shared/failure.js';
import { fail, succeed } from '../shared/failure.js';

const VERSION_TIMEOUT_MS = 15_000;
/** Older ones speak discovery and `apply` in ways that newer servers refuse. */
const OLDEST_KUBECTL = { major: 1, minor: 27 };

export interface ExecaToolFinderOptions {
  /** The setting's path; empty where PATH decides. */
  readonly kubectlPath: () => string;
  /** What terminals have beyond the environment of this process, a rehearsal's PATH above all: tools are looked for as they will be run. */
  readonly environment?: () => Readonly<Record<string, string | undefined>>;
}

/** Asks the tools themselves, each time anew: a setting or an installation may have changed since. */
export class ExecaToolFinder implements ToolFinder, ToolVersions {
  private readonly options: ExecaToolFinderOptions;

  constructor(options: ExecaToolFinderOptions) {
    this.options = options;
  }

  async kubectl(): Promise<Result<FoundTool>> {
    const configured = this.options.kubectlPath().trim();
    const path = configured === '' ? 'kubectl' : configured;
    // `--client` asks no server, and so no kubeconfig: what the user's current context is plays no part.
    const answer = await execa(path, ['version', '--client', '-o', 'json'], {
      timeout: VERSION_TIMEOUT_MS,
      reject: false,
      stdin: 'ignore',
    });
    if (answer.code === 'ENOENT') return fail({ kind: 'toolMissing', tool: path });
    if (answer.timedOut) return fail({ kind: 'timedOut', seconds: VERSION_TIMEOUT_MS / 1000 });
    if (answer.failed) return fail({ kind: 'unexpected', reason: answer.stderr.trim() === '' ? (answer.shortMessage ?? '') : answer.stderr.trim() });
    return checkKubectlVersion(path, answer.stdout);
  }

  async versionOf(tool: string, path: string): Promise<Result<FoundTool>> {
    if (tool === 'kubectl') return this.kubectl();
    // No shell, no input, and no cluster: each of these only says what it is.
    const answer = await execa(path, VERSION_WORDS[tool] ?? ['--version'], {
      timeout: VERSION_TIMEOUT_MS,
      reject: false,
      stdin: 'ignore',
      all: true,
      env: this.options.environment?.() ?? {},
    });
    if (answer.code === 'ENOENT') return fail({ kind: 'toolMissing', tool: path });
    if (answer.timedOut) return fail({ kind: 'timedOut', seconds: VERSION_TIMEOUT_MS / 1000 });
    if (answer.exitCode === undefined) return fail({ kind: 'unexpected', reason: answer.shortMessage ?? path });
    return succeed({ path, version: versionIn(answer.all) });
  }
}

/** How tools want to be asked that do not take `--version`. */
const VERSION_WORDS: Readonly<Record<string, readonly string[]>> = {
  openssl: ['version'],
  istioctl: ['version', '--remote=false', '--short'],
};

/** The first thing that looks like a version, else the first line: some (an old awk) only complain about the question. */
export function versionIn(output: string): string {
  return /\d+\.\d+[\w.+-]*/.exec(output)?.[0] ?? output.split('\n')[0]?.trim() ?? '';
}

/** Judges what `kubectl version --client -o json` printed. Google's dispatcher answers with `vX.Y.Z-dispatcher`. */
export function checkKubectlVersion(path: string, output: string): Result<FoundTool> {
  const gitVersion = textField(recordField(parseJson(output), 'clientVersion'), 'gitVersion');
  const [, major, minor] = /^v?(\d+)\.(\d+)/.exec(gitVersion ?? '') ?? [];
  if (gitVersion === undefined || major === undefined || minor === undefined) {
    return fail({ kind: 'unexpected', reason: `${path} version: ${output.slice(0, 200)}` });
  }
  const version = gitVersion.replace(/^v/, '');
  const tooOld = Number(major) < OLDEST_KUBECTL.major || (Number(major) === OLDEST_KUBECTL.major && Number(minor) < OLDEST_KUBECTL.minor);
  if (tooOld) return fail({ kind: 'toolTooOld', tool: 'kubectl', version, needed: `${OLDEST_KUBECTL.major}.${OLDEST_KUBECTL.minor}` });
  return succeed({ path, version });
}
