// A self-signed server certificate for 127.0.0.1.
import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import forge from 'node-forge';

export interface ServerCertificate {
  readonly key: string;
  readonly cert: string;
}

/** 2048-bit RSA, valid for a year around the real now, with the address as subject alternative name. */
function createServerCertificate(): ServerCertificate {
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const key = forge.pki.privateKeyFromPem(createPrivateKey(privateKey).export({ type: 'pkcs1', format: 'pem' }) as string);
  const certificate = forge.pki.createCertificate();
  const day = 24 * 3600 * 1000;
  certificate.publicKey = forge.pki.setRsaPublicKey(key.n, key.e);
  certificate.serialNumber = '01';
  certificate.validity.notBefore = new Date(Date.now() - day);
  certificate.validity.notAfter = new Date(Date.now() + 365 * day);
  const subject = [{ name: 'commonName', value: 'rehearsal-test' }];
  certificate.setSubject(subject);
  certificate.setIssuer(subject);
  certificate.setExtensions([
    { name: 'basicConstraints', cA: true },
    { name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] },
  ]);
  certificate.sign(key, forge.md.sha256.create());
  return { key: privateKey, cert: forge.pki.certificateToPem(certificate) };
}

const made: ServerCertificate[] = [];

/** The same certificate for every server of a test run: keys cost more than anything else in these tests. */
export function sharedCertificate(): ServerCertificate {
  const [known] = made;
  if (known) return known;
  const certificate = createServerCertificate();
  made.push(certificate);
  return certificate;
}
