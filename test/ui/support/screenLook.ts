// What a user takes in at a glance while a step runs: read in one go and without a layout of the page, because it is looked at many times.
import type { Page } from 'playwright-core';

export interface ScreenLook {
  /** The title of the box at the top; empty where none is open. */
  readonly question: string;
  /** The notifications that are shown, newest first. */
  readonly toasts: readonly string[];
  /** The line of the terminal in which the cursor is; empty where no terminal is shown. */
  readonly terminalLine: string;
}

/** The part of xterm.js that is needed for the line with the cursor. */
interface TerminalElement extends Element {
  readonly xterm?: { readonly buffer: { readonly active: TerminalBuffer } };
}

interface TerminalBuffer {
  readonly baseY: number;
  readonly cursorY: number;
  getLine(index: number): { translateToString(trimRight: boolean): string } | undefined;
}

export function lookAtScreen(page: Page): Promise<ScreenLook> {
  return page.evaluate(() => {
    const box = document.querySelector<HTMLElement>('.quick-input-widget');
    const isOpen = box !== null && box.style.display !== 'none' && !box.classList.contains('quick-input-widget-closing');
    const buffer = document.querySelector<TerminalElement>('.terminal-wrapper.active')?.xterm?.buffer.active;
    return {
      question: isOpen ? (box.querySelector('.quick-input-title')?.textContent ?? '') : '',
      toasts: [...document.querySelectorAll('.notifications-toasts .notification-list-item-message')].map((toast) => toast.textContent),
      terminalLine: buffer?.getLine(buffer.baseY + buffer.cursorY)?.translateToString(true) ?? '',
    };
  });
}
