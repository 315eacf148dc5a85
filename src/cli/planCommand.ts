// `mesh-ca plan validate`: every problem of a plan file as `FILE:LINE:COLUMN: severity: sentence`, the form that editors and CI read.
import { checkCaFiles } from '../app/plan/checkCaFiles.js';
import type { MigrationPlan } from '../domain/plan/migrationPlan.js';
import type { PlanProblem } from '../domain/plan/planDocument.js';
import { clusterName } from '../domain/cluster.js';
import { failureMessage } from '../shared/failure.js';
import { message } from '../shared/text/message.js';
import type { CommandLineHost } from './commandLineHost.js';
import { EXIT_COMPLETE, EXIT_INCOMPLETE, refuse } from './commandLineHost.js';
import type { MigrationWorld } from './migrationWorld.js';
import { readPlanFile } from './migrationWorld.js';

/** 0 without errors, 1 with, 2 when there is no such file. */
export async function validatePlan(world: MigrationWorld, file: string | undefined, host: CommandLineHost): Promise<number> {
  const { render, writeOut, writeError } = host;
  const state = await readPlanFile(world, file);
  if (state.kind === 'none') return refuse(host, message('gateCli.error.noMesh'));
  if (state.kind === 'unreadable') return refuse(host, message('gateCli.error.planUnreadable', { failure: failureMessage(state.failure) }));
  const lines = state.problems.map((problem) => problemLine(state.file, state.text, problem, host));
  const findings = state.plan === undefined ? [] : await caFileLines(state.plan, state.file, world, host);
  writeOut([...lines, ...findings].map((line) => `${line}\n`).join(''));
  const errors = state.problems.filter(({ severity }) => severity === 'error').length + findings.length;
  if (errors > 0) {
    writeError(`${render(message('gateCli.plan.errors', { count: errors }))}\n`);
    return EXIT_INCOMPLETE;
  }
  writeError(`${render(message('gateCli.plan.valid', { file: state.file }))}\n`);
  return EXIT_COMPLETE;
}

/** Lines and columns from one, as compilers count. */
export function lineAndColumn(text: string, offset: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, offset).split(/\r\n|\r|\n/);
  return { line: before.length, column: (before.at(-1) ?? '').length + 1 };
}

function problemLine(file: string, text: string, { offset, severity, message: what }: PlanProblem, { render }: CommandLineHost): string {
  const { line, column } = lineAndColumn(text, offset);
  return `${file}:${line}:${column}: ${severity}: ${render(what)}`;
}

/** What can be said of the CA files without the cluster: whether they belong together. Under which root it lives, the step asks. */
async function caFileLines(plan: MigrationPlan, planFile: string, world: MigrationWorld, { render }: CommandLineHost): Promise<readonly string[]> {
  const { caFilesReader: reader } = world.files;
  const judged = plan.clusters.map(async ({ caFiles, ref }) => {
    if (caFiles === undefined) return [];
    const findings = await checkCaFiles(caFiles, undefined, { reader, certificates: world.certificateReader, now: world.clock.now() });
    const certain = findings.filter(({ unknown }) => !unknown);
    return certain.map(({ file, problem }) => `${planFile}: error: ${clusterName(ref)}, ${caFiles[file]}: ${render(problem)}`);
  });
  return (await Promise.all(judged)).flat();
}
