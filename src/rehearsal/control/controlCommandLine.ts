// `mesh-ca rehearsal COMMAND`: one command to a running rehearsal from a terminal.
import { CommandProblem } from './commandWords.js';
import { controlHelp, parseCommand, parseWords } from './controlArguments.js';
import { findRehearsal, sendCommand } from './controlClient.js';
import type { ControlRequest } from './controlCommands.js';

export interface TerminalOutput {
  readonly writeOut: (text: string) => void;
  readonly writeError: (text: string) => void;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

const EXIT_DONE = 0;
const EXIT_NOT_DONE = 1;
const EXIT_NOT_UNDERSTOOD = 2;

interface Order {
  readonly request: ControlRequest;
  readonly controlFile: string | undefined;
  readonly kubeconfig: string | undefined;
}

/** Options about the way to the rehearsal are the client's own; the command is checked before anything is asked. */
function readOrder(words: readonly string[]): Order | { readonly problem: string } {
  try {
    const { command, operands, options } = parseWords(words);
    const { control: controlFile, kubeconfig, ...others } = options;
    const request = { command, operands, options: others };
    parseCommand(request);
    return { request, controlFile, kubeconfig };
  } catch (error) {
    if (error instanceof CommandProblem) return { problem: error.message };
    throw error;
  }
}

/** Resolves with the exit code. */
export async function runControl(words: readonly string[], output: TerminalOutput): Promise<number> {
  const refuse = (code: number, reason: string): number => {
    output.writeError(`mesh-ca rehearsal: ${reason}\n`);
    return code;
  };
  if (words.includes('--help') || words.includes('-h') || words.length === 0) {
    output.writeOut(controlHelp());
    return words.length === 0 ? EXIT_NOT_UNDERSTOOD : EXIT_DONE;
  }
  const order = readOrder(words);
  if ('problem' in order) return refuse(EXIT_NOT_UNDERSTOOD, order.problem);
  const place = await findRehearsal({ ...order, environment: output.environment });
  if ('unreachable' in place) return refuse(EXIT_NOT_DONE, place.unreachable);
  const reply = await sendCommand(place, order.request);
  if ('unreachable' in reply) return refuse(EXIT_NOT_DONE, reply.unreachable);
  if ('problem' in reply) return refuse(EXIT_NOT_UNDERSTOOD, reply.problem);
  output.writeOut(reply.lines.map((line) => `${line}\n`).join(''));
  return EXIT_DONE;
}
