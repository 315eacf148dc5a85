// Says that the survey comes from a file, of what moment it is, and how to come back to the clusters.
import { message } from '../../src/shared/text/message.js';
import { createElement, setHidden, setText } from './dom.js';
import { createIcon } from './icons.js';
import type { PageActions, PagePart } from './pageFrame.js';

export function createSavedNotice({ send }: PageActions): PagePart {
  const words = createElement('span', { className: 'wrap' });
  const live = createElement('button', { className: 'link', attributes: { type: 'button' } });
  live.addEventListener('click', () => {
    send('survey', {});
  });
  const element = createElement('div', { className: 'savedNotice', children: [createIcon('file'), words, live] });
  return {
    element,
    draw: ({ state, say, showMoment }) => {
      const { saved, chosen } = state;
      setHidden(element, saved === undefined);
      if (saved === undefined) return;
      setText(words, say(message('panel.offline', { file: saved.file, moment: showMoment(saved.surveyedAt) })));
      setHidden(live, chosen.length === 0);
      setText(live, say(message('panel.offline.live')));
    },
  };
}
