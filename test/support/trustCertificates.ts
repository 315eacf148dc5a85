// The certificates of test/fixtures/trust, by name, and what is known of them.
import { createNodeCertificateReader } from '../../src/adapters/nodeCertificateReader.js';
import type { CertificateFacts } from '../../src/domain/trust/certificateFacts.js';
import { readText } from './repository.js';

export type FixtureName =
  | 'citadel-root'
  | 'citadel-root-of-another-cluster'
  | 'mesh-root'
  | 'lookalike-root'
  | 'corporate-root'
  | 'ec-root'
  | 'citadel-leaf'
  | 'mesh-intermediate'
  | 'mesh-leaf'
  | 'ec-intermediate'
  | 'ec-leaf';

export const reader = createNodeCertificateReader();

/** The texts one after another, as in a bundle. */
export function pemOf(...names: readonly FixtureName[]): string {
  return names.map((name) => readText(`test/fixtures/trust/${name}.pem`)).join('');
}

export function certificate(name: FixtureName): CertificateFacts {
  const read = reader.read(pemOf(name));
  if (!read.ok) throw new Error(`${name}: ${JSON.stringify(read.failure)}`);
  return read.value[0]!;
}

export function fingerprint(name: FixtureName): string {
  return certificate(name).fingerprint;
}
