// Which of the few classes that matter for the migration a proxy falls into.
import type { TrustRow } from '../../src/shared/trustRows.js';

export const trustClasses = ['both', 'istioCa', 'meshCa', 'otherRoots', 'unknown', 'notLoaded', 'waiting'] as const;

export type TrustClass = (typeof trustClasses)[number];

/** The classes of proxies whose roots are known. */
export const rootClasses = ['both', 'istioCa', 'meshCa', 'otherRoots'] as const satisfies readonly TrustClass[];

export type RootClass = (typeof rootClasses)[number];

/** By the roots that were read; what was not read is a class of its own and never counts as trusting anything. */
export function trustClassOf(row: TrustRow): TrustClass {
  return row.state === 'read' ? rootClassOf(row) : row.state;
}

function rootClassOf(row: TrustRow): RootClass {
  const istioCa = row.roots.some((root) => root.label === 'CITADEL');
  const meshCa = row.roots.some((root) => root.label === 'MESHCA');
  if (istioCa) return meshCa ? 'both' : 'istioCa';
  return meshCa ? 'meshCa' : 'otherRoots';
}
