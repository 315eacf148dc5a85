// Asks proxies through istioctl, which finds its own way into the pod: for where somebody prefers it or nothing else is permitted.
import { execFile } from 'node:child_process';
import type { Clock, ProxyAddress } from '../../app/ports.js';
import { parseSecretDump } from '../../domain/trust/envoyDump.js';
import type { InboundListener } from '../../domain/trust/inboundDomains.js';
import { parseInboundListener } from '../../domain/trust/inboundDomains.js';
import type { SecretDump } from '../../domain/trust/secretDump.js';
import type { Failure, Result } from '../../shared/failure.js';
import { fail, succeed } from '../../shared/failure.js';
import { parseJson } from '../../shared/json.js';
import { LARGEST_ANSWER_BYTES } from './envoyAdmin.js';

/** Where istioctl is not installed it is looked for again after this time, not for each proxy. */
const REMEMBERED_MS = 5 * 60_000;

export interface IstioctlOptions {
  /** The tool as a path or a name on PATH. */
  readonly path: () => string;
  readonly clock: Clock;
}

/** The command line that prints a proxy's secrets or listeners; the cluster is always named. */
export function istioctlArguments(what: 'secret' | 'listener', { cluster, namespace, pod }: ProxyAddress): readonly string[] {
  return ['proxy-config', what, `${pod}.${namespace}`, '-o', 'json', '--kubeconfig', cluster.kubeconfig, '--context', cluster.context];
}

export class IstioctlReader {
  readonly #options: IstioctlOptions;
  #missingUntil = -Infinity;

  constructor(options: IstioctlOptions) {
    this.#options = options;
  }

  /** False after it was not found a short while ago. */
  get mayBeThere(): boolean {
    return this.#options.clock.now() >= this.#missingUntil;
  }

  /** istioctl prints Envoy's answer in its own spelling, or as it came (before 1.10); private keys are `[redacted]` and dropped. */
  async readSecrets(proxy: ProxyAddress, signal: AbortSignal): Promise<Result<SecretDump>> {
    const printed = await this.#json(istioctlArguments('secret', proxy), signal);
    return printed.ok ? parseSecretDump(printed.value) : printed;
  }

  async readInboundListener(proxy: ProxyAddress, signal: AbortSignal): Promise<Result<InboundListener>> {
    const printed = await this.#json(istioctlArguments('listener', proxy), signal);
    return printed.ok ? parseInboundListener(printed.value) : printed;
  }

  async #json(args: readonly string[], signal: AbortSignal): Promise<Result<unknown>> {
    const { path, clock } = this.#options;
    const run = await runTool(path(), args, signal);
    if (!run.ok) {
      if (run.failure.kind === 'toolMissing') this.#missingUntil = clock.now() + REMEMBERED_MS;
      return run;
    }
    const json = parseJson(run.value);
    return json === undefined ? fail({ kind: 'proxyAnswerUnreadable', reason: 'istioctl printed no JSON' }) : succeed(json);
  }
}

function runTool(path: string, args: readonly string[], signal: AbortSignal): Promise<Result<string>> {
  return new Promise((resolve) => {
    const options = { signal, maxBuffer: LARGEST_ANSWER_BYTES, windowsHide: true, encoding: 'utf8' as const };
    execFile(path, [...args], options, (error, stdout, stderr) => {
      resolve(error === null ? succeed(stdout) : fail(toolFailure(path, error, stderr, signal)));
    }).stdin?.end();
  });
}

function toolFailure(path: string, error: NodeJS.ErrnoException | Error, stderr: string, signal: AbortSignal): Failure {
  if (signal.aborted) return { kind: 'cancelled' };
  if ('code' in error && (error.code === 'ENOENT' || error.code === 'EACCES')) return { kind: 'toolMissing', tool: path };
  const said = stderr.trim().split('\n').at(-1)?.replace(/^Error: /, '') ?? '';
  const reason = said === '' ? error.message : said;
  // client-go's words for a 403; istioctl passes them on.
  return / is forbidden:? | forbidden$/.test(`${reason} `) ? { kind: 'forbidden', reason: `istioctl: ${reason}` } : { kind: 'proxyUnreachable', reason: `istioctl: ${reason}` };
}
