// What an API server in trouble does with one request: throttles, fails, is late, breaks its answer off, resets, says nothing.
import { STATUS_CODES } from 'node:http';
import type { ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { ApiError, unknownPath } from '../api/apiError.js';
import type { ApiFault } from './fault.js';

/** The answer of priority and fairness, or of a server that cannot reach etcd (apiserver's own words). */
function refusal({ trouble, code, seconds }: ApiFault): ApiError {
  if (trouble === 'throttle') {
    const message = 'the server has received too many requests and has asked us to try again later';
    return new ApiError(429, 'TooManyRequests', message, { retryAfterSeconds: seconds });
  }
  if (code === 503) return new ApiError(503, 'ServiceUnavailable', 'the server is currently unable to handle the request');
  // As where no custom resource definition serves the kind.
  if (code === 404) return unknownPath();
  return new ApiError(code, 'InternalError', 'Internal error occurred: etcdserver: request timed out');
}

function headersOf({ trouble, seconds }: ApiFault): Record<string, string> {
  return { 'content-type': 'application/json', ...(trouble === 'throttle' ? { 'retry-after': String(seconds) } : {}) };
}

/**
 * The answer stops after half of what its last piece would have been, and the connection with it. Overrides `end`, the one
 * call that every handler ends with, so that the server itself need not know.
 */
function breakAnswerOff(response: ServerResponse): void {
  const end = (body?: unknown): ServerResponse => {
    const half = typeof body === 'string' || body instanceof Uint8Array ? body.slice(0, body.length / 2) : '';
    response.write(half.length === 0 ? ' ' : half, () => { response.destroy(); });
    return response;
  };
  Object.assign(response, { end });
}

/** `serve` is what would happen without the fault. */
export function disturbRequest(
  fault: ApiFault,
  { response, reset }: { readonly response: ServerResponse; readonly reset: () => void },
  serve: () => void,
): void {
  switch (fault.trouble) {
    case 'throttle':
    case 'fail': {
      const error = refusal(fault);
      response.writeHead(error.code, headersOf(fault)).end(`${JSON.stringify(error.toStatus())}\n`);
      return;
    }
    case 'slow':
      later(fault, serve);
      return;
    case 'half':
      breakAnswerOff(response);
      serve();
      return;
    case 'reset':
      reset();
      return;
    case 'hang':
      return;
  }
}

/** The same for what would become a stream to a pod. */
export function disturbUpgrade(
  fault: ApiFault,
  { socket, reset }: { readonly socket: Duplex; readonly reset: () => void },
  serve: () => void,
): void {
  switch (fault.trouble) {
    case 'throttle':
    case 'fail': {
      const error = refusal(fault);
      const body = `${JSON.stringify(error.toStatus())}\n`;
      const headers = { ...headersOf(fault), 'content-length': String(Buffer.byteLength(body)), connection: 'close' };
      const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
      socket.end(`HTTP/1.1 ${error.code} ${STATUS_CODES[error.code] ?? error.reason}\r\n${lines.join('')}\r\n${body}`);
      return;
    }
    case 'slow':
      later(fault, serve);
      return;
    case 'half':
      socket.write('HTTP/1.1 101 Switch', () => { socket.destroy(); });
      return;
    case 'reset':
      reset();
      return;
    case 'hang':
      return;
  }
}

/** By the wall clock: the client waits by it too. Nothing is kept alive for it. */
function later({ seconds }: ApiFault, serve: () => void): void {
  setTimeout(serve, seconds * 1000).unref();
}
