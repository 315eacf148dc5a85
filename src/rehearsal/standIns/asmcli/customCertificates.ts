// asmcli's checks of the four files of a CA of one's own; in life they are runs of openssl (asmcli/components/ca/citadel.sh).
import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { absolutePath } from '../standInIo.js';
import type { StandInIo } from '../standInIo.js';
import { splitPem } from '../../pki/caSecrets.js';
import type { AsmcliArguments } from './arguments.js';
import type { AsmcliConsole } from './console.js';

/** Absolute paths of the four files. */
export interface CustomCertificates {
  readonly caCert: string;
  readonly caKey: string;
  readonly rootCert: string;
  readonly certChain: string;
}

/** Whether any of the four options was given: asmcli then takes it that a CA of one's own is meant. */
export function wantsCustomCa(args: AsmcliArguments): boolean {
  return [args.caCert, args.caKey, args.rootCert, args.certChain].some((path) => path !== undefined);
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

/** `openssl rsa` takes RSA keys only, however good another one is. */
function readRsaKey(path: string): KeyObject | undefined {
  try {
    const key = createPrivateKey(readFileSync(path));
    return key.asymmetricKeyType === 'rsa' ? key : undefined;
  } catch {
    return undefined;
  }
}

/** `openssl x509` reads the first certificate of a file. */
function readCertificate(path: string): X509Certificate | undefined {
  try {
    return new X509Certificate(readFileSync(path));
  } catch {
    return undefined;
  }
}

function isIssuedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  return certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
}

/** As `openssl verify -trusted ROOT -untrusted CHAIN CERT`: the trusted root has to be self-signed or the chain ends before it. */
function verifies(certificate: X509Certificate, root: X509Certificate, chain: readonly X509Certificate[]): boolean {
  let current = certificate;
  for (let steps = 0; steps <= chain.length + 1; steps += 1) {
    if (isIssuedBy(current, root)) return isIssuedBy(root, root);
    const next = chain.find((candidate) => candidate.fingerprint256 !== current.fingerprint256 && isIssuedBy(current, candidate));
    if (next === undefined) return false;
    current = next;
  }
  return false;
}

/** Ends asmcli unless the four files are there and belong together. */
export function checkCustomCertificates(args: AsmcliArguments, ca: string, io: StandInIo, say: AsmcliConsole): CustomCertificates {
  if (ca !== 'citadel') say.fatal('You must select Citadel as the CA in order to use custom certificates.');
  const { caCert, caKey, rootCert, certChain } = args;
  if (caCert === undefined || caKey === undefined || rootCert === undefined || certChain === undefined) {
    return say.fatal('All four certificate options must be present to use a custom cert.');
  }
  for (const path of [caCert, rootCert, caKey, certChain]) {
    if (!isFile(absolutePath(io, path))) say.fatal(`Couldn't find file ${path}.`);
  }
  const files = {
    caCert: absolutePath(io, caCert),
    caKey: absolutePath(io, caKey),
    rootCert: absolutePath(io, rootCert),
    certChain: absolutePath(io, certChain),
  };
  checkConsistency(files, io, say);
  return files;
}

function checkConsistency(files: CustomCertificates, io: StandInIo, say: AsmcliConsole): void {
  const inconsistent = (path: string): never => say.fatal(`${path} failed an openssl consistency check.`);
  say.info('Checking certificate files for consistency...');
  const key = readRsaKey(files.caKey) ?? inconsistent(files.caKey);
  const certificate = readCertificate(files.caCert) ?? inconsistent(files.caCert);
  if (readCertificate(files.certChain) === undefined) inconsistent(files.certChain);
  const root = readCertificate(files.rootCert) ?? inconsistent(files.rootCert);
  say.info('Checking key matches certificate...');
  const spki = (publicKey: KeyObject): string => publicKey.export({ type: 'spki', format: 'pem' }).toString();
  if (spki(createPublicKey(key)) !== spki(certificate.publicKey)) say.fatal('Keyfile does not match the given certificate.');
  say.info('Verifying certificate chain of trust...');
  const chain = splitPem(readFileSync(files.certChain, 'utf8')).map((pem) => new X509Certificate(pem));
  if (!verifies(certificate, root, chain)) say.fatal('Unable to verify chain of trust.');
  // openssl verify says so itself.
  io.stdout.write(`${files.caCert}: OK\n`);
}
