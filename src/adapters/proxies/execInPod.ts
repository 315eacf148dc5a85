// Runs one command in a container of a pod: the API server's exec over a WebSocket (v5 or v4.channel.k8s.io), output only.
// No input is opened, so nothing is ever sent: v5's "close of a channel" (255), which v4 servers choke on, is not needed.
import type WebSocket from 'ws';
import type { ProxyAddress } from '../../app/ports.js';
import type { Failure, Result } from '../../shared/failure.js';
import { fail, succeed } from '../../shared/failure.js';
import { listField, parseJson, recordField, textField } from '../../shared/json.js';
import type { ClusterConnection } from '../kubernetes/clusterConnection.js';
import { answerTooLarge, LARGEST_ANSWER_BYTES } from './envoyAdmin.js';
import { openPodSocket, readFrame } from './podSocket.js';

const PROTOCOLS = ['v5.channel.k8s.io', 'v4.channel.k8s.io'] as const;
const CHANNEL = { stdout: 1, stderr: 2, status: 3 } as const;
/** Of an error text or a status more than this is of no use. */
const LARGEST_TEXT = 64 * 1024;

export interface ExecCommand {
  /** Always named: a pod without a default container refuses, and with one it may be the wrong one. */
  readonly container: string;
  readonly command: readonly string[];
}

export interface ExecOutcome {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Resolves when the command has ended. A command that could not be started, or whose end nobody told, is a failure. */
export async function execInPod(
  connection: ClusterConnection,
  pod: ProxyAddress,
  { container, command }: ExecCommand,
  signal: AbortSignal,
): Promise<Result<ExecOutcome>> {
  const query = new URLSearchParams({ container, stdout: 'true', stderr: 'true' });
  for (const word of command) query.append('command', word);
  const collect = (socket: WebSocket): { readonly outcome: Promise<Result<ExecOutcome>> } => ({ outcome: collectOutcome(socket, signal) });
  const opened = await openPodSocket(connection, pod, { subresource: 'exec', query, protocols: PROTOCOLS }, collect, signal);
  return opened.ok ? opened.value.outcome : opened;
}

function collectOutcome(socket: WebSocket, signal: AbortSignal): Promise<Result<ExecOutcome>> {
  return new Promise((resolve) => {
    const output = new ExecOutput();
    const settle = (result: Result<ExecOutcome>): void => {
      signal.removeEventListener('abort', abort);
      resolve(result);
      // Ends the command as well: the kubelet kills what nobody reads.
      socket.terminate();
    };
    const abort = (): void => {
      settle(fail({ kind: 'cancelled' }));
    };
    signal.addEventListener('abort', abort, { once: true });
    socket.on('message', (data) => {
      const { channel, bytes } = readFrame(data);
      output.take(channel, bytes);
      if (output.isTooLarge) settle(fail(answerTooLarge()));
    });
    // Before it is open, errors are told by openPodSocket.
    socket.on('error', (error) => {
      settle(fail({ kind: 'proxyUnreachable', reason: error.message }));
    });
    socket.on('close', () => {
      settle(output.outcome());
    });
  });
}

/** What has come on each channel so far. */
class ExecOutput {
  readonly #stdout: Buffer[] = [];
  #size = 0;
  #stderr = '';
  #status = '';

  take(channel: number, bytes: Buffer): void {
    if (channel === CHANNEL.stdout) {
      this.#size += bytes.length;
      if (!this.isTooLarge) this.#stdout.push(bytes);
    } else if (channel === CHANNEL.stderr && this.#stderr.length < LARGEST_TEXT) this.#stderr += bytes.toString('utf8');
    else if (channel === CHANNEL.status && this.#status.length < LARGEST_TEXT) this.#status += bytes.toString('utf8');
  }

  get isTooLarge(): boolean {
    return this.#size > LARGEST_ANSWER_BYTES;
  }

  outcome(): Result<ExecOutcome> {
    const status = parseJson(this.#status);
    const exitCode = textField(status, 'status') === 'Success' ? 0 : failedWith(status);
    if (exitCode === undefined) return fail(notRun(status));
    return succeed({ exitCode, stdout: Buffer.concat(this.#stdout).toString('utf8'), stderr: this.#stderr });
  }
}

/** The exit code of a command that ran and failed (kubelet remotecommand: `NonZeroExitCode` with a cause `ExitCode`). */
function failedWith(status: unknown): number | undefined {
  if (textField(status, 'reason') !== 'NonZeroExitCode') return undefined;
  const cause = listField(recordField(status, 'details'), 'causes').find((entry) => textField(entry, 'reason') === 'ExitCode');
  const code = Number(textField(cause, 'message'));
  return Number.isInteger(code) ? code : undefined;
}

function notRun(status: unknown): Failure {
  return { kind: 'proxyUnreachable', reason: textField(status, 'message') ?? 'the connection was closed before the command ended' };
}
