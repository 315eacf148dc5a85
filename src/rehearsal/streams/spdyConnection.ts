// The server's end of a SPDY/3.1 connection as kubectl uses it: the client opens streams, both sides send, nobody waits for windows.
import { Buffer } from 'node:buffer';
import { Duplex } from 'node:stream';
import {
  FLAG_FIN,
  FRAME,
  RST_CANCEL,
  controlFrame,
  createSpdyFrameParser,
  dataFrame,
  readStreamId,
  streamIdBytes,
} from './spdyFrames.js';
import type { SpdyFrame } from './spdyFrames.js';
import { createSpdyHeaderReader, createSpdyHeaderWriter } from './spdyHeaders.js';
import type { SpdyHeaders } from './spdyHeaders.js';

/** Where the bytes of a connection go: a raw socket, or the messages of a WebSocket. */
export interface SpdyTransport {
  write(bytes: Buffer, done: (error?: Error | null) => void): void;
  end(): void;
}

/** Go's reader takes frames of any size; small ones let streams take turns. */
const MAX_DATA_BYTES = 32 * 1024;

/** Header block of SYN_STREAM: after stream id, associated stream id, priority and slot. */
const SYN_STREAM_FIXED_BYTES = 10;
/** Header block of HEADERS: after the stream id. */
const HEADERS_FIXED_BYTES = 4;

type Send = (bytes: Buffer, done: (error?: Error | null) => void) => void;

/** One stream; what is written goes out as data frames, `end` as FIN, `destroy` as a reset. */
export class SpdyStream extends Duplex {
  readonly headers: SpdyHeaders;
  readonly id: number;
  readonly #send: Send;

  constructor(id: number, headers: SpdyHeaders, send: Send) {
    super({ allowHalfOpen: true });
    this.id = id;
    this.headers = headers;
    this.#send = send;
  }

  override _read(): void {
    // Data is pushed as it arrives: kubectl's library has no flow control to hold it back with.
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, callback: (error?: Error | null) => void): void {
    const frames: Buffer[] = [];
    for (let start = 0; start < chunk.length; start += MAX_DATA_BYTES) {
      frames.push(dataFrame(this.id, 0, chunk.subarray(start, start + MAX_DATA_BYTES)));
    }
    this.#send(Buffer.concat(frames), callback);
  }

  override _final(callback: (error?: Error | null) => void): void {
    this.#send(dataFrame(this.id, FLAG_FIN, Buffer.alloc(0)), callback);
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    if (!this.writableFinished) {
      this.#send(controlFrame(FRAME.rstStream, 0, Buffer.concat([streamIdBytes(this.id), streamIdBytes(RST_CANCEL)])), () => undefined);
    }
    callback(error);
  }
}

export interface SpdyConnection {
  /** Takes bytes from the client. */
  receive(bytes: Buffer): void;
  /** The transport is gone: every stream ends. */
  close(): void;
}

export interface SpdyListener {
  stream(stream: SpdyStream): void;
  /** The client broke the protocol; the connection cannot go on. */
  failed(error: Error): void;
}

class ServerConnection implements SpdyConnection {
  readonly #transport: SpdyTransport;
  readonly #listener: SpdyListener;
  readonly #parse = createSpdyFrameParser();
  readonly #headerReader = createSpdyHeaderReader();
  readonly #writeHeaders = createSpdyHeaderWriter();
  readonly #streams = new Map<number, SpdyStream>();
  #isClosed = false;
  /** Header blocks are read asynchronously; frames wait their turn behind them. */
  #turn: Promise<void> = Promise.resolve();

  constructor(transport: SpdyTransport, listener: SpdyListener) {
    this.#transport = transport;
    this.#listener = listener;
  }

  receive(bytes: Buffer): void {
    for (const frame of this.#parse(bytes)) {
      this.#turn = this.#turn.then(() => this.#handle(frame)).catch((error: unknown) => {
        if (this.#isClosed) return;
        this.close();
        this.#listener.failed(error instanceof Error ? error : new Error(String(error)));
      });
    }
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const stream of this.#streams.values()) stream.destroy();
    this.#streams.clear();
    this.#headerReader.close();
  }

  readonly #send: Send = (bytes, done) => {
    if (this.#isClosed) done();
    else this.#transport.write(bytes, done);
  };

  async #handle(frame: SpdyFrame): Promise<void> {
    if (this.#isClosed) return;
    if (frame.kind === 'data') this.#receiveData(frame);
    else await this.#handleControl(frame);
  }

  #receiveData({ stream: id, flags, payload }: SpdyFrame & { kind: 'data' }): void {
    const stream = this.#streams.get(id);
    if (!stream || stream.destroyed) return;
    if (payload.length > 0) stream.push(payload);
    if ((flags & FLAG_FIN) !== 0) stream.push(null);
  }

  async #handleControl({ type, flags, payload }: SpdyFrame & { kind: 'control' }): Promise<void> {
    switch (type) {
      case FRAME.synStream:
        await this.#openStream(readStreamId(payload), flags, payload.subarray(SYN_STREAM_FIXED_BYTES));
        return;
      case FRAME.rstStream:
        this.#streams.get(readStreamId(payload))?.destroy();
        return;
      case FRAME.ping:
        this.#send(controlFrame(FRAME.ping, 0, payload), () => undefined);
        return;
      case FRAME.goAway:
        this.#transport.end();
        return;
      case FRAME.headers:
        // Nothing in it matters, but its block is part of the connection's one zlib stream.
        await this.#headerReader.read(payload.subarray(HEADERS_FIXED_BYTES));
        return;
      default:
    }
  }

  async #openStream(id: number, flags: number, block: Buffer): Promise<void> {
    const headers = await this.#headerReader.read(block);
    const stream = new SpdyStream(id, headers, this.#send);
    this.#streams.set(id, stream);
    // A reset stream is no error of ours; whoever uses the stream sees it close.
    stream.on('error', () => undefined);
    stream.once('close', () => this.#streams.delete(id));
    if ((flags & FLAG_FIN) !== 0) stream.push(null);
    // Without a reply the client waits for ever.
    this.#send(controlFrame(FRAME.synReply, 0, Buffer.concat([streamIdBytes(id), this.#writeHeaders(new Map())])), () => undefined);
    this.#listener.stream(stream);
  }
}

export function createSpdyConnection(transport: SpdyTransport, listener: SpdyListener): SpdyConnection {
  return new ServerConnection(transport, listener);
}
