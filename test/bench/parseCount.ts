// Counts how often each certificate is parsed, by its bytes, in either way that the product has: its own reader of leaves, and node:crypto.
import crypto from 'node:crypto';
import { createNodeCertificateReader } from '../../src/adapters/nodeCertificateReader.js';
import { readWorkloadLeaf } from '../../src/adapters/workloadLeaf.js';
import type { CertificateReader } from '../../src/app/ports.js';

export interface ParseCounts {
  /** Different certificates that were parsed in one way or both. */
  readonly certificates: number;
  /** The most that one of them went through our own reader with success, and through node:crypto. */
  readonly mostByReader: number;
  readonly mostByNode: number;
  /** Through both: of each issuer's leaves one is compared with it by node:crypto, and what is no leaf is read by that alone. */
  readonly inBothWays: number;
}

/** What the work does with a reader of its own; counting makes it slow, so nothing else is measured of it. */
export async function countParsing(work: (reader: CertificateReader) => Promise<unknown>): Promise<ParseCounts> {
  const byReader = new Map<string, number>();
  const byNode = new Map<string, number>();
  const note = (counts: Map<string, number>, der: Buffer): void => {
    const print = crypto.createHash('sha1').update(der).digest('base64');
    counts.set(print, (counts.get(print) ?? 0) + 1);
  };
  const original = crypto.X509Certificate;
  const counting = new Proxy(original, {
    construct: (target, args: ConstructorParameters<typeof original>) => {
      const certificate = new target(...args);
      note(byNode, certificate.raw);
      return certificate;
    },
  });
  Reflect.set(crypto, 'X509Certificate', counting);
  try {
    await work(
      createNodeCertificateReader((der) => {
        const leaf = readWorkloadLeaf(der);
        if (leaf !== undefined) note(byReader, der);
        return leaf;
      }),
    );
  } finally {
    Reflect.set(crypto, 'X509Certificate', original);
  }
  return {
    certificates: new Set([...byReader.keys(), ...byNode.keys()]).size,
    mostByReader: Math.max(0, ...new Set(byReader.values())),
    mostByNode: Math.max(0, ...new Set(byNode.values())),
    inBothWays: [...byReader.keys()].filter((print) => byNode.has(print)).length,
  };
}
