// The button for what leaves the page and comes back to it: exports, and surveys in files. A menu by the keyboard as well.
import type { AnyMessage } from '../../src/shared/messaging.js';
import type { Message } from '../../src/shared/text/message.js';
import { message } from '../../src/shared/text/message.js';
import type { FromTrustPage } from '../../src/shared/trustProtocol.js';
import { createElement, setAttribute, setHidden, setText } from './dom.js';
import { createIcon } from './icons.js';
import type { PageActions, PagePart } from './pageFrame.js';

interface Entry {
  readonly label: Message;
  readonly says: Extract<AnyMessage<FromTrustPage>, { type: 'export' | 'save' | 'openFile' }>;
  /** It is about the survey that is shown, so there must be one. */
  readonly needsSurvey: boolean;
}

const entries: readonly Entry[] = [
  { label: message('panel.export.json'), says: { type: 'export', payload: { format: 'json' } }, needsSurvey: true },
  { label: message('panel.export.csv'), says: { type: 'export', payload: { format: 'csv' } }, needsSurvey: true },
  { label: message('panel.export.markdown'), says: { type: 'export', payload: { format: 'markdown' } }, needsSurvey: true },
  { label: message('panel.export.migrateCa'), says: { type: 'export', payload: { format: 'migrateCa' } }, needsSurvey: true },
  { label: message('panel.save'), says: { type: 'save', payload: {} }, needsSurvey: true },
  { label: message('panel.openFile'), says: { type: 'openFile', payload: {} }, needsSurvey: false },
];

export function createExportMenu({ send }: PageActions): PagePart {
  const label = createElement('span');
  const button = createElement('button', {
    className: 'menuButton',
    attributes: { type: 'button', 'aria-haspopup': 'menu', 'aria-expanded': 'false' },
    children: [label, createIcon('unfolded')],
  });
  const items = entries.map((entry) => ({ ...entry, element: createElement('button', { className: 'menuItem', attributes: { type: 'button', role: 'menuitem', tabindex: '-1' } }) }));
  const menu = createElement('div', { className: 'menu', attributes: { role: 'menu' }, children: items.map((item) => item.element) });
  menu.hidden = true;
  const element = createElement('div', { className: 'menuFrame', children: [button, menu] });
  const choices = (): readonly HTMLElement[] => items.map((item) => item.element).filter((item) => !item.hidden);
  const setOpen = (open: boolean): void => {
    setHidden(menu, !open);
    setAttribute(button, 'aria-expanded', String(open));
    (open ? choices()[0] : button)?.focus();
  };
  for (const { element: item, says } of items) {
    item.addEventListener('click', () => {
      setOpen(false);
      send(says.type, says.payload);
    });
  }
  button.addEventListener('click', () => {
    setOpen(menu.hidden !== false);
  });
  button.addEventListener('keydown', (event) => {
    if (event.key !== 'ArrowDown') return;
    event.preventDefault();
    setOpen(true);
  });
  menu.addEventListener('keydown', (event) => {
    pressMenuKey(event, choices(), () => {
      setOpen(false);
    });
  });
  element.addEventListener('focusout', ({ relatedTarget }) => {
    if (menu.hidden || (relatedTarget instanceof Node && element.contains(relatedTarget))) return;
    setHidden(menu, true);
    setAttribute(button, 'aria-expanded', 'false');
  });
  return {
    element,
    draw: ({ state, say }) => {
      setHidden(element, !state.connected);
      setText(label, say(message('panel.more')));
      setAttribute(button, 'title', say(message('panel.more.label')));
      setAttribute(menu, 'aria-label', say(message('panel.more.label')));
      for (const { element: item, label: text, needsSurvey } of items) {
        setText(item, say(text));
        setHidden(item, needsSurvey && state.rows.size === 0);
      }
    },
  };
}

function pressMenuKey(event: KeyboardEvent, choices: readonly HTMLElement[], close: () => void): void {
  const current = choices.findIndex((choice) => choice === document.activeElement);
  const steps: Readonly<Record<string, number>> = { ArrowDown: current + 1, ArrowUp: current - 1 + choices.length, Home: 0, End: choices.length - 1 };
  const step = steps[event.key];
  if (event.key === 'Escape') close();
  if (step === undefined) return;
  event.preventDefault();
  choices[step % choices.length]?.focus();
}
