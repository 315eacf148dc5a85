// Holds what a plan names to what is on the disk: kubeconfigs with their contexts, overlays, CA files, folders.
import type { PlanProblem } from '../../domain/plan/planDocument.js';
import type { PlacedPath } from '../../domain/plan/planPaths.js';
import { failureMessage } from '../../shared/failure.js';
import type { Message } from '../../shared/text/message.js';
import { message } from '../../shared/text/message.js';
import type { KubeconfigReader } from '../ports.js';
import type { PlanFiles } from './planPorts.js';

export interface PlanDisk {
  readonly planFiles: PlanFiles;
  readonly kubeconfigReader: KubeconfigReader;
}

/** In no particular order. */
export async function checkPlanFiles(placed: ReadonlyMap<string, PlacedPath>, disk: PlanDisk): Promise<readonly PlanProblem[]> {
  const problems = await Promise.all(
    [...placed].map(async ([pointer, place]): Promise<PlanProblem[]> => {
      const found = await problemOf(pointer, place.path, placed, disk);
      if (found === undefined) return [];
      return [{ kind: 'meaning', severity: 'error', offset: place.offset, length: place.length, message: found }];
    }),
  );
  return problems.flat();
}

function problemOf(
  pointer: string,
  path: string,
  placed: ReadonlyMap<string, PlacedPath>,
  disk: PlanDisk,
): Promise<Message | undefined> {
  const field = pointer.split('/').at(-1);
  switch (field) {
    case 'context':
      return contextProblem(path, placed.get(pointer.replace(/context$/, 'kubeconfig'))?.path, disk);
    case 'outputDirectory':
      return folderProblem(path, disk.planFiles);
    case 'backupDirectory':
      return backupProblem(path, disk.planFiles);
    default:
      return fileProblem(path, disk.planFiles);
  }
}

/** What is wrong with the kubeconfig itself is said where the kubeconfig stands. */
async function contextProblem(context: string, kubeconfig: string | undefined, disk: PlanDisk): Promise<Message | undefined> {
  if (kubeconfig === undefined || (await disk.planFiles.kindOf(kubeconfig)) !== 'file') return undefined;
  const contexts = await disk.kubeconfigReader.contexts(kubeconfig);
  if (!contexts.ok) return failureMessage(contexts.failure);
  if (contexts.value.some((known) => known.context === context)) return undefined;
  return failureMessage({ kind: 'contextMissing', path: kubeconfig, context });
}

async function fileProblem(path: string, files: PlanFiles): Promise<Message | undefined> {
  switch (await files.kindOf(path)) {
    case 'file':
      return undefined;
    case 'directory':
      return message('plan.disk.isDirectory', { path });
    case 'missing':
      return message('plan.disk.missing', { path });
    default:
      return message('plan.disk.unreadable', { path });
  }
}

/** asmcli makes the folder itself where there is none. */
async function folderProblem(path: string, files: PlanFiles): Promise<Message | undefined> {
  return (await files.kindOf(path)) === 'file' ? message('plan.disk.isFile', { path }) : undefined;
}

/** Backups hold private keys: one `git add` too many, and they are everybody's. */
async function backupProblem(path: string, files: PlanFiles): Promise<Message | undefined> {
  const tree = await files.gitWorkTreeOf(path);
  return tree === undefined ? folderProblem(path, files) : message('plan.disk.backupInGit', { tree });
}
