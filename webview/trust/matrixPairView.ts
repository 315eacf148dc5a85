// What is behind a cell of the matrix: each direction with its reasons, and the proxies of both classes page by page.
import type { Message } from '../../src/shared/text/message.js';
import { message } from '../../src/shared/text/message.js';
import type { MatrixMembers, MatrixPairView, PairState } from '../../src/shared/trustViews.js';
import { membersPerPage } from '../../src/shared/trustViews.js';
import { createData, createElement, setAttribute, setHidden } from './dom.js';
import { createIcon } from './icons.js';
import type { PageActions, PageFrame, PagePart } from './pageFrame.js';
import { createChangeGate, createIconButton, createTextButton, keepFocus, nameButton } from './redraw.js';

/** `onClose` puts the keyboard back where it came from. */
export function createPairView(actions: PageActions, onClose: () => void): PagePart {
  const element = createElement('section', { className: 'pair details' });
  const isChanged = createChangeGate();
  const close = (): void => {
    actions.act({ type: 'closePair', payload: {} });
    onClose();
  };
  element.addEventListener('keydown', ({ key }) => {
    if (key === 'Escape') close();
  });
  return {
    element,
    draw: (frame) => {
      const { pair, matrix } = frame.state;
      const [row, column] = [matrix?.classes[pair?.row ?? -1]?.name, matrix?.classes[pair?.column ?? -1]?.name];
      const isOpen = pair !== undefined && row !== undefined && column !== undefined;
      setHidden(element, !isOpen);
      if (!isOpen || !isChanged(pair, matrix, frame.say)) return;
      setAttribute(element, 'aria-label', frame.say(message('panel.matrix.pairDetails', { row, column })));
      keepFocus(element, () => {
        element.replaceChildren(...contentsOf(pair, [row, column], frame, actions, close));
      });
    },
  };
}

type PairNames = readonly [row: string, column: string];

function contentsOf(pair: MatrixPairView, names: PairNames, frame: PageFrame, actions: PageActions, close: () => void): readonly Node[] {
  const { say, state } = frame;
  const [row, column] = names;
  const cell = state.matrix?.cells[pair.row]?.[pair.column];
  const isSelf = pair.row === pair.column;
  const heading = createElement('h2', { className: 'detailsTitle', text: say(message('panel.matrix.pairDetails', { row, column })) });
  const closeButton = createIconButton('close', close);
  nameButton(closeButton, say(message('panel.matrix.close')));
  const turn = (rowOffset: number, columnOffset: number): void => {
    actions.send('openPair', { row: pair.row, column: pair.column, rowOffset, columnOffset });
  };
  return [
    createElement('div', { className: 'detailsHead', children: [heading, closeButton] }),
    createDirection(message('panel.matrix.pair', { row, column }), cell?.out ?? 'unknown', pair.out, frame),
    ...(isSelf ? [] : [createDirection(message('panel.matrix.pair', { row: column, column: row }), cell?.back ?? 'unknown', pair.back, frame)]),
    createMembers(row, pair.rowMembers, (offset) => { turn(offset, pair.columnMembers.offset); }, frame, actions),
    ...(isSelf ? [] : [createMembers(column, pair.columnMembers, (offset) => { turn(pair.rowMembers.offset, offset); }, frame, actions)]),
  ];
}

const directionIcons = { yes: 'check', no: 'close', unknown: 'unknown' } as const;

function createDirection(title: Message, state: PairState, reasons: readonly Message[], { say }: PageFrame): HTMLElement {
  const sentences = state === 'yes' ? [message('panel.matrix.works')] : reasons;
  return createElement('div', {
    className: `direction mark-${state}`,
    children: [
      createElement('h3', { children: [createIcon(directionIcons[state]), createElement('span', { text: say(title) })] }),
      createElement('ul', { children: sentences.map((sentence) => createElement('li', { text: say(sentence) })) }),
    ],
  });
}

function createMembers(name: string, { total, offset, pods }: MatrixMembers, turnTo: (offset: number) => void, { say }: PageFrame, { act }: PageActions): HTMLElement {
  const lines = pods.map(({ id, cluster, name: pod }) => {
    const link = createTextButton('link cut', pod, () => {
      act({ type: 'showPods', payload: { filter: {} } });
      act({ type: 'openDetails', payload: { id } });
    });
    link.translate = false;
    return createElement('li', { children: [link, createData(cluster, 'dim')] });
  });
  const title = createElement('h3', { text: `${say(message('panel.matrix.class', { name }))} · ${say(message('panel.matrix.members', { count: total }))}` });
  const list = createElement('ul', { className: 'members', children: lines });
  return createElement('div', { className: 'memberFrame', children: [title, list, ...createPager()] });

  function createPager(): readonly Node[] {
    if (total <= membersPerPage) return [];
    const previous = createTextButton('link', '‹', () => { turnTo(Math.max(0, offset - membersPerPage)); }, say(message('panel.matrix.previous', { name })));
    const next = createTextButton('link', '›', () => { turnTo(offset + membersPerPage); }, say(message('panel.matrix.next', { name })));
    previous.disabled = offset === 0;
    next.disabled = offset + membersPerPage >= total;
    const where = createElement('span', { className: 'dim', text: say(message('panel.matrix.page', { from: offset + 1, to: offset + pods.length, total })) });
    return [createElement('div', { className: 'pager', children: [previous, where, next] })];
  }
}
