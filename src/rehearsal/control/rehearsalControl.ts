// Carries out the commands given to a running rehearsal: finds the clusters they are about and keeps the book of faults.
import type { DrivenClock } from '../controllers/rehearsalClock.js';
import { beginFault } from '../faults/beginFault.js';
import type { Fault } from '../faults/fault.js';
import { describeFault } from '../faults/fault.js';
import { createFaultRegistry } from '../faults/faultRegistry.js';
import type { ServedCluster } from '../servedCluster.js';
import { CommandProblem } from './commandWords.js';
import type { ControlCommand, EndableKind, Move } from './controlCommands.js';
import { makeMove } from './makeMove.js';

export interface ControlledMesh {
  readonly clock: DrivenClock;
  readonly clusters: readonly ServedCluster[];
  /** Writes the kubeconfig with the tokens of now. */
  readonly writeKubeconfig: () => Promise<void>;
}

/** Throws `CommandProblem` when the mesh is not such that the command could be carried out. */
export type RehearsalControl = (command: ControlCommand) => Promise<readonly string[]>;

export function createRehearsalControl({ clock, clusters, writeKubeconfig }: ControlledMesh): RehearsalControl {
  const faults = createFaultRegistry();

  const chosen = (context: string | undefined): readonly ServedCluster[] => {
    if (context === undefined) return clusters;
    const cluster = clusters.find(({ contextName }) => contextName === context);
    if (cluster !== undefined) return [cluster];
    throw new CommandProblem(`there is no context "${context}"; there are ${clusters.map(({ contextName }) => contextName).join(' and ')}`);
  };

  /** Down or expired twice is the same as once; such a fault would be in the way of its own end. */
  const isAlready = ({ kind }: Fault, { contextName }: ServedCluster): boolean =>
    (kind === 'down' || kind === 'tokenExpired') && faults.find(kind, contextName).length > 0;

  const begin = async (fault: Fault, cluster: ServedCluster): Promise<string> => {
    const { contextName } = cluster;
    if (isAlready(fault, cluster)) return `${contextName}: already so: ${describeFault(fault)}`;
    const own: { id?: number } = {};
    const isOver = (): void => {
      if (own.id !== undefined) faults.drop(own.id);
    };
    const begun = await beginFault({ cluster, clock, isOver, writeKubeconfig }, fault);
    if ('problem' in begun) throw new CommandProblem(`${contextName}: ${begun.problem}`);
    own.id = faults.add(fault, contextName, begun.end);
    return `${own.id}\t${contextName}\t${describeFault(fault)}`;
  };

  const beginEverywhere = async (fault: Fault, where: readonly ServedCluster[]): Promise<readonly string[]> => {
    const lines: string[] = [];
    for (const cluster of where) lines.push(await begin(fault, cluster));
    return lines;
  };

  const clear = async (ids: readonly number[]): Promise<readonly string[]> => {
    const ended = await faults.end(ids.length === 0 ? 'all' : ids);
    const missing = ids.filter((id) => !ended.includes(id));
    if (missing.length > 0) throw new CommandProblem(`there is no fault ${missing.join(', ')}; list shows them`);
    return [ended.length === 0 ? 'there was no fault' : `cleared ${ended.join(', ')}`];
  };

  const endKind = async (kind: EndableKind, where: readonly ServedCluster[]): Promise<readonly string[]> => {
    const done = kind === 'down' ? 'up again' : 'new token';
    const lines: string[] = [];
    for (const cluster of where) {
      const ended = await faults.end(faults.find(kind, cluster.contextName));
      // A token can be renewed before it expires; the old one is refused from then on.
      if (ended.length === 0 && kind === 'tokenExpired') cluster.renewToken();
      lines.push(`${cluster.contextName}: ${ended.length === 0 && kind === 'down' ? 'was not down' : done}`);
    }
    if (kind === 'tokenExpired') await writeKubeconfig();
    return lines;
  };

  const moveEverywhere = (move: Move, where: readonly ServedCluster[]): readonly string[] => {
    const outcomes = where.map((cluster) => ({ ...makeMove(cluster, move), context: cluster.contextName }));
    const lines = outcomes.map(({ context, line }) => `${context}: ${line}`);
    if (!outcomes.some(({ done }) => done)) throw new CommandProblem(lines.join('; '));
    return lines;
  };

  return async ({ action, context }) => {
    switch (action.kind) {
      case 'list': {
        const lines = faults.lines();
        return lines.length === 0 ? ['no fault is in force'] : lines;
      }
      case 'clear':
        return clear(action.ids);
      case 'end':
        return endKind(action.faults, chosen(context));
      case 'fault':
        return beginEverywhere(action.fault, chosen(context));
      case 'move':
        return moveEverywhere(action.move, chosen(context));
      case 'speed':
        clock.goLive(action.factor);
        return [`${action.factor} times as fast`];
      case 'advance':
        clock.advance(action.seconds * 1000);
        return [`everything is ${action.seconds} s older, and what was due has happened`];
    }
  };
}
