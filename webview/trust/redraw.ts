// Drawing contents anew only when they changed, without taking the keyboard away from the button it is on.
import { createElement, setAttribute } from './dom.js';
import type { IconName } from './icons.js';
import { createIcon } from './icons.js';

/** Gives a question: is any of these values another than at the last call? True at the first. */
export function createChangeGate(): (...values: readonly unknown[]) => boolean {
  let last: readonly unknown[] | undefined;
  return (...values) => {
    const before = last;
    last = values;
    return before === undefined || values.some((value, index) => value !== before[index]);
  };
}

/** The button of the same name has the keyboard afterwards; where there is none that can be pressed, the one in its place. */
export function keepFocus(container: HTMLElement, redraw: () => void): void {
  const buttons = (): readonly HTMLButtonElement[] => [...container.querySelectorAll('button')].filter((button) => !button.disabled);
  const before = buttons();
  const position = before.findIndex((button) => button === document.activeElement);
  const focused = before[position];
  redraw();
  if (focused === undefined) return;
  const after = buttons();
  const name = accessibleName(focused);
  (after.find((button) => accessibleName(button) === name) ?? after[Math.min(position, after.length - 1)])?.focus();
}

function accessibleName(button: HTMLButtonElement): string {
  return button.getAttribute('aria-label') ?? button.textContent;
}

export function createIconButton(icon: IconName, onClick: () => void): HTMLButtonElement {
  const button = createElement('button', { className: 'iconButton', attributes: { type: 'button' }, children: [createIcon(icon)] });
  button.addEventListener('click', onClick);
  return button;
}

export function nameButton(button: HTMLButtonElement, name: string): void {
  setAttribute(button, 'aria-label', name);
  setAttribute(button, 'title', name);
}

/** A button in words. `name` says more than `label` where the label alone would be one of many alike. */
export function createTextButton(className: string, label: string, onClick: () => void, name = label): HTMLButtonElement {
  const button = createElement('button', { className, text: label, attributes: { type: 'button' } });
  if (name !== label) nameButton(button, name);
  button.addEventListener('click', onClick);
  return button;
}
