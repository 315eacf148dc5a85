// The line between summary and table: search, four facets, and how much of the whole they leave.
import type { Message } from '../../src/shared/text/message.js';
import { message } from '../../src/shared/text/message.js';
import type { TrustState } from '../../src/shared/trustRows.js';
import { classNames } from './classMessages.js';
import { createElement, setHidden, setText } from './dom.js';
import type { FacetOption } from './facetSelect.js';
import { createFacetSelect } from './facetSelect.js';
import type { PageActions, PageFrame, PagePart } from './pageFrame.js';
import { isFiltering } from './rowFilter.js';
import { createTextField } from './toolkit.js';
import { rootClasses } from './trustClass.js';

const stateNames: readonly (readonly [TrustState, Message])[] = [
  ['read', message('trust.page.state.read')],
  ['unknown', message('trust.page.state.unknown')],
  ['notLoaded', message('trust.page.state.notLoaded')],
  ['waiting', message('trust.page.state.waiting')],
];

export function createFilterBar(actions: PageActions): PagePart {
  const search = createTextField((text) => {
    actions.act({ type: 'filter', payload: { text } });
  });
  search.element.classList.add('search');
  const facets = createFacets(actions);
  const clear = createElement('button', { className: 'link', attributes: { type: 'button' } });
  clear.addEventListener('click', () => {
    actions.act({ type: 'clearFilters', payload: {} });
    search.element.focus();
  });
  const shown = createElement('span', { className: 'shown' });
  const element = createElement('div', { className: 'filters', attributes: { role: 'search' }, children: [search.element, facets.element, shown, clear] });
  return {
    element,
    draw: (frame) => {
      const { state, rows, summary, say } = frame;
      setHidden(element, summary.total === 0);
      search.setLabels(say(message('trust.page.search')), say(message('trust.page.search.placeholder')));
      search.setValue(state.filter.text);
      facets.draw(frame);
      const filtering = isFiltering(state.filter);
      setHidden(shown, !filtering);
      setHidden(clear, !filtering);
      setText(shown, say(message('trust.page.filter.shown', { shown: rows.shown.length, total: summary.total })));
      setText(clear, say(message('trust.page.filter.clear')));
    },
  };
}

function createFacets({ act }: PageActions): PagePart {
  const cluster = createFacetSelect((value) => {
    act({ type: 'filter', payload: { cluster: value } });
  });
  const namespace = createFacetSelect((value) => {
    act({ type: 'filter', payload: { namespace: value } });
  });
  const state = createFacetSelect((value) => {
    act({ type: 'filter', payload: { state: stateNames.find(([name]) => name === value)?.[0] } });
  });
  const roots = createFacetSelect((value) => {
    act({ type: 'filter', payload: { roots: rootClasses.find((name) => name === value) } });
  });
  const element = createElement('div', { className: 'facets', children: [cluster, namespace, state, roots].map((facet) => facet.element) });
  let drawn: PageFrame | undefined;
  return {
    element,
    draw: (frame) => {
      const { filter } = frame.state;
      const { say, summary } = frame;
      // A scroll draws the page as well, and two thousand namespaces are much to compare for nothing.
      if (drawn?.state.filter === filter && drawn.say === say && drawn.summary === summary) return;
      drawn = frame;
      const word = (name: Message): string => say(name);
      setHidden(cluster.element, summary.clusters.length < 2 && filter.cluster === undefined);
      cluster.draw(word(message('trust.page.filter.cluster')), word(message('trust.page.filter.cluster.all')), clusterOptions(frame), filter.cluster);
      namespace.draw(
        word(message('trust.page.filter.namespace')),
        word(message('trust.page.filter.namespace.all')),
        summary.namespaces.map((name) => ({ value: name, label: name, isName: true })),
        filter.namespace,
      );
      const states = stateNames.map(([value, name]) => ({ value, label: say(name), isName: false }));
      state.draw(word(message('trust.page.filter.state')), word(message('trust.page.filter.state.all')), states, filter.state);
      const classes = rootClasses.map((value) => ({ value, label: say(classNames[value]), isName: false }));
      roots.draw(word(message('trust.page.filter.roots')), word(message('trust.page.filter.roots.all')), classes, filter.roots);
    },
  };
}

function clusterOptions({ summary }: PageFrame): readonly FacetOption[] {
  return summary.clusters.map(({ context, name }) => ({ value: context, label: name, isName: true }));
}
