// SPDY/3.1 frames: cutting a byte stream into them and writing those that a server sends.
import { Buffer } from 'node:buffer';

export const FRAME = { synStream: 1, synReply: 2, rstStream: 3, settings: 4, ping: 6, goAway: 7, headers: 8, windowUpdate: 9 } as const;
export const FLAG_FIN = 1;

/** Status code of RST_STREAM for a stream that is given up. */
export const RST_CANCEL = 5;

export type SpdyFrame =
  | { readonly kind: 'data'; readonly stream: number; readonly flags: number; readonly payload: Buffer }
  | { readonly kind: 'control'; readonly type: number; readonly flags: number; readonly payload: Buffer };

const HEADER_BYTES = 8;
const CONTROL_BIT = 0x80000000;
const VERSION = 3;

function parseFrame(header: Buffer, payload: Buffer): SpdyFrame {
  const first = header.readUInt32BE(0);
  const flags = header.readUInt8(4);
  if (first < CONTROL_BIT) return { kind: 'data', stream: first, flags, payload };
  return { kind: 'control', type: first & 0xffff, flags, payload };
}

/** Takes bytes as they come and gives back every frame that is complete. */
export function createSpdyFrameParser(): (bytes: Buffer) => readonly SpdyFrame[] {
  // Chunks are joined only once a whole frame is there, so that large frames are copied once.
  let chunks: Buffer[] = [];
  let length = 0;
  let needed = HEADER_BYTES;
  return (bytes) => {
    chunks.push(bytes);
    length += bytes.length;
    if (length < needed) return [];
    let rest: Buffer = chunks.length === 1 ? bytes : Buffer.concat(chunks);
    const frames: SpdyFrame[] = [];
    needed = HEADER_BYTES;
    while (rest.length >= HEADER_BYTES) {
      const end = HEADER_BYTES + rest.readUIntBE(5, 3);
      if (rest.length < end) {
        needed = end;
        break;
      }
      frames.push(parseFrame(rest.subarray(0, HEADER_BYTES), rest.subarray(HEADER_BYTES, end)));
      rest = rest.subarray(end);
    }
    chunks = rest.length === 0 ? [] : [rest];
    length = rest.length;
    return frames;
  };
}

function frameHeader(first: number, flags: number, length: number): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt32BE(first, 0);
  header.writeUInt32BE(length, 4);
  header.writeUInt8(flags, 4);
  return header;
}

export function controlFrame(type: number, flags: number, payload: Buffer): Buffer {
  return Buffer.concat([frameHeader((CONTROL_BIT | (VERSION << 16) | type) >>> 0, flags, payload.length), payload]);
}

export function dataFrame(stream: number, flags: number, payload: Buffer): Buffer {
  return Buffer.concat([frameHeader(stream, flags, payload.length), payload]);
}

/** Stream ids are 31 bits. */
export function readStreamId(payload: Buffer): number {
  return payload.readUInt32BE(0) & 0x7fffffff;
}

export function streamIdBytes(stream: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(stream);
  return bytes;
}
