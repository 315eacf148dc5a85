// Reads from a certificate's DER whether it may issue others: its basicConstraints (RFC 5280, 4.2.1.9), which node:crypto does not hand out.
import { extensionIn, fieldsOf } from './certificateFields.js';
import { elementsIn } from './derElements.js';

export interface BasicConstraints {
  readonly isAuthority: boolean;
  /** How many intermediates may stand between it and a leaf; undefined for any number. */
  readonly pathLength: number | undefined;
}

const SEQUENCE = 0x30;
const BOOLEAN = 0x01;
const INTEGER = 0x02;
/** 2.5.29.19 in DER. */
const BASIC_CONSTRAINTS = Buffer.from('0603551d13', 'hex');
/** More than any chain has; OpenSSL and BoringSSL refuse numbers without end as well. */
const MOST_PATH_LENGTH_BYTES = 4;

const NO_AUTHORITY: BasicConstraints = { isAuthority: false, pathLength: undefined };

/**
 * What says nothing, or nothing well-formed, is no authority. BoringSSL, and so Envoy, has it thus for every certificate but a
 * self-signed one of version 1 (`X509_check_ca`), which can be an anchor only, and of anchors nobody asks.
 */
export function basicConstraintsOf(der: Buffer): BasicConstraints {
  try {
    return read(der) ?? NO_AUTHORITY;
  } catch {
    return NO_AUTHORITY;
  }
}

function read(der: Buffer): BasicConstraints | undefined {
  const value = extensionIn(der, fieldsOf(der).extensions, BASIC_CONSTRAINTS);
  if (value?.tag !== SEQUENCE) return undefined;
  const [authority, limit, ...more] = elementsIn(der, value);
  // `cA` is left out where it is false, and then nothing may follow.
  if (authority?.tag !== BOOLEAN || authority.end - authority.content !== 1 || der[authority.content] === 0 || more.length > 0) return undefined;
  if (limit === undefined) return { isAuthority: true, pathLength: undefined };
  const bytes = limit.end - limit.content;
  if (limit.tag !== INTEGER || bytes === 0 || bytes > MOST_PATH_LENGTH_BYTES) return undefined;
  const pathLength = der.readIntBE(limit.content, bytes);
  return pathLength < 0 ? undefined : { isAuthority: true, pathLength };
}
