// What every command of `mesh-ca` shares: the process it runs in, which clusters it is told to ask, and its exit codes.
import type { Command } from 'commander';
import { Option } from 'commander';
import type { ProxyTransport } from '../app/ports.js';
import { readProxyTransport, TRANSPORT_OPTIONS } from '../app/trust/proxyTransport.js';
import type { Message } from '../shared/text/message.js';
import { message } from '../shared/text/message.js';
import type { RenderText } from '../shared/text/render.js';
import type { Terminal } from './progressLine.js';
import type { ClusterRequest } from './readClusters.js';
import type { CheckWorld } from './runCheck.js';

/** What the command line needs of the process it runs in. */
export interface CommandLineHost {
  readonly render: RenderText;
  /** Of `render`, as HTML names languages. */
  readonly language?: string;
  /** Opened only for commands that read clusters. */
  readonly openWorld: (transport?: ProxyTransport) => Promise<CheckWorld>;
  /** Runs the rehearsal's program with these arguments; resolves with its exit code. */
  readonly rehearse: (args: readonly string[]) => Promise<number>;
  readonly writeOut: (text: string) => void;
  readonly writeError: (text: string) => void;
  readonly signal: AbortSignal;
  /** Where progress is drawn; undefined where stderr is no terminal. */
  readonly terminal?: Terminal | undefined;
  /** Name and version, for files that outlive the process. */
  readonly tool?: string;
}

/** Every proxy could be read, and nothing else is amiss. */
export const EXIT_COMPLETE = 0;
export const EXIT_INCOMPLETE = 1;
/** The question could not be asked: wrong usage, unknown context, no cluster that can be reached. */
export const EXIT_NOT_ASKED = 2;

/** The options that say which proxies are asked, and how. */
export interface TargetOptions {
  readonly kubeconfig: string;
  readonly context?: readonly string[];
  readonly allContexts?: true;
  readonly namespace?: readonly string[];
  readonly transport: string;
}

/** Gives a command those options; the kubeconfig is optional where a command has another source. */
export function withTargetOptions(command: Command, render: RenderText, need: 'kubeconfig' | 'kubeconfigOptional' = 'kubeconfig'): Command {
  const kubeconfig = new Option('--kubeconfig <file>', render(message('check.help.kubeconfig')));
  return command
    .addOption(kubeconfig.makeOptionMandatory(need === 'kubeconfig'))
    .option('--context <name...>', render(message('check.help.context')))
    .option('--all-contexts', render(message('check.help.allContexts')))
    .option('-n, --namespace <name...>', render(message('check.help.namespace')))
    .addOption(new Option('--transport <way>', render(message('check.help.transport'))).choices(TRANSPORT_OPTIONS).default('automatic'));
}

/** How the options say that proxies are to be reached. */
export function chosenTransport({ transport }: Pick<TargetOptions, 'transport'>): ProxyTransport {
  return readProxyTransport(transport);
}

/** What the options ask about, or the sentence that says what is missing in them. */
export function clusterRequest({ kubeconfig, context, allContexts, namespace }: TargetOptions): ClusterRequest | Message {
  if (context !== undefined && allContexts === true) return message('check.error.bothTargets');
  const contexts = allContexts === true ? 'all' : context;
  return contexts === undefined ? message('check.error.noTarget') : { kubeconfig, contexts, namespaces: namespace ?? [] };
}

/** Says why the question could not be asked, a line for each reason. */
export function refuse({ render, writeError }: CommandLineHost, ...whys: readonly Message[]): number {
  writeError(whys.map((why) => `mesh-ca: ${render(why)}\n`).join(''));
  return EXIT_NOT_ASKED;
}
