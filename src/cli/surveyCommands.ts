// The commands that tell of every proxy: `mesh-ca survey`, and `mesh-ca matrix` for who can authenticate whom.
import type { Command } from 'commander';
import { Option } from 'commander';
import { exportJunit, exportSarif } from '../app/trust/pipelineExport.js';
import { missingProxies } from '../app/trust/proxyTargets.js';
import type { SurveyExport } from '../app/trust/surveyExport.js';
import { exportCsv, exportJson, exportMarkdown } from '../app/trust/surveyExport.js';
import type { SurveyRecord } from '../app/trust/surveyRecord.js';
import { recordRows } from '../app/trust/surveyRecord.js';
import { matrixOf } from '../app/trust/trustMatrix.js';
import type { Message } from '../shared/text/message.js';
import { message } from '../shared/text/message.js';
import { chosenTransport, clusterRequest, EXIT_COMPLETE, EXIT_INCOMPLETE, EXIT_NOT_ASKED, refuse, withTargetOptions } from './commandLineHost.js';
import type { CommandLineHost, TargetOptions } from './commandLineHost.js';
import { ProgressLine } from './progressLine.js';
import type { ClusterRequest } from './readClusters.js';
import { isWhole, renderMatrix } from './renderMatrix.js';
import type { MatrixStyle } from './renderMatrix.js';
import { runSurvey } from './runSurvey.js';
import type { SurveyOutcome } from './runSurvey.js';
import { openSurvey, saveSurvey } from './surveyFiles.js';

const EXPORTS = { json: exportJson, csv: exportCsv, markdown: exportMarkdown, junit: exportJunit, sarif: exportSarif } as const satisfies Record<string, SurveyExport>;

/** A survey comes from clusters, or from a file. */
interface SourceOptions extends Omit<TargetOptions, 'kubeconfig'> {
  readonly kubeconfig?: string;
  readonly from?: string;
}

interface SurveyOptions extends SourceOptions {
  readonly output: keyof typeof EXPORTS;
  readonly save?: string;
}

interface MatrixOptions extends SourceOptions {
  readonly output: MatrixStyle;
}

/** Adds both; `onExit` hears with which code the command ends. */
export function addSurveyCommands(program: Command, host: CommandLineHost, onExit: (code: number) => void): void {
  const { render } = host;
  withSourceOptions(program.command('survey').description(render(message('check.help.survey'))), host)
    .addOption(new Option('--output <style>', render(message('surveys.help.output'))).choices(Object.keys(EXPORTS)).default('json'))
    .option('--save <file>', render(message('surveys.help.save')))
    .addHelpText('after', `\n${render(message('check.help.surveyFooter'))}`)
    .action(async (options: SurveyOptions) => {
      onExit(await ask(options, host, (record) => printSurvey(record, options, host)));
    });
  withSourceOptions(program.command('matrix').description(render(message('matrix.help'))), host)
    .addOption(new Option('--output <style>', render(message('matrix.help.output'))).choices(['text', 'json']).default('text'))
    .addHelpText('after', `\n${render(message('matrix.help.footer'))}`)
    .action(async (options: MatrixOptions) => {
      onExit(await ask(options, host, (record) => Promise.resolve(printMatrix(record, options.output, host))));
    });
}

function withSourceOptions(command: Command, { render }: CommandLineHost): Command {
  return withTargetOptions(command, render, 'kubeconfigOptional').option('--from <file>', render(message('surveys.help.from')));
}

async function ask(options: SourceOptions, host: CommandLineHost, print: (record: SurveyRecord) => Promise<number>): Promise<number> {
  const request = sourceOf(options);
  if (typeof request !== 'string' && 'key' in request) return refuse(host, request);
  const outcome = await survey(request, options, host);
  return outcome.ok ? print(outcome.record) : refuse(host, ...outcome.whys);
}

/** The file's path, the clusters, or what is wrong with the options. */
function sourceOf({ from, kubeconfig, ...options }: SourceOptions): string | ClusterRequest | Message {
  if (from !== undefined) {
    const alsoAsksClusters = [kubeconfig, options.context, options.allContexts, options.namespace].some((option) => option !== undefined);
    return alsoAsksClusters ? message('surveys.error.fromAndTarget') : from;
  }
  return kubeconfig === undefined ? message('surveys.error.noKubeconfig') : clusterRequest({ ...options, kubeconfig });
}

async function survey(request: string | ClusterRequest, options: SourceOptions, host: CommandLineHost): Promise<SurveyOutcome> {
  const world = await host.openWorld(chosenTransport(options));
  if (typeof request === 'string') return openSurvey(request, world);
  const line = new ProgressLine(host.terminal, host.render, () => world.clock.now());
  try {
    return await runSurvey(world, request, host.signal, (progress) => { line.show(progress); });
  } finally {
    line.clear();
  }
}

async function printSurvey(record: SurveyRecord, { output, save }: SurveyOptions, host: CommandLineHost): Promise<number> {
  const { render, writeOut } = host;
  const unknown = recordRows(record).filter(({ state }) => state === 'unknown').length;
  writeOut(EXPORTS[output](record, render));
  writeNotices(record, unknown, host);
  const unsaved = save === undefined ? undefined : await saveSurvey(save, record, host.tool ?? 'mesh-ca');
  if (unsaved !== undefined) {
    refuse(host, unsaved);
    return EXIT_NOT_ASKED;
  }
  return unknown === 0 && missingProxies(record.notices).length === 0 ? EXIT_COMPLETE : EXIT_INCOMPLETE;
}

function printMatrix(record: SurveyRecord, style: MatrixStyle, host: CommandLineHost): number {
  const matrix = matrixOf(record.proxies, record.finishedAt);
  host.writeOut(renderMatrix(matrix, record.notices, style, host.render));
  const unknown = matrix.classes.reduce((sum, one) => sum + (one.kind === 'unknown' ? one.members.length : 0), 0);
  writeNotices(record, unknown, host);
  return isWhole(matrix) && missingProxies(record.notices).length === 0 ? EXIT_COMPLETE : EXIT_INCOMPLETE;
}

/** To stderr: a person at a terminal sees them, and no program that reads stdout does. */
function writeNotices({ notices, proxies }: SurveyRecord, unknown: number, { render, writeError }: CommandLineHost): void {
  const count = unknown === 0 ? [] : [message('check.notice.unknownCount', { unknown, total: proxies.length })];
  writeError([...notices, ...count].map((notice) => `${render(notice)}\n`).join(''));
}
