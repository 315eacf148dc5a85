// Tells screen readers how the survey goes: seldom enough to be listened to.
import { createElement, setText } from './dom.js';
import type { PagePart } from './pageFrame.js';
import { announcementOf } from './pageStatus.js';

export function createAnnouncer(): PagePart {
  const element = createElement('div', { className: 'unseen', attributes: { role: 'status', 'aria-live': 'polite' } });
  let stage: string | undefined;
  return {
    element,
    draw: ({ state, say }) => {
      if (!state.connected) return;
      const announcement = announcementOf(state.progress);
      const isNews = announcement !== undefined && announcement.stage !== stage;
      // A survey that was over before the page was opened is no news.
      const wasHere = stage !== undefined || state.progress.running;
      stage = announcement?.stage ?? '';
      if (isNews && wasHere) setText(element, say(announcement.text));
    },
  };
}
