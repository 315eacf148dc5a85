// One TCP connection into a pod: the API server's port-forward over a WebSocket (v4.channel.k8s.io) as a Duplex stream.
// client-node's own port-forward closes the WebSocket when its input ends, loses refusals and has no back-pressure.
import { Duplex } from 'node:stream';
import type WebSocket from 'ws';
import type { ProxyAddress } from '../../app/ports.js';
import type { Result } from '../../shared/failure.js';
import type { ClusterConnection } from '../kubernetes/clusterConnection.js';
import { openPodSocket, readFrame } from './podSocket.js';

const PROTOCOL = 'v4.channel.k8s.io';
/** Channels of the first forwarded port; the first frame on each carries the port number, two bytes. */
const DATA_CHANNEL = 0;
const ERROR_CHANNEL = 1;
const PORT_BYTES = 2;

/** Opens the connection; resolves once the API server agreed. A refusal comes with the words of its Status body. */
export function openPortForward(connection: ClusterConnection, proxy: ProxyAddress, port: number, signal: AbortSignal): Promise<Result<Duplex>> {
  const query = new URLSearchParams({ ports: String(port) });
  const carry = (socket: WebSocket): Duplex => new PortForwardStream(socket);
  return openPodSocket(connection, proxy, { subresource: 'portforward', query, protocols: [PROTOCOL] }, carry, signal);
}

/** Carries bytes of the data channel; text on the error channel becomes the stream's error when the WebSocket closes. */
class PortForwardStream extends Duplex {
  readonly #socket: WebSocket;
  readonly #skip = [PORT_BYTES, PORT_BYTES];
  #trouble = '';

  constructor(socket: WebSocket) {
    super({ allowHalfOpen: true });
    this.#socket = socket;
    socket.on('message', (data: WebSocket.RawData) => {
      const { channel, bytes } = readFrame(data);
      this.#take(channel, bytes);
    });
    socket.on('close', () => {
      if (this.#trouble === '') this.push(null);
      else this.destroy(new Error(this.#trouble.trim()));
    });
    socket.on('error', (error) => {
      this.destroy(error);
    });
    // Before it is open, errors are told by openPodSocket; nobody may be listening here yet.
    this.on('error', () => undefined);
  }

  #take(channel: number, payload: Buffer): void {
    const skip = Math.min(this.#skip[channel] ?? 0, payload.length);
    this.#skip[channel] = (this.#skip[channel] ?? 0) - skip;
    const bytes = payload.subarray(skip);
    if (bytes.length === 0) return;
    if (channel === ERROR_CHANNEL) this.#trouble += bytes.toString('utf8');
    else if (channel === DATA_CHANNEL && !this.push(bytes)) this.#socket.pause();
  }

  override _read(): void {
    this.#socket.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    // A write that comes too late is no error of its own: the closing that it met is told with its reason.
    this.#socket.send(Buffer.concat([Buffer.of(DATA_CHANNEL), chunk]), () => {
      done();
    });
  }

  // Not ended when writing ends: closing the WebSocket now would lose the answer. Destroying it does.
  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#socket.terminate();
    done(error);
  }

  // What node:http expects of a socket and a WebSocket has no use for.
  setTimeout(): this {
    return this;
  }
  setNoDelay(): this {
    return this;
  }
  setKeepAlive(): this {
    return this;
  }
  ref(): this {
    return this;
  }
  unref(): this {
    return this;
  }
}
