// One GET of Envoy's admin interface by `pilot-agent request` in the proxy's own container, for where port-forward is refused.
// Images without a shell have it too. What its output means: Istio pilot/pkg/request/command.go, the same in 1.16 and 1.23.
import type { ProxyAddress } from '../../app/ports.js';
import type { Failure, Result } from '../../shared/failure.js';
import { fail, succeed } from '../../shared/failure.js';
import { PROXY_CONTAINER } from '../../shared/istioNames.js';
import type { ClusterConnection } from '../kubernetes/clusterConnection.js';
import type { AdminAnswer } from './envoyAdmin.js';
import type { ExecOutcome } from './execInPod.js';
import { execInPod } from './execInPod.js';

/** How the agent tells a status from 400 on; 404 alone is no failure to it. */
const STATUS_LINE = /status code (\d{3})\b:?\s*([^]*)$/u;
/** Envoy's words for a resource (config_dump_handler.cc) or a path (admin.cc) that it does not know, all with 404. */
const NOT_KNOWN = /not found in config dump|^invalid path/iu;
/** Go's words when nobody listens, answers in time, or answers to the end. */
const NO_CONNECTION = /dial |connect|refused|reset|deadline|timeout|timed out|EOF|hang up|broken|aborted/iu;

/** Asks for `path`; what it gives is as `getFromEnvoy` gives it. */
export async function getByPilotAgent(
  connection: ClusterConnection,
  proxy: ProxyAddress,
  path: string,
  signal: AbortSignal,
): Promise<Result<AdminAnswer>> {
  const command = ['pilot-agent', 'request', 'GET', path];
  const run = await execInPod(connection, proxy, { container: PROXY_CONTAINER, command }, signal);
  return run.ok ? answerOf(run.value) : fail(saidByExec(run.failure));
}

function answerOf({ exitCode, stdout, stderr }: ExecOutcome): Result<AdminAnswer> {
  // The agent adds one line end to the body.
  if (exitCode === 0) return succeed({ status: isNotKnown(stdout) ? 404 : 200, body: stdout.replace(/\n$/u, '') });
  const [, status, body = ''] = STATUS_LINE.exec(stderr) ?? [];
  if (status !== undefined) return succeed({ status: Number(status), body });
  const words = stderr.trim().split('\n')[0]?.replace(/^Error: /u, '').slice(0, 300) ?? '';
  const reason = words === '' ? `pilot-agent ended with exit code ${exitCode}` : words;
  return fail(saidByExec({ kind: NO_CONNECTION.test(words) ? 'proxyUnreachable' : 'proxyAnswerUnreadable', reason }));
}

/** The agent prints the body of a 404 and calls it success; only the body tells. */
function isNotKnown(stdout: string): boolean {
  return !stdout.startsWith('{') && NOT_KNOWN.test(stdout.slice(0, 1000));
}

/** The API server names the subresource itself when it refuses; what comes from inside the pod does not. */
function saidByExec(failure: Failure): Failure {
  if (failure.kind !== 'proxyUnreachable' && failure.kind !== 'proxyAnswerUnreadable') return failure;
  return { kind: failure.kind, reason: `exec: ${failure.reason}` };
}
