// Reads the certificates that Istio's CAs give to workloads straight from their DER: a mesh has one for each proxy, all alike,
// and OpenSSL takes most of its time for their public keys, which nobody here asks for. What is unlike is left to node:crypto.
import type { DerElement } from './derElements.js';
import { elementAt, elementsIn } from './derElements.js';

/** What is needed of a leaf; bytes are parts of the certificate's own. */
export interface WorkloadLeaf {
  /** Upper-case hex. */
  readonly serial: string;
  readonly notBefore: number;
  readonly notAfter: number;
  readonly uris: readonly string[];
  /** The same for all leaves of an issuer: its name, and every extension but those that tell one leaf from another. */
  readonly issuedBy: string;
  /** What is signed, how and with which kind of key, and the signature. */
  readonly signed: Buffer;
  readonly digest: string;
  readonly keyType: 'rsa' | 'ec';
  readonly signature: Buffer;
}

const SEQUENCE = 0x30;
const INTEGER = 0x02;
const BIT_STRING = 0x03;
const OCTET_STRING = 0x04;
const UTC_TIME = 0x17;
const GENERALIZED_TIME = 0x18;
const URI_NAME = 0x86;
const VERSION_3 = 'a003020102';
const EXTENSIONS = 0xa3;
/** 2.5.29.17 and 2.5.29.14 in DER: what differs from leaf to leaf. */
const ALTERNATIVE_NAME = '0603551d11';
const SUBJECT_KEY_ID = '0603551d0e';
/** Printable and without what makes node:crypto quote a name. */
const PLAIN_URI = /^[!#-+\--[\]-~]+$/;

/** AlgorithmIdentifiers in DER (RFC 4055 and RFC 5758). */
const ALGORITHMS: ReadonlyMap<string, Pick<WorkloadLeaf, 'digest' | 'keyType'>> = new Map([
  ['300d06092a864886f70d01010b0500', { digest: 'sha256', keyType: 'rsa' }],
  ['300d06092a864886f70d01010c0500', { digest: 'sha384', keyType: 'rsa' }],
  ['300d06092a864886f70d01010d0500', { digest: 'sha512', keyType: 'rsa' }],
  ['300a06082a8648ce3d040302', { digest: 'sha256', keyType: 'ec' }],
  ['300a06082a8648ce3d040303', { digest: 'sha384', keyType: 'ec' }],
  ['300a06082a8648ce3d040304', { digest: 'sha512', keyType: 'ec' }],
]);

/** Undefined for everything but a version 3 certificate with an empty subject, another issuer, and URIs as its only names. */
export function readWorkloadLeaf(der: Buffer): WorkloadLeaf | undefined {
  try {
    return readLeaf(der);
  } catch {
    // Bytes that end early: node:crypto says what is wrong with them.
    return undefined;
  }
}

function readLeaf(der: Buffer): WorkloadLeaf | undefined {
  const certificate = elementAt(der, 0);
  const [tbs, algorithm, signature, ...rest] = elementsIn(der, certificate);
  if (tbs === undefined || algorithm === undefined || signature === undefined || rest.length > 0 || certificate.end !== der.length) return undefined;
  const [version, serial, inner, issuer, validity, subject, , explicit, ...more] = elementsIn(der, tbs);
  if (version === undefined || serial === undefined || inner === undefined || issuer === undefined) return undefined;
  if (validity === undefined || subject === undefined || explicit?.tag !== EXTENSIONS || more.length > 0) return undefined;
  if ([certificate, tbs, validity].some(({ tag }) => tag !== SEQUENCE)) return undefined;
  const known = ALGORITHMS.get(hexOf(der, algorithm));
  if (known === undefined || hexOf(der, inner) !== hexOf(der, algorithm)) return undefined;
  if (hexOf(der, version) !== VERSION_3 || !isEmptyName(subject) || issuer.tag !== SEQUENCE || isEmptyName(issuer)) return undefined;
  if (signature.tag !== BIT_STRING || der[signature.content] !== 0) return undefined;
  const [notBefore, notAfter] = elementsIn(der, validity).map((time) => timeOf(der, time));
  const extensions = elementsIn(der, elementAt(der, explicit.content));
  const [names, ...others] = extensions.filter((extension) => isAbout(der, extension, ALTERNATIVE_NAME));
  const uris = names && others.length === 0 ? urisOf(der, names) : undefined;
  const number = serialOf(der, serial);
  if (notBefore === undefined || notAfter === undefined || uris === undefined || number === undefined) return undefined;
  const shared = extensions.filter((extension) => extension !== names && !isAbout(der, extension, SUBJECT_KEY_ID));
  return {
    ...known,
    serial: number,
    notBefore,
    notAfter,
    uris,
    issuedBy: [issuer, ...shared].map((element) => hexOf(der, element)).join(' '),
    signed: der.subarray(tbs.start, tbs.end),
    signature: der.subarray(signature.content + 1, signature.end),
  };
}

function hexOf(der: Buffer, { start, end }: DerElement): string {
  return der.toString('hex', start, end);
}

function isEmptyName({ tag, content, end }: DerElement): boolean {
  return tag === SEQUENCE && content === end;
}

/** Positive only; the zero byte that keeps a number positive is no part of it. */
function serialOf(der: Buffer, { tag, content, end }: DerElement): string | undefined {
  const first = der[content] ?? 0xff;
  if (tag !== INTEGER || first >= 0x80) return undefined;
  return der.toString('hex', first === 0 && end - content > 1 ? content + 1 : content, end).toUpperCase();
}

/** `YYMMDDHHMMSSZ` until 2049, `YYYYMMDDHHMMSSZ` from 2050 on (RFC 5280, 4.1.2.5). */
function timeOf(der: Buffer, { tag, content, end }: DerElement): number | undefined {
  const text = der.toString('latin1', content, end);
  if (!/^\d{12}(?:\d\d)?Z$/.test(text) || text.length !== (tag === UTC_TIME ? 13 : tag === GENERALIZED_TIME ? 15 : -1)) return undefined;
  const years = text.length - 11;
  const part = (at: number): number => Number(text.slice(years + at, years + at + 2));
  const year = Number(text.slice(0, years));
  const century = years === 4 ? 0 : year >= 50 ? 1900 : 2000;
  return Date.UTC(century + year, part(0) - 1, part(2), part(4), part(6), part(8));
}

function isAbout(der: Buffer, extension: DerElement, oid: string): boolean {
  return der.toString('hex', extension.content, extension.content + oid.length / 2) === oid;
}

/** Undefined where a name is no URI, or one that node:crypto would write otherwise than it is. */
function urisOf(der: Buffer, extension: DerElement): readonly string[] | undefined {
  const value = elementsIn(der, extension).at(-1);
  if (value?.tag !== OCTET_STRING) return undefined;
  const names = elementsIn(der, elementAt(der, value.content));
  const uris = names.map(({ content, end }) => der.toString('latin1', content, end));
  return names.every(({ tag }) => tag === URI_NAME) && uris.every((uri) => PLAIN_URI.test(uri)) ? uris : undefined;
}
