// Which way an admin request takes into the pod: port-forward, exec, or the one that the cluster permits.
import type { Clock, Log, ProxyAddress, ProxyTransport } from '../../app/ports.js';
import { clusterName } from '../../domain/cluster.js';
import type { Failure, Result } from '../../shared/failure.js';
import { fail } from '../../shared/failure.js';
import { ENVOY_ADMIN_PORT } from '../../shared/istioNames.js';
import type { ClusterConnection } from '../kubernetes/clusterConnection.js';
import type { AdminAnswer } from './envoyAdmin.js';
import { getFromEnvoy } from './envoyAdmin.js';
import { getByPilotAgent } from './pilotAgentRequest.js';
import { openPortForward } from './portForward.js';

/** After this port-forward is tried again: a permission may have been given meanwhile. */
const REMEMBERED_MS = 5 * 60_000;

export interface AdminTransportsOptions {
  readonly clock: Clock;
  /** Read at each request, so that a changed setting holds at once. */
  readonly transport: () => ProxyTransport;
  readonly log: Pick<Log, 'info'>;
}

/** One request to one proxy's admin port. */
export interface AdminRequest {
  readonly connection: ClusterConnection;
  readonly proxy: ProxyAddress;
  readonly path: string;
}

type Answer = Promise<Result<AdminAnswer>>;

/** Remembers per connection and namespace where port-forward is forbidden; a connection made anew starts without memories. */
export class AdminTransports {
  readonly #options: AdminTransportsOptions;
  /** Until when each namespace is read by exec alone. */
  readonly #byExec = new WeakMap<ClusterConnection, Map<string, number>>();

  constructor(options: AdminTransportsOptions) {
    this.#options = options;
  }

  get(request: AdminRequest, signal: AbortSignal): Answer {
    switch (this.#options.transport()) {
      case 'portForward':
        return byPortForward(request, signal);
      case 'exec':
        return byExec(request, signal);
      case 'automatic':
      // istioctl is no way for a request; who prefers it asks it before coming here.
      case 'istioctl':
        return this.#isReadByExec(request) ? this.#execFirst(request, signal) : this.#portForwardFirst(request, signal);
    }
  }

  async #portForwardFirst(request: AdminRequest, signal: AbortSignal): Answer {
    const answer = await byPortForward(request, signal);
    if (answer.ok || answer.failure.kind !== 'forbidden') return answer;
    this.#remember(request, answer.failure.reason);
    const instead = await byExec(request, signal);
    return isForbidden(instead) ? bothForbidden(answer.failure, instead.failure) : instead;
  }

  /** Where exec is forbidden too, port-forward is asked after all: for its reason for this very pod, or because it works again. */
  async #execFirst(request: AdminRequest, signal: AbortSignal): Answer {
    const answer = await byExec(request, signal);
    if (!isForbidden(answer)) return answer;
    const instead = await byPortForward(request, signal);
    if (instead.ok) this.#byExec.get(request.connection)?.delete(request.proxy.namespace);
    return isForbidden(instead) ? bothForbidden(instead.failure, answer.failure) : instead;
  }

  #isReadByExec({ connection, proxy }: AdminRequest): boolean {
    const until = this.#byExec.get(connection)?.get(proxy.namespace);
    return until !== undefined && this.#options.clock.now() < until;
  }

  /** Proxies of a namespace are read side by side: the first to be refused is the one that is logged. */
  #remember(request: AdminRequest, reason: string): void {
    if (this.#isReadByExec(request)) return;
    const { connection, proxy } = request;
    const namespaces = this.#byExec.get(connection) ?? new Map<string, number>();
    namespaces.set(proxy.namespace, this.#options.clock.now() + REMEMBERED_MS);
    this.#byExec.set(connection, namespaces);
    this.#options.log.info(`${clusterName(proxy.cluster)}: proxies of ${proxy.namespace} are asked by exec, port-forward is refused: ${reason}`);
  }
}

async function byPortForward({ connection, proxy, path }: AdminRequest, signal: AbortSignal): Answer {
  const stream = await openPortForward(connection, proxy, ENVOY_ADMIN_PORT, signal);
  return stream.ok ? getFromEnvoy(stream.value, path, signal) : stream;
}

function byExec({ connection, proxy, path }: AdminRequest, signal: AbortSignal): Answer {
  return getByPilotAgent(connection, proxy, path, signal);
}

type Forbidden = Extract<Failure, { kind: 'forbidden' }>;

function isForbidden(answer: Result<AdminAnswer>): answer is { readonly ok: false; readonly failure: Forbidden } {
  return !answer.ok && answer.failure.kind === 'forbidden';
}

function bothForbidden(portForward: Forbidden, exec: Forbidden): Result<never> {
  return fail({ kind: 'forbidden', reason: `port-forward: ${portForward.reason}; exec: ${exec.reason}` });
}
