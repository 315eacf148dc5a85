// A SPDY/3.1 client as far as kubectl is one: upgrades, opens streams, for a port in pairs, sends and collects bytes.
import { randomUUID } from 'node:crypto';
import https from 'node:https';
import type { Socket } from 'node:net';
import { constants, createDeflate } from 'node:zlib';
import { SPDY_DICTIONARY } from '../../src/rehearsal/streams/spdyDictionary.js';
import { FLAG_FIN, FRAME, controlFrame, createSpdyFrameParser, dataFrame, readStreamId, streamIdBytes } from '../../src/rehearsal/streams/spdyFrames.js';
import { createSpdyHeaderReader } from '../../src/rehearsal/streams/spdyHeaders.js';
import type { TestApi } from './rehearsalApi.js';
import { TOKEN } from './rehearsalApi.js';

export interface ForwardedBytes {
  readonly data: string;
  readonly error: string;
}

export interface TestSpdyClient {
  /** One forwarded connection: sends a request, resolves when both of its streams have ended. */
  forward(port: number, request: string): Promise<ForwardedBytes>;
  /** Resolves with the payload of the answer. */
  ping(payload: Buffer): Promise<Buffer>;
  close(): void;
}

function headerBlock(headers: Readonly<Record<string, string>>): Buffer {
  const number = (value: number): Buffer => streamIdBytes(value);
  const text = (value: string): Buffer => Buffer.concat([number(value.length), Buffer.from(value)]);
  const pairs = Object.entries(headers).map(([name, value]) => Buffer.concat([text(name), text(value)]));
  return Buffer.concat([number(pairs.length), ...pairs]);
}

/** Compresses the blocks of one connection with the dictionary, each ended by a sync flush. */
export function createBlockCompressor(): (headers: Readonly<Record<string, string>>) => Promise<Buffer> {
  const deflate = createDeflate({ dictionary: SPDY_DICTIONARY });
  const chunks: Buffer[] = [];
  deflate.on('data', (chunk: Buffer) => chunks.push(chunk));
  return (headers) =>
    new Promise((resolve) => {
      deflate.write(headerBlock(headers));
      deflate.flush(constants.Z_SYNC_FLUSH, () => {
        resolve(Buffer.concat(chunks.splice(0)));
      });
    });
}

interface OpenStream {
  readonly chunks: Buffer[];
  readonly ended: () => void;
}

/** Upgrades a connection; rejects with the code of a refusal. */
function upgrade(api: TestApi, path: string, protocol: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${TOKEN}`, connection: 'Upgrade', upgrade: 'SPDY/3.1', 'x-stream-protocol-version': protocol };
    const request = https.request(api.server.url + path, { method: 'POST', ca: api.certificate.cert, agent: false, headers });
    request.on('upgrade', (_response, socket: Socket) => {
      resolve(socket);
    });
    request.on('response', (response) => {
      reject(new Error(`refused with ${String(response.statusCode)}`));
    });
    request.on('error', reject);
    request.end();
  });
}

/** Streams of any kind on one connection; `open` resolves with what the server wrote once it has ended the stream. */
export interface TestSpdyStreams {
  open(headers: Readonly<Record<string, string>>): Promise<string>;
  close(): void;
}

export async function connectSpdyStreams(api: TestApi, path: string, protocol: string): Promise<TestSpdyStreams> {
  const { open, close } = await connect(api, path, protocol);
  return { open: async (headers) => (await open(headers, false)).text, close };
}

export async function connectSpdy(api: TestApi, path: string): Promise<TestSpdyClient> {
  const { socket, open, pings, close } = await connect(api, path, 'portforward.k8s.io');
  return {
    async forward(port, request) {
      const pair = { port: String(port), requestid: randomUUID() };
      const error = await open({ streamtype: 'error', ...pair }, true);
      const data = await open({ streamtype: 'data', ...pair }, false);
      socket.write(dataFrame(data.id, 0, Buffer.from(request)));
      return { error: await error.text, data: await data.text };
    },
    ping(payload) {
      const answer = new Promise<Buffer>((resolve) => pings.push(resolve));
      socket.write(controlFrame(FRAME.ping, 0, payload));
      return answer;
    },
    close,
  };
}

interface Connection {
  readonly socket: Socket;
  readonly pings: ((payload: Buffer) => void)[];
  readonly open: (headers: Readonly<Record<string, string>>, fin: boolean) => Promise<{ id: number; text: Promise<string> }>;
  readonly close: () => void;
}

async function connect(api: TestApi, path: string, protocol: string): Promise<Connection> {
  const socket = await upgrade(api, path, protocol);
  const parse = createSpdyFrameParser();
  const compress = createBlockCompressor();
  const replies = createSpdyHeaderReader();
  const streams = new Map<number, OpenStream>();
  const pings: ((payload: Buffer) => void)[] = [];
  let nextId = 1;
  socket.on('data', (bytes: Buffer) => {
    for (const frame of parse(bytes)) {
      if (frame.kind === 'data') {
        const stream = streams.get(frame.stream);
        stream?.chunks.push(frame.payload);
        if ((frame.flags & FLAG_FIN) !== 0) stream?.ended();
      } else if (frame.type === FRAME.ping) {
        pings.shift()?.(frame.payload);
      } else if (frame.type === FRAME.synReply) {
        // Every reply has to be readable in the connection's one zlib stream, as Go reads it.
        replies.read(frame.payload.subarray(4)).catch((error: unknown) => socket.destroy(error as Error));
        if (!streams.has(readStreamId(frame.payload))) socket.destroy(new Error('a reply to no stream'));
      }
    }
  });
  const open = async (headers: Readonly<Record<string, string>>, fin: boolean): Promise<{ id: number; text: Promise<string> }> => {
    const id = nextId;
    nextId += 2;
    const chunks: Buffer[] = [];
    const text = new Promise<string>((resolve) => {
      streams.set(id, { chunks, ended: () => { resolve(Buffer.concat(chunks).toString('utf8')); } });
    });
    const block = await compress(headers);
    socket.write(controlFrame(FRAME.synStream, fin ? FLAG_FIN : 0, Buffer.concat([streamIdBytes(id), Buffer.alloc(6), block])));
    return { id, text };
  };
  return {
    socket,
    pings,
    open,
    close() {
      replies.close();
      socket.destroy();
    },
  };
}
