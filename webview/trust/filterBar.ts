// The line between summary and table: search, four facets, and how much of the whole they leave.
import type { Message } from '../../src/shared/text/message.js';
import { message } from '../../src/shared/text/message.js';
import type { TrustState } from '../../src/shared/trustRows.js';
import type { GatePhase } from '../../src/shared/trustViews.js';
import { gatePhases } from '../../src/shared/trustViews.js';
import { classNames } from './classMessages.js';
import { createElement, setHidden, setText } from './dom.js';
import type { FacetOption } from './facetSelect.js';
import { createFacetSelect } from './facetSelect.js';
import type { PageActions, PageFrame, PagePart } from './pageFrame.js';
import { isFiltering } from './rowFilter.js';
import type { RowGrouping } from './rowGroups.js';
import { rowGroupings } from './rowGroups.js';
import { createTextField } from './toolkit.js';
import { rootClasses } from '../../src/shared/trustClass.js';

const stateNames: readonly (readonly [TrustState, Message])[] = [
  ['read', message('trust.page.state.read')],
  ['unknown', message('trust.page.state.unknown')],
  ['notLoaded', message('trust.page.state.notLoaded')],
  ['waiting', message('trust.page.state.waiting')],
];

const gateNames: Readonly<Record<GatePhase, Message>> = { trust: message('panel.filter.gate.trust'), signing: message('panel.filter.gate.signing') };

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
  const group = createGroupSelect(actions);
  const shown = createElement('span', { className: 'shown' });
  const element = createElement('div', { className: 'filters', attributes: { role: 'search' }, children: [search.element, facets.element, group.element, shown, clear] });
  return {
    element,
    draw: (frame) => {
      const { state, rows, summary, say } = frame;
      setHidden(element, summary.total === 0);
      search.setLabels(say(message('trust.page.search')), say(message('trust.page.search.placeholder')));
      search.setValue(state.filter.text);
      facets.draw(frame);
      group.draw(frame);
      const filtering = isFiltering(state.filter);
      setHidden(shown, !filtering);
      setHidden(clear, !filtering);
      setText(shown, say(message('trust.page.filter.shown', { shown: rows.shown.length, total: summary.total })));
      setText(clear, say(message('trust.page.filter.clear')));
    },
  };
}

const groupNames: Readonly<Record<RowGrouping, Message>> = {
  none: message('panel.group.none'),
  cluster: message('panel.group.cluster'),
  namespace: message('panel.group.namespace'),
  class: message('panel.group.class'),
  revision: message('panel.group.revision'),
};

function createGroupSelect({ act }: PageActions): PagePart {
  const select = createFacetSelect((value) => {
    act({ type: 'group', payload: { grouping: rowGroupings.find((name) => name === value) ?? 'none' } });
  });
  return {
    element: select.element,
    draw: ({ state, say }) => {
      const options = rowGroupings.filter((name) => name !== 'none').map((value) => ({ value, label: say(groupNames[value]), isName: false }));
      select.draw(say(message('panel.group')), say(groupNames.none), options, state.grouping === 'none' ? undefined : state.grouping);
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
  const gate = createFacetSelect((value) => {
    act({ type: 'filter', payload: { gate: gatePhases.find((phase) => phase === value) } });
  });
  const element = createElement('div', { className: 'facets', children: [cluster, namespace, state, roots, gate].map((facet) => facet.element) });
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
      const gates = gatePhases.map((value) => ({ value, label: say(gateNames[value]), isName: false }));
      gate.draw(word(message('panel.filter.gate')), word(message('panel.filter.gate.all')), gates, filter.gate);
    },
  };
}

function clusterOptions({ summary }: PageFrame): readonly FacetOption[] {
  return summary.clusters.map(({ key, name }) => ({ value: key, label: name, isName: true }));
}
