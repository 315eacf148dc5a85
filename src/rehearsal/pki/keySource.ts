// Where new keys come from: making an RSA one takes some 70 ms, most of what a rehearsal does at its start.
import { generateKeyPairSync } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

export interface KeyPair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

/** RSA with 2048 bits or ECDSA on P-256. */
export type KeyType = 'rsa' | 'ec';

/** Gives a key pair for each CA that is made. */
export type KeySource = () => KeyPair;

/** A new key every time. */
export const generateRsaKey: KeySource = () => generateKeyPairSync('rsa', { modulusLength: 2048 });

/** A new key every time, as `openssl ecparam -name prime256v1` makes it. */
export const generateEcKey: KeySource = () => generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
