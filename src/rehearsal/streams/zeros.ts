// Zero bytes in pieces, for streams that must not hold them all at once.
import { Buffer } from 'node:buffer';

const PIECE_BYTES = 64 * 1024;

export function* zeros(count: number): Generator<Buffer> {
  for (let left = count; left > 0; left -= PIECE_BYTES) yield Buffer.alloc(Math.min(left, PIECE_BYTES));
}
