// The commands about the migration: `status`, `gate`, `plan validate` and `report`, with their options and exit codes.
import type { Command } from 'commander';
import { Argument, Option } from 'commander';
import type { ProxyTransport } from '../app/ports.js';
import { TRANSPORT_OPTIONS } from '../app/trust/proxyTransport.js';
import type { GateVerdict } from '../domain/gates/gate.js';
import { computePosition } from '../domain/position/computePosition.js';
import { isKnownRevision, judgeMeshGate } from '../app/report/judgedGates.js';
import type { RenderText } from '../shared/text/render.js';
import { message } from '../shared/text/message.js';
import type { CommandLineHost } from './commandLineHost.js';
import { chosenTransport, EXIT_COMPLETE, EXIT_INCOMPLETE, refuse } from './commandLineHost.js';
import type { MeshOptions, MigrationWorld, ReadMesh } from './migrationWorld.js';
import { readMesh } from './migrationWorld.js';
import { validatePlan } from './planCommand.js';
import { renderGate } from './renderGate.js';
import type { GateStyle } from './renderGate.js';
import { renderStatus } from './renderStatus.js';
import { writeReport } from './reportCommand.js';
import type { ReportOptions } from './reportCommand.js';

/** A command line without it has no commands about the migration. */
export interface MigrationHost extends CommandLineHost {
  readonly openMigration: (transport?: ProxyTransport) => Promise<MigrationWorld>;
}

/** The gates that a pipeline may wait for. */
const ASKED_GATES = ['phase-2', 'finish', 'phase-3'] as const;

/** Nothing known stands in the way, but not everything is known: shut all the same. */
const EXIT_UNKNOWN = 3;
const GATE_EXITS: Readonly<Record<GateVerdict['state'], number>> = { open: EXIT_COMPLETE, shut: EXIT_INCOMPLETE, unknown: EXIT_UNKNOWN };

export type MeshCommandOptions = MeshOptions & { readonly transport: string };

export function addMigrationCommands(program: Command, host: MigrationHost, onExit: (code: number) => void): void {
  const { render } = host;
  withMeshOptions(program.command('status').description(render(message('gateCli.help.status'))), render)
    .addOption(new Option('--output <style>', render(message('gateCli.help.statusOutput'))).choices(['text', 'json']).default('text'))
    .addHelpText('after', `\n${render(message('gateCli.help.statusFooter'))}`)
    .action(async (options: MeshCommandOptions & { readonly output: 'text' | 'json' }) => {
      onExit(await ask(options, host, (mesh) => printStatus(mesh, options.output, host)));
    });
  withMeshOptions(program.command('gate').description(render(message('gateCli.help.gate'))), render)
    .addArgument(new Argument('<gate>', render(message('gateCli.help.gateName'))).choices(ASKED_GATES))
    .option('--revision <name>', render(message('gateCli.help.revision')))
    .addOption(new Option('--output <style>', render(message('gateCli.help.gateOutput'))).choices(['text', 'json', 'junit']).default('text'))
    .addHelpText('after', `\n${render(message('gateCli.help.gateFooter'))}`)
    .action(async (gate: (typeof ASKED_GATES)[number], options: MeshCommandOptions & { readonly output: GateStyle; readonly revision?: string }) => {
      onExit(
        await ask(options, host, ({ situation }) => {
          const { revision } = options;
          if (revision !== undefined && isKnownRevision(revision, situation) === false) return refuse(host, message('gateCli.error.noSuchRevision', { revision }));
          const verdict = judgeMeshGate(gate, situation.facts, options.revision);
          host.writeOut(renderGate(verdict, situation, options.output, render));
          return GATE_EXITS[verdict.state];
        }),
      );
    });
  program
    .command('plan')
    .description(render(message('gateCli.help.plan')))
    .command('validate')
    .description(render(message('gateCli.help.validate')))
    .argument('[file]', render(message('gateCli.help.planFile')))
    .addHelpText('after', `\n${render(message('gateCli.help.validateFooter'))}`)
    .action(async (file: string | undefined) => {
      onExit(await validatePlan(await host.openMigration(), file, host));
    });
  withMeshOptions(program.command('report').description(render(message('gateCli.help.report'))), render)
    .addOption(new Option('--format <form>', render(message('gateCli.help.format'))).choices(['markdown', 'html']).default('markdown'))
    .option('--output <file>', render(message('gateCli.help.reportFile')))
    .option('--journal <file>', render(message('gateCli.help.journal')))
    .addHelpText('after', `\n${render(message('gateCli.help.reportFooter'))}`)
    .action(async (options: MeshCommandOptions & ReportOptions) => {
      onExit(await ask(options, host, (mesh, world) => writeReport(mesh, options, world, host)));
    });
}

function withMeshOptions(command: Command, render: RenderText): Command {
  return command
    .option('--plan <file>', render(message('gateCli.help.planOption')))
    .option('--kubeconfig <file>', render(message('check.help.kubeconfig')))
    .option('--context <name...>', render(message('check.help.context')))
    .option('--all-contexts', render(message('check.help.allContexts')))
    .addOption(new Option('--transport <way>', render(message('check.help.transport'))).choices(TRANSPORT_OPTIONS).default('automatic'));
}

async function ask(
  options: MeshCommandOptions,
  host: MigrationHost,
  answer: (mesh: ReadMesh, world: MigrationWorld) => number | Promise<number>,
): Promise<number> {
  const world = await host.openMigration(chosenTransport(options));
  const mesh = await readMesh(world, options, host.signal);
  if (!mesh.ok) return refuse(host, ...mesh.whys);
  host.writeError(mesh.notices.map((notice) => `${host.render(notice)}\n`).join(''));
  return answer(mesh, world);
}

function printStatus({ situation, notices }: ReadMesh, style: 'text' | 'json', host: MigrationHost): number {
  const position = computePosition(situation);
  host.writeOut(renderStatus(position, style, host.render));
  const unread = situation.facts.clusters.some(({ unread: what }) => what.length > 0);
  return unread || notices.length > 0 ? EXIT_INCOMPLETE : EXIT_COMPLETE;
}
