// What is to be said about the survey as a whole, e.g. a cluster that could not be reached.
import type { Message } from '../../src/shared/text/message.js';
import type { RenderText } from '../../src/shared/text/render.js';
import { createElement, setHidden } from './dom.js';
import { createIcon } from './icons.js';
import type { PagePart } from './pageFrame.js';

export function createNotices(): PagePart {
  const element = createElement('ul', { className: 'notices' });
  let drawn: readonly Message[] | undefined;
  let drawnBy: RenderText | undefined;
  return {
    element,
    draw: ({ state, say }) => {
      if (drawn === state.notices && drawnBy === say) return;
      drawn = state.notices;
      drawnBy = say;
      setHidden(element, drawn.length === 0);
      element.replaceChildren(...drawn.map((notice) => createElement('li', { children: [createIcon('warning'), createElement('span', { text: say(notice) })] })));
    },
  };
}
