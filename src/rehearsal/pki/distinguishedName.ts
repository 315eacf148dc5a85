// Names of certificate subjects and issuers, with the string types that real issuers use.
import type { Der } from './der.js';
import { objectIdentifier, printableString, sequence, setOf, utf8String } from './der.js';

/** Attribute types that the rehearsal's certificates need, by object identifier. */
const ATTRIBUTES = {
  CN: '2.5.4.3',
  C: '2.5.4.6',
  L: '2.5.4.7',
  ST: '2.5.4.8',
  O: '2.5.4.10',
  OU: '2.5.4.11',
} as const;

/** Attributes in their order; an empty list is the empty subject of Istio's leaves. */
export type DistinguishedName = readonly (readonly [keyof typeof ATTRIBUTES, string])[];

/** The subject of Mesh CA's real root, so that tools which go by names see what they would see in life. */
export const MESH_CA_ROOT_NAME: DistinguishedName = [
  ['C', 'US'],
  ['ST', 'California'],
  ['L', 'Mountain View'],
  ['O', 'Google LLC'],
  ['OU', 'Cloud'],
  ['CN', 'istio_v1_cloud_workload_root-signer-0-2018-04-25T14:11:33-07:00 K:1, 1:H52vgwEm3tc:0:18'],
];

/** An X.501 `Name`. */
export function encodeName(name: DistinguishedName): Der {
  return sequence(
    name.map(([type, value]) => {
      // PrintableString has no underscore: Google's CN is a UTF8String for that reason.
      const text = type === 'CN' ? utf8String(value) : printableString(value);
      return setOf(sequence([objectIdentifier(ATTRIBUTES[type]), text]));
    }),
  );
}
