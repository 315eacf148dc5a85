// Which of the few classes that matter for the migration a proxy falls into, for the extension's counts and the page's filters.
import type { TrustRow } from './trustRows.js';

export const trustClasses = ['both', 'istioCa', 'meshCa', 'otherRoots', 'unknown', 'notLoaded', 'waiting'] as const;

export type TrustClass = (typeof trustClasses)[number];

/** The classes of proxies whose roots are known. */
export const rootClasses = ['both', 'istioCa', 'meshCa', 'otherRoots'] as const satisfies readonly TrustClass[];

export type RootClass = (typeof rootClasses)[number];

export type ClassCounts = Readonly<Record<TrustClass, number>>;

/** By the roots that were read; what was not read is a class of its own and never counts as trusting anything. */
export function trustClassOf(row: Pick<TrustRow, 'state' | 'roots'>): TrustClass {
  return row.state === 'read' ? rootClassOf(row) : row.state;
}

function rootClassOf(row: Pick<TrustRow, 'roots'>): RootClass {
  const istioCa = row.roots.some((root) => root.label === 'CITADEL');
  const meshCa = row.roots.some((root) => root.label === 'MESHCA');
  if (istioCa) return meshCa ? 'both' : 'istioCa';
  return meshCa ? 'meshCa' : 'otherRoots';
}

/** By whom a proxy's certificate is signed; `unsigned` verifies to no root that is known. */
export const signerClasses = ['meshCa', 'istioCa', 'other', 'unsigned', 'unread'] as const;

export type SignerClass = (typeof signerClasses)[number];

export type SignerCounts = Readonly<Record<SignerClass, number>>;

const signerByLabel = { CITADEL: 'istioCa', MESHCA: 'meshCa', OTHER: 'other' } as const;

/** A certificate that was not read is signed by nobody that could be counted. */
export function signerClassOf(row: Pick<TrustRow, 'state' | 'signedBy'>): SignerClass {
  if (row.state !== 'read') return 'unread';
  return row.signedBy === undefined ? 'unsigned' : signerByLabel[row.signedBy.label];
}
