// What a control plane of the migration would lose of the mesh configs before it: accepted domains, and settings of a forgotten overlay.
import type { Message } from '../../shared/text/message.js';
import { message } from '../../shared/text/message.js';
import type { MeshConfigFacts } from '../mesh/facts.js';
import type { ClusterSnapshot } from '../mesh/snapshot.js';
import type { MigrationPlan } from '../plan/migrationPlan.js';
import { acceptedBy } from './standing.js';

/** Compares old with REVISION_1, both with REVISION_2; nothing without a plan, since only it says which comes after which. */
export function configConcerns({ meshConfigs }: ClusterSnapshot, plan: MigrationPlan | undefined): readonly Message[] {
  if (plan === undefined) return [];
  const order = ({ revision }: MeshConfigFacts): number => (revision === plan.revision2 ? 2 : revision === plan.revision1 ? 1 : 0);
  const configs = [...meshConfigs.values()].filter(({ unreadable }) => unreadable === undefined);
  return configs.flatMap((later) =>
    configs.filter((earlier) => order(later) > order(earlier)).flatMap((earlier) => [...lostDomains(earlier, later), ...otherSettings(earlier, later)]),
  );
}

/** What a control plane accepts, its successor must accept too: peers go on living under the old domains. */
function lostDomains(earlier: MeshConfigFacts, later: MeshConfigFacts): readonly Message[] {
  const lost = acceptedBy(earlier).filter((domain) => !acceptedBy(later).includes(domain));
  return lost.length === 0 ? [] : [message('concerns.domainsLost', { revision: later.revision, before: earlier.revision, domains: lost.join(', ') })];
}

/** Only what was set before: asmcli adds settings of its own, and those are no customisation that vanishes. */
function otherSettings(earlier: MeshConfigFacts, later: MeshConfigFacts): readonly Message[] {
  const [before, after] = [earlier.settings, later.settings];
  if (before === undefined || after === undefined) return [];
  const names = Object.keys(before).filter((name) => before[name] !== after[name]).sort();
  return names.length === 0 ? [] : [message('concerns.settingsDiffer', { revision: later.revision, before: earlier.revision, names: names.join(', ') })];
}
