// Walks through DER: where each element of a certificate stands. What the elements mean is for those who ask.

export interface DerElement {
  readonly tag: number;
  /** Where its content begins and ends; `start` is where its tag stands. */
  readonly start: number;
  readonly content: number;
  readonly end: number;
}

/** No certificate needs more; what is longer than the bytes that there are is refused anyway. */
const MOST_LENGTH_BYTES = 4;

/** The elements inside of this one. */
export function elementsIn(der: Buffer, { content, end }: DerElement): readonly DerElement[] {
  const elements: DerElement[] = [];
  for (let at = content; at < end; ) {
    const element = elementAt(der, at);
    if (element.end > end) throw new Error('an element ends after what it is in');
    elements.push(element);
    at = element.end;
  }
  return elements;
}

/** The one element inside of this one. Throws where there is none, or more after it. */
export function onlyElementIn(der: Buffer, outer: DerElement): DerElement {
  const [element, ...more] = elementsIn(der, outer);
  if (element === undefined || more.length > 0) throw new Error('not one element');
  return element;
}

/**
 * Lengths below 128 are one byte; longer ones say in how many bytes they are written, and DER has none that is left open (X.690,
 * 10.1). Throws where the bytes end early.
 */
export function elementAt(der: Buffer, start: number): DerElement {
  const tag = der.readUInt8(start);
  const first = der.readUInt8(start + 1);
  const bytes = first < 0x80 ? 0 : first & 0x7f;
  if (first >= 0x80 && (bytes === 0 || bytes > MOST_LENGTH_BYTES)) throw new Error('not a length of DER');
  const length = bytes === 0 ? first : der.readUIntBE(start + 2, bytes);
  const content = start + 2 + bytes;
  if (content + length > der.length) throw new Error('the certificate ends early');
  return { tag, start, content, end: content + length };
}
