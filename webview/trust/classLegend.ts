// The classes of proxies with their numbers, each a filter of the table.
import { message } from '../../src/shared/text/message.js';
import type { TrustClass } from '../../src/shared/trustClass.js';
import { rootClasses, trustClasses } from '../../src/shared/trustClass.js';
import { classNames } from './classMessages.js';
import { createElement, setAttribute, setHidden, setText } from './dom.js';
import type { PageActions, PagePart } from './pageFrame.js';
import type { RowFilter } from './rowFilter.js';

/** Shown even when nobody is in them: their zero is news. */
const lastingClasses: readonly TrustClass[] = ['both', 'istioCa', 'meshCa', 'unknown'];

/** The filter that leaves this class alone. */
export function filterOf(name: TrustClass): Pick<RowFilter, 'state' | 'roots'> {
  const roots = rootClasses.find((candidate) => candidate === name);
  if (roots !== undefined) return { state: undefined, roots };
  return { roots: undefined, state: name === 'unknown' || name === 'notLoaded' || name === 'waiting' ? name : undefined };
}

export function createLegend({ act }: PageActions): PagePart {
  const entries = trustClasses.map((name) => {
    const count = createElement('span', { className: 'count' });
    const label = createElement('span');
    const swatch = createElement('span', { className: `swatch fill-${name}`, attributes: { 'aria-hidden': 'true' } });
    const button = createElement('button', { className: 'legendButton', attributes: { type: 'button' }, children: [swatch, count, label] });
    button.addEventListener('click', () => {
      const pressed = button.getAttribute('aria-pressed') === 'true';
      act({ type: 'filter', payload: pressed ? { state: undefined, roots: undefined } : filterOf(name) });
    });
    return { name, count, label, button, element: createElement('li', { children: [button] }) };
  });
  const element = createElement('ul', { className: 'legend podsLegend', children: entries.map((entry) => entry.element) });
  return {
    element,
    draw: ({ summary, state, say }) => {
      setHidden(element, summary.total === 0);
      setAttribute(element, 'aria-label', say(message('trust.page.summary')));
      for (const { name, count, label, button, element: item } of entries) {
        const wanted = filterOf(name);
        setHidden(item, summary.counts[name] === 0 && !lastingClasses.includes(name));
        setText(count, String(summary.counts[name]));
        setText(label, say(classNames[name]));
        setAttribute(button, 'aria-pressed', String(state.filter.state === wanted.state && state.filter.roots === wanted.roots));
        setAttribute(button, 'title', say(message('trust.page.summary.onlyClass', { what: classNames[name] })));
      }
    },
  };
}
