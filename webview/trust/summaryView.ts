// How near the mesh is: the whole in one line and one bar, each class as a filter, each cluster with a bar of its own.
import { message } from '../../src/shared/text/message.js';
import type { RenderText } from '../../src/shared/text/render.js';
import { createClassBar } from './classBar.js';
import { classNames } from './classMessages.js';
import { createData, createElement, setAttribute, setHidden, setText } from './dom.js';
import type { ClusterSummary } from './meshSummary.js';
import type { PageActions, PageFrame, PagePart } from './pageFrame.js';
import type { RowFilter } from './rowFilter.js';
import type { TrustClass } from './trustClass.js';
import { rootClasses, trustClasses } from './trustClass.js';

/** Shown even when nobody is in them: their zero is news. */
const lastingClasses: readonly TrustClass[] = ['both', 'istioCa', 'meshCa', 'unknown'];

export function createSummary(actions: PageActions): PagePart {
  const headline = createElement('h2', { className: 'headline' });
  const showUnknown = createElement('button', { className: 'link', attributes: { type: 'button' } });
  showUnknown.addEventListener('click', () => {
    actions.act({ type: 'filter', payload: { ...everything, ...filterOf('unknown') } });
  });
  const bar = createClassBar();
  const legend = createLegend(actions);
  const clusters = createClusterList();
  const head = createElement('div', { className: 'summaryHead', children: [headline, showUnknown] });
  const element = createElement('section', { className: 'summary', children: [head, bar.element, legend.element, clusters.element] });
  return {
    element,
    draw: (frame) => {
      const { summary, say } = frame;
      setAttribute(element, 'aria-label', say(message('trust.page.summary')));
      setHidden(element, summary.total === 0);
      setText(headline, say(message('trust.page.summary.both', { both: summary.counts.both, total: summary.total })));
      setHidden(showUnknown, summary.counts.unknown === 0);
      setText(showUnknown, say(message('trust.page.summary.showUnknown', { count: summary.counts.unknown })));
      bar.draw(summary.counts, say);
      legend.draw(frame);
      clusters.draw(frame);
    },
  };
}

const everything: Partial<RowFilter> = { text: '', cluster: undefined, namespace: undefined };

function filterOf(name: TrustClass): Pick<RowFilter, 'state' | 'roots'> {
  const roots = rootClasses.find((candidate) => candidate === name);
  if (roots !== undefined) return { state: undefined, roots };
  return { roots: undefined, state: name === 'unknown' || name === 'notLoaded' || name === 'waiting' ? name : undefined };
}

function createLegend({ act }: PageActions): PagePart {
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
  const element = createElement('ul', { className: 'legend', children: entries.map((entry) => entry.element) });
  return {
    element,
    draw: ({ summary, state, say }) => {
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

/** One line for each cluster; nothing where there is only one, because the whole says the same. */
function createClusterList(): PagePart {
  const element = createElement('ul', { className: 'clusters' });
  const lines = new Map<string, ClusterLine>();
  return {
    element,
    draw: ({ summary, say }: PageFrame) => {
      const clusters = summary.clusters.length > 1 ? summary.clusters : [];
      setHidden(element, clusters.length === 0);
      const wanted = clusters.map((cluster) => {
        const line = lines.get(cluster.context) ?? createClusterLine();
        lines.set(cluster.context, line);
        line.draw(cluster, say);
        return line.element;
      });
      if (wanted.length !== element.children.length || wanted.some((line, index) => element.children[index] !== line)) element.replaceChildren(...wanted);
    },
  };
}

interface ClusterLine {
  readonly element: HTMLElement;
  draw(cluster: ClusterSummary, say: RenderText): void;
}

function createClusterLine(): ClusterLine {
  const name = createData('', 'clusterName');
  const bar = createClassBar();
  const numbers = createElement('span', { className: 'clusterNumbers' });
  const element = createElement('li', { children: [name, bar.element, numbers] });
  return {
    element,
    draw: ({ name: text, context, counts, total }, say) => {
      setText(name, text);
      name.title = context;
      bar.draw(counts, say);
      const { both, unknown } = counts;
      const said =
        unknown === 0
          ? message('trust.page.progress', { done: both, total })
          : message('trust.page.progressUnknown', { done: both, total, unknown });
      setText(numbers, say(said));
    },
  };
}
