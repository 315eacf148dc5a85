// Who was in the fleet when gcloud was asked last, as it is kept in every cluster of the mesh: no cluster knows the others.
import type { FleetMember } from '../fleetMember.js';
import { membershipOf } from '../fleetMember.js';
import { readRecord, recordText } from './recordFields.js';

export const FLEET_KEY = 'fleet';

export interface FleetRecord {
  /** Milliseconds since the epoch: when gcloud answered. */
  readonly at: number;
  /** The fleet's host project that was asked about: a plan that names another one was not answered. */
  readonly project: string;
  readonly members: readonly FleetMember[];
}

/** Each member is `NAME` or `NAME CLUSTER`; neither can have a space in it. */
export function fleetText({ at, project, members }: FleetRecord): string {
  return recordText({ at, project, members: members.map(({ name, cluster }) => (cluster === undefined ? name : `${name} ${cluster}`)).sort() });
}

/** Undefined where it is not a whole record: then the fleet was not read. */
export function readFleet(text: string): FleetRecord | undefined {
  const record = readRecord(text, (fields) => ({ at: fields.number('at'), project: fields.text('project'), members: fields.texts('members').map(memberIn) }));
  return record?.members.every(({ name }) => membershipOf(name) !== undefined) === true ? record : undefined;
}

function memberIn(text: string): FleetMember {
  const [name = '', cluster] = text.split(' ');
  return { name, cluster };
}
