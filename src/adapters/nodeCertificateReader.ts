// Reads and verifies X.509 certificates with node:crypto, which knows every key type a mesh may use (node-forge knows RSA
// only). No rules live here: what a certificate means is decided by fingerprint elsewhere.
import type { CertificateReader } from '../app/ports.js';
import type { CertificateFacts } from '../domain/trust/certificateFacts.js';
import type { Result } from '../shared/failure.js';
import { fail, succeed } from '../shared/failure.js';
import { sha256 } from './certificateKeyParts.js';
import type { ReadLeaf } from './parsedCertificate.js';
import { ParsedCertificate } from './parsedCertificate.js';
import { readWorkloadLeaf } from './workloadLeaf.js';

/** Certificates kept parsed, of either kind: roots and intermediates are few and met often, and leaves that pass through push none of them out. */
const KEPT_CERTIFICATES = 4096;
/** Texts of what follows a leaf in its chain: equal for all leaves of an issuer, so kept whole. */
const KEPT_UPPER_CHAINS = 256;

const BEGIN = /-----BEGIN ([A-Z0-9 ]+)-----/g;
const CERTIFICATE_LABELS: ReadonlySet<string> = new Set(['CERTIFICATE', 'X509 CERTIFICATE']);
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;
const END = '-----END CERTIFICATE-----';

/** A CertificateReader that parses each certificate once while it is in use; `readLeaf` is given where somebody counts. */
export function createNodeCertificateReader(readLeaf: ReadLeaf = readWorkloadLeaf): CertificateReader {
  return new NodeCertificateReader(readLeaf);
}

class NodeCertificateReader implements CertificateReader {
  /** By fingerprint, workload leaves apart from all others. */
  readonly #leaves = new Map<string, ParsedCertificate>();
  readonly #parsed = new Map<string, ParsedCertificate>();
  readonly #upperChains = new Map<string, readonly CertificateFacts[]>();
  /** For as long as somebody holds the facts, whether or not they still are among the kept ones. */
  readonly #ofFacts = new WeakMap<CertificateFacts, ParsedCertificate>();

  readonly #readLeaf: ReadLeaf;

  constructor(readLeaf: ReadLeaf) {
    this.#readLeaf = readLeaf;
  }

  read(pem: string): Result<readonly CertificateFacts[]> {
    const firstEnd = pem.indexOf(END);
    const above = firstEnd < 0 ? '' : pem.slice(firstEnd + END.length);
    if (above.length <= END.length) return readBlocks(pem, this.#parse);
    const known = this.#upperChains.get(above);
    if (known !== undefined) {
      const leaf = readBlocks(pem.slice(0, firstEnd + END.length), this.#parse);
      return leaf.ok ? succeed([...leaf.value, ...known]) : leaf;
    }
    const read = readBlocks(pem, this.#parse);
    if (read.ok) remember(this.#upperChains, copyOf(above), read.value.slice(1), KEPT_UPPER_CHAINS);
    return read;
  }

  isSignedBy(certificate: CertificateFacts, issuer: CertificateFacts): boolean {
    return this.#parsedOf(certificate).isSignedBy(this.#parsedOf(issuer));
  }

  /** Facts that were read elsewhere, or written down and read back, still have their text. */
  #parsedOf(facts: CertificateFacts): ParsedCertificate {
    return this.#ofFacts.get(facts) ?? this.#parse(Buffer.from(facts.pem.replace(/-----[^-]+-----/g, ''), 'base64'));
  }

  readonly #parse = (der: Buffer): ParsedCertificate => {
    const fingerprint = sha256(der);
    const known = this.#parsed.get(fingerprint) ?? this.#leaves.get(fingerprint);
    const certificate = known ?? new ParsedCertificate(der, fingerprint, this.#readLeaf);
    const kept = certificate.isWorkloadLeaf ? this.#leaves : this.#parsed;
    // To the end of the map's order: what is used stays, what is not falls out at the front.
    if (known !== undefined) kept.delete(fingerprint);
    remember(kept, fingerprint, certificate, KEPT_CERTIFICATES);
    if (known === undefined) this.#ofFacts.set(certificate.facts, certificate);
    return certificate;
  };
}

function remember<Value>(kept: Map<string, Value>, key: string, value: Value, most: number): void {
  kept.set(key, value);
  const oldest = kept.size > most ? kept.keys().next() : undefined;
  if (oldest && !oldest.done) kept.delete(oldest.value);
}

/** A string of its own: a slice would hold on to the whole text that it was cut from. */
function copyOf(text: string): string {
  return Buffer.from(text, 'utf8').toString('utf8');
}

function readBlocks(pem: string, parse: (der: Buffer) => ParsedCertificate): Result<readonly CertificateFacts[]> {
  const certificates: CertificateFacts[] = [];
  for (const begin of pem.matchAll(BEGIN)) {
    const label = begin[1] ?? '';
    if (!CERTIFICATE_LABELS.has(label)) continue;
    const block = certificates.length + 1;
    const start = begin.index + begin[0].length;
    const end = pem.indexOf(`-----END ${label}-----`, start);
    if (end < 0) return unreadable(`certificate ${block} of the text has no end`);
    const base64 = pem.slice(start, end);
    try {
      certificates.push(parse(Buffer.from(base64, 'base64')).facts);
    } catch (error) {
      // Decoding passes over what is not base64, so that only the bytes tell.
      if (!BASE64.test(base64.replace(/\s+/g, ''))) return unreadable(`certificate ${block} of the text is not base64`);
      return unreadable(`certificate ${block} of the text: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return certificates.length === 0 ? unreadable('there is no certificate in the text') : succeed(certificates);
}

function unreadable(reason: string): Result<never> {
  return fail({ kind: 'certificateUnreadable', reason });
}
