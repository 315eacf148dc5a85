// A long text as bytes, still in stretches.
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
