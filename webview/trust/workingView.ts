// What stands in a view's place while there is nothing to show in it: why, and what to do about it.
import { message } from '../../src/shared/text/message.js';
import { createElement, setHidden, setText } from './dom.js';
import { createEmptyView } from './emptyView.js';
import type { PageActions, PageFrame } from './pageFrame.js';
import { emptyStateOf } from './pageStatus.js';

export interface WorkingView {
  readonly element: HTMLElement;
  draw(frame: PageFrame, ready: boolean): void;
}

export function createWorkingView(actions: PageActions): WorkingView {
  const empty = createEmptyView(actions);
  const working = createElement('p', { className: 'working' });
  const element = createElement('div', { className: 'workingFrame', children: [empty.element, working] });
  return {
    element,
    draw: (frame, ready) => {
      setHidden(element, ready);
      if (ready) return;
      // The filters are the Pods view's: here rows count whether they are filtered out or not.
      const rowCount = frame.state.rows.size;
      empty.draw({ ...frame, rows: { ...frame.rows, shown: [...frame.state.rows.values()].slice(0, 1) } });
      setHidden(working, emptyStateOf(frame.state, rowCount) !== undefined);
      setText(working, frame.say(message('panel.waiting')));
    },
  };
}
