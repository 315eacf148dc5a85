// The keys of simulated CAs, made once for all meshes of a process: making them is most of what a small mesh costs.
import { generateRsaKey } from '../../src/rehearsal/pki/keySource.js';
import type { KeyPair, KeySource } from '../../src/rehearsal/pki/keySource.js';

const made: KeyPair[] = [];

/** Keys that differ within one mesh and are the same in the next. */
export function recycledKeys(): KeySource {
  let next = 0;
  return () => {
    const key = made[next] ?? generateRsaKey();
    made[next] = key;
    next += 1;
    return key;
  };
}
