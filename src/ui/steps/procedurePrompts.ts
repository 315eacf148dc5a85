// Asks and tells about rows of the procedure in VS Code: preview, the typed name, going on, waiting, one quiet notification.
import * as vscode from 'vscode';
import type { Clock } from '../../app/ports.js';
import type { DryRunEnd, PreviewAnswer, ProcedurePrompts, ProcedureResult } from '../../app/steps/procedurePorts.js';
import { isBlocked } from '../../domain/procedure/planStep.js';
import type { StepPlan } from '../../domain/procedure/procedureStep.js';
import type { StepOrder } from '../../domain/procedure/stepOrder.js';
import { canBePasted, joinLines, renderCommand, shellOf } from '../../domain/steps/shellQuote.js';
import type { Message } from '../../shared/text/message.js';
import { message } from '../../shared/text/message.js';
import type { RenderText } from '../../shared/text/render.js';
import type { Choice } from './choiceBox.js';
import { askForOne } from './choiceBox.js';
import type { PasteTerminal } from './pasteTerminal.js';
import { procedureCommands, procedureText, procedureTitle, whereOf } from './procedurePreview.js';
import { previewQuestion, runChoice } from './procedureChoices.js';
import { ordersLeft, procedureDetails, procedureReport } from './procedureReport.js';
import type { ReadOnlyDocuments } from './readOnlyDocuments.js';
import { whileWaiting } from './waitingNotice.js';

export interface ProcedurePromptsParts {
  readonly documents: ReadOnlyDocuments;
  readonly paste: PasteTerminal;
  readonly text: RenderText;
  readonly clock: Clock;
  readonly showLog: () => void;
  /** What leads on when a step is verified; undefined while no step is next. */
  readonly runNext: () => (() => void) | undefined;
}

type Answer = PreviewAnswer | 'copy' | 'paste';

export class VsCodeProcedurePrompts implements ProcedurePrompts {
  private readonly parts: ProcedurePromptsParts;

  constructor(parts: ProcedurePromptsParts) {
    this.parts = parts;
  }

  async preview(plans: readonly StepPlan[], dryRun?: DryRunEnd): Promise<PreviewAnswer> {
    const { documents, text } = this.parts;
    const title = text(procedureTitle(plans));
    const document = await documents.show(title, procedureText(plans, shellOf(vscode.env.shell), text));
    try {
      const answer = await askForOne({ title, placeholder: text(previewQuestion(plans, dryRun)), choices: this.choices(plans) });
      if (answer === 'copy') await this.copy(plans);
      if (answer === 'paste') this.paste(plans);
      return answer === 'run' || answer === 'runGuideForm' || answer === 'dryRun' ? answer : 'no';
    } finally {
      await document.close();
    }
  }

  async typeName({ confirmation, title, order }: StepPlan): Promise<boolean> {
    if (confirmation === undefined) return true;
    const { text } = this.parts;
    const name = confirmation.typed;
    const typed = await vscode.window.showInputBox({
      title: text(message('procedureRun.typeName.title', { name })),
      prompt: text(message('procedureRun.typeName.prompt', { what: confirmation.irreversible ?? title, where: whereOf(order.target), name })),
      ignoreFocusOut: true,
      validateInput: (value) => (value === name ? undefined : text(message('procedureRun.typeName.mismatch', { name }))),
    });
    return typed === name;
  }

  async goOn(result: ProcedureResult, remaining: readonly StepOrder[]): Promise<boolean> {
    const { text } = this.parts;
    const choices: readonly Choice<boolean>[] = [
      { label: `$(debug-stop) ${text(message('steps.goOn.stop'))}`, value: false },
      { label: `$(debug-continue) ${text(message('steps.goOn.continue'))}`, value: true },
    ];
    const title = text(procedureReport([result])?.sentence ?? result.plan.title);
    return (await askForOne({ title, placeholder: text(message('procedureRun.goOn.ask', { count: remaining.length })), choices })) ?? false;
  }

  whileReading<Value>(what: Message, read: (signal: AbortSignal) => Promise<Value>): Promise<Value> {
    return whileWaiting(this.parts.text(what), this.parts.clock, read);
  }

