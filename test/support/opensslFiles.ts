// CA files as somebody makes them with openssl, for commands that take files.
import { execFileSync } from 'node:child_process';
import path from 'node:path';

export interface CaFiles {
  readonly caCert: string;
  readonly caKey: string;
  readonly rootCert: string;
  readonly certChain: string;
}

type KeyType = 'rsa' | 'ec';

const NEW_KEY: Readonly<Record<KeyType, readonly string[]>> = {
  rsa: ['-newkey', 'rsa:2048'],
  ec: ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'],
};

/** A root and an intermediate under it, with the file names that istiod looks for, or others after a prefix. */
export function makeCaFiles(folder: string, keyType: KeyType = 'rsa', prefix = ''): CaFiles {
  const file = (name: string): string => path.join(folder, `${prefix}${name}`);
  const files = {
    caCert: file('ca-cert.pem'),
    caKey: file('ca-key.pem'),
    rootCert: file('root-cert.pem'),
    certChain: file('cert-chain.pem'),
  };
  const openssl = (...args: readonly string[]): void => { execFileSync('openssl', args, { stdio: 'pipe' }); };
  const authority = ['-days', '3650', '-addext', 'basicConstraints=critical,CA:TRUE'];
  const rootKey = file('root-key.pem');
  openssl('req', '-x509', ...NEW_KEY[keyType], '-nodes', '-keyout', rootKey, '-out', files.rootCert, '-subj', '/O=New/CN=New Root', ...authority);
  const signer = ['-CA', files.rootCert, '-CAkey', rootKey];
  openssl('req', '-x509', ...NEW_KEY[keyType], '-nodes', '-keyout', files.caKey, '-out', files.caCert, '-subj', '/O=New/CN=New Intermediate', ...signer, ...authority);
  execFileSync('cp', [files.caCert, files.certChain]);
  return files;
}
