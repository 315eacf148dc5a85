// The words for what a matrix holds: why a class is not known, why a pair fails, what a class is called.
import { rootBadge } from '../app/trust/trustPresenter.js';
import { assertNever } from '../shared/assertNever.js';
import type { ProxyTarget } from '../app/trust/proxyTargets.js';
import { clusterName } from '../domain/cluster.js';
import type { Authentication, BrokenReason, Side, UnknownReason } from '../domain/trust/authentication.js';
import type { NamedRoot } from '../domain/trust/proxyTrust.js';
import type { UnknownTrust } from '../domain/trust/trustClasses.js';
import { failureMessage } from '../shared/failure.js';
import type { Message } from '../shared/text/message.js';
import { message } from '../shared/text/message.js';
import type { RenderText } from '../shared/text/render.js';
import { rootText } from './renderSurvey.js';

/** A, B, … Z, AA, AB, … */
export function className(index: number): string {
  const letter = String.fromCharCode(65 + (index % 26));
  return index < 26 ? letter : className(Math.floor(index / 26) - 1) + letter;
}

/** A pod as one can find it. */
export function podText({ cluster, pod }: ProxyTarget): string {
  return `${pod.namespace}/${pod.name} (${clusterName(cluster)})`;
}

export function namedRootText(root: NamedRoot, render: RenderText): string {
  return rootText(rootBadge(root), render);
}

export function unknownTrustMessage(why: UnknownTrust): Message {
  switch (why.kind) {
    case 'unread':
      return failureMessage(why.failure);
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

/** The names of the classes on both sides of a pair. */
export type PairNames = Readonly<Record<Side, string>>;

/** Every reason of a pair that does not authenticate, each naming its side. */
export function reasonTexts(pair: Authentication, names: PairNames, render: RenderText): readonly string[] {
  switch (pair.kind) {
    case 'authenticates':
      return [];
    case 'broken':
      return pair.reasons.map((reason) => render(brokenMessage(reason, names, render)));
    case 'unknown':
      return pair.reasons.map((reason) => render(unknownMessage(reason, names)));
    default:
      return assertNever(pair);
  }
}

function sideMessage(side: Side, names: PairNames): Message {
  return message(`matrix.side.${side}`, { name: names[side] });
}

function brokenMessage(reason: BrokenReason, names: PairNames, render: RenderText): Message {
  const side = sideMessage(reason.side, names);
  switch (reason.kind) {
    case 'noAnchor':
    case 'anchorExpired':
      return message(`matrix.broken.${reason.kind}`, { side, root: namedRootText(reason.root, render) });
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
