// Port-forward: bytes between a client and a port inside a pod, over WebSocket channels (client-node) and SPDY streams (kubectl).
import { Buffer } from 'node:buffer';
import type { Duplex } from 'node:stream';
import { WebSocket } from 'ws';
import type { RawData } from 'ws';
import type { PodStreamKind, PodStreamRequest } from './podStream.js';
import type { SpdyStream } from './spdyConnection.js';

/** Opens a connection into the pod; throws with kubelet's words. */
export type ConnectToPod = (request: PodStreamRequest, port: number) => Duplex;

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** A connection, or the reason why there is none. */
function tryConnect(connect: ConnectToPod, request: PodStreamRequest, port: number): Duplex | Error {
  try {
    return connect(request, port);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** The two streams of one forwarded connection. */
interface StreamPair {
  error?: SpdyStream;
  data?: SpdyStream;
}

/** As kubelet does it: the reason goes to the error stream, then both streams end, and kubectl prints it. */
function refuse(pair: Required<StreamPair>, reason: string): void {
  pair.error.end(reason);
  pair.data.end();
}

function forwardPair(connect: ConnectToPod, request: PodStreamRequest, pair: Required<StreamPair>): void {
  const port = Number(pair.data.headers.get('port') ?? '0');
  const connection = tryConnect(connect, request, port);
  if (connection instanceof Error) {
    refuse(pair, connection.message);
    return;
  }
  connection.on('error', (error: Error) => {
    refuse(pair, messageOf(error));
  });
  // The error stream ends empty when all went well; kubectl waits for it.
  connection.once('end', () => pair.error.end());
  pair.data.once('close', () => connection.destroy());
  pair.data.pipe(connection).pipe(pair.data);
}

/** The client opens an `error` and a `data` stream with one `requestid` per connection, many pairs on one SPDY connection. */
function servePairs(connect: ConnectToPod, request: PodStreamRequest): (stream: SpdyStream) => void {
  const waiting = new Map<string, StreamPair>();
  return (stream) => {
    const id = stream.headers.get('requestid') ?? '';
    const pair = waiting.get(id) ?? {};
    waiting.set(id, pair);
    const type = stream.headers.get('streamtype');
    if (type === 'error' || type === 'data') pair[type] = stream;
    const { error, data } = pair;
    if (!error || !data) return;
    waiting.delete(id);
    // Nothing comes in on the error stream, but its end has to be read for it to close.
    error.resume();
    forwardPair(connect, request, { error, data });
  };
}

function bytesOf(data: RawData): Buffer {
  if (Array.isArray(data)) return Buffer.concat(data);
  return Buffer.isBuffer(data) ? data : Buffer.from(data);
}

/** `?ports=1&ports=2,3`: both forms occur. */
function portsOf(params: URLSearchParams): readonly number[] {
  return params.getAll('ports').flatMap((ports) => ports.split(',')).map(Number);
}

function channelFrame(channel: number, payload: Buffer): Buffer {
  return Buffer.concat([Buffer.from([channel]), payload]);
}

/** The first frame on each channel tells the port, little endian. */
function portFrame(channel: number, port: number): Buffer {
  const payload = Buffer.alloc(2);
  payload.writeUInt16LE(port);
  return channelFrame(channel, payload);
}

/** `v4.channel.k8s.io`: for the n-th port channel 2n carries data and 2n+1 errors; the socket closes when all ports are done. */
class ChannelForward {
  readonly #socket: WebSocket;
  readonly #connections: (Duplex | undefined)[];
  #open: number;

  constructor(socket: WebSocket, connect: ConnectToPod, request: PodStreamRequest) {
    this.#socket = socket;
    const ports = portsOf(request.params);
    this.#open = ports.length;
    for (const [index, port] of ports.entries()) {
      this.#send(portFrame(index * 2, port));
      this.#send(portFrame(index * 2 + 1, port));
    }
    this.#connections = ports.map((port, index) => this.#connect(index, tryConnect(connect, request, port)));
    socket.on('message', (data) => {
      this.#receive(bytesOf(data));
    });
    socket.on('close', () => {
      for (const connection of this.#connections) connection?.destroy();
    });
    socket.on('error', () => {
      socket.terminate();
    });
  }

  #connect(index: number, connection: Duplex | Error): Duplex | undefined {
    if (connection instanceof Error) {
      this.#fail(index, connection.message);
      return undefined;
    }
    connection.on('data', (chunk: Buffer) => {
      connection.pause();
      this.#send(channelFrame(index * 2, chunk), () => connection.resume());
    });
    connection.once('end', () => {
      this.#finish();
    });
    connection.on('error', (error: Error) => {
      this.#fail(index, error.message);
    });
    connection.on('drain', () => {
      this.#socket.resume();
    });
    return connection;
  }

  #receive(frame: Buffer): void {
    const channel = frame.readUInt8(0);
    const connection = this.#connections[channel >> 1];
    if (channel % 2 === 1 || !connection || connection.destroyed) return;
    // One slow port holds up the others, as it does in kubelet.
    if (!connection.write(frame.subarray(1))) this.#socket.pause();
  }

  #fail(index: number, reason: string): void {
    this.#send(channelFrame(index * 2 + 1, Buffer.from(reason, 'utf8')));
    this.#finish();
  }

  #finish(): void {
    this.#open -= 1;
    if (this.#open <= 0) this.#socket.close(1000);
  }

  #send(frame: Buffer, done: () => void = () => undefined): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(frame, { binary: true }, done);
    else done();
  }
}

/** Port-forward over every transport that clients ask for. */
export function createPortForward(connect: ConnectToPod): PodStreamKind {
  return {
    channels: [
      {
        protocol: 'v4.channel.k8s.io',
        serve: (socket, request) => {
          new ChannelForward(socket, connect, request);
        },
      },
    ],
    spdyProtocols: ['portforward.k8s.io'],
    tunnelProtocol: 'SPDY/3.1+portforward.k8s.io',
    serveSpdy: (request) => servePairs(connect, request),
  };
}
