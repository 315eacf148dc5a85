// Turns what Node and the API server say when something goes wrong into failures with a reason a person can act on.
import type { Failure } from '../../shared/failure.js';
import { textIn, valueAt } from './json.js';

/** Thrown by `httpsOptions()` when the credentials of a context cannot be had: plugin missing, plugin failed. */
export class CredentialsError extends Error {
  override readonly name = 'CredentialsError';
}

/** The failure that an exception of a connection attempt stands for. */
export function connectionFailure(error: unknown): Failure {
  if (nameOf(error) === 'AbortError') return { kind: 'cancelled' };
  if (nameOf(error) === 'CredentialsError') return { kind: 'unauthenticated', reason: messageOf(error) };
  return { kind: 'clusterUnreachable', reason: connectionReason(error) };
}

/** The failure that an HTTP status with the API server's body (a `Status` object, or anything) stands for. */
export function statusFailure(status: number, body: string): Failure {
  const reason = statusMessage(body) ?? `HTTP ${status}`;
  if (status === 401) return { kind: 'unauthenticated', reason };
  if (status === 403) return { kind: 'forbidden', reason };
  return { kind: 'apiError', status, reason };
}

/** Why a file could not be read, in words. */
export function fileReason(error: unknown): string {
  switch (codeOf(error)) {
    case 'ENOENT':
      return 'there is no such file';
    case 'EACCES':
    case 'EPERM':
      return 'permission denied';
    case 'EISDIR':
      return 'it is a folder';
    default:
      return messageOf(error);
  }
}

function connectionReason(error: unknown): string {
  const code = codeOf(error);
  switch (code) {
    case 'ECONNREFUSED':
      return 'connection refused';
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `no such host: ${textIn(valueAt(error, 'hostname')) ?? '?'}`;
    case 'ETIMEDOUT':
    case 'ESOCKETTIMEDOUT':
      return 'no answer (timed out)';
    case 'ECONNRESET':
    case 'EPIPE':
      return 'the connection was broken off';
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return 'no route to the host';
    case 'CERT_HAS_EXPIRED':
      return 'the certificate of the server has expired';
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
    case 'UNABLE_TO_GET_ISSUER_CERT':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
      return 'the certificate of the server is not signed by the CA of the kubeconfig';
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return 'the certificate of the server is for another host';
    default:
      return code === undefined || messageOf(error).includes(code) ? messageOf(error) : `${messageOf(error)} (${code})`;
  }
}

/** Several addresses of one host fail together as an AggregateError, whose own message is empty. */
function codeOf(error: unknown): string | undefined {
  return textIn(valueAt(error, 'code')) ?? (error instanceof AggregateError ? codeOf(error.errors[0]) : undefined);
}

function nameOf(error: unknown): string | undefined {
  return textIn(valueAt(error, 'name'));
}

function messageOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.trim() === '' ? 'unknown reason' : text.trim();
}

function statusMessage(body: string): string | undefined {
  try {
    return textIn(valueAt(JSON.parse(body) as unknown, 'message'));
  } catch {
    const text = body.trim().split('\n')[0] ?? '';
    // A proxy in between answers in HTML, which says nothing to a reader of a tree.
    return text === '' || text.startsWith('<') ? undefined : text.slice(0, 200);
  }
}
