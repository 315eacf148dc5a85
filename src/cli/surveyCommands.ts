// The commands that tell of every proxy: `mesh-ca survey`, and `mesh-ca matrix` for who can authenticate whom.
import type { Command } from 'commander';
import { Option } from 'commander';
import { trustMatrix } from '../app/trust/trustMatrix.js';
import { message } from '../shared/text/message.js';
import { chosenTransport, clusterRequest, EXIT_COMPLETE, EXIT_INCOMPLETE, refuse, withTargetOptions } from './commandLineHost.js';
import type { CommandLineHost, TargetOptions } from './commandLineHost.js';
import { isWhole, renderMatrix } from './renderMatrix.js';
import type { MatrixStyle } from './renderMatrix.js';
import { renderSurvey, surveyRows } from './renderSurvey.js';
import type { SurveyStyle } from './renderSurvey.js';
import { runSurvey } from './runSurvey.js';
import type { SurveyReport } from './runSurvey.js';

/** Adds both; `onExit` hears with which code the command ends. */
export function addSurveyCommands(program: Command, host: CommandLineHost, onExit: (code: number) => void): void {
  const { render } = host;
  withTargetOptions(program.command('survey').description(render(message('check.help.survey'))), render)
    .addOption(new Option('--output <style>', render(message('check.help.surveyOutput'))).choices(['json', 'csv', 'markdown']).default('json'))
    .addHelpText('after', `\n${render(message('check.help.surveyFooter'))}`)
    .action(async (options: TargetOptions & { readonly output: SurveyStyle }) => {
      onExit(await ask(options, host, (report) => printSurvey(report, options.output, host)));
    });
  withTargetOptions(program.command('matrix').description(render(message('matrix.help'))), render)
    .addOption(new Option('--output <style>', render(message('matrix.help.output'))).choices(['text', 'json']).default('text'))
    .addHelpText('after', `\n${render(message('matrix.help.footer'))}`)
    .action(async (options: TargetOptions & { readonly output: MatrixStyle }) => {
      onExit(await ask(options, host, (report) => printMatrix(report, options.output, host)));
    });
}

async function ask(options: TargetOptions, host: CommandLineHost, print: (report: SurveyReport) => number): Promise<number> {
  const request = clusterRequest(options);
  if ('key' in request) return refuse(host, request);
  const outcome = await runSurvey(await host.openWorld(chosenTransport(options)), request, host.signal);
  return outcome.ok ? print(outcome.report) : refuse(host, outcome.why);
}

function printSurvey(report: SurveyReport, style: SurveyStyle, host: CommandLineHost): number {
  const { render, writeOut } = host;
  const rows = surveyRows(report);
  const unknown = rows.filter(({ state }) => state === 'unknown').length;
  writeOut(renderSurvey(report, style, render));
  writeNotices(report, unknown, host);
  return unknown === 0 ? EXIT_COMPLETE : EXIT_INCOMPLETE;
}

function printMatrix(report: SurveyReport, style: MatrixStyle, host: CommandLineHost): number {
  const { readings, snapshots, notices, now } = report;
  const matrix = trustMatrix(readings, snapshots, now);
  host.writeOut(renderMatrix(matrix, notices, style, host.render));
  const unknown = matrix.classes.reduce((sum, one) => sum + (one.kind === 'unknown' ? one.members.length : 0), 0);
  writeNotices(report, unknown, host);
  return isWhole(matrix) ? EXIT_COMPLETE : EXIT_INCOMPLETE;
}

/** To stderr: a person at a terminal sees them, and no program that reads stdout does. */
function writeNotices({ notices, readings }: SurveyReport, unknown: number, { render, writeError }: CommandLineHost): void {
  const count = unknown === 0 ? [] : [message('check.notice.unknownCount', { unknown, total: readings.length })];
  writeError([...notices, ...count].map((notice) => `${render(notice)}\n`).join(''));
}
