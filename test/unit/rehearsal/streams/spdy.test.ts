// SPDY framing and header compression stand on their own: cut anywhere, block after block.
import assert from 'node:assert/strict';
import { controlFrame, createSpdyFrameParser, dataFrame, FRAME } from '../../../../src/rehearsal/streams/spdyFrames.js';
import { createSpdyHeaderReader, createSpdyHeaderWriter } from '../../../../src/rehearsal/streams/spdyHeaders.js';
import { SPDY_DICTIONARY } from '../../../../src/rehearsal/streams/spdyDictionary.js';
import { createBlockCompressor } from '../../../support/rehearsalApiSpdy.js';

/** Adler-32, by which zlib names a dictionary. */
function adler32(bytes: Buffer): string {
  let low = 1;
  let high = 0;
  for (const byte of bytes) {
    low = (low + byte) % 65521;
    high = (high + low) % 65521;
  }
  return (high * 65536 + low).toString(16);
}

describe('SPDY dictionary', () => {
  it('is the one of the SPDY/3 draft', () => {
    assert.equal(SPDY_DICTIONARY.length, 1423);
    assert.equal(adler32(SPDY_DICTIONARY), 'e3c6a7c2');
  });
});

describe('SPDY frames', () => {
  const bytes = Buffer.concat([
    controlFrame(FRAME.ping, 0, Buffer.from([0, 0, 0, 1])),
    dataFrame(3, 1, Buffer.from('hello')),
    dataFrame(5, 0, Buffer.alloc(0)),
  ]);

  it('come out whole, wherever the bytes are cut', () => {
    for (let cut = 0; cut <= bytes.length; cut += 1) {
      const parse = createSpdyFrameParser();
      const frames = [...parse(bytes.subarray(0, cut)), ...parse(bytes.subarray(cut))];
      assert.deepEqual(frames, [
        { kind: 'control', type: FRAME.ping, flags: 0, payload: Buffer.from([0, 0, 0, 1]) },
        { kind: 'data', stream: 3, flags: 1, payload: Buffer.from('hello') },
        { kind: 'data', stream: 5, flags: 0, payload: Buffer.alloc(0) },
      ]);
    }
  });

  it('come out when bytes arrive one by one', () => {
    const parse = createSpdyFrameParser();
    assert.equal([...bytes].flatMap((byte) => parse(Buffer.from([byte]))).length, 3);
  });
});

describe('SPDY headers', () => {
  it('are read from blocks that share one compression stream', async () => {
    const compress = createBlockCompressor();
    const reader = createSpdyHeaderReader();
    for (let index = 0; index < 5; index += 1) {
      const headers = await reader.read(await compress({ StreamType: 'data', port: '15000', requestid: String(index) }));
      assert.deepEqual([...headers], [['streamtype', 'data'], ['port', '15000'], ['requestid', String(index)]]);
    }
    reader.close();
  });

  it('are refused when they are not compressed with the dictionary', async () => {
    await assert.rejects(createSpdyHeaderReader().read(Buffer.from('not zlib at all')));
  });

  it('that are written can be read block by block, each as soon as it is there', async () => {
    const write = createSpdyHeaderWriter();
    const reader = createSpdyHeaderReader();
    for (const headers of [new Map([['a', '1']]), new Map<string, string>(), new Map([['b', '2'], ['c', 'ü']])]) {
      assert.deepEqual(await reader.read(write(headers)), headers);
    }
    reader.close();
  });
});
