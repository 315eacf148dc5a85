// X.509 extensions as DER: what a certificate may be used for and whom it names.
import { createHash } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { bitString, contextual, encode, objectIdentifier, octetString, sequence, yes } from './der.js';
import type { Der } from './der.js';

const OID = {
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  authorityKeyIdentifier: '2.5.29.35',
  extendedKeyUsage: '2.5.29.37',
  serverAuth: '1.3.6.1.5.5.7.3.1',
  clientAuth: '1.3.6.1.5.5.7.3.2',
} as const;

/** One `Extension` of a certificate. */
export type Extension = Der;

/** Tags of `GeneralName`. */
const GENERAL_NAME = { dns: 2, uri: 6, ip: 7 } as const;

/** A name in `subjectAltName`; an IP address as text with dots. */
export interface AlternativeName {
  readonly kind: keyof typeof GENERAL_NAME;
  readonly value: string;
}

function extension(identifier: string, isCritical: boolean, value: Der): Extension {
  return sequence([objectIdentifier(identifier), ...(isCritical ? [yes()] : []), octetString(encode(value))]);
}

function keyIdentifier(key: KeyObject): string {
  const der = key.export({ type: 'spki', format: 'der' });
  return createHash('sha1').update(der).digest('binary');
}

export function basicConstraints(isAuthority: boolean): Extension {
  return extension(OID.basicConstraints, true, sequence(isAuthority ? [yes()] : []));
}

/** `authority`: signs certificates; `workload`: signs handshakes and encrypts keys. */
export function keyUsage(use: 'authority' | 'workload'): Extension {
  const bits = use === 'authority' ? '\u0001\u0006' : '\u0005\u00a0';
  return extension(OID.keyUsage, true, bitString(bits));
}

/** Both ends of a TLS connection: mesh peers are client and server with one certificate. */
export function tlsPeerUsage(): Extension {
  return extension(OID.extendedKeyUsage, false, sequence([objectIdentifier(OID.serverAuth), objectIdentifier(OID.clientAuth)]));
}

export function subjectKeyIdentifier(key: KeyObject): Extension {
  return extension(OID.subjectKeyIdentifier, false, octetString(keyIdentifier(key)));
}

export function authorityKeyIdentifier(key: KeyObject): Extension {
  return extension(OID.authorityKeyIdentifier, false, sequence([contextual(0, keyIdentifier(key))]));
}

/** RFC 5280 wants it critical where the subject is empty, as it is in SPIFFE leaves. */
export function subjectAlternativeNames(names: readonly AlternativeName[], critical: boolean): Extension {
  const encoded = names.map(({ kind, value }) => {
    const bytes = kind === 'ip' ? String.fromCharCode(...value.split('.').map(Number)) : value;
    return contextual(GENERAL_NAME[kind], bytes);
  });
  return extension(OID.subjectAltName, critical, sequence(encoded));
}
