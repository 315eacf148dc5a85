// VS Code's own file dialog: answered with a path, whatever it does of itself meanwhile.
import { ONE_TRY, untilDone } from './conditions.js';
import type { QuickInput } from './quickInput.js';

export interface FileQuestion {
  /** How the dialog's title begins. */
  readonly title: string;
  readonly file: string;
  /** Makes the dialog open. */
  readonly ask: () => Promise<void>;
  /** Whether what the dialog was opened for has come about. */
  readonly isAnswered: () => Promise<boolean>;
}

/** A dialog that has not opened, or was closed without a result, is asked for again after so long. */
const ASK_AGAIN_MS = 20_000;

/** Looks what is there and does the one thing that is next: ask, type the path, accept it, or nothing because it is done. */
export async function answerFileDialog(quickInput: QuickInput, { title, file, ask, isAnswered }: FileQuestion): Promise<void> {
  let lastSeen = Number.NEGATIVE_INFINITY;
  await untilDone(async () => {
    if (await isAnswered()) return true;
    if (!(await quickInput.title()).startsWith(title)) {
      if (performance.now() - lastSeen < ASK_AGAIN_MS) return false;
      lastSeen = performance.now();
      await ask();
      return false;
    }
    lastSeen = performance.now();
    // The dialog fills in its own proposal when it has read a folder, over whatever was typed until then.
    if ((await quickInput.typed(ONE_TRY)) === file) await quickInput.accept(ONE_TRY);
    else await quickInput.type(file, ONE_TRY);
    return false;
  }, title);
}
