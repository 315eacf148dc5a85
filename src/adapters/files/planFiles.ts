// The disk as the plan sees it: texts, kinds of paths, git work trees. Only reads.
import fs from 'node:fs/promises';
import path from 'node:path';
import type { PathKind, PlanFiles } from '../../app/plan/planPorts.js';
import type { Result } from '../../shared/failure.js';
import { fail, succeed } from '../../shared/failure.js';

/** More than any plan has; keeps a wrong file name from filling the memory. */
const LARGEST_PLAN_BYTES = 1024 * 1024;

export class DiskPlanFiles implements PlanFiles {
  async readText(file: string): Promise<Result<string>> {
    try {
      const { size } = await fs.stat(file);
      if (size > LARGEST_PLAN_BYTES) return fail({ kind: 'unexpected', reason: `${file}: ${size} bytes` });
      // As editors do, so that places agree with theirs.
      return succeed((await fs.readFile(file, 'utf8')).replace(/^\uFEFF/, ''));
    } catch (error) {
      return fail({ kind: 'unexpected', reason: error instanceof Error ? error.message : String(error) });
    }
  }

  async kindOf(file: string): Promise<PathKind> {
    try {
      const found = await fs.stat(file);
      if (found.isDirectory()) return 'directory';
      await fs.access(file, fs.constants.R_OK);
      return 'file';
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      return code === 'ENOENT' || code === 'ENOTDIR' ? 'missing' : 'unreadable';
    }
  }

  async gitWorkTreeOf(file: string): Promise<string | undefined> {
    for (const folder of foldersUpwards(await realFolder(file))) {
      // A folder in a clone, a file in a linked work tree or a submodule.
      if ((await this.kindOf(path.join(folder, '.git'))) !== 'missing') return folder;
    }
    return undefined;
  }

  resolve(planFile: string, file: string): string {
    return path.resolve(path.dirname(planFile), file);
  }
}

/** Behind links, as far as the path exists. */
async function realFolder(file: string): Promise<string> {
  for (const folder of foldersUpwards(path.resolve(file))) {
    try {
      return await fs.realpath(folder);
    } catch {
      // Not there yet: the next one up decides.
    }
  }
  return file;
}

function foldersUpwards(folder: string): readonly string[] {
  const parent = path.dirname(folder);
  return parent === folder ? [folder] : [folder, ...foldersUpwards(parent)];
}
