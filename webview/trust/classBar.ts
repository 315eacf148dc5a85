// A bar with one segment for each class of proxies. Pattern and colour tell the classes apart; the numbers are in words beside it.
import { message } from '../../src/shared/text/message.js';
import type { RenderText } from '../../src/shared/text/render.js';
import { classNames } from './classMessages.js';
import { createElement, setAttribute, setHidden } from './dom.js';
import type { ClassCounts } from './meshSummary.js';
import { trustClasses } from './trustClass.js';

export interface ClassBar {
  readonly element: HTMLElement;
  draw(counts: ClassCounts, say: RenderText): void;
}

export function createClassBar(): ClassBar {
  const segments = trustClasses.map((name) => ({ name, element: createElement('span', { className: `segment fill-${name}` }) }));
  const element = createElement('div', { className: 'bar', attributes: { role: 'img' }, children: segments.map((segment) => segment.element) });
  return {
    element,
    draw: (counts, say) => {
      for (const segment of segments) {
        const count = counts[segment.name];
        setHidden(segment.element, count === 0);
        if (segment.element.style.flexGrow !== String(count)) segment.element.style.flexGrow = String(count);
      }
      const present = trustClasses.filter((name) => counts[name] > 0);
      const words = present.map((name) => say(message('trust.page.class.count', { count: counts[name], what: classNames[name] })));
      setAttribute(element, 'aria-label', words.join(', '));
      setHidden(element, present.length === 0);
    },
  };
}
