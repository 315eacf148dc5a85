// What has changed since the survey before: counts, and the proxies with what they were and are.
import { message } from '../../src/shared/text/message.js';
import type { ChangedProxy, DifferenceView } from '../../src/shared/trustViews.js';
import { createData, createElement } from './dom.js';
import type { PageActions, PageFrame } from './pageFrame.js';
import { createTextButton } from './redraw.js';

export function createDifference(difference: DifferenceView | undefined, { say, showMoment, state }: PageFrame, { act }: PageActions): HTMLElement {
  const since = difference?.since;
  const title = since === undefined ? message('panel.difference') : message('panel.difference.at', { moment: showMoment(since) });
  const heading = createElement('h2', { text: say(title) });
  return createElement('section', { className: 'difference', attributes: { 'aria-label': say(title) }, children: [heading, ...contents()] });

  function contents(): readonly Node[] {
    if (difference === undefined) return [createElement('p', { className: 'dim', text: say(message('panel.difference.first')) })];
    const { added, gone, changed, list, more } = difference;
    if (added + gone + changed === 0) return [createElement('p', { className: 'dim', text: say(message('panel.difference.none')) })];
    const counts = createElement('p', { text: say(message('panel.difference.counts', { changed, added, gone })) });
    const rest = more === 0 ? [] : [createElement('p', { className: 'dim', text: say(message('panel.difference.more', { count: more })) })];
    return [counts, createElement('ul', { className: 'changes', children: list.map(createChange) }), ...rest];
  }

  function createChange({ id, cluster, pod, change }: ChangedProxy): HTMLElement {
    const isThere = state.rows.has(id);
    const name = isThere
      ? createTextButton('link cut', pod, () => {
          act({ type: 'showPods', payload: { filter: {} } });
          act({ type: 'openDetails', payload: { id } });
        })
      : createData(pod, 'cut');
    name.translate = false;
    return createElement('li', { children: [name, createData(cluster, 'dim'), createElement('span', { className: 'changeText', text: say(change) })] });
  }
}
