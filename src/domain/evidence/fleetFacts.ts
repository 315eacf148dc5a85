// What the fleet says of clusters that the plan does not name, by the newest reading that the clusters keep.
import type { FleetFacts } from '../gates/gateFacts.js';
import { itemsOf } from '../mesh/gateObjects.js';
import type { MigrationPlan } from '../plan/migrationPlan.js';
import type { ClusterContext } from './clusterContext.js';
import type { FleetMember } from './fleetMember.js';
import { mayBeProject, memberName, membershipOf } from './fleetMember.js';
import { spellings, spellingsOf } from './membership.js';
import type { Waivers } from './waivers.js';

const DAY_MS = 24 * 3_600_000;
/**
 * How long a reading counts. A migration takes weeks, and a cluster that joins in the second one is forgotten as easily as any, so
 * a reading cannot count for ever; but to join takes somebody's work, and to ask every morning would teach people to click it away.
 * A cluster that joins the mesh by a remote secret is seen at once in any case.
 */
const COUNTS_FOR_MS = 7 * DAY_MS;

/** Without a plan there is no fleet to ask about, and so nothing is known. `named` are strangers that remote secrets name already. */
export function fleetFacts(contexts: readonly ClusterContext[], plan: MigrationPlan | undefined, waivers: Waivers, now: number, named: readonly string[]): FleetFacts {
  const project = plan?.fleetProject ?? '';
  // The fleet as a whole: for who may not ask Google Cloud, and knows the clusters otherwise.
  const isWaived = plan !== undefined && waivers.covers('membership', project);
  const readings = contexts.flatMap(({ records }) => records.fleet ?? []).filter((reading) => plan !== undefined && reading.project === project);
  const [newest] = [...readings].sort((one, other) => other.at - one.at);
  if (newest === undefined) return isWaived ? { state: 'waived' } : { state: 'unread', why: 'never', project };
  const days = Math.floor((now - newest.at) / DAY_MS);
  if (now - newest.at > COUNTS_FOR_MS) return isWaived ? { state: 'waived' } : { state: 'unread', why: 'old', days, project };
  const known = knownMembers(contexts, plan);
  const strangers = newest.members.filter((member) => !known(member)).filter((member) => !names(member).some((name) => named.includes(name) || waivers.covers('membership', name)));
  return { state: 'read', members: newest.members.length, notInPlan: strangers.map(memberName).sort() };
}

/** A member is of the plan when its cluster is, or when a cluster of the plan says by its own object that it is this member. */
function knownMembers(contexts: readonly ClusterContext[], plan: MigrationPlan | undefined): (member: FleetMember) => boolean {
  const planned = new Set((plan?.clusters ?? []).flatMap(({ ref, project, location, name }) => [...spellingsOf(ref), ...spellings(project, location, name)]));
  const held = new Set(
    contexts
      .flatMap(({ snapshot }) => itemsOf(snapshot.objects.memberships))
      .flatMap(({ owner }) => membershipOf(owner ?? '') ?? [])
      .filter(({ project }) => plan !== undefined && mayBeProject(project, plan.fleetProject))
      .map(({ membership }) => membership),
  );
  return (member) => planned.has(memberName(member)) || held.has(membershipOf(member.name)?.membership ?? '');
}

/** Everything that a waiver or a remote secret may call it. */
function names(member: FleetMember): readonly string[] {
  const name = memberName(member);
  const [, project = '', location = '', ...cluster] = name.split('_');
  return name.startsWith('gke_') ? [name, ...spellings(project, location, cluster.join('_')), member.name] : [name];
}
