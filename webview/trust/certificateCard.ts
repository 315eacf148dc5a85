// One root or issuer: what it is by its key, who holds it where, until when, and what is remarkable about it.
import type { CertificateHolding, ClusterHolders } from '../../src/shared/certificateHolding.js';
import type { Message } from '../../src/shared/text/message.js';
import { message } from '../../src/shared/text/message.js';
import { createData, createElement } from './dom.js';
import { createIcon } from './icons.js';
import type { PageActions, PageFrame } from './pageFrame.js';
import { createIconButton, nameButton } from './redraw.js';
import { createRootBadge, shortFingerprint } from './rootBadges.js';
import { relativeTime } from './validity.js';

/** An authority that ends within this time is worth a warning: replacing a root takes a migration of its own. */
const soonMs = 90 * 86_400_000;
/** Namespaces that are written out of a cluster's holders. */
const namedNamespaces = 6;

export function createCertificateCard(holding: CertificateHolding, frame: PageFrame, actions: PageActions): HTMLElement {
  const { say } = frame;
  const title = createElement('div', {
    className: 'cardTitle',
    children: [
      createRootBadge(holding.name, say),
      createElement('strong', { className: 'wrap', text: say(holding.name.detail) }),
      createElement('span', { className: 'cardCounts', text: countsOf(holding).map(say).join(' · ') }),
    ],
  });
  const warnings = [...holding.remarks, ...validityRemark(holding, frame)].map((remark) =>
    createElement('div', { className: 'why', children: [createIcon('warning'), createElement('span', { text: say(remark) })] }),
  );
  return createElement('article', { className: 'card', children: [title, ...warnings, createFacts(holding, frame, actions)] });
}

function countsOf({ role, anchoredBy, signs }: CertificateHolding): readonly Message[] {
  const trusted = message('panel.certificates.trustedBy', { count: anchoredBy });
  const signed = message('panel.certificates.signs', { count: signs });
  return role === 'anchor' ? [trusted, signed] : [signed];
}

function validityRemark({ notAfter }: CertificateHolding, { state }: PageFrame): readonly Message[] {
  const when = relativeTime(notAfter, state.now);
  if (notAfter <= state.now) return [message('panel.certificates.expired', { when })];
  return notAfter - state.now < soonMs ? [message('panel.certificates.expiring', { when })] : [];
}

function createFacts(holding: CertificateHolding, { say, showMoment, state }: PageFrame, { send }: PageActions): HTMLElement {
  const { fingerprint, name, subject, source, serial, keyAlgorithm, notBefore, notAfter, holders } = holding;
  const list = createElement('dl', { className: 'cardFacts' });
  const add = (word: Message, ...values: readonly Node[]): void => {
    list.append(createElement('dt', { text: say(word) }), createElement('dd', { children: values }));
  };
  const copy = createIconButton('copy', () => {
    send('copy', { text: fingerprint });
  });
  nameButton(copy, say(message('panel.certificates.copy', { name: name.detail })));
  const short = createData(shortFingerprint(fingerprint), 'mono');
  short.title = fingerprint;
  add(message('panel.certificates.fingerprint'), short, copy);
  add(message('panel.certificates.subject'), createData(subject, 'mono wrap'));
  add(message('panel.certificates.source'), createElement('span', { text: say(source) }));
  const range = message('trust.page.details.validityRange', { from: showMoment(notBefore), until: showMoment(notAfter) });
  const left = createElement('span', { text: say(relativeTime(notAfter, state.now)) });
  add(message('panel.certificates.validity'), createElement('span', { className: 'cardValidity', children: [left, createElement('span', { className: 'dim', text: say(range) })] }));
  add(message('panel.certificates.key'), createData(keyAlgorithm));
  add(message('panel.certificates.serial'), createData(serial, 'mono wrap'));
  if (holders.length > 0) add(message('panel.certificates.holders'), createElement('ul', { className: 'holders', children: holders.map((cluster) => createHolders(cluster, say)) }));
  return list;
}

function createHolders({ cluster, context, namespaces }: ClusterHolders, say: PageFrame['say']): HTMLElement {
  const name = createData(cluster, 'holderCluster');
  name.title = context;
  const most = [...namespaces].sort((one, other) => other.anchoredBy + other.signs - one.anchoredBy - one.signs).slice(0, namedNamespaces);
  const items = most.map(({ namespace, anchoredBy, signs }) => {
    const words = [
      ...(anchoredBy === 0 ? [] : [message('panel.certificates.trusted', { count: anchoredBy })]),
      ...(signs === 0 ? [] : [message('panel.certificates.signed', { count: signs })]),
    ];
    return createElement('span', { className: 'holder', children: [createData(namespace), createElement('span', { className: 'dim', text: words.map(say).join(', ') })] });
  });
  const more = namespaces.length - most.length;
  const rest = more === 0 ? [] : [createElement('span', { className: 'dim', text: say(message('panel.certificates.more', { count: more })) })];
  return createElement('li', { children: [name, createElement('span', { className: 'holderList', children: [...items, ...rest] })] });
}
