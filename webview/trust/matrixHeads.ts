// The heads of the matrix: a class of proxies in words, whole beside its row and short above its column.
import { message } from '../../src/shared/text/message.js';
import type { Message } from '../../src/shared/text/message.js';
import type { RenderText } from '../../src/shared/text/render.js';
import type { MatrixClass, MatrixPlace } from '../../src/shared/trustViews.js';
import { createData, createElement } from './dom.js';
import { createIcon } from './icons.js';
import { createRootBadge, createRootBadges } from './rootBadges.js';

export function createColumnHead({ name, count, roots, identity }: MatrixClass, say: RenderText): HTMLElement {
  const title = createElement('span', { className: 'className', text: name, attributes: { translate: 'no' } });
  const known = identity !== undefined;
  const parts = [title, createElement('span', { className: 'dim', text: String(count) }), ...(known ? [createRootBadges(roots, say)] : [createIcon('unknown')])];
  return createElement('th', { className: 'columnHead', attributes: { scope: 'col' }, children: [createElement('div', { children: parts })] });
}

export function createRowHead(one: MatrixClass, say: RenderText): HTMLElement {
  const title = createElement('div', {
    className: 'classTitle',
    children: [
      createElement('span', { className: 'className', text: one.name, attributes: { translate: 'no' } }),
      createElement('strong', { text: say(message('panel.matrix.members', { count: one.count })) }),
      createElement('span', { className: 'dim cut', text: one.places.map((place) => say(placeMessage(place, say))).join(', ') }),
    ],
  });
  const facts = one.identity === undefined ? [] : [createFacts(one, say)];
  const remarks = one.remarks.map((remark) => createElement('div', { className: 'classRemark', children: [createIcon('warning'), createElement('span', { text: say(remark) })] }));
  return createElement('th', { className: 'rowHead', attributes: { scope: 'row' }, children: [createElement('div', { children: [title, ...facts, ...remarks] })] });
}

function placeMessage({ cluster, revisions }: MatrixPlace, say: RenderText): Message {
  const names = revisions.map((revision) => revision ?? say(message('panel.reason.noRevision')));
  return message('panel.matrix.place', { cluster, revisions: names.join(', ') });
}

/** Trusts, signed by, identity, accepted domains and how it takes connections, each a word and a value. */
function createFacts({ roots, signedBy, identity = '', accepts, mode }: MatrixClass, say: RenderText): HTMLElement {
  const fact = (word: Message, ...values: readonly Node[]): HTMLElement =>
    createElement('span', { className: 'classFact', children: [createElement('span', { className: 'dim', text: say(word) }), ...values] });
  const accepted = accepts === undefined ? createElement('span', { text: say(message('panel.matrix.acceptsUnknown')) }) : createData(accepts.join(', '), 'mono wrap');
  return createElement('div', {
    className: 'classFacts',
    children: [
      fact(message('panel.matrix.trusts'), createRootBadges(roots, say)),
      ...(signedBy === undefined ? [] : [fact(message('panel.matrix.signedBy'), createRootBadge(signedBy, say))]),
      fact(message('panel.matrix.identity'), createData(identity, 'mono wrap')),
      fact(message('panel.matrix.accepts'), accepted),
      ...(mode === undefined ? [] : [fact(message('panel.matrix.mode'), createElement('span', { text: say(message(`panel.matrix.mode.${mode}`)) }))]),
    ],
  });
}
