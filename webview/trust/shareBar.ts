// A bar with one segment for each class of proxies. Pattern and colour tell the classes apart; the numbers are in words beside it.
import type { Message } from '../../src/shared/text/message.js';
import { message } from '../../src/shared/text/message.js';
import type { RenderText } from '../../src/shared/text/render.js';
import { createElement, setAttribute, setHidden } from './dom.js';

/** The classes of a bar in their order, with the name of each one's pattern in media/trust.css and its words. */
export interface Shares<Name extends string> {
  readonly names: readonly Name[];
  readonly fill: (name: Name) => string;
  readonly words: Readonly<Record<Name, Message>>;
}

export interface ShareBar<Name extends string> {
  readonly element: HTMLElement;
  draw(counts: Readonly<Record<Name, number>>, say: RenderText): void;
}

export function createShareBar<Name extends string>({ names, fill, words }: Shares<Name>): ShareBar<Name> {
  const segments = names.map((name) => ({ name, element: createElement('span', { className: `segment ${fill(name)}` }) }));
  const element = createElement('div', { className: 'bar', attributes: { role: 'img' }, children: segments.map((segment) => segment.element) });
  return {
    element,
    draw: (counts, say) => {
      for (const segment of segments) {
        const count = counts[segment.name];
        setHidden(segment.element, count === 0);
        if (segment.element.style.flexGrow !== String(count)) segment.element.style.flexGrow = String(count);
      }
      const present = names.filter((name) => counts[name] > 0);
      const said = present.map((name) => say(message('trust.page.class.count', { count: counts[name], what: words[name] })));
      setAttribute(element, 'aria-label', said.join(', '));
      setHidden(element, present.length === 0);
    },
  };
}
