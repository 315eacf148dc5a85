// Carries the migration on as a user does: Run Next Step, the preview, what is asked on the way, and what is said in the end.
import { eventually, ONE_TRY, untilDone } from './conditions.js';
import { restMouse } from './mouse.js';
import { lookAtScreen } from './screenLook.js';
import type { Workbench } from './workbench.js';

/** What the product said of a run, and what it asked before. */
export interface StepReport {
  /** The title of the preview: step and place. */
  readonly title: string;
  readonly sentence: string;
  readonly isVerified: boolean;
}

/** What ends a run: verified, done by looking, or not. */
const END = /: verified\.|: done\. |steps? (?:is|are) verified\.|is not verified: | is not done: |steps? done\. /;
const GOOD = /: verified\.|: done\. |^\d+ steps? (?:is|are) verified\.$/;
/** `Continue? [y/N]` of asmcli. */
const ASKS = /\[y\/N\]:? *$/;
const FINISHED = 'Mesh CA · migration finished';
const FINISHED_SAID = 'The migration is finished: nothing is left to do.';
/** Said where nothing can be done at the moment: what is in the way may go away by itself. */
const NOTHING_NOW = 'No step can be done now.';

/** Runs steps of the procedure by clicks. */
export class ProcedureDriver {
  readonly #workbench: Workbench;

  constructor(workbench: Workbench) {
    this.#workbench = workbench;
  }

  /** What the status bar says. */
  async status(): Promise<string> {
    return (await this.#statusItem().innerText()).trim();
  }

  /** Clicks the status bar and returns the title of the preview that opens. */
  async openNext(): Promise<string> {
    const title = await this.openNextIfAny();
    if (title === undefined) throw new Error('the migration is finished');
    return title;
  }

  /** The same; undefined when everything is done. */
  async openNextIfAny(): Promise<string | undefined> {
    const { notifications, page } = this.#workbench;
    let isClicked = false;
    let found: string | undefined;
    await untilDone(async () => {
      const { question, toasts } = await lookAtScreen(page);
      if (isClicked && question !== '') {
        found = question;
        return true;
      }
      if (isClicked && toasts.includes(FINISHED_SAID)) return true;
      if (toasts.some((toast) => toast.startsWith(NOTHING_NOW))) isClicked = false;
      if (isClicked) return false;
      if ((await this.status()) === FINISHED) return true;
      await notifications.clear();
      await this.#statusItem().click(ONE_TRY);
      isClicked = true;
      await restMouse(page);
      return false;
    }, 'opening the preview of the next step');
    return found;
  }

  /** Clicks the status bar, runs what is previewed and answers what is asked, until it is said what came of it. */
  async runNext(): Promise<StepReport> {
    return this.runPreviewed(await this.openNext());
  }

  /** Runs what was asked for in another way, from the moment its preview opens. */
  async runOpened(): Promise<StepReport> {
    return this.runPreviewed(await this.previewTitle());
  }

  /** The same from the open preview on. */
  async runPreviewed(title: string): Promise<StepReport> {
    const { quickInput } = this.#workbench;
    const items = await quickInput.items();
    const run = ['Run in Terminal', 'Do It'].find((label) => items.some((item) => item.includes(label)));
    if (run === undefined) throw new Error(`${title} cannot be run: ${items.join(', ')}`);
    await quickInput.choose(run);
    return { title, ...(await this.answerUntilSaid()) };
  }

  /** The title of the preview that opens, or is open. */
  previewTitle(): Promise<string> {
    return eventually(
      () => this.#workbench.quickInput.title(),
      (shown) => {
        if (shown === '') throw new Error('no preview has opened');
      },
    );
  }

  /** Answers what is asked until it is said what came of what runs. */
  async answerUntilSaid(): Promise<Omit<StepReport, 'title'>> {
    let said: string | undefined;
    await untilDone(async () => {
      const { question, toasts, terminalLine } = await lookAtScreen(this.#workbench.page);
      if (question !== '' || ASKS.test(terminalLine)) await this.#answer(question);
      else said = toasts.find((text) => END.test(text));
      return said !== undefined;
    }, 'saying what became of the step');
    return { sentence: said ?? '', isVerified: GOOD.test(said ?? '') };
  }

  /** Names are typed, applications work, and asmcli may go on. */
  async #answer(title: string): Promise<void> {
    const { quickInput, terminal } = this.#workbench;
    const [, name] = /^Type (.+) to confirm$/.exec(title) ?? [];
    if (name !== undefined) {
      await quickInput.type(name, ONE_TRY);
      await quickInput.accept(ONE_TRY);
    } else if (title.startsWith('Does the application in ')) {
      await quickInput.choose('It works', ONE_TRY);
    } else if (title.includes('not verified: ')) {
      await quickInput.choose('Go On', ONE_TRY);
    } else if (title === '') {
      await terminal.typeLine('y');
      // Once is enough: what is typed too much would answer the next question.
      await untilDone(async () => !ASKS.test((await lookAtScreen(this.#workbench.page)).terminalLine), 'answering asmcli');
    }
    if (title !== '') await quickInput.waitUntilTitleIsNot(title, ONE_TRY);
  }

  #statusItem(): ReturnType<Workbench['page']['locator']> {
    return this.#workbench.page.locator('.statusbar-item', { hasText: 'Mesh CA · ' }).locator('a').first();
  }
}
