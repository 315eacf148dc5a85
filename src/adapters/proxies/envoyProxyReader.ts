// Reads what a proxy holds from its Envoy's admin port, through port-forward or exec; through istioctl where neither is
// permitted. Asks for the secrets alone and masks the private key away, so that it never leaves the pod.
import { setMaxListeners } from 'node:events';
import type {
  Clock,
  InboundDomainReader,
  InboundListenerReader,
  IstiodStreamReader,
  Log,
  ProxyAddress,
  ProxyReader,
  ProxyTransport,
} from '../../app/ports.js';
import type { ClusterRef } from '../../domain/cluster.js';
import { joinDumps } from '../../domain/trust/doubledSecrets.js';
import { parseSecretDump } from '../../domain/trust/envoyDump.js';
import { INBOUND_LISTENER, parseInboundListener } from '../../domain/trust/inboundDomains.js';
import type { InboundListener } from '../../domain/trust/inboundDomains.js';
import type { IstiodStream } from '../../domain/trust/istiodStream.js';
import { ISTIOD_STREAM_QUERY, parseIstiodStream } from '../../domain/trust/istiodStream.js';
import type { SecretDump } from '../../domain/trust/secretDump.js';
import type { Result } from '../../shared/failure.js';
import { fail, succeed } from '../../shared/failure.js';
import { ROOT_SECRET, WORKLOAD_SECRET } from '../../shared/istioNames.js';
import { parseJson } from '../../shared/json.js';
import type { ClusterConnection } from '../kubernetes/clusterConnection.js';
import { AdminTransports } from './adminTransports.js';
import type { AdminAnswer } from './envoyAdmin.js';
import { IstioctlReader } from './istioctlReader.js';

/** Everything of a secret but its private key (Envoy 1.13 on applies a mask to each element that `resource` lists). */
export const SECRET_MASK =
  'mask=name,last_updated,version_info,secret.name,secret.validation_context,secret.tls_certificate.certificate_chain';

/** From best to last: what an Envoy too old for one form answers with 400 or 404, the next one asks differently. */
const SECRET_FORMS = [
  { active: `resource=dynamic_active_secrets&${SECRET_MASK}`, warming: `resource=dynamic_warming_secrets&${SECRET_MASK}` },
  { active: 'resource=dynamic_active_secrets', warming: 'resource=dynamic_warming_secrets' },
  // Both lists in one; Envoy writes `[redacted]` for private keys by itself.
  { active: 'mask=dynamic_active_secrets,dynamic_warming_secrets', warming: undefined },
] as const;

/** A reason of our own: without one an AbortController makes an error with a stack trace, for each proxy. */
const READ_ENDED = 'reading the proxy is over';

const UNLOGGED = { info: (): void => undefined };

export interface EnvoyProxyReaderOptions {
  readonly connectionOf: (ref: ClusterRef) => Promise<Result<ClusterConnection>>;
  readonly clock: Clock;
  /** For everything that is asked of one proxy together. */
  readonly timeoutSeconds?: () => number;
  /** `automatic` where it is not given. */
  readonly transport?: () => ProxyTransport;
  /** Told where port-forward is forbidden and exec is used instead. */
  readonly log?: Pick<Log, 'info'>;
  /** The istioctl to use, as a path or a name on PATH; `istioctl` where it is not given. */
  readonly istioctlPath?: () => string;
}

type Reading<Value> = (signal: AbortSignal) => Promise<Result<Value>>;

/** Reads proxies through the API server; needs `get` and `create` on `pods/portforward` or, where that is refused, `pods/exec`. */
export class EnvoyProxyReader implements ProxyReader, InboundDomainReader, InboundListenerReader, IstiodStreamReader {
  readonly #connectionOf: EnvoyProxyReaderOptions['connectionOf'];
  readonly #clock: Clock;
  readonly #transports: AdminTransports;
  readonly #transport: () => ProxyTransport;
  readonly #istioctl: IstioctlReader;
  readonly #timeoutSeconds: () => number;

  constructor(options: EnvoyProxyReaderOptions) {
    const { connectionOf, clock, timeoutSeconds = () => 10, transport = () => 'automatic', log = UNLOGGED, istioctlPath = () => 'istioctl' } = options;
    this.#connectionOf = connectionOf;
    this.#clock = clock;
    this.#transport = transport;
    this.#transports = new AdminTransports({ clock, transport, log });
    this.#istioctl = new IstioctlReader({ clock, path: istioctlPath });
    this.#timeoutSeconds = timeoutSeconds;
  }

