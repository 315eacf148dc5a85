// What an exec request asks for, checked as API server and kubelet check it, and how its outcome is told.
import { ApiError, badRequest } from '../api/apiError.js';
import type { Status } from '../api/apiError.js';
import { textAt } from '../api/json.js';
import { chooseContainer } from '../api/podContainers.js';
import type { PodCommand, PodProcess } from '../clusterBackend.js';
import type { PodStreamRequest } from './podStream.js';

export type StartProcess = (command: PodCommand) => PodProcess;

/** Which streams the client wants; a terminal has no error output of its own. */
export interface ExecStreams {
  readonly stdin: boolean;
  readonly stdout: boolean;
  readonly stderr: boolean;
  readonly tty: boolean;
}

export function streamsOf(params: URLSearchParams): ExecStreams {
  const asks = (name: string): boolean => ['true', '1'].includes(params.get(name) ?? '');
  const tty = asks('tty');
  return { stdin: asks('stdin'), stdout: asks('stdout'), stderr: asks('stderr') && !tty, tty };
}

/** Throws what kubelet and API server refuse before the connection is upgraded. */
export function readCommand({ pod, params }: PodStreamRequest): PodCommand {
  const [file, ...args] = params.getAll('command');
  if (file === undefined) throw badRequest('you must specify at least one command for the container');
  const streams = streamsOf(params);
  if (!streams.stdin && !streams.stdout && !streams.stderr) throw badRequest('you must specify at least 1 of stdin, stdout, stderr');
  const container = chooseContainer(pod, params.get('container') ?? '');
  if (textAt(pod, 'status', 'phase') !== 'Running') {
    throw new ApiError(500, 'InternalError', `container not found ("${container}")`);
  }
  return { namespace: pod.metadata.namespace ?? '', pod: pod.metadata.name, container, command: [file, ...args] };
}

/** The outcome of a program, as `v4.channel.k8s.io` and later tell it. */
export function exitStatus(code: number): Partial<Status> {
  if (code === 0) return { metadata: {}, status: 'Success' };
  return {
    metadata: {},
    status: 'Failure',
    message: `command terminated with non-zero exit code: exit status ${code}`,
    reason: 'NonZeroExitCode',
    details: { causes: [{ reason: 'ExitCode', message: String(code) }] },
  };
}

/** A program that could not be started. */
export function startFailure(error: unknown): Partial<Status> {
  const problem = error instanceof Error ? error.message : String(error);
  const message = `error executing command in container: ${problem}`;
  return {
    metadata: {},
    status: 'Failure',
    message: `Internal error occurred: ${message}`,
    reason: 'InternalError',
    details: { causes: [{ reason: '', message }] },
    code: 500,
  };
}
