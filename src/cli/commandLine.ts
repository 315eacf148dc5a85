// The commands and options of `mesh-ca`, and what comes out of each: text for stdout and stderr, and an exit code.
import { Command, CommanderError, Option } from 'commander';
import { message } from '../shared/text/message.js';
import type { RenderText } from '../shared/text/render.js';
import type { CheckName } from './checkReport.js';
import { unknownCount } from './checkReport.js';
import { renderJson, renderReasons, renderText } from './renderCheck.js';
import { runCheck } from './runCheck.js';
import type { CheckWorld } from './runCheck.js';

/** What the command line needs of the process it runs in. */
export interface CommandLineHost {
  readonly render: RenderText;
  /** Opened only for commands that read clusters. */
  readonly openWorld: () => Promise<CheckWorld>;
  /** Runs the rehearsal's program with these arguments; resolves with its exit code. */
  readonly rehearse: (args: readonly string[]) => Promise<number>;
  readonly writeOut: (text: string) => void;
  readonly writeError: (text: string) => void;
  readonly signal: AbortSignal;
}

interface CheckOptions {
  readonly kubeconfig: string;
  readonly context?: readonly string[];
  readonly allContexts?: true;
  readonly namespace?: readonly string[];
  readonly output: 'script' | 'docs' | 'json';
}

/** Every proxy could be read. */
const EXIT_COMPLETE = 0;
const EXIT_INCOMPLETE = 1;
/** The question could not be asked: wrong usage, unknown context, unreachable cluster. */
const EXIT_NOT_ASKED = 2;

/** Runs one command line, without the program's name; resolves with the exit code. */
export async function runCommandLine(args: readonly string[], host: CommandLineHost): Promise<number> {
  // Handed on as they are, help included: the rehearsal knows its own options.
  if (args[0] === 'rehearse') return host.rehearse([...args.slice(1), '--until-input-ends']);
  if (args[0] === 'rehearsal') return host.rehearse(['control', ...args.slice(1)]);
  const exit = { code: EXIT_COMPLETE };
  const program = makeProgram(host, async (check, options) => {
    exit.code = await runAndPrint(check, options, host);
  });
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
    program
      .command(`check-${check}`)
      .description(description)
      .requiredOption('--kubeconfig <file>', render(message('check.help.kubeconfig')))
      .option('--context <name...>', render(message('check.help.context')))
      .option('--all-contexts', render(message('check.help.allContexts')))
      .option('-n, --namespace <name...>', render(message('check.help.namespace')))
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
  const contexts = chosenContexts(options);
  if (typeof contexts === 'object' && 'key' in contexts) return refuse(host, render(contexts));
  const request = { check, kubeconfig: options.kubeconfig, contexts, namespaces: options.namespace ?? [] };
  const outcome = await runCheck(await host.openWorld(), request, host.signal);
  if (!outcome.ok) return refuse(host, render(outcome.why));
  const { report } = outcome;
  host.writeOut(options.output === 'json' ? renderJson(report, render) : renderText(report, options.output));
  // JSON holds its reasons itself, yet a person at a terminal should see them all the same.
  host.writeError(renderReasons(report, render));
  return unknownCount(report) === 0 ? EXIT_COMPLETE : EXIT_INCOMPLETE;
}

function chosenContexts({ context, allContexts }: CheckOptions): 'all' | readonly string[] | ReturnType<typeof message> {
  if (context !== undefined && allContexts === true) return message('check.error.bothTargets');
  return allContexts === true ? 'all' : (context ?? message('check.error.noTarget'));
}

function refuse(host: CommandLineHost, reason: string): number {
  host.writeError(`mesh-ca: ${reason}\n`);
  return EXIT_NOT_ASKED;
}
