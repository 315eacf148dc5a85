// SPDY/3.1 header blocks: inbound ones share one zlib stream per connection, outbound ones are legal zlib without compression.
import { Buffer } from 'node:buffer';
import { constants, createInflate } from 'node:zlib';
import { SPDY_DICTIONARY } from './spdyDictionary.js';

export type SpdyHeaders = ReadonlyMap<string, string>;

/** Reads the blocks of one connection, in the order in which they came. */
export interface SpdyHeaderReader {
  read(block: Buffer): Promise<SpdyHeaders>;
  close(): void;
}

class BlockReader {
  readonly #bytes: Buffer;
  #position = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  count(): number {
    const count = this.#bytes.readUInt32BE(this.#position);
    this.#position += 4;
    return count;
  }

  text(): string {
    const length = this.count();
    const end = this.#position + length;
    if (end > this.#bytes.length) throw new RangeError('SPDY: a header block ends inside a header');
    const text = this.#bytes.toString('utf8', this.#position, end);
    this.#position = end;
    return text;
  }
}

function parseBlock(bytes: Buffer): SpdyHeaders {
  const reader = new BlockReader(bytes);
  const headers = new Map<string, string>();
  for (let left = reader.count(); left > 0; left -= 1) {
    const name = reader.text().toLowerCase();
    headers.set(name, reader.text());
  }
  return headers;
}

export function createSpdyHeaderReader(): SpdyHeaderReader {
  const inflate = createInflate({ dictionary: SPDY_DICTIONARY });
  const chunks: Buffer[] = [];
  inflate.on('data', (chunk: Buffer) => chunks.push(chunk));
  const read = (block: Buffer): Promise<SpdyHeaders> =>
    new Promise((resolve, reject) => {
      const fail = (error: Error): void => {
        reject(error);
      };
      inflate.once('error', fail);
      inflate.write(block);
      inflate.flush(constants.Z_SYNC_FLUSH, () => {
        inflate.off('error', fail);
        try {
          resolve(parseBlock(Buffer.concat(chunks.splice(0))));
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      });
    });
  return {
    read,
    close() {
      inflate.close();
    },
  };
}

/** Writes the blocks of one connection. */
export type SpdyHeaderWriter = (headers: SpdyHeaders) => Buffer;

const ZLIB_HEADER = Buffer.from([0x78, 0x01]);
/** What a sync flush leaves: without it Go's reader holds back the block before it, and fails on the next one. */
const EMPTY_STORED_BLOCK = Buffer.from([0x00, 0x00, 0x00, 0xff, 0xff]);

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function textBytes(text: string): Buffer {
  const bytes = Buffer.from(text, 'utf8');
  return Buffer.concat([uint32(bytes.length), bytes]);
}

function storedBlock(bytes: Buffer): Buffer {
  const header = Buffer.alloc(5);
  header.writeUInt16LE(bytes.length, 1);
  header.writeUInt16LE(~bytes.length & 0xffff, 3);
  return Buffer.concat([header, bytes, EMPTY_STORED_BLOCK]);
}

export function createSpdyHeaderWriter(): SpdyHeaderWriter {
  let isFirst = true;
  return (headers) => {
    const pairs = [...headers].map(([name, value]) => Buffer.concat([textBytes(name), textBytes(value)]));
    const block = storedBlock(Buffer.concat([uint32(headers.size), ...pairs]));
    const bytes = isFirst ? Buffer.concat([ZLIB_HEADER, block]) : block;
    isFirst = false;
    return bytes;
  };
}
