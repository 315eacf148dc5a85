// A long text as bytes, and bytes as a text, still in stretches.
import type { TextPieces, Work } from '../../app/trust/stretches.js';

/** The bytes of a file in UTF-8. */
export function* encodedWork(work: Work<TextPieces>): Work<Uint8Array> {
  const encoder = new TextEncoder();
  const bytes: Uint8Array[] = [];
  for (const piece of yield* work) {
    bytes.push(encoder.encode(piece));
    yield;
  }
  const whole = new Uint8Array(bytes.reduce((sum, { length }) => sum + length, 0));
  let end = 0;
  for (const piece of bytes) {
    whole.set(piece, end);
    end += piece.length;
    yield;
  }
  return whole;
}

/** Decoded between two pauses. */
const DECODED_BYTES = 1024 * 1024;

/** The text of a file in UTF-8. */
export function* decodedWork(bytes: Uint8Array): Work<string> {
  const decoder = new TextDecoder();
  const pieces: string[] = [];
  for (let first = 0; first < bytes.length; first += DECODED_BYTES) {
    pieces.push(decoder.decode(bytes.subarray(first, first + DECODED_BYTES), { stream: true }));
    yield;
  }
  return pieces.join('') + decoder.decode();
}
