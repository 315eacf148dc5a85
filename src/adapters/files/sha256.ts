// SHA-256 for what only has to be compared.
import { createHash } from 'node:crypto';

/** Of the UTF-8 bytes, in lower-case hex. */
export function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}