  readSecrets(proxy: ProxyAddress, signal: AbortSignal): Promise<Result<SecretDump>> {
    return this.#bySomeWay(
      signal,
      (limited) => this.#askForSecrets(proxy, limited),
      (limited) => this.#istioctl.readSecrets(proxy, limited),
    );
  }

  readInboundListener(proxy: ProxyAddress, signal: AbortSignal): Promise<Result<InboundListener>> {
    return this.#bySomeWay(
      signal,
      async (limited) => {
        const answer = await this.#askForDump(proxy, `resource=dynamic_listeners&name_regex=${INBOUND_LISTENER}`, limited);
        return answer.ok ? readAnswer(answer.value, parseInboundListener) : answer;
      },
      (limited) => this.#istioctl.readInboundListener(proxy, limited),
    );
  }

  async readInboundDomains(proxy: ProxyAddress, signal: AbortSignal): ReturnType<InboundDomainReader['readInboundDomains']> {
    const listener = await this.readInboundListener(proxy, signal);
    return listener.ok ? succeed(listener.value.domains) : listener;
  }

  /** istioctl prints no statistics as JSON in the releases that matter here: where it is the only way, this is not known. */
  readIstiodStream(proxy: ProxyAddress, signal: AbortSignal): Promise<Result<IstiodStream>> {
    return this.#withinTime(signal, async (limited) => {
      if (this.#transport() === 'istioctl') return fail({ kind: 'proxyUnreachable', reason: 'istioctl does not tell whether a proxy is connected to istiod' });
      const answer = await this.#ask(proxy, `/stats?${ISTIOD_STREAM_QUERY}`, limited);
      return answer.ok ? readAnswer(answer.value, parseIstiodStream) : answer;
    });
  }

  /** istioctl alone where it is preferred; where nothing else is permitted, it is the last thing to try. */
  #bySomeWay<Value>(signal: AbortSignal, ask: Reading<Value>, byIstioctl: Reading<Value>): Promise<Result<Value>> {
    return this.#withinTime(signal, async (limited) => {
      if (this.#transport() === 'istioctl') return byIstioctl(limited);
      const answer = await ask(limited);
      const refused = !answer.ok && answer.failure.kind === 'forbidden';
      if (!refused || this.#transport() !== 'automatic' || !this.#istioctl.mayBeThere) return answer;
      const instead = await byIstioctl(limited);
      return instead.ok ? instead : answer;
    });
  }

  async #askForSecrets(proxy: ProxyAddress, signal: AbortSignal): Promise<Result<SecretDump>> {
    for (const form of SECRET_FORMS) {
      const active = await this.#askForDump(proxy, form.active, signal);
      if (!active.ok) return active;
      if (isRefusal(active.value)) continue;
      const dump = readAnswer(active.value, (json) => parseSecretDump(json, 'active'));
      if (!dump.ok || form.warming === undefined || hasBothSecrets(dump.value)) return dump;
      return this.#addWarming(proxy, dump.value, form.warming, signal);
    }
    return fail({ kind: 'proxyAnswerUnreadable', reason: 'this Envoy lists no secrets in its config_dump' });
  }

  /** A secret that is asked for and not delivered is told apart from one that nothing needs. */
  async #addWarming(proxy: ProxyAddress, active: SecretDump, query: string, signal: AbortSignal): Promise<Result<SecretDump>> {
    const answer = await this.#askForDump(proxy, query, signal);
    if (!answer.ok) return answer;
    if (isRefusal(answer.value)) return succeed(active);
    const warming = readAnswer(answer.value, (json) => parseSecretDump(json, 'warming'));
    return warming.ok ? succeed(joinDumps(active, warming.value)) : warming;
  }

  #askForDump(proxy: ProxyAddress, query: string, signal: AbortSignal): Promise<Result<AdminAnswer>> {
    return this.#ask(proxy, `/config_dump?${query}`, signal);
  }

  async #ask(proxy: ProxyAddress, path: string, signal: AbortSignal): Promise<Result<AdminAnswer>> {
    const connection = await this.#connectionOf(proxy.cluster);
    if (!connection.ok) return connection;
    return this.#transports.get({ connection: connection.value, proxy, path }, signal);
  }

  /** Gives up after the time for one proxy, and tells that apart from being cancelled. */
  async #withinTime<Value>(signal: AbortSignal, read: (signal: AbortSignal) => Promise<Result<Value>>): Promise<Result<Value>> {
    const seconds = this.#timeoutSeconds();
    // One, and not AbortSignal.any: making signals takes a good part of what asking a proxy takes.
    const ended = new AbortController();
    const stop = (): void => {
      ended.abort(READ_ENDED);
    };
    if (signal.aborted) stop();
    // As many as are read side by side: to Node they look like a leak, which it says on stderr.
    setMaxListeners(0, signal);
    signal.addEventListener('abort', stop, { once: true });
    void this.#clock.sleep(seconds * 1000, ended.signal).then(stop);
    try {
      const result = await Promise.race([read(ended.signal), untilAborted(ended.signal)]);
      if (result.ok || !ended.signal.aborted) return result;
      return fail(signal.aborted ? { kind: 'cancelled' } : { kind: 'timedOut', seconds });
    } finally {
      stop();
      signal.removeEventListener('abort', stop);
    }
  }
}

/** For what does not listen to signals itself, such as a credential plugin that hangs. */
function untilAborted(signal: AbortSignal): Promise<Result<never>> {
  return new Promise((resolve) => {
    const stop = (): void => {
      resolve(fail({ kind: 'cancelled' }));
    };
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}

function hasBothSecrets({ secrets }: SecretDump): boolean {
  return [WORKLOAD_SECRET, ROOT_SECRET].every((name) => secrets.some((secret) => secret.name === name && secret.state === 'active'));
}

/** How Envoy says that it does not know a resource (404) or cannot apply a mask (400). */
function isRefusal({ status }: AdminAnswer): boolean {
  return status === 400 || status === 404;
}

function readAnswer<Value>({ status, body }: AdminAnswer, read: (json: unknown) => Result<Value>): Result<Value> {
  const unreadable = (reason: string): Result<Value> => fail({ kind: 'proxyAnswerUnreadable', reason });
  if (status !== 200) return unreadable(`HTTP ${status} ${body.trim().split('\n')[0]?.slice(0, 200) ?? ''}`.trim());
  const json = parseJson(body);
  return json === undefined ? unreadable('not JSON') : read(json);
}
