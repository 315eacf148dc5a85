// Carries the migration on as a user does: Run Next Step, the preview, what is asked on the way, and what is said in the end.
import { eventually } from './conditions.js';
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
const PATIENCE_MS = 120_000;

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
    await this.#workbench.notifications.clear();
    await this.#statusItem().click();
    // Away from the item, or its tooltip would lie over the views.
    await this.#workbench.page.mouse.move(900, 300);
    return this.#previewTitle();
  }

  /** Clicks the status bar, runs what is previewed and answers what is asked, until it is said what came of it. */
  async runNext(): Promise<StepReport> {
    return this.runPreviewed(await this.openNext());
  }

  /** Runs what was asked for in another way, from the moment its preview opens. */
  async runOpened(): Promise<StepReport> {
    return this.runPreviewed(await this.#previewTitle());
  }

  /** The same from the open preview on. */
  async runPreviewed(title: string): Promise<StepReport> {
    const { quickInput } = this.#workbench;
    const items = await quickInput.items();
    const run = items.some((item) => item.includes('Run in Terminal')) ? 'Run in Terminal' : 'Do It';
    if (!items.some((item) => item.includes(run))) throw new Error(`${title} cannot be run: ${items.join(', ')}`);
    await quickInput.choose(run);
    const sentence = await this.#answerUntilSaid();
    return { title, sentence, isVerified: GOOD.test(sentence) };
  }

  async #previewTitle(): Promise<string> {
    return eventually(
      () => this.#workbench.quickInput.title(),
      (shown) => {
        if (shown === '') throw new Error('no preview has opened');
      },
      PATIENCE_MS,
    );
  }

  async #answerUntilSaid(): Promise<string> {
    const { notifications } = this.#workbench;
    const said = await eventually(
      async () => {
        await this.#answer();
        return (await notifications.texts()).find((text) => END.test(text));
      },
      (sentence) => {
        if (sentence === undefined) throw new Error('nothing is said of the step');
      },
      PATIENCE_MS,
    );
    return said ?? '';
  }

  /** Names are typed, applications work, and asmcli may go on. */
  async #answer(): Promise<void> {
    const { quickInput, terminal } = this.#workbench;
    const title = await quickInput.title();
    const [, name] = /^Type (\S+) to confirm$/.exec(title) ?? [];
    if (name !== undefined) {
      await quickInput.type(name);
      await quickInput.accept();
      await quickInput.waitUntilTitleIsNot(title);
    } else if (title.startsWith('Does the application in ')) {
      await quickInput.choose('It works');
      await quickInput.waitUntilTitleIsNot(title);
    } else if (title.includes('not verified: ')) {
      await quickInput.choose('Go On');
      await quickInput.waitUntilTitleIsNot(title);
    }
    if (/\[y\/N\]:? *$/.test(await terminal.textIfShown())) await terminal.typeLine('y');
  }

  #statusItem(): ReturnType<Workbench['page']['locator']> {
    return this.#workbench.page.locator('.statusbar-item', { hasText: 'Mesh CA · ' }).locator('a').first();
  }
}
