// The few DER values that certificates are made of, over node-forge's encoder.
import forge from 'node-forge';

const { asn1 } = forge;

export type Der = forge.asn1.Asn1;

function universal(type: forge.asn1.Type, isConstructed: boolean, value: string | Der[]): Der {
  return asn1.create(asn1.Class.UNIVERSAL, type, isConstructed, value);
}

/** Bytes are strings of characters 0 to 255, as node-forge has them. */
export function encode(value: Der): string {
  return asn1.toDer(value).getBytes();
}

export function sequence(parts: readonly Der[]): Der {
  return universal(asn1.Type.SEQUENCE, true, [...parts]);
}

export function setOf(part: Der): Der {
  return universal(asn1.Type.SET, true, [part]);
}

export function objectIdentifier(identifier: string): Der {
  return universal(asn1.Type.OID, false, asn1.oidToDer(identifier).getBytes());
}

export function octetString(bytes: string): Der {
  return universal(asn1.Type.OCTETSTRING, false, bytes);
}

/** The first byte says how many bits at the end are unused. */
export function bitString(bytes: string): Der {
  return universal(asn1.Type.BITSTRING, false, bytes);
}

export function integer(bytes: string): Der {
  return universal(asn1.Type.INTEGER, false, bytes);
}

export function nothing(): Der {
  return universal(asn1.Type.NULL, false, '');
}

export function yes(): Der {
  return universal(asn1.Type.BOOLEAN, false, '\u00ff');
}

export function printableString(text: string): Der {
  return universal(asn1.Type.PRINTABLESTRING, false, text);
}

export function utf8String(text: string): Der {
  return universal(asn1.Type.UTF8, false, text);
}

/** RFC 5280: UTCTime up to 2049, GeneralizedTime from then on. */
export function time(moment: Date): Der {
  return moment.getUTCFullYear() < 2050
    ? universal(asn1.Type.UTCTIME, false, asn1.dateToUtcTime(moment))
    : universal(asn1.Type.GENERALIZEDTIME, false, asn1.dateToGeneralizedTime(moment));
}

/** A field known by its number alone: `[0]`. */
export function contextual(tag: number, value: string | Der[]): Der {
  // node-forge types a tag as one of the universal types, whatever its class.
  // eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment
  return asn1.create(asn1.Class.CONTEXT_SPECIFIC, tag, typeof value !== 'string', value);
}

/** Takes DER apart; the parts of a constructed value. */
export function decode(der: Buffer): Der {
  return asn1.fromDer(der.toString('binary'));
}

export function partsOf(value: Der | undefined): readonly Der[] {
  return Array.isArray(value?.value) ? value.value : [];
}
