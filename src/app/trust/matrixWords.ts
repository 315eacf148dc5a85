// The words for what a matrix holds, for the page and the command line: what a class is called, why it is not known, why a
// pair fails.
import type { Authentication, BrokenReason, Side, UnknownReason } from '../../domain/trust/authentication.js';
import type { NamedRoot } from '../../domain/trust/proxyTrust.js';
import type { UnknownTrust } from '../../domain/trust/trustClasses.js';
import { assertNever } from '../../shared/assertNever.js';
import { failureMessage } from '../../shared/failure.js';
import type { Message, TextArgument } from '../../shared/text/message.js';
import { message } from '../../shared/text/message.js';

/** A, B, … Z, AA, AB, … */
export function className(index: number): string {
  const letter = String.fromCharCode(65 + (index % 26));
  return index < 26 ? letter : className(Math.floor(index / 26) - 1) + letter;
}

/** The names of the classes on both sides of a pair. */
export type PairNames = Readonly<Record<Side, string>>;

/** Every reason of a pair that does not authenticate, each naming its side; `nameRoot` says how roots are written there. */
export function pairReasons(pair: Authentication, names: PairNames, nameRoot: (root: NamedRoot) => TextArgument): readonly Message[] {
  switch (pair.kind) {
    case 'authenticates':
      return [];
    case 'broken':
      return [...pair.reasons.map((reason) => brokenMessage(reason, names, nameRoot)), ...modeMessages(pair, names)];
    case 'unknown':
      return pair.reasons.map((reason) => unknownMessage(reason, names));
    default:
      return assertNever(pair);
  }
}

export function unknownTrustMessage(why: UnknownTrust): Message {
  switch (why.kind) {
    case 'unread':
      return failureMessage(why.failure);
    case 'unforeseen':
      return why.why;
    case 'ambiguousRoots':
      return message('matrix.why.ambiguousRoots', { subject: why.subject.replaceAll('\n', ', ') });
    case 'conflictingRoots':
    case 'noIdentity':
      return message(`matrix.why.${why.kind}`);
    case 'warming':
    case 'rootsNotLoaded':
    case 'certificateNotLoaded':
    case 'unverified':
      return message(`trust.why.${why.kind}`);
    default:
      return assertNever(why);
  }
}

/** What the broken pair means for traffic, where that is known. */
function modeMessages({ serverMtls = 'unknown' }: Extract<Authentication, { kind: 'broken' }>, names: PairNames): readonly Message[] {
  return serverMtls === 'unknown' ? [] : [message(`surveys.pair.${serverMtls}`, { side: sideMessage('server', names) })];
}

function sideMessage(side: Side, names: PairNames): Message {
  return message(`matrix.side.${side}`, { name: names[side] });
}

function brokenMessage(reason: BrokenReason, names: PairNames, nameRoot: (root: NamedRoot) => TextArgument): Message {
  const side = sideMessage(reason.side, names);
  switch (reason.kind) {
    case 'noAnchor':
    case 'anchorExpired':
    case 'anchorNotYetValid':
      return message(`matrix.broken.${reason.kind}`, { side, root: nameRoot(reason.root) });
    case 'anchorOfOtherDomain':
      return message('matrix.broken.anchorOfOtherDomain', { side, root: nameRoot(reason.root), domain: reason.domain });
    case 'certificateExpired':
    case 'certificateNotYetValid':
      return message(`matrix.broken.${reason.kind}`, { side });
    case 'domainNotAccepted':
      return message('matrix.broken.domainNotAccepted', { side, domain: reason.domain });
    default:
      return assertNever(reason);
  }
}

function unknownMessage(reason: UnknownReason, names: PairNames): Message {
  const side = sideMessage(reason.side, names);
  if (reason.kind === 'domains') return message('matrix.unknown.domains', { side });
  return message('matrix.unknown.proxies', { side, why: unknownTrustMessage(reason.why) });
}
