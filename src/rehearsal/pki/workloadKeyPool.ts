// A few RSA keys that all simulated workloads share: making one takes some 70 ms, and nobody ever sees the private part.
import type { KeyObject } from 'node:crypto';
import { generateRsaKey } from './rsaKeySource.js';

/** At most this many keys are made in a process. */
const POOL_SIZE = 8;

/** Gives each workload one of the pool's public keys; a key is made when it is first asked for. */
export function createWorkloadKeyPool(): (workload: string) => KeyObject {
  const keys: KeyObject[] = [];
  const slots = new Map<string, number>();
  return (workload) => {
    const slot = slots.get(workload) ?? slots.size % POOL_SIZE;
    slots.set(workload, slot);
    keys[slot] ??= generateRsaKey().publicKey;
    return keys[slot];
  };
}
