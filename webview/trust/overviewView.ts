// The Overview: how far trust and signing have come in each cluster, what keeps the next gates shut, and what has changed.
import { message } from '../../src/shared/text/message.js';
import { createElement, setHidden } from './dom.js';
import { createDifference } from './differenceView.js';
import { createGate } from './gateView.js';
import type { PageActions, PageFrame, PagePart } from './pageFrame.js';
import { createProgressTable } from './progressTable.js';
import { createChangeGate, keepFocus } from './redraw.js';
import { createWorkingView } from './workingView.js';

export function createOverview(actions: PageActions): PagePart {
  const working = createWorkingView(actions);
  const progress = createProgressTable(actions);
  const rest = createElement('div', { className: 'overviewRest' });
  const contents = createElement('div', { className: 'overviewContents', children: [progress.element, rest] });
  const element = createElement('div', { className: 'overview scrolled', attributes: { tabindex: '-1' }, children: [working.element, contents] });
  const isChanged = createChangeGate();
  return {
    element,
    draw: (frame) => {
      const { overview, saved, connected } = frame.state;
      const ready = connected && overview !== undefined && overview.total > 0;
      setHidden(contents, !ready);
      working.draw(frame, ready);
      if (!ready) return;
      progress.draw(frame);
      if (!isChanged(overview, saved, frame.say, frame.showMoment)) return;
      keepFocus(rest, () => {
        rest.replaceChildren(...sections(frame, actions));
      });
    },
  };
}

function sections(frame: PageFrame, actions: PageActions): readonly Node[] {
  const { overview } = frame.state;
  if (overview === undefined) return [];
  const gates = overview.gates.map((gate) => createGate(gate, frame, actions));
  const difference = createDifference(overview.difference, frame, actions);
  return [createElement('div', { className: 'gates', attributes: { role: 'group', 'aria-label': frame.say(message('panel.view.overview')) }, children: gates }), difference];
}
