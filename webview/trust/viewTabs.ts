// The tab list of the four views: one is shown, arrow keys go round, and the tab that is chosen is the one that Tab reaches.
import type { Message } from '../../src/shared/text/message.js';
import { message } from '../../src/shared/text/message.js';
import type { TrustView } from '../../src/shared/trustViews.js';
import { trustViews } from '../../src/shared/trustViews.js';
import { createElement, setAttribute, setText } from './dom.js';
import type { PageActions, PagePart } from './pageFrame.js';

const viewNames: Readonly<Record<TrustView, Message>> = {
  overview: message('panel.view.overview'),
  pods: message('panel.view.pods'),
  matrix: message('panel.view.matrix'),
  certificates: message('panel.view.certificates'),
};

/** The element ids that bind a tab and its panel to each other. */
export function tabIds(view: TrustView): { readonly tab: string; readonly panel: string } {
  return { tab: `tab-${view}`, panel: `panel-${view}` };
}

export function createViewTabs({ act }: PageActions): PagePart {
  const tabs = trustViews.map((view) => ({ view, element: createTab(view, act) }));
  const element = createElement('div', { className: 'tabs', attributes: { role: 'tablist' }, children: tabs.map((tab) => tab.element) });
  element.addEventListener('keydown', (event) => {
    const current = tabs.findIndex((tab) => tab.element === event.target);
    const next = current < 0 ? undefined : tabs[tabAfterKey(event.key, current, tabs.length) ?? -1];
    if (next === undefined) return;
    event.preventDefault();
    next.element.focus();
    act({ type: 'show', payload: { view: next.view } });
  });
  return {
    element,
    draw: ({ state, say }) => {
      setAttribute(element, 'aria-label', say(message('panel.views')));
      for (const { view, element: tab } of tabs) {
        setText(tab, say(viewNames[view]));
        setAttribute(tab, 'aria-selected', String(view === state.view));
        setAttribute(tab, 'tabindex', view === state.view ? '0' : '-1');
      }
    },
  };
}

function createTab(view: TrustView, act: PageActions['act']): HTMLButtonElement {
  const { tab, panel } = tabIds(view);
  const element = createElement('button', { className: 'tab', attributes: { type: 'button', role: 'tab', id: tab, 'aria-controls': panel } });
  element.addEventListener('click', () => {
    act({ type: 'show', payload: { view } });
  });
  return element;
}

/** The tab to go to; undefined for a key that goes nowhere. */
export function tabAfterKey(key: string, current: number, count: number): number | undefined {
  switch (key) {
    case 'ArrowRight':
      return (current + 1) % count;
    case 'ArrowLeft':
      return (current + count - 1) % count;
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return undefined;
  }
}
