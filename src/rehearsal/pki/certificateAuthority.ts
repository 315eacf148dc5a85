// Certificate authorities of the rehearsal: Citadel's self-signed root, a plugged-in CA, and a stand-in for Mesh CA.
import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { buildCertificate, subjectOf } from './certificateBuilder.js';
import {
  authorityKeyIdentifier,
  basicConstraints,
  keyUsage,
  subjectAlternativeNames,
  subjectKeyIdentifier,
  tlsPeerUsage,
} from './certificateExtensions.js';
import type { AlternativeName } from './certificateExtensions.js';
import { encodeName, MESH_CA_ROOT_NAME } from './distinguishedName.js';
import type { DistinguishedName } from './distinguishedName.js';
import { generateEcKey } from './keySource.js';
import type { KeySource } from './keySource.js';

/** A CA that can sign. PEM throughout, as it lies in a Secret. */
export interface CertificateAuthority {
  readonly certificatePem: string;
  readonly keyPem: string;
  /** From the signing certificate up to, not including, the root; empty when the root itself signs. */
  readonly intermediatePems: readonly string[];
  readonly rootPem: string;
  /** All of `root-cert.pem`, in its order, where more than the one root stand in it. */
  readonly rootBundlePems?: readonly string[];
}

const DAY_MS = 24 * 60 * 60 * 1000;
const YEAR_MS = 365 * DAY_MS;
/** Istio's agents and CA back-date a little, so that clocks may differ. */
const BACKDATE_MS = 2 * 60 * 1000;
const LEAF_LIFETIME_MS = DAY_MS;
const MESH_CA_NOT_BEFORE = new Date('2018-04-25T21:11:33Z');
const MESH_CA_NOT_AFTER = new Date('2118-04-25T21:11:33Z');

interface Validity {
  readonly notBefore: Date;
  readonly notAfter: Date;
}

function validFor(from: Date, lifetimeMs: number): Validity {
  return { notBefore: new Date(from.getTime() - BACKDATE_MS), notAfter: new Date(from.getTime() + lifetimeMs) };
}

function privateKeyPem(key: KeyObject): string {
  const type = key.asymmetricKeyType === 'ec' ? 'sec1' : 'pkcs1';
  return key.export({ type, format: 'pem' }).toString();
}

function createRoot(name: DistinguishedName, validity: Validity, newKey: KeySource): CertificateAuthority {
  const { publicKey, privateKey } = newKey();
  const subject = encodeName(name);
  const rootPem = buildCertificate(
    {
      subject,
      issuer: subject,
      ...validity,
      publicKey,
      extensions: [keyUsage('authority'), basicConstraints(true), subjectKeyIdentifier(publicKey)],
    },
    privateKey,
  );
  return { certificatePem: rootPem, keyPem: privateKeyPem(privateKey), intermediatePems: [], rootPem };
}

function createIntermediate(
  root: CertificateAuthority,
  name: DistinguishedName,
  validity: Validity,
  newKey: KeySource,
): CertificateAuthority {
  const { publicKey, privateKey } = newKey();
  const signer = signerOf(root);
  const certificatePem = buildCertificate(
    {
      subject: encodeName(name),
      issuer: signer.name,
      ...validity,
      publicKey,
      extensions: [
        keyUsage('authority'),
        basicConstraints(true),
        subjectKeyIdentifier(publicKey),
        authorityKeyIdentifier(signer.publicKey),
      ],
    },
    signer.privateKey,
  );
  return {
    certificatePem,
    keyPem: privateKeyPem(privateKey),
    intermediatePems: [certificatePem, ...root.intermediatePems],
    rootPem: root.rootPem,
  };
}

/** What istiod makes for itself: RSA 2048, ten years, subject and issuer exactly `O=<trust domain>` (security/pkg/pki/ca). */
export function createSelfSignedAuthority(trustDomain: string, now: Date, newKey: KeySource): CertificateAuthority {
  return createRoot([['O', trustDomain]], validFor(now, 10 * YEAR_MS), newKey);
}

