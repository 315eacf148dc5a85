// Exec over every transport: WebSocket channels (client-node, kubectl from 1.30) and SPDY streams (older kubectls, forced fallbacks).
import { Buffer } from 'node:buffer';
import { PassThrough } from 'node:stream';
import type { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { WebSocket } from 'ws';
import type { RawData } from 'ws';
import type { Status } from '../api/apiError.js';
import type { PodProcess } from '../clusterBackend.js';
import { exitStatus, readCommand, startFailure, streamsOf } from './execRequest.js';
import type { StartProcess } from './execRequest.js';
import type { PodStreamKind, PodStreamRequest, SpdyEnd } from './podStream.js';
import type { SpdyStream } from './spdyConnection.js';

/** First byte of every WebSocket message. `close` came with v5 and is only ever sent by clients: older ones choke on it. */
const CHANNEL = { stdin: 0, stdout: 1, stderr: 2, status: 3, resize: 4, close: 255 } as const;

function tryStart(start: StartProcess, request: PodStreamRequest): PodProcess | Partial<Status> {
  try {
    return start(readCommand(request));
  } catch (error) {
    return startFailure(error);
  }
}

function isProcess(started: PodProcess | Partial<Status>): started is PodProcess {
  return 'stdin' in started;
}

function bytesOf(data: RawData): Buffer {
  if (Array.isArray(data)) return Buffer.concat(data);
  return Buffer.isBuffer(data) ? data : Buffer.from(data);
}

type SendOn = (channel: number, payload: Buffer, done?: () => void) => void;

/** Passes an output on chunk by chunk, each when the one before it has gone out; resolves after the last. */
async function sendAll(output: Readable, send: (chunk: Buffer, done: () => void) => void): Promise<void> {
  for await (const chunk of output as AsyncIterable<Buffer>) {
    await new Promise<void>((sent) => { send(chunk, sent); });
  }
}

/** Client messages into stdin: data, and in v5 its end; changes of a terminal's size mean nothing to these programs. */
function feedStdin(socket: WebSocket, process: PodProcess): void {
  process.stdin.on('drain', () => { socket.resume(); });
  socket.on('message', (data) => {
    const frame = bytesOf(data);
    const channel = frame.length === 0 ? undefined : frame.readUInt8(0);
    if (channel === CHANNEL.close && frame.length > 1 && frame.readUInt8(1) === CHANNEL.stdin) process.stdin.end();
    if (channel !== CHANNEL.stdin || process.stdin.writableEnded || process.stdin.destroyed) return;
    if (!process.stdin.write(frame.subarray(1))) socket.pause();
  });
}

async function serveChannels(start: StartProcess, socket: WebSocket, request: PodStreamRequest): Promise<void> {
  const send: SendOn = (channel, payload, done = () => undefined) => {
    const frame = Buffer.concat([Buffer.from([channel]), payload]);
    if (socket.readyState === WebSocket.OPEN) socket.send(frame, { binary: true }, () => { done(); });
    else done();
  };
  const streams = streamsOf(request.params);
  const process = tryStart(start, request);
  socket.on('error', () => { socket.terminate(); });
  let status = process as Partial<Status>;
  if (isProcess(process)) {
    // An empty message on the lowest output tells the client that the connection stands (kubelet's createWebSocketStreams).
    send(streams.stdout ? CHANNEL.stdout : CHANNEL.stderr, Buffer.alloc(0));
    socket.on('close', () => { process.kill(); });
    feedStdin(socket, process);
    if (!streams.stdin) process.stdin.end();
    const stderrChannel = streams.tty ? CHANNEL.stdout : CHANNEL.stderr;
    await Promise.allSettled([
      sendAll(process.stdout, (chunk, done) => { if (streams.stdout) send(CHANNEL.stdout, chunk, done); else done(); }),
      sendAll(process.stderr, (chunk, done) => { if (streams.stderr || streams.tty) send(stderrChannel, chunk, done); else done(); }),
    ]);
    status = exitStatus(await process.exit);
  }
  send(CHANNEL.status, Buffer.from(JSON.stringify(status)), () => { socket.close(1000); });
}

/** Go's client loses the status when the connection goes down in the same moment; it closes by itself well before. */
const GRACE_MS = 200;

type Streams = Partial<Record<string, SpdyStream>>;

async function serveStreams(start: StartProcess, request: PodStreamRequest, streams: Streams, connection: SpdyEnd): Promise<void> {
  const { error, stdin, stdout, stderr } = streams;
  error?.resume();
  streams.resize?.resume();
  const process = tryStart(start, request);
  if (isProcess(process)) {
    error?.once('close', () => { process.kill(); });
    if (stdin) stdin.pipe(process.stdin);
    else process.stdin.end();
    const out = stdout ?? new PassThrough().resume();
    process.stdout.pipe(out);
    // A terminal shows both outputs as one.
    process.stderr.pipe(stderr ?? new PassThrough().resume());
    if (!stderr && stdout && streamsOf(request.params).tty) process.stderr.on('data', (chunk: Buffer) => stdout.write(chunk));
    await Promise.allSettled([stdout, stderr].flatMap((stream) => (stream ? [finished(stream, { readable: false })] : [])));
    stdin?.resume();
  } else {
    stdout?.end();
    stderr?.end();
  }
  const status = isProcess(process) ? exitStatus(await process.exit) : process;
  error?.end(JSON.stringify(status));
  setTimeout(() => { connection.end(); }, GRACE_MS).unref();
}

/** Collects the client's streams, one per wanted channel and one for errors, and starts when the last is there. */
function collectStreams(start: StartProcess, request: PodStreamRequest, connection: SpdyEnd): (stream: SpdyStream) => void {
  const { stdin, stdout, stderr, tty } = streamsOf(request.params);
  const wanted = Object.entries({ error: true, stdin, stdout, stderr, resize: tty }).filter(([, asked]) => asked);
  const streams: Streams = {};
  return (stream) => {
    streams[stream.headers.get('streamtype') ?? ''] = stream;
    if (!wanted.every(([type]) => streams[type] !== undefined)) return;
    wanted.length = 0;
    void serveStreams(start, request, { ...streams }, connection);
  };
}

export function createExec(start: StartProcess): PodStreamKind {
  const serve = (socket: WebSocket, request: PodStreamRequest): void => {
    void serveChannels(start, socket, request);
  };
  return {
    check: readCommand,
    channels: ['v5.channel.k8s.io', 'v4.channel.k8s.io'].map((protocol) => ({ protocol, serve })),
    spdyProtocols: ['v4.channel.k8s.io'],
    serveSpdy: (request, connection) => collectStreams(start, request, connection),
  };
}
