// Where new RSA keys come from: making one takes some 70 ms, most of what a rehearsal does at its start.
import { generateKeyPairSync } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

export interface RsaKeyPair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

/** Gives a key pair for each CA that is made. */
export type RsaKeySource = () => RsaKeyPair;

/** A new key every time. */
export const generateRsaKey: RsaKeySource = () => generateKeyPairSync('rsa', { modulusLength: 2048 });