/** What an organisation plugs in as Secret `cacerts`: an offline root and an intermediate that signs, for so many days. */
export function createPluggedInAuthority(organization: string, now: Date, newKey: KeySource, days = 2 * 365): CertificateAuthority {
  const root = createRoot(
    [
      ['O', organization],
      ['CN', 'Root CA'],
    ],
    validFor(now, 10 * YEAR_MS),
    newKey,
  );
  return createIntermediate(
    root,
    [
      ['O', organization],
      ['CN', 'Intermediate CA'],
    ],
    validFor(now, days * DAY_MS),
    newKey,
  );
}

/** Stands for Mesh CA: the real root's name and dates, but a key of this rehearsal. */
export function createRehearsalMeshCa(now: Date, newKey: KeySource): CertificateAuthority {
  const root = createRoot(MESH_CA_ROOT_NAME, { notBefore: MESH_CA_NOT_BEFORE, notAfter: MESH_CA_NOT_AFTER }, newKey);
  const name: DistinguishedName = [
    ['C', 'US'],
    ['O', 'Google LLC'],
    ['OU', 'Cloud'],
    ['CN', 'istio_v1_cloud_workload_intermediate-signer-0'],
  ];
  return createIntermediate(root, name, validFor(now, YEAR_MS), newKey);
}

/** A CA with its key read and its name taken out of its certificate, ready to sign many leaves. */
export interface LeafSigner {
  readonly authority: CertificateAuthority;
  readonly name: ReturnType<typeof subjectOf>;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

export function signerOf(authority: CertificateAuthority): LeafSigner {
  const privateKey = createPrivateKey(authority.keyPem);
  return {
    authority,
    name: subjectOf(new X509Certificate(authority.certificatePem).raw),
    privateKey,
    publicKey: createPublicKey(privateKey),
  };
}

/**
 * A workload certificate chain as it stands in Envoy's secret `default`: leaf, intermediates, and the root last
 * (istiod appends its root to every answer). Empty subject, one critical URI SAN, 24 hours unless said otherwise.
 */
export function issueWorkloadChain(
  signer: LeafSigner,
  spiffeId: string,
  publicKey: KeyObject,
  issuedAt: Date,
  lifetimeMs: number = LEAF_LIFETIME_MS,
): string {
  const leaf = buildCertificate(
    {
      subject: encodeName([]),
      issuer: signer.name,
      ...validFor(issuedAt, lifetimeMs),
      publicKey,
      extensions: peerExtensions(signer, subjectAlternativeNames([{ kind: 'uri', value: spiffeId }], true)),
    },
    signer.privateKey,
  );
  return [leaf, ...signer.authority.intermediatePems, signer.authority.rootPem].join('');
}

/** What every certificate carries that a peer shows in a TLS handshake. */
function peerExtensions(signer: LeafSigner, names: ReturnType<typeof subjectAlternativeNames>): ReturnType<typeof subjectAlternativeNames>[] {
  return [keyUsage('workload'), tlsPeerUsage(), basicConstraints(false), authorityKeyIdentifier(signer.publicKey), names];
}

/** A certificate for a TLS server, one year long, with its key: of EC, because every handshake signs with it. */
export function issueServerCertificate(
  authority: CertificateAuthority,
  commonName: string,
  names: readonly AlternativeName[],
  now: Date,
): { readonly key: string; readonly cert: string } {
  const { publicKey, privateKey } = generateEcKey();
  const signer = signerOf(authority);
  const cert = buildCertificate(
    {
      subject: encodeName([['CN', commonName]]),
      issuer: signer.name,
      ...validFor(now, YEAR_MS),
      publicKey,
      extensions: peerExtensions(signer, subjectAlternativeNames(names, false)),
    },
    signer.privateKey,
  );
  return { key: privateKeyPem(privateKey), cert };
}

/** The CA of one simulated cluster's API server. */
export function createClusterAuthority(now: Date): CertificateAuthority {
  return createRoot([['CN', 'kubernetes']], validFor(now, 5 * YEAR_MS), generateEcKey);
}
