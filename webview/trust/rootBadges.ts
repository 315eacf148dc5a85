// Roots as badges in migrate_ca's words, `[CITADEL MESHCA]`, with what is really known of each in the tooltip.
import { message } from '../../src/shared/text/message.js';
import type { RenderText } from '../../src/shared/text/render.js';
import type { RootBadge } from '../../src/shared/trustRows.js';
import { createData, createElement } from './dom.js';

export function createRootBadge(root: RootBadge, say: RenderText): HTMLElement {
  const badge = createData(root.label, `badge badge-${root.label.toLowerCase()}`);
  badge.title = say(message('trust.page.row.rootTooltip', { detail: root.detail, fingerprint: root.fingerprint }));
  return badge;
}

/** The badges between brackets; nothing between them when a proxy trusts no root. */
export function createRootBadges(roots: readonly RootBadge[], say: RenderText): HTMLElement {
  const list = createElement('span', { className: 'badges', attributes: { translate: 'no' } });
  list.append(createElement('span', { className: 'bracket', text: '[' }));
  for (const [position, root] of roots.entries()) list.append(position === 0 ? '' : ' ', createRootBadge(root, say));
  list.append(createElement('span', { className: 'bracket', text: ']' }));
  return list;
}

/** First and last bytes, enough to tell two roots apart by eye. The whole is what gets copied. */
export function shortFingerprint(fingerprint: string): string {
  const bytes = fingerprint.split(':');
  return bytes.length <= 8 ? fingerprint : `${bytes.slice(0, 4).join(':')}…${bytes.slice(-2).join(':')}`;
}
