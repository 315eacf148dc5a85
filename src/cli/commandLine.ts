// The commands and options of `mesh-ca`, and what comes out of each: text for stdout and stderr, and an exit code.
import { Command, CommanderError, Option } from 'commander';
import { message } from '../shared/text/message.js';
import type { CheckName } from '../app/trust/checkReport.js';
import { unknownCount } from '../app/trust/checkReport.js';
import { chosenTransport, clusterRequest, EXIT_COMPLETE, EXIT_INCOMPLETE, EXIT_NOT_ASKED, refuse, withTargetOptions } from './commandLineHost.js';
import type { CommandLineHost, TargetOptions } from './commandLineHost.js';
import { renderJson, renderReasons, renderText } from '../app/trust/checkText.js';
import { missingProxies } from '../app/trust/proxyTargets.js';
import { addMigrationCommands } from './migrationCommands.js';
import type { MigrationHost } from './migrationCommands.js';
import { ProgressLine } from './progressLine.js';
import { runCheck } from './runCheck.js';
import { addSurveyCommands } from './surveyCommands.js';

interface CheckOptions extends TargetOptions {
  readonly output: 'script' | 'docs' | 'json';
}

/** Runs one command line, without the program's name; resolves with the exit code. */
export async function runCommandLine(args: readonly string[], host: CommandLineHost | MigrationHost): Promise<number> {
  // Handed on as they are, help included: the rehearsal knows its own options.
  if (args[0] === 'rehearse') return host.rehearse([...args.slice(1), '--until-input-ends']);
  if (args[0] === 'rehearsal') return host.rehearse(['control', ...args.slice(1)]);
  const exit = { code: EXIT_COMPLETE };
  const program = makeProgram(host, async (check, options) => {
    exit.code = await runAndPrint(check, options, host);
  });
  const onExit = (code: number): void => {
    exit.code = code;
  };
  addSurveyCommands(program, host, onExit);
  if ('openMigration' in host) addMigrationCommands(program, host, onExit);
  try {
    await program.parseAsync(args, { from: 'user' });
    return exit.code;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? EXIT_COMPLETE : EXIT_NOT_ASKED;
  }
}

function makeProgram(host: CommandLineHost, onCheck: (check: CheckName, options: CheckOptions) => Promise<void>): Command {
  const { render } = host;
  const program = new Command('mesh-ca')
    .description(render(message('check.help.tool')))
    .exitOverride()
    .configureOutput({ writeOut: host.writeOut, writeErr: host.writeError });
  const checks = [
    ['root-cert', render(message('check.help.rootCert'))],
    ['workload-cert', render(message('check.help.workloadCert'))],
    ['trustdomain', render(message('check.help.trustDomain'))],
  ] as const;
  for (const [check, description] of checks) {
    withTargetOptions(program.command(`check-${check}`).description(description), render)
      .addOption(new Option('--output <style>', render(message('check.help.output'))).choices(['script', 'docs', 'json']).default('script'))
      .addHelpText('after', `\n${render(message('check.help.footer'))}`)
      .action((options: CheckOptions) => onCheck(check, options));
  }
  program.command('rehearse').description(render(message('check.help.rehearse')));
  program.command('rehearsal').description(render(message('check.help.rehearsal')));
  return program;
}

async function runAndPrint(check: CheckName, options: CheckOptions, host: CommandLineHost): Promise<number> {
  const { render } = host;
  const request = clusterRequest(options);
  if ('key' in request) return refuse(host, request);
  const world = await host.openWorld(chosenTransport(options));
  const line = new ProgressLine(host.terminal, render, () => world.clock.now());
  const outcome = await runCheck(world, { ...request, check }, host.signal, (progress) => { line.show(progress); });
  line.clear();
  if (!outcome.ok) return refuse(host, ...outcome.whys);
  const { report } = outcome;
  host.writeOut(options.output === 'json' ? renderJson(report, render) : renderText(report, options.output));
  // JSON holds its reasons itself, yet a person at a terminal should see them all the same.
  host.writeError(renderReasons(report, render));
  return unknownCount(report) === 0 && missingProxies(report.notices).length === 0 ? EXIT_COMPLETE : EXIT_INCOMPLETE;
}
