// A few keys that all simulated workloads share: making one takes some 70 ms, and nobody ever sees the private part.
import type { KeyObject } from 'node:crypto';
import { generateEcKey, generateRsaKey } from './keySource.js';
import type { KeyType } from './keySource.js';

/** At most this many keys of each type are made in a process. */
const POOL_SIZE = 8;

const pools: Readonly<Record<KeyType, KeyObject[]>> = { rsa: [], ec: [] };

/** Gives each workload one of the pool's public keys; a key is made when it is first asked for. */
export function workloadKey(workload: string, type: KeyType): KeyObject {
  // A uid is random: its last two digits spread workloads evenly.
  const slot = Number.parseInt(workload.slice(-2), 16) % POOL_SIZE || 0;
  const keys = pools[type];
  keys[slot] ??= (type === 'ec' ? generateEcKey : generateRsaKey)().publicKey;
  return keys[slot];
}
