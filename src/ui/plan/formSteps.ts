// A form of several questions, one after another, with a way back: what VS Code calls a multi-step input.
import * as vscode from 'vscode';

/** The answer that asks the question before again; not a text, because a text may be anything. */
export const BACK = Symbol('back');

/** One question. Undefined: the user went away. */
export type FormStep<Answers> = (answers: Partial<Answers>, place: FormPlace) => Promise<Partial<Answers> | typeof BACK | undefined>;

export interface FormPlace {
  readonly title: string;
  /** From one. */
  readonly step: number;
  readonly totalSteps: number;
}

/** All answers, or undefined when the user went away. */
export async function askForm<Answers>(title: string, steps: readonly FormStep<Answers>[]): Promise<Partial<Answers> | undefined> {
  let answers: Partial<Answers> = {};
  for (let index = 0; index < steps.length; ) {
    const answer = await steps[index]?.(answers, { title, step: index + 1, totalSteps: steps.length });
    if (answer === undefined) return undefined;
    if (answer === BACK) index = Math.max(0, index - 1);
    else {
      answers = { ...answers, ...answer };
      index += 1;
    }
  }
  return answers;
}

export interface TextQuestion {
  readonly prompt: string;
  readonly value: string;
  /** What is wrong with the text as it stands; undefined when it will do. */
  readonly problem: (text: string) => string | undefined;
}

/** A line of text, judged as it is typed; only one without a problem is taken. */
export function askText(place: FormPlace, { prompt, value, problem }: TextQuestion): Promise<string | typeof BACK | undefined> {
  const box = vscode.window.createInputBox();
  Object.assign(box, { ...place, prompt, value, ignoreFocusOut: true, buttons: backButton(place), validationMessage: value === '' ? undefined : problem(value) });
  return new Promise((resolve) => {
    const end = (answer: string | typeof BACK | undefined): void => {
      resolve(answer);
      box.dispose();
    };
    box.onDidChangeValue((text) => {
      box.validationMessage = problem(text);
    });
    box.onDidAccept(() => {
      box.validationMessage = problem(box.value);
      if (box.validationMessage === undefined) end(box.value);
    });
    box.onDidTriggerButton(() => {
      end(BACK);
    });
    box.onDidHide(() => {
      end(undefined);
    });
    box.show();
  });
}

export interface PickQuestion<Value> {
  readonly placeholder: string;
  readonly items: readonly (vscode.QuickPickItem & { readonly value: Value })[];
  /** Several may be ticked; those with `picked` are. */
  readonly several: boolean;
}

/** The chosen values, at least one. */
export function askPick<Value>(place: FormPlace, { placeholder, items, several }: PickQuestion<Value>): Promise<readonly Value[] | typeof BACK | undefined> {
  const pick = vscode.window.createQuickPick<vscode.QuickPickItem & { readonly value: Value }>();
  Object.assign(pick, { ...place, placeholder, items, canSelectMany: several, ignoreFocusOut: true, matchOnDescription: true, buttons: backButton(place) });
  const picked = items.filter((item) => item.picked === true);
  if (several) pick.selectedItems = picked;
  else pick.activeItems = picked;
  return new Promise((resolve) => {
    const end = (answer: readonly Value[] | typeof BACK | undefined): void => {
      resolve(answer);
      pick.dispose();
    };
    pick.onDidAccept(() => {
      const chosen = pick.selectedItems.map(({ value }) => value);
      if (chosen.length > 0) end(chosen);
    });
    pick.onDidTriggerButton(() => {
      end(BACK);
    });
    pick.onDidHide(() => {
      end(undefined);
    });
    pick.show();
  });
}

function backButton({ step }: FormPlace): readonly vscode.QuickInputButton[] {
  return step > 1 ? [vscode.QuickInputButtons.Back] : [];
}
