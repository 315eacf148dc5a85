// One place in a cluster where an identity is written down, and what becomes of it when peers change their trust domain.
import type { Message } from '../../shared/text/message.js';

export type IdentityVerdict =
  /** Peers of the new domain will not match: what was allowed is refused, or what was refused is let through. */
  | 'breaks'
  /** Cannot be told from the object: a script, an outside service, a pattern. */
  | 'review'
  /** Matches before and after. */
  | 'holds';

export interface IdentityFinding {
  /** Stable over scans: what a waiver names (`identity:ID`). */
  readonly id: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** Where in the object, e.g. `spec.rules[0].from[1].source.principals[0]`. */
  readonly path: string;
  /** What is written there. */
  readonly value: string;
  readonly verdict: IdentityVerdict;
  readonly why: Message;
  /** What to write instead; undefined where only a person can say. */
  readonly proposal: string | undefined;
}
