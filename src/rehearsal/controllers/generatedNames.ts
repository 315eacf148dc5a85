// Names as Kubernetes generates them: without vowels and look-alikes, and here the same again in every run.
import { createHash } from 'node:crypto';

const ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';

/** A suffix of `length` characters that follows from `seed` alone. */
export function suffixOf(seed: string, length: number): string {
  const digest = createHash('sha256').update(seed).digest();
  return [...digest.subarray(0, length)].map((byte) => ALPHABET[byte % ALPHABET.length] ?? 'x').join('');
}

/** Two objects that differ in the order of their fields have the same text. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, field]) => field !== undefined);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, field]) => [key, canonical(field)]));
}

/** Stored objects never change, so the hash of one holds as long as it is there. */
const knownHashes = new WeakMap<object, string>();

/** `pod-template-hash`: changes with the template, and only with it. */
export function templateHash(template: object): string {
  const hash = knownHashes.get(template) ?? suffixOf(JSON.stringify(canonical(template)), 10);
  knownHashes.set(template, hash);
  return hash;
}

/** A number from 0 up to 1 that follows from the name: things happen at different times, and the same in every run. */
export function spreadOf(name: string): number {
  let hash = 2166136261;
  for (const character of name) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 16777619);
  return ((hash >>> 8) % 1000) / 1000;
}
