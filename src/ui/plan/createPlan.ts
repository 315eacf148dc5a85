// Create Plan: asks what a plan needs, suggests what the clusters show, judges each answer where it is typed, writes and opens the file.
import path from 'node:path';
import * as vscode from 'vscode';
import { PLAN_FILE_NAME } from '../../app/plan/planSource.js';
import type { PlanFiles } from '../../app/plan/planPorts.js';
import { clusterName, gkeName } from '../../domain/cluster.js';
import type { ClusterRef } from '../../domain/cluster.js';
import { controlPlanes } from '../../domain/mesh/controlPlanes.js';
import type { ClusterSnapshot } from '../../domain/mesh/snapshot.js';
import { PROJECT_PATTERN } from '../../domain/plan/planFields.js';
import { pathProblem } from '../../domain/plan/planPaths.js';
import { planText } from '../../domain/plan/planText.js';
import { revisionNameProblem, SUGGESTED_REVISIONS } from '../../domain/plan/revisionName.js';
import { DEFAULT_REVISION } from '../../shared/istioNames.js';
import type { Message } from '../../shared/text/message.js';
import { message } from '../../shared/text/message.js';
import type { RenderText } from '../../shared/text/languages.js';
import type { FormStep } from './formSteps.js';
import { askForm, askPick, askText, BACK } from './formSteps.js';
import { findPlanFile } from './workspacePlan.js';

export interface CreatePlanParts {
  /** The clusters that take part, as they were read. */
  readonly snapshots: () => readonly ClusterSnapshot[];
  readonly planFiles: () => Promise<PlanFiles>;
  readonly text: RenderText;
}

interface Answers {
  readonly startingPoint: 'istio' | 'asm';
  readonly refs: readonly ClusterRef[];
  readonly fleetProject: string;
  readonly revision1: string;
  readonly revision2: string;
  readonly outputFolder: string;
  readonly backupDirectory: string;
}

/** An existing plan is opened instead: it is never overwritten. */
export async function createPlan(parts: CreatePlanParts): Promise<void> {
  const { text } = parts;
  const existing = await findPlanFile();
  if (existing !== undefined) return openFile(existing);
  const folder = vscode.workspace.workspaceFolders?.find(({ uri }) => uri.scheme === 'file')?.uri;
  if (folder === undefined) return void vscode.window.showInformationMessage(text(message('plan.create.noFolder')));
  const snapshots = parts.snapshots();
  if (snapshots.length === 0) return void vscode.window.showInformationMessage(text(message('plan.create.noClusters')));
  const file = vscode.Uri.joinPath(folder, PLAN_FILE_NAME);
  const answers = await askForm<Answers>(text(message('plan.create.title')), formSteps(snapshots, file.fsPath, await parts.planFiles(), text));
  if (answers === undefined) return;
  const content = newPlanText(answers, folder.fsPath, text);
  if (content === undefined) return;
  await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(content));
  await openFile(file);
}

/** Opens the plan, or begins one where there is none. */
export async function openPlan(parts: CreatePlanParts): Promise<void> {
  const existing = await findPlanFile();
  return existing === undefined ? createPlan(parts) : openFile(existing);
}

async function openFile(file: vscode.Uri): Promise<void> {
  await vscode.window.showTextDocument(file, { preview: false });
}

/** What the answers come to as a file; undefined where one is missing. */
export function newPlanText(answers: Partial<Answers>, folder: string, text: RenderText): string | undefined {
  const { startingPoint, refs, fleetProject, revision1, revision2, outputFolder, backupDirectory = '' } = answers;
  if (startingPoint === undefined || refs === undefined || fleetProject === undefined) return undefined;
  if (revision1 === undefined || revision2 === undefined || outputFolder === undefined) return undefined;
  const comments = {
    head: text(message('plan.create.comment.head')),
    overlays: text(message('plan.create.comment.overlays')),
    tests: text(message('plan.create.comment.tests')),
    waivers: text(message('plan.create.comment.waivers')),
  };
  const folders = distinctNames(refs);
  const clusters = refs.map(({ kubeconfig, context }, index) => ({
    kubeconfig: nearPath(kubeconfig, folder),
    context,
    outputDirectory: `${outputFolder.replace(/[\\/]+$/, '')}/${folders[index] ?? context}`,
  }));
  return planText({ startingPoint, fleetProject, revision1, revision2, clusters, comments, backupDirectory: backupDirectory === '' ? undefined : backupDirectory });
}

