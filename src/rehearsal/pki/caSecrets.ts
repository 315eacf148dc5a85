// How a CA lies in the Secrets that istiod reads: `cacerts` (plugged in) and `istio-ca-secret` (self-signed).
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { ISTIO_NAMESPACE, PLUGGED_IN_CA_SECRET, SELF_SIGNED_CA_SECRET } from '../../shared/istioNames.js';
import { textAt } from '../api/json.js';
import type { KubeObject } from '../kubeObject.js';
import type { CertificateAuthority } from './certificateAuthority.js';

function secret(name: string, type: string, data: Readonly<Record<string, string>>): KubeObject {
  const encoded = Object.entries(data).map(([key, text]) => [key, Buffer.from(text).toString('base64')]);
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace: ISTIO_NAMESPACE },
    type,
    data: Object.fromEntries(encoded) as Record<string, string>,
  };
}

/** Secret `cacerts` as `kubectl create secret generic` makes it from the four files. */
export function pluggedInCaSecret(authority: CertificateAuthority): KubeObject {
  return secret(PLUGGED_IN_CA_SECRET, 'Opaque', {
    'ca-cert.pem': authority.certificatePem,
    'ca-key.pem': authority.keyPem,
    'root-cert.pem': authority.rootBundlePems?.join('') ?? authority.rootPem,
    'cert-chain.pem': authority.intermediatePems.join(''),
  });
}

/** Secret `istio-ca-secret` as istiod writes it; the other keys are there and empty, as in life. */
export function selfSignedCaSecret(authority: CertificateAuthority): KubeObject {
  return secret(SELF_SIGNED_CA_SECRET, 'istio.io/ca-root', {
    'ca-cert.pem': authority.certificatePem,
    'ca-key.pem': authority.keyPem,
    'cert-chain.pem': '',
    'key.pem': '',
    'root-cert.pem': '',
  });
}

function belongTogether(certificatePem: string, keyPem: string): boolean {
  try {
    return new X509Certificate(certificatePem).checkPrivateKey(createPrivateKey(keyPem));
  } catch {
    return false;
  }
}

/** Of several, the one that the top of the chain verifies to. */
function rootAmong(roots: readonly string[], topPem: string): string | undefined {
  if (roots.length <= 1) return roots[0];
  const top = new X509Certificate(topPem);
  return roots.find((pem) => top.verify(new X509Certificate(pem).publicKey));
}

/** The CA in either Secret; undefined when a part is missing or does not fit, with which istiod would not come up. */
export function authorityInSecret(object: KubeObject): CertificateAuthority | undefined {
  const read = (key: string): string => Buffer.from(textAt(object, 'data', key), 'base64').toString();
  const certificatePem = read('ca-cert.pem');
  const keyPem = read('ca-key.pem');
  if (certificatePem === '' || keyPem === '' || !belongTogether(certificatePem, keyPem)) return undefined;
  if (object.metadata.name === SELF_SIGNED_CA_SECRET) {
    return { certificatePem, keyPem, intermediatePems: [], rootPem: certificatePem };
  }
  const roots = splitPem(read('root-cert.pem'));
  const chain = splitPem(read('cert-chain.pem'));
  const rootPem = rootAmong(roots, chain.at(-1) ?? certificatePem);
  if (rootPem === undefined) return undefined;
  // istiod appends the root itself; a chain file that already ends with it does not make it appear twice here.
  const intermediatePems = chain.filter((pem) => pem.trim() !== rootPem.trim());
  return { certificatePem, keyPem, intermediatePems, rootPem, ...(roots.length > 1 ? { rootBundlePems: roots } : {}) };
}

/** The certificates of a PEM text, one by one, each with its final newline. */
export function splitPem(text: string): string[] {
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  return blocks.map((block) => `${block}\n`);
}
