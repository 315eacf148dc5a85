// The Certificates: when what expires, and each distinct root and issuer with who trusts it and who is signed under it.
import type { Message } from '../../src/shared/text/message.js';
import { message } from '../../src/shared/text/message.js';
import type { CertificateRole } from '../../src/shared/certificateHolding.js';
import { createCertificateCard } from './certificateCard.js';
import { createElement, setHidden } from './dom.js';
import { createCalendars } from './expiryCalendar.js';
import type { PageActions, PageFrame, PagePart } from './pageFrame.js';
import { createChangeGate, keepFocus } from './redraw.js';
import { createWorkingView } from './workingView.js';

const roles: readonly (readonly [CertificateRole, Message])[] = [
  ['anchor', message('panel.certificates.anchor')],
  ['leafIssuer', message('panel.certificates.leafIssuer')],
  ['issuer', message('panel.certificates.issuer')],
];

export function createCertificatesView(actions: PageActions): PagePart {
  const working = createWorkingView(actions);
  const contents = createElement('div', { className: 'certificateContents' });
  const isChanged = createChangeGate();
  return {
    element: createElement('div', { className: 'certificates scrolled', children: [working.element, contents] }),
    draw: (frame) => {
      const { connected, certificates, now } = frame.state;
      const ready = connected && certificates !== undefined && certificates.holdings.length > 0;
      setHidden(contents, !ready);
      working.draw(frame, ready);
      if (!ready || !isChanged(certificates, frame.say, frame.showMoment, Math.floor(now / 60_000))) return;
      keepFocus(contents, () => {
        contents.replaceChildren(...sections(frame, actions));
      });
    },
  };
}

function sections(frame: PageFrame, actions: PageActions): readonly Node[] {
  const { certificates } = frame.state;
  if (certificates === undefined) return [];
  const lists = roles.flatMap(([role, title]) => {
    const cards = certificates.holdings.filter((holding) => holding.role === role).map((holding) => createCertificateCard(holding, frame, actions));
    if (cards.length === 0) return [];
    const words = frame.say(title);
    return [createElement('section', { className: 'certificateList', attributes: { 'aria-label': words }, children: [createElement('h2', { text: words }), ...cards] })];
  });
  return [createCalendars(certificates, frame), ...lists];
}
