// Walks through DER: where each element of a certificate stands. What the elements mean is for those who ask.

export interface DerElement {
  readonly tag: number;
  /** Where its content begins and ends; `start` is where its tag stands. */
  readonly start: number;
  readonly content: number;
  readonly end: number;
}

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

/** Lengths below 128 are one byte; longer ones say in how many bytes they are written. Throws where the bytes end early. */
export function elementAt(der: Buffer, start: number): DerElement {
  const tag = der.readUInt8(start);
  const first = der.readUInt8(start + 1);
  const bytes = first < 0x80 ? 0 : first & 0x7f;
  const length = bytes === 0 ? first : der.readUIntBE(start + 2, bytes);
  const content = start + 2 + bytes;
  if (content + length > der.length) throw new Error('the certificate ends early');
  return { tag, start, content, end: content + length };
}
