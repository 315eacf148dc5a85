// Makes the real X.509 chain of a proxy when somebody first reads it, and keeps it until the proxy has a newer one.
import { issueWorkloadChain, signerOf } from '../pki/certificateAuthority.js';
import type { LeafSigner } from '../pki/certificateAuthority.js';
import type { KeyType } from '../pki/keySource.js';
import { workloadKey } from '../pki/workloadKeyPool.js';
import type { KnownSigner } from './dataPlane.js';
import { spiffeId } from './proxyTrust.js';
import type { ProxyTrust } from './proxyTrust.js';

/** Whose certificate it is. */
export interface CertificateHolder {
  readonly uid: string;
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly keyType: KeyType;
}

export interface ProxyCertificates {
  knows(signer: KnownSigner): void;
  /** PEM: leaf, intermediates, root last. */
  chainOf(holder: CertificateHolder, trust: ProxyTrust): string;
  forget(uid: string): void;
}

/** One per process: clusters share Mesh CA, and the pool of keys. */
export function createProxyCertificates(): ProxyCertificates {
  const signers = new Map<string, LeafSigner>();
  const chains = new Map<string, { readonly certifiedAt: number; readonly signer: string; readonly pem: string }>();

  return {
    knows(signer) {
      if (!signers.has(signer.id)) signers.set(signer.id, signerOf(signer.authority));
    },
    chainOf({ uid, namespace, serviceAccount, keyType }, { signer, certifiedAt }) {
      const known = chains.get(uid);
      if (known?.certifiedAt === certifiedAt && known.signer === signer.id) return known.pem;
      const leafSigner = signers.get(signer.id);
      if (leafSigner === undefined) throw new Error('a certificate under a CA that never signed');
      const id = spiffeId(signer.identityDomain, namespace, serviceAccount);
      const pem = issueWorkloadChain(leafSigner, id, workloadKey(uid, keyType), new Date(certifiedAt), signer.lifetimeMs);
      chains.set(uid, { certifiedAt, signer: signer.id, pem });
      return pem;
    },
    forget(uid) {
      chains.delete(uid);
    },
  };
}
