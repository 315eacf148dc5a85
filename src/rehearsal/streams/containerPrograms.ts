// Which programs a simulated container has: an agent and nothing else in a proxy, a small shell in an application.
import { PROXY_CONTAINER } from '../../shared/istioNames.js';
import { listAt, textAt } from '../api/json.js';
import type { PodCommand, PodProcess } from '../clusterBackend.js';
import type { StoredObject } from '../kubeObject.js';
import { shellProgram } from './containerShell.js';
import { pilotAgent } from './pilotAgent.js';
import type { ConnectToPort } from './pilotAgent.js';
import { startProgram } from './podProcess.js';
import type { Program } from './podProcess.js';

/** Images without a shell: Istio's own are distroless. */
const DISTROLESS_CONTAINERS: readonly string[] = [PROXY_CONTAINER, 'discovery'];

function environmentOf(pod: StoredObject, container: unknown): ReadonlyMap<string, string> {
  const declared = listAt(container, 'env').map((entry) => [textAt(entry, 'name'), textAt(entry, 'value')] as const);
  return new Map([
    ['PATH', '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'],
    ['HOSTNAME', pod.metadata.name],
    ['KUBERNETES_SERVICE_HOST', 'kubernetes.default.svc'],
    ['KUBERNETES_SERVICE_PORT', '443'],
    ...declared,
  ]);
}

function programOf(pod: StoredObject, { container, command }: PodCommand, connect: ConnectToPort): Program | undefined {
  const [file, ...args] = command;
  if (container === PROXY_CONTAINER && /^(\/usr\/local\/bin\/)?pilot-agent$/u.test(file)) return pilotAgent(args, connect);
  if (DISTROLESS_CONTAINERS.includes(container)) return undefined;
  const all = [...listAt(pod, 'spec', 'containers'), ...listAt(pod, 'spec', 'initContainers')];
  return shellProgram(command, environmentOf(pod, all.find((candidate) => textAt(candidate, 'name') === container)));
}

/** Starts what a pod's container has; throws in containerd's and runc's words when it has no such program. */
export function runInContainer(pod: StoredObject, command: PodCommand, connect: ConnectToPort): PodProcess {
  const program = programOf(pod, command, connect);
  if (program) return startProgram(program);
  const [file] = command.command;
  const missing = file.startsWith('/') ? `stat ${file}: no such file or directory` : 'executable file not found in $PATH';
  throw new Error(
    `failed to exec in container: failed to start exec "${pod.metadata.uid.replaceAll('-', '')}": OCI runtime exec failed: ` +
      `exec failed: unable to start container process: exec: "${file}": ${missing}: unknown`,
  );
}
