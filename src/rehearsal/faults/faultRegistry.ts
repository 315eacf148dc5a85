// The faults in force, with numbers by which they can be listed and ended.
import type { Fault } from './fault.js';
import { describeFault } from './fault.js';

/** Undoes a fault. */
export type EndFault = () => void | Promise<void>;

interface ActiveFault {
  readonly fault: Fault;
  readonly where: string;
  readonly end: EndFault;
}

export interface FaultRegistry {
  /** Notes what was begun; `where` names the cluster. Returns its number. */
  add(fault: Fault, where: string, end: EndFault): number;
  /** Forgets a fault that has ended by itself. */
  drop(id: number): void;
  /** Ends those numbers, or all without any; tells which there were. */
  end(ids: readonly number[] | 'all'): Promise<readonly number[]>;
  /** Numbers of the faults of one kind at one place. */
  find(kind: Fault['kind'], where: string): readonly number[];
  /** A line each. */
  lines(): readonly string[];
}

export function createFaultRegistry(): FaultRegistry {
  const active = new Map<number, ActiveFault>();
  const serial = { last: 0 };
  return {
    add(fault, where, end) {
      serial.last += 1;
      active.set(serial.last, { fault, where, end });
      return serial.last;
    },
    drop(id) {
      active.delete(id);
    },
    async end(ids) {
      const known = [...active.keys()].filter((id) => ids === 'all' || ids.includes(id));
      for (const id of known) {
        const entry = active.get(id);
        active.delete(id);
        await entry?.end();
      }
      return known;
    },
    find: (kind, where) => [...active].filter(([, entry]) => entry.fault.kind === kind && entry.where === where).map(([id]) => id),
    lines: () => [...active].map(([id, { fault, where }]) => `${id}\t${where}\t${describeFault(fault)}`),
  };
}