  report(results: readonly ProcedureResult[], again: (orders: readonly StepOrder[]) => void): void {
    const report = procedureReport(results);
    if (report === undefined) return;
    const { text, documents, showLog, runNext } = this.parts;
    const button = (label: Message): vscode.MessageItem => ({ title: text(label) });
    const details = button(message(report.isGood ? 'procedureRun.report.found' : 'steps.action.details'));
    const repeat = button(message('steps.action.repeat'));
    const log = button(message('log.show'));
    const show = report.isGood ? vscode.window.showInformationMessage : vscode.window.showWarningMessage;
    const goOn = report.isGood ? runNext() : undefined;
    const next = button(message('procedureRun.report.next'));
    // Without a button VS Code cuts a notification to one line.
    const buttons = [...(goOn === undefined ? [] : [next]), ...(report.hasDetails ? [details] : []), ...(report.isGood ? [] : [repeat, log])];
    void show(text(report.sentence), ...buttons).then(async (chosen) => {
      if (chosen === details) await documents.show(text(message(report.isGood ? 'procedureRun.report.foundTitle' : 'steps.details.title')), procedureDetails(results, text));
      if (chosen === next) goOn?.();
      if (chosen === repeat) again(ordersLeft(results));
      if (chosen === log) showLog();
    });
  }

  reportUntrusted(): void {
    const { text } = this.parts;
    const manage: vscode.MessageItem = { title: text(message('procedureRun.untrusted.manage')) };
    void vscode.window.showWarningMessage(text(message('procedureRun.untrusted')), manage).then(async (chosen) => {
      if (chosen === manage) await vscode.commands.executeCommand('workbench.trust.manage');
    });
  }

  private choices(plans: readonly StepPlan[]): readonly Choice<Answer>[] {
    const { text } = this.parts;
    const close: Choice<Answer> = { label: `$(close) ${text(message('steps.preview.close'))}`, value: 'no' };
    if (plans.every(isBlocked)) return [close];
    const { label: runs, description } = runChoice(plans, text);
    const hasDryRun = plans.some(({ dryRun }) => dryRun.length > 0);
    const hasGuideForm = plans.every(({ guideForm }) => guideForm?.commands !== undefined);
    return [
      { label: `$(play) ${text(runs)}`, description, value: 'run' },
      ...(hasDryRun ? [{ label: `$(beaker) ${text(message('procedureRun.preview.dryRun'))}`, description: text(message('procedureRun.preview.dryRunHint')), value: 'dryRun' as const }] : []),
      ...(hasGuideForm ? [{ label: `$(book) ${text(message('procedureRun.preview.guide'))}`, value: 'runGuideForm' as const }] : []),
      ...(this.linesOf(plans).length === 0
        ? []
        : [
            { label: `$(copy) ${text(message('steps.preview.copy'))}`, value: 'copy' as const },
            { label: `$(terminal) ${text(message('steps.preview.paste'))}`, description: text(message('steps.preview.pasteHint')), value: 'paste' as const },
          ]),
    ];
  }

  /** For a step that the extension does itself, the same as from a terminal. */
  private linesOf(plans: readonly StepPlan[]): readonly string[] {
    const shell = shellOf(vscode.env.shell);
    const commands = procedureCommands(plans);
    const shown = commands.length > 0 ? commands : plans.flatMap(({ equivalent = [] }) => equivalent);
    return shown.map((command) => renderCommand(command, shell));
  }

  private async copy(plans: readonly StepPlan[]): Promise<void> {
    const lines = this.linesOf(plans);
    await vscode.env.clipboard.writeText(lines.join('\n'));
    vscode.window.setStatusBarMessage(this.parts.text(message('steps.preview.copied', { count: lines.length })), 5000);
  }

  private paste(plans: readonly StepPlan[]): void {
    const shell = shellOf(vscode.env.shell);
    const isWhole = procedureCommands(plans).every((command) => canBePasted(command, shell));
    this.parts.paste.put(isWhole ? joinLines(this.linesOf(plans), shell) : undefined);
  }
}
