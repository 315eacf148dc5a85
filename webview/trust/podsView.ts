// The Pods view: classes and filters above, the table of proxies, and beside it the one that was asked about.
import { createLegend } from './classLegend.js';
import { createDetails } from './detailsView.js';
import { createElement } from './dom.js';
import { createEmptyView } from './emptyView.js';
import { createFilterBar } from './filterBar.js';
import type { PageActions, PagePart } from './pageFrame.js';
import { createTable } from './tableView.js';

export function createPodsView(actions: PageActions, askForDraw: () => void): PagePart {
  const table = createTable(actions, askForDraw);
  const empty = createEmptyView(actions);
  const details = createDetails(actions, () => {
    table.focus();
  });
  const legend = createLegend(actions);
  const filters = createFilterBar(actions);
  const tableFrame = createElement('div', { className: 'tableFrame', children: [table.element, empty.element] });
  const main = createElement('div', { className: 'main', children: [tableFrame, details.element] });
  const parts = [legend, filters, table, empty, details];
  return {
    element: createElement('div', { className: 'pods', children: [legend.element, filters.element, main] }),
    draw: (frame) => {
      for (const part of parts) part.draw(frame);
    },
  };
}