function formSteps(snapshots: readonly ClusterSnapshot[], file: string, files: PlanFiles, text: RenderText): readonly FormStep<Answers>[] {
  const say = (problem: Message | undefined): string | undefined => problem && text(problem);
  const taken = new Set(snapshots.flatMap((snapshot) => controlPlanes(snapshot).map(({ revision }) => revision)));
  const asksText = (field: 'fleetProject' | 'revision1' | 'revision2' | 'outputFolder', prompt: Message, suggest: (answers: Partial<Answers>) => string, problem: (value: string, answers: Partial<Answers>) => Message | undefined): FormStep<Answers> =>
    async (answers, place) => {
      const question = { prompt: text(prompt), value: answers[field] ?? suggest(answers), problem: (value: string) => say(problem(value, answers)) };
      const answer = await askText(place, question);
      return answer === undefined || answer === BACK ? answer : { [field]: answer };
    };
  return [
    asksStartingPoint(taken, text),
    asksClusters(snapshots, text),
    asksText('fleetProject', message('plan.create.fleet'), ({ refs }) => projectOf(refs ?? []), (value) => (new RegExp(PROJECT_PATTERN).test(value) ? undefined : message('plan.project.malformed', { project: value }))),
    asksText('revision1', message('plan.create.revision1', { taken: [...taken].sort().join(', ') }), () => SUGGESTED_REVISIONS.revision1, (value) => revisionNameProblem(value)),
    asksText('revision2', message('plan.create.revision2'), () => SUGGESTED_REVISIONS.revision2, (value, { revision1 }) => (value === revision1 ? message('plan.revision.same', { suggestion: SUGGESTED_REVISIONS.revision2 }) : revisionNameProblem(value))),
    asksText('outputFolder', message('plan.create.output'), () => 'asm', (value) => pathProblem(value)),
    asksBackups(file, files, text),
  ];
}

function asksStartingPoint(taken: ReadonlySet<string>, text: RenderText): FormStep<Answers> {
  return async ({ startingPoint }, place) => {
    const suggested = startingPoint ?? (taken.has(DEFAULT_REVISION) ? 'istio' : 'asm');
    const items = (['istio', 'asm'] as const).map((value) => ({ value, label: text(message(`plan.create.start.${value}`)), picked: value === suggested }));
    const answer = await askPick(place, { placeholder: text(message('plan.create.start')), items, several: false });
    return answer === undefined || answer === BACK ? answer : { startingPoint: answer[0] ?? suggested };
  };
}

function asksClusters(snapshots: readonly ClusterSnapshot[], text: RenderText): FormStep<Answers> {
  return async ({ refs }, place) => {
    const items = snapshots.map(({ ref }) => ({ value: ref, label: clusterName(ref), description: ref.context, picked: refs?.includes(ref) ?? true }));
    const answer = await askPick(place, { placeholder: text(message('plan.create.clusters')), items, several: true });
    return answer === undefined || answer === BACK ? answer : { refs: answer };
  };
}

/** May be left empty. Whether it is in a git work tree is asked when it is accepted, by asking again. */
function asksBackups(file: string, files: PlanFiles, text: RenderText): FormStep<Answers> {
  return async (_answers, place) => {
    const refused = new Map<string, string>();
    const problem = (value: string): string | undefined => {
      const wrong = value === '' ? undefined : pathProblem(value);
      return wrong === undefined ? refused.get(value) : text(wrong);
    };
    for (let value = ''; ; ) {
      const answer = await askText(place, { prompt: text(message('plan.create.backups')), value, problem });
      if (answer === undefined || answer === BACK) return answer;
      const tree = answer === '' ? undefined : await files.gitWorkTreeOf(files.resolve(file, answer));
      if (tree === undefined) return { backupDirectory: answer };
      refused.set(answer, text(message('plan.disk.backupInGit', { tree })));
      value = answer;
    }
  };
}

function projectOf(refs: readonly ClusterRef[]): string {
  return refs.flatMap(({ context }) => gkeName(context)?.project ?? [])[0] ?? '';
}

/** By cluster; by its location too where two have one name. */
function distinctNames(refs: readonly ClusterRef[]): readonly string[] {
  const names = refs.map(clusterName);
  return refs.map((ref, index) => {
    const name = names[index] ?? ref.context;
    const isAlone = names.filter((other) => other === name).length === 1;
    return (isAlone ? name : ref.context).replace(/[^\w.-]/g, '-');
  });
}

/** Relative inside the folder, so that the plan can be shared; absolute elsewhere. */
function nearPath(file: string, folder: string): string {
  const relative = path.relative(folder, file);
  return relative.startsWith('..') || path.isAbsolute(relative) ? file : relative.split(path.sep).join('/');
}
