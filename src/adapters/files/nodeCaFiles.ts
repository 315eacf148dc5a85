// Reads the four CA files and compares the key with the certificate. The key is held no longer than that takes, and never shown.
import { createPrivateKey, X509Certificate } from 'node:crypto';
import fs from 'node:fs/promises';
import type { CaFileFailure, CaFiles, CaFilesReader, CaFilesReading } from '../../app/plan/planPorts.js';
import type { CertificateReader } from '../../app/ports.js';
import type { CertificateFacts } from '../../domain/trust/certificateFacts.js';

export class NodeCaFiles implements CaFilesReader {
  readonly #certificates: CertificateReader;

  constructor(certificates: CertificateReader) {
    this.#certificates = certificates;
  }

  async read(files: CaFiles): Promise<CaFilesReading | CaFileFailure> {
    const [caCerts, chain, roots] = [
      await this.#readCertificates(files, 'caCert'),
      await this.#readCertificates(files, 'certChain'),
      await this.#readCertificates(files, 'rootCert'),
    ];
    if ('failure' in caCerts) return caCerts;
    if ('failure' in chain) return chain;
    if ('failure' in roots) return roots;
    const [caCert] = caCerts;
    const key = await readText(files, 'caKey');
    if (typeof key !== 'string') return key;
    return caCert === undefined ? unreadable('caCert', 'it is empty') : { caCert, chain, roots, key: compare(key, caCert.pem) };
  }

  async #readCertificates(files: CaFiles, file: keyof CaFiles): Promise<readonly CertificateFacts[] | CaFileFailure> {
    const text = await readText(files, file);
    if (typeof text !== 'string') return text;
    const read = this.#certificates.read(text);
    return read.ok ? read.value : { file, failure: read.failure };
  }
}

async function readText(files: CaFiles, file: keyof CaFiles): Promise<string | CaFileFailure> {
  try {
    return await fs.readFile(files[file], 'utf8');
  } catch (error) {
    return unreadable(file, error instanceof Error ? error.message : String(error));
  }
}

function unreadable(file: keyof CaFiles, reason: string): CaFileFailure {
  return { file, failure: { kind: 'certificateUnreadable', reason } };
}

function compare(keyPem: string, certificatePem: string): CaFilesReading['key'] {
  // istiod cannot ask for a passphrase.
  if (/-----BEGIN ENCRYPTED PRIVATE KEY-----|^Proc-Type: 4,ENCRYPTED/m.test(keyPem)) return 'encrypted';
  try {
    return new X509Certificate(certificatePem).checkPrivateKey(createPrivateKey(keyPem)) ? 'matches' : 'differs';
  } catch {
    return 'unreadable';
  }
}
