// One line on a terminal that says how far a survey is, redrawn in place and gone when it is over. Nothing where there is no terminal.
import { message } from '../shared/text/message.js';
import type { RenderText } from '../shared/text/render.js';
import type { SurveyProgress } from '../shared/trustRows.js';

const REDRAW_MS = 100;
const BAR_WIDTH = 20;
/** Back to the beginning of the line, and delete what stands there (ECMA-48: CR, EL). */
const CLEAR = '\r\u001b[K';

export interface Terminal {
  readonly write: (text: string) => void;
  /** Columns; a longer line would wrap and could not be redrawn. */
  readonly columns: () => number;
}

export class ProgressLine {
  readonly #terminal: Terminal | undefined;
  readonly #render: RenderText;
  readonly #now: () => number;
  #drawnAt = -Infinity;

  constructor(terminal: Terminal | undefined, render: RenderText, now: () => number) {
    this.#terminal = terminal;
    this.#render = render;
    this.#now = now;
  }

  /** Draws at most ten times a second; the end takes the line away. */
  show(progress: SurveyProgress): void {
    if (this.#terminal === undefined) return;
    if (!progress.running) {
      this.clear();
      return;
    }
    const now = this.#now();
    if (now - this.#drawnAt < REDRAW_MS) return;
    this.#drawnAt = now;
    this.#terminal.write(`${CLEAR}${progressText(progress, now, this.#render).slice(0, this.#terminal.columns() - 1)}`);
  }

  /** What is printed next begins on a clean line. */
  clear(): void {
    if (this.#drawnAt === -Infinity) return;
    this.#drawnAt = -Infinity;
    this.#terminal?.write(CLEAR);
  }
}

/** `[####....] 812/5000 · 3 unknown · 41 s` */
export function progressText({ done, total, unknown, startedAt }: SurveyProgress, now: number, render: RenderText): string {
  const filled = total === 0 ? BAR_WIDTH : Math.floor((done / total) * BAR_WIDTH);
  const bar = '#'.repeat(filled) + '.'.repeat(BAR_WIDTH - filled);
  const seconds = Math.max(0, Math.floor((now - (startedAt ?? now)) / 1000));
  return render(message('surveys.progress', { bar, done: String(done), total: String(total), unknown: String(unknown), seconds: String(seconds) }));
}
