// How far each cluster has come: one line each with a bar for trust and a bar for signing, and the legends of both.
import type { Message } from '../../src/shared/text/message.js';
import { message } from '../../src/shared/text/message.js';
import type { RenderText } from '../../src/shared/text/render.js';
import type { TrustClass } from '../../src/shared/trustClass.js';
import type { TrustCounts } from '../../src/shared/trustViews.js';
import { filterOf } from './classLegend.js';
import { createData, createElement, setHidden, setText } from './dom.js';
import type { PageActions, PageFrame, PagePart } from './pageFrame.js';
import { createChangeGate, keepFocus } from './redraw.js';
import type { Shares } from './shareBar.js';
import { createShareBar } from './shareBar.js';
import { signerShares, trustShares } from './shares.js';

export function createProgressTable({ act }: PageActions): PagePart {
  const lines = new Map<string, ProgressLine>();
  const head = createElement('div', { className: 'progressLine progressHead' });
  const body = createElement('div', { className: 'progressLines' });
  const legends = createElement('div', { className: 'progressLine legends' });
  const isChanged = createChangeGate();
  return {
    element: createElement('section', { className: 'progressTable', children: [head, body, legends] }),
    draw: (frame) => {
      const { say } = frame;
      const { overview } = frame.state;
      if (overview === undefined || !isChanged(overview, say)) return;
      const words = [message('panel.overview.cluster'), message('panel.overview.trust'), message('panel.overview.signing')];
      head.replaceChildren(...words.map((word) => createElement('span', { className: 'columnTitle', text: say(word) })));
      const whole = { key: '', name: message('panel.overview.mesh'), title: '', counts: overview };
      const clusters = overview.clusters.map((cluster) => ({ key: cluster.key, name: cluster.name, title: cluster.context, counts: cluster }));
      const wanted = (clusters.length === 1 ? clusters : [whole, ...clusters]).map(({ key, name, title, counts }) => {
        const line = lines.get(key) ?? createProgressLine();
        lines.set(key, line);
        line.draw(name, title, counts, say);
        return line.element;
      });
      if (wanted.length !== body.children.length || wanted.some((line, index) => body.children[index] !== line)) body.replaceChildren(...wanted);
      const show = (name: TrustClass): void => {
        act({ type: 'showPods', payload: { filter: filterOf(name) } });
      };
      keepFocus(legends, () => {
        legends.replaceChildren(createElement('span'), createShareLegend(trustShares, overview.trust, frame, show), createShareLegend(signerShares, overview.signing, frame));
      });
    },
  };
}

interface ProgressLine {
  readonly element: HTMLElement;
  draw(name: string | Message, title: string, counts: TrustCounts, say: RenderText): void;
}

function createProgressLine(): ProgressLine {
  const label = createElement('span', { className: 'clusterName' });
  const trust = createShareBar(trustShares);
  const signing = createShareBar(signerShares);
  const trustLabel = createElement('span', { className: 'narrowLabel dim' });
  const signingLabel = createElement('span', { className: 'narrowLabel dim' });
  const trusted = createElement('span', { className: 'barNumbers' });
  const signed = createElement('span', { className: 'barNumbers' });
  const element = createElement('div', {
    className: 'progressLine',
    children: [label, createElement('div', { className: 'barFrame', children: [trustLabel, trust.element, trusted] }), createElement('div', { className: 'barFrame', children: [signingLabel, signing.element, signed] })],
  });
  return {
    element,
    draw: (name, title, counts, say) => {
      if (typeof name === 'string') label.replaceChildren(createData(name));
      else label.replaceChildren(createElement('strong', { text: say(name) }));
      if (title !== '') {
        label.title = title;
        label.translate = false;
      }
      setText(trustLabel, say(message('panel.overview.trust')));
      setText(signingLabel, say(message('panel.overview.signing')));
      trust.draw(counts.trust, say);
      signing.draw(counts.signing, say);
      setText(trusted, say(message('panel.overview.ready', { ready: counts.trust.both, total: counts.total })));
      setText(signed, say(message('panel.overview.ready', { ready: counts.signing.meshCa, total: counts.total })));
    },
  };
}

/** Each class that somebody is in, with its number; a button where `show` leads to its proxies. */
function createShareLegend<Name extends string>(shares: Shares<Name>, counts: Readonly<Record<Name, number>>, { say }: PageFrame, show?: (name: Name) => void): HTMLElement {
  const items = shares.names.map((name) => {
    const parts = [
      createElement('span', { className: `swatch ${shares.fill(name)}`, attributes: { 'aria-hidden': 'true' } }),
      createElement('span', { className: 'count', text: String(counts[name]) }),
      createElement('span', { text: say(shares.words[name]) }),
    ];
    const item = createElement('li');
    setHidden(item, counts[name] === 0);
    if (show === undefined) item.append(createElement('span', { className: 'legendEntry', children: parts }));
    else {
      const button = createElement('button', { className: 'legendButton', attributes: { type: 'button', title: say(message('trust.page.summary.onlyClass', { what: shares.words[name] })) }, children: parts });
      button.addEventListener('click', () => {
        show(name);
      });
      item.append(button);
    }
    return item;
  });
  return createElement('ul', { className: 'legend', children: items });
}
