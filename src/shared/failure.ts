// Everything that is expected to go wrong, as values: what failed, and where. Bugs throw; these do not.
import { assertNever } from './assertNever.js';
import type { Message } from './text/message.js';
import { message } from './text/message.js';

export type Failure =
  /** The kubeconfig file cannot be read or is not a kubeconfig. */
  | { readonly kind: 'kubeconfigUnreadable'; readonly path: string; readonly reason: string }
  | { readonly kind: 'contextMissing'; readonly path: string; readonly context: string }
  /** No connection: refused, no such host, TLS, proxy. */
  | { readonly kind: 'clusterUnreachable'; readonly reason: string }
  /** The cluster does not know who we are: expired token, missing plugin. */
  | { readonly kind: 'unauthenticated'; readonly reason: string }
  | { readonly kind: 'forbidden'; readonly reason: string }
  /** The API server answered with an error of another kind. */
  | { readonly kind: 'apiError'; readonly status: number; readonly reason: string; readonly retryAfterSeconds?: number }
  | { readonly kind: 'timedOut'; readonly seconds: number }
  /** A process of ours was not ready in time; what it said last on its error output. */
  | { readonly kind: 'processNotReady'; readonly seconds: number; readonly output: string }
  | { readonly kind: 'cancelled' }
  /** The pod is not in a state in which its proxy can be asked. */
  | { readonly kind: 'proxyNotRunning'; readonly state: string }
  /** The connection into the pod could not be made or broke. */
  | { readonly kind: 'proxyUnreachable'; readonly reason: string }
  /** Envoy answered, but not with what was asked for. */
  | { readonly kind: 'proxyAnswerUnreadable'; readonly reason: string }
  | { readonly kind: 'certificateUnreadable'; readonly reason: string }
  | { readonly kind: 'toolMissing'; readonly tool: string }
  | { readonly kind: 'toolTooOld'; readonly tool: string; readonly version: string; readonly needed: string }
  /** A probe's proxy holds nothing, or nothing that proves anything. */
  | { readonly kind: 'probeUnproven'; readonly why: Message }
  /** Of these it is not known whom they authenticate, and what only they could do would be missing from a baseline. */
  | { readonly kind: 'baselineIncomplete'; readonly proxies: readonly string[] }
  /** A file of the extension itself is missing or damaged. */
  | { readonly kind: 'extensionBroken'; readonly reason: string }
  | { readonly kind: 'unexpected'; readonly reason: string };

export type Result<Value> = { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly failure: Failure };

export function succeed<Value>(value: Value): Result<Value> {
  return { ok: true, value };
}

export function fail(failure: Failure): { readonly ok: false; readonly failure: Failure } {
  return { ok: false, failure };
}

/** What went wrong as one sentence, to be shown beside the name of what it happened to. */
export function failureMessage(failure: Failure): Message {
  switch (failure.kind) {
    case 'kubeconfigUnreadable':
      return message('failure.kubeconfigUnreadable', { path: failure.path, reason: failure.reason });
    case 'contextMissing':
      return message('failure.contextMissing', { path: failure.path, context: failure.context });
    case 'clusterUnreachable':
      return message('failure.clusterUnreachable', { reason: failure.reason });
    case 'unauthenticated':
      return message('failure.unauthenticated', { reason: failure.reason });
    case 'forbidden':
      return message('failure.forbidden', { reason: failure.reason });
    case 'apiError':
      return message('failure.apiError', { status: failure.status, reason: failure.reason });
    case 'timedOut':
      return message('failure.timedOut', { seconds: failure.seconds });
    case 'processNotReady':
      return message('failure.processNotReady', { seconds: failure.seconds, output: failure.output });
    case 'cancelled':
      return message('failure.cancelled');
    case 'proxyNotRunning':
      return message('failure.proxyNotRunning', { state: failure.state });
    case 'proxyUnreachable':
      return message('failure.proxyUnreachable', { reason: failure.reason });
    case 'proxyAnswerUnreadable':
      return message('failure.proxyAnswerUnreadable', { reason: failure.reason });
    case 'certificateUnreadable':
      return message('failure.certificateUnreadable', { reason: failure.reason });
    case 'toolMissing':
      return message('failure.toolMissing', { tool: failure.tool });
    case 'toolTooOld':
      return message('failure.toolTooOld', { tool: failure.tool, version: failure.version, needed: failure.needed });
    case 'probeUnproven':
      return message('failure.probeUnproven', { why: failure.why });
    case 'baselineIncomplete':
      return message('failure.baselineIncomplete', { proxies: failure.proxies.join(', ') });
    case 'extensionBroken':
      return message('failure.extensionBroken', { reason: failure.reason });
    case 'unexpected':
      return message('failure.unexpected', { reason: failure.reason });
    default:
      return assertNever(failure);
  }
}
