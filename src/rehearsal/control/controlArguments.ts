// From the words of a command line to a command and back to help: shared by `mesh-ca rehearsal`, `--fault` and the server.
import { COMMAND_GROUPS, COMMANDS } from './commandTable.js';
import { CommandProblem, CommandWords } from './commandWords.js';
import type { ControlCommand, ControlRequest } from './controlCommands.js';

/** Options that stand alone. */
const FLAGS: readonly string[] = ['once'];
/** Letters for options, as kubectl has them. */
const SHORT_OPTIONS: Readonly<Record<string, string>> = { n: 'namespace', l: 'selector' };

/** The value that a request stands for. Throws `CommandProblem`. */
export function parseCommand(request: ControlRequest): ControlCommand {
  const entry = COMMANDS.find(({ name }) => name === request.command);
  if (entry === undefined) throw new CommandProblem(`there is no command "${request.command}"; --help lists them`);
  const unknown = Object.keys(request.options).find((option) => option !== 'context' && !entry.options.includes(option));
  if (unknown !== undefined) throw new CommandProblem(`${entry.name} does not take --${unknown}`);
  const { context } = request.options;
  if (context !== undefined && entry.concernsAll) throw new CommandProblem(`${entry.name} concerns all clusters; it takes no --context`);
  return { action: entry.read(new CommandWords(request)), ...(context === undefined ? {} : { context }) };
}

/** `--namespace foo`, `--namespace=foo`, `-n foo`, and what is no option. Throws `CommandProblem`. */
export function parseWords(words: readonly string[]): ControlRequest {
  const operands: string[] = [];
  const options: Record<string, string> = {};
  const rest = [...words];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    const [, long, inline] = /^--([a-z-]+)(?:=(.*))?$/su.exec(word) ?? [];
    const short = /^-([a-z])$/u.exec(word)?.[1];
    const name = long ?? (short === undefined ? undefined : (SHORT_OPTIONS[short] ?? short));
    if (name === undefined) operands.push(word);
    else if (name in options) throw new CommandProblem(`--${name} is there twice`);
    else if (FLAGS.includes(name)) options[name] = '';
    else {
      const value = inline ?? rest.shift();
      if (value === undefined) throw new CommandProblem(`--${name} needs a value`);
      options[name] = value;
    }
  }
  const [command, ...others] = operands;
  if (command === undefined) throw new CommandProblem('say what shall happen; --help lists the commands');
  return { command, operands: others, options };
}

/** One text as a shell would split it, as far as quotes go: for `--fault "admin hang -n foo"`. */
export function splitWords(text: string): readonly string[] {
  return [...text.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/gu)].map(([, double, single, plain]) => double ?? single ?? plain ?? '');
}

const TAIL = `
Commands of the first two groups concern all clusters of the rehearsal unless --context NAME says which.
The rehearsal is found by --control FILE, by --kubeconfig FILE (a file that the rehearsal wrote), or by the terminal's own
environment. TIME is 90, 90s, 15m, 12h or 2d. Exit code: 0 done, 1 no rehearsal answers, 2 not understood.
`;

/** What `--help` prints. */
export function controlHelp(): string {
  const groups = COMMAND_GROUPS.map(({ title, commands }) => {
    const entries = commands.map(({ name, usage, summary }) => `  ${`${name} ${usage}`.trimEnd()}\n      ${summary}`);
    return `${title}:\n${entries.join('\n')}\n`;
  });
  return `Usage: mesh-ca rehearsal COMMAND [options]\n\nChanges a running rehearsal mesh.\n\n${groups.join('\n')}${TAIL}`;
}
