// The command line of a rehearsal: what may be asked for, and what is wrong with it in one sentence.
import { parseArgs } from 'node:util';
import { CommandProblem } from './control/commandWords.js';
import { parseCommand, parseWords, splitWords } from './control/controlArguments.js';
import type { ControlCommand } from './control/controlCommands.js';
import { isLoopback } from './rehearsal.js';
import type { Scene } from './scenes/scene.js';
import { SCENE_ARGUMENTS, SCENE_USAGE, varyScene } from './scenes/sceneArguments.js';
import { findScene, SCENES } from './scenes/scenes.js';

export interface RehearsalArguments {
  readonly scene: Scene;
  readonly listen: { readonly host: string; readonly port: number };
  /** Undefined: in the rehearsal's own temporary folder. */
  readonly kubeconfigPath: string | undefined;
  readonly withRevisions: readonly string[];
  readonly speed: number;
  /** Carried out as soon as the clusters answer. */
  readonly commands: readonly ControlCommand[];
  /** Standard input is a pipe from the program that started this one: its end means that the program is gone, however it went. */
  readonly untilInputEnds: boolean;
}

export type ParsedArguments = { readonly arguments: RehearsalArguments } | { readonly help: string } | { readonly problem: string };

export const USAGE = `Usage: mesh-ca rehearse [options]

Serves a rehearsal mesh of two simulated GKE clusters on this machine until it is interrupted.

  --scene NAME          where the migration starts from: ${SCENES.map(({ name }) => name).join(', ')}
${SCENE_USAGE}  --listen HOST:PORT    cluster i listens on PORT + i; 0 is any free port (default 127.0.0.1:0)
  --kubeconfig FILE     where to write the kubeconfig (default: a private temporary folder)
  --with-revision NAME  a second control plane that is there from the start; may be repeated
  --speed N             how many times faster pods start and pushes arrive (default 1)
  --until-input-ends    also stop when standard input ends, for programs that start a rehearsal
  --fault "COMMAND"     something that is wrong from the start, as \`mesh-ca rehearsal\` takes it; may be repeated
`;

/** Service `istiod-REVISION` has at most 63 characters. */
const MAX_REVISION_LENGTH = 56;
const REVISION_PATTERN = /^[a-z]([-a-z0-9]*[a-z0-9])?$/u;

const OPTIONS = {
  scene: { type: 'string', default: SCENES[0].name },
  ...SCENE_ARGUMENTS,
  listen: { type: 'string', default: '127.0.0.1:0' },
  kubeconfig: { type: 'string' },
  'with-revision': { type: 'string', multiple: true },
  speed: { type: 'string', default: '1' },
  fault: { type: 'string', multiple: true },
  'until-input-ends': { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

/** The name has to make a valid DNS-1035 label out of `istiod-NAME` and to be new in the scene. */
function revisionProblem(name: string, taken: readonly string[]): string | undefined {
  if (!REVISION_PATTERN.test(name)) {
    return `revision name "${name}" has to be lower-case letters, digits and dashes, begin with a letter and not end with a dash`;
  }
  if (name.length > MAX_REVISION_LENGTH) return `revision name "${name}" is longer than ${MAX_REVISION_LENGTH} characters`;
  return taken.includes(name) ? `revision "${name}" is there already` : undefined;
}

function parseListen(text: string): { readonly host: string; readonly port: number } | { readonly problem: string } {
  const [, bracketed, plain, digits] = /^(?:\[([^\]]+)\]|([^:]+)):(\d+)$/u.exec(text) ?? [];
  const host = bracketed ?? plain;
  const port = Number(digits);
  if (host === undefined || port > 65_535) return { problem: `--listen takes HOST:PORT such as 127.0.0.1:0, not "${text}"` };
  if (!isLoopback(host)) return { problem: `a rehearsal listens on this machine only (127.0.0.1), not on ${host}` };
  return { host, port };
}

function readOptions(args: readonly string[]) {
  return parseArgs({ args: [...args], options: OPTIONS, strict: true, allowPositionals: false }).values;
}

function parseValues(args: readonly string[]): ReturnType<typeof readOptions> | { readonly problem: string } {
  try {
    return readOptions(args);
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}

function parseFaults(texts: readonly string[]): readonly ControlCommand[] | { readonly problem: string } {
  try {
    return texts.map((text) => parseCommand(parseWords(splitWords(text))));
  } catch (error) {
    if (error instanceof CommandProblem) return { problem: `--fault: ${error.message}` };
    throw error;
  }
}

export function parseRehearsalArguments(args: readonly string[]): ParsedArguments {
  const values = parseValues(args);
  if ('problem' in values) return { problem: values.problem };
  if (values.help) return { help: USAGE };
  const scene = findScene(values.scene);
  if (scene === undefined) {
    return { problem: `there is no scene "${values.scene}"; there are ${SCENES.map(({ name }) => name).join(' and ')}` };
  }
  const varied = varyScene(scene, values);
  if ('problem' in varied) return varied;
  const listen = parseListen(values.listen);
  if ('problem' in listen) return listen;
  const speed = Number(values.speed);
  if (!Number.isFinite(speed) || speed <= 0) return { problem: `--speed takes a number above zero, not "${values.speed}"` };
  const taken = [...scene.installedRevisions];
  const withRevisions = values['with-revision'] ?? [];
  for (const revision of withRevisions) {
    const problem = revisionProblem(revision, taken);
    if (problem !== undefined) return { problem };
    taken.push(revision);
  }
  const commands = parseFaults(values.fault ?? []);
  if ('problem' in commands) return commands;
  return { arguments: { scene: varied.scene, listen, kubeconfigPath: values.kubeconfig, withRevisions, speed, commands, untilInputEnds: values['until-input-ends'] } };
}
