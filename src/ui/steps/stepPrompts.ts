// Asks and tells about steps in VS Code: preview, going on, waiting, and one quiet notification at the end.
import * as vscode from 'vscode';
import type { SettingId } from '../../contributions.js';
import type { Clock } from '../../app/ports.js';
import type { StepOrder, StepPrompts, StepRunResult } from '../../app/steps/stepPorts.js';
import { clusterName } from '../../domain/cluster.js';
import type { NamespaceStepPlan } from '../../domain/steps/namespaceStep.js';
import { blockingFindings } from '../../domain/steps/namespaceStep.js';
import type { NamespaceTarget } from '../../domain/steps/namespaceTarget.js';
import { findingMessage, findingSeverity } from '../../domain/steps/finding.js';
import { joinLines, shellOf } from '../../domain/steps/shellQuote.js';
import type { Failure } from '../../shared/failure.js';
import { failureMessage } from '../../shared/failure.js';
import type { Message } from '../../shared/text/message.js';
import { message } from '../../shared/text/message.js';
import type { RenderText } from '../../shared/text/render.js';
import type { Choice } from './choiceBox.js';
import { askForOne } from './choiceBox.js';
import { PasteTerminal } from './pasteTerminal.js';
import { previewLines, previewText, previewTitle } from './previewText.js';
import type { ReadOnlyDocuments } from './readOnlyDocuments.js';
import { detailsText, ordersToRepeat, reportOf } from './stepReport.js';
import { whileWaiting } from './waitingNotice.js';

export interface StepPromptsParts {
  readonly documents: ReadOnlyDocuments;
  readonly text: RenderText;
  readonly clock: Clock;
  readonly showLog: () => void;
  readonly checkTrust: (targets: readonly NamespaceTarget[]) => void;
}

const KUBECTL_SETTING: SettingId = 'meshCa.kubectlPath';

type PreviewAnswer = 'run' | 'copy' | 'paste' | 'close';

export class VsCodeStepPrompts implements StepPrompts {
  private readonly parts: StepPromptsParts;
  private readonly pasteTerminal: PasteTerminal;

  constructor(parts: StepPromptsParts) {
    this.parts = parts;
    this.pasteTerminal = new PasteTerminal(parts.text);
  }

  async confirm(plans: readonly NamespaceStepPlan[]): Promise<boolean> {
    const { documents, text } = this.parts;
    const title = text(previewTitle(plans));
    const shell = shellOf(vscode.env.shell);
    const lines = previewLines(plans, shell);
    const document = await documents.show(title, previewText(plans, shell, text));
    try {
      const answer = await askForOne({ title, placeholder: text(this.placeholder(plans)), choices: this.choices(plans, lines) });
      if (answer === 'copy') await this.copy(lines);
      if (answer === 'paste') this.pasteTerminal.put(joinLines(lines, shell));
      return answer === 'run';
    } finally {
      await document.close();
    }
  }

  async goOn(result: StepRunResult, remaining: readonly StepOrder[]): Promise<boolean> {
    const { text } = this.parts;
    const names = remaining.map(({ target }) => target.namespace).join(', ');
    const choices: readonly Choice<boolean>[] = [
      { label: `$(debug-stop) ${text(message('steps.goOn.stop'))}`, value: false },
      { label: `$(debug-continue) ${text(message('steps.goOn.continue'))}`, description: names, value: true },
    ];
    const title = text(reportOf([result])?.sentence ?? result.plan.title);
    return (await askForOne({ title, placeholder: text(message('steps.goOn.ask', { count: remaining.length })), choices })) ?? false;
  }

  whileVerifying<Value>({ target }: NamespaceStepPlan, verify: (signal: AbortSignal) => Promise<Value>): Promise<Value> {
    const { text, clock } = this.parts;
    const title = text(message('steps.verifying', { namespace: target.namespace, cluster: clusterName(target.cluster) }));
    return whileWaiting(title, clock, verify);
  }

  report(results: readonly StepRunResult[], again: (orders: readonly StepOrder[]) => void): void {
    const report = reportOf(results);
    if (report === undefined) return;
    const { text, documents, showLog, checkTrust } = this.parts;
    const button = (label: Message): vscode.MessageItem => ({ title: text(label) });
    const details = button(message('steps.action.details'));
    const trust = button(message('steps.action.checkTrust'));
    const repeat = button(message('steps.action.repeat'));
    const log = button(message('log.show'));
    const show = report.isGood ? vscode.window.showInformationMessage : vscode.window.showWarningMessage;
    const buttons = report.isGood ? [trust] : [...(report.hasDetails ? [details] : []), repeat, trust, log];
    void show(text(report.sentence), ...buttons).then(async (chosen) => {
      if (chosen === details) await documents.show(text(message('steps.details.title')), detailsText(results, text));
      if (chosen === trust) checkTrust(results.map(({ plan }) => plan.target));
      if (chosen === repeat) again(ordersToRepeat(results));
      if (chosen === log) showLog();
    });
  }

  reportFailure(failure: Failure): void {
    const { text } = this.parts;
    const settings: vscode.MessageItem = { title: text(message('steps.action.settings')) };
    void vscode.window.showErrorMessage(text(message('steps.kubectlUnusable', { reason: failureMessage(failure) })), settings).then((chosen) => {
      if (chosen === settings) void vscode.commands.executeCommand('workbench.action.openSettings', KUBECTL_SETTING);
    });
  }

  private placeholder(plans: readonly NamespaceStepPlan[]): Message {
    const blocked = plans.filter((plan) => blockingFindings(plan).length > 0);
    const [finding] = plans.flatMap(blockingFindings);
    if (finding === undefined) return message('steps.preview.ask');
    if (blocked.length === plans.length) return message('steps.preview.blocked', { reason: findingMessage(finding) });
    return message('steps.preview.someBlocked', { names: blocked.map(({ target }) => target.namespace).join(', ') });
  }

  private choices(plans: readonly NamespaceStepPlan[], lines: readonly string[]): readonly Choice<PreviewAnswer>[] {
    const { text } = this.parts;
    if (lines.length === 0) return [{ label: `$(close) ${text(message('steps.preview.close'))}`, value: 'close' }];
    const warnings = plans.flatMap(({ findings }) => findings).filter((finding) => findingSeverity(finding) === 'warns').length;
    const where = [...new Set(plans.map(({ target }) => clusterName(target.cluster)))].join(', ');
    return [
      {
        label: `$(play) ${text(message('steps.preview.run'))}`,
        description: text(message('steps.preview.runOn', { count: lines.length, where })),
        ...(warnings > 0 && { detail: `$(warning) ${text(message('steps.preview.warnings', { count: warnings }))}` }),
        value: 'run',
      },
      { label: `$(copy) ${text(message('steps.preview.copy'))}`, value: 'copy' },
      { label: `$(terminal) ${text(message('steps.preview.paste'))}`, description: text(message('steps.preview.pasteHint')), value: 'paste' },
    ];
  }

  private async copy(lines: readonly string[]): Promise<void> {
    await vscode.env.clipboard.writeText(lines.join('\n'));
    vscode.window.setStatusBarMessage(this.parts.text(message('steps.preview.copied', { count: lines.length })), 5000);
  }
}
