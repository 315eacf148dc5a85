// What gates know of the fleet: by the newest reading that the clusters keep, for as long as it counts, against the plan and its waivers.
import assert from 'node:assert/strict';
import { clusterKey } from '../../../../src/domain/cluster.js';
import type { ClusterEvidence } from '../../../../src/domain/evidence/gateInputs.js';
import { gatherGateFacts } from '../../../../src/domain/evidence/gatherGateFacts.js';
import type { FleetMember } from '../../../../src/domain/evidence/fleetMember.js';
import { fleetText } from '../../../../src/domain/evidence/records/fleetRecord.js';
import type { FleetFacts } from '../../../../src/domain/gates/gateFacts.js';
import { NOTHING_LISTED } from '../../../../src/domain/mesh/gateObjects.js';
import type { GateObjects } from '../../../../src/domain/mesh/gateObjects.js';
import type { MigrationPlan, Waiver } from '../../../../src/domain/plan/migrationPlan.js';
import { planOf } from '../../../support/evidenceMesh.js';
import { CLUSTER_1, cluster } from '../../../support/meshBuilder.js';

const CLUSTER_2 = { ...CLUSTER_1, context: 'gke_rehearsal-project_us-east1-b_cluster-2' };
const NOW = Date.UTC(2030, 0, 31);
const DAY = 24 * 3_600_000;
const PLAN = planOf([CLUSTER_1, CLUSTER_2]);
const FLEET = PLAN.fleetProject;

function member(name: string, project = FLEET, location = 'europe-west1'): FleetMember {
  return { name: `projects/${FLEET}/locations/global/memberships/${name}`, cluster: `projects/${project}/locations/${location}/clusters/${name}` };
}

/** The plan's own clusters, as Google Cloud names them. */
const OURS = PLAN.clusters.map(({ name, project, location }) => member(name, project, location));
const STRANGER = member('billing');

interface Kept {
  readonly records?: readonly (string | undefined)[];
  readonly plan?: MigrationPlan | undefined;
  readonly objects?: Partial<GateObjects>;
}

/** Each cluster keeps one of the records. */
function fleetOf({ records = [], plan = PLAN, objects = {} }: Kept): FleetFacts {
  const snapshots = [CLUSTER_1, CLUSTER_2].map((ref) => ({ ...cluster([]), ref, objects: { ...NOTHING_LISTED, ...objects } }));
  const evidence = new Map(snapshots.map(({ ref }, index): [string, ClusterEvidence] => {
    const text = records[index];
    return [clusterKey(ref), { proxies: new Map(), records: { ok: true, value: text === undefined ? {} : { fleet: text } }, identity: undefined }];
  }));
  return gatherGateFacts({ snapshots, plan, evidence, surveys: [], changedAt: undefined, now: NOW, freshForMs: 1 }).fleet;
}

function reading(members: readonly FleetMember[], at = NOW, project = FLEET): string {
  return fleetText({ at, project, members });
}

function waiving(subject: string): MigrationPlan {
  const waiver: Waiver = { subject, what: 'membership', reason: 'no part of the mesh', until: '2099-01-01' };
  return { ...PLAN, waivers: [waiver] };
}

describe('what is known of the fleet', () => {
  it('is nothing before anybody asked, for another fleet project, or by a record that is malformed', () => {
    const never = { state: 'unread', why: 'never', project: FLEET };
    assert.deepEqual(fleetOf({}), never);
    assert.deepEqual(fleetOf({ records: [reading([], NOW, 'another-fleet')] }), never);
    assert.deepEqual(fleetOf({ records: [reading(OURS).replace('"members"', '"member"')] }), never);
    assert.deepEqual(fleetOf({ records: [reading(OURS).replace('/memberships/', '/')] }), never);
  });

  it('is who is in it, when one cluster of the mesh keeps it', () => {
    assert.deepEqual(fleetOf({ records: [undefined, reading(OURS)] }), { state: 'read', members: 2, notInPlan: [] });
  });

  it('is by the newest reading where clusters keep different ones', () => {
    const records = [reading([...OURS, STRANGER], NOW - DAY), reading(OURS)];
    assert.deepEqual(fleetOf({ records }), { state: 'read', members: 2, notInPlan: [] });
    assert.deepEqual(fleetOf({ records: records.reverse().map((text, index) => (index === 0 ? reading(OURS, NOW - 2 * DAY) : text)) }), { state: 'read', members: 3, notInPlan: [`gke_${FLEET}_europe-west1_billing`] });
  });

  it('counts for a week, because somebody may have joined since', () => {
    assert.equal(fleetOf({ records: [reading(OURS, NOW - 7 * DAY)] }).state, 'read');
    assert.deepEqual(fleetOf({ records: [reading(OURS, NOW - 7 * DAY - 1)] }), { state: 'unread', why: 'old', days: 7, project: FLEET });
    assert.equal(fleetOf({ records: [reading(OURS, NOW + DAY)] }).state, 'read', 'the clock of whoever asked may be ahead');
  });

  it('names whoever is not in the plan, under the name by which a remote secret or a waiver may know it as well', () => {
    const elsewhere: FleetMember = { name: `projects/${FLEET}/locations/global/memberships/on-premises`, cluster: undefined };
    const records = [reading([...OURS, STRANGER, elsewhere])];
    const named = `gke_${FLEET}_europe-west1_billing`;
    assert.deepEqual(fleetOf({ records }), { state: 'read', members: 4, notInPlan: [named, elsewhere.name] });
    for (const subject of [named, 'billing', `cn-${FLEET}-europe-west1-billing`, STRANGER.name]) {
      assert.deepEqual(fleetOf({ records, plan: waiving(subject) }), { state: 'read', members: 4, notInPlan: [elsewhere.name] });
    }
    assert.deepEqual(fleetOf({ records, plan: waiving(elsewhere.name) }), { state: 'read', members: 4, notInPlan: [named] });
  });

  it('takes a cluster of the same name elsewhere for another one', () => {
    const [first] = PLAN.clusters;
    assert.ok(first);
    const records = [reading([member(first.name, 'other-project', first.location)])];
    assert.deepEqual(fleetOf({ records }), { state: 'read', members: 1, notInPlan: [`gke_other-project_${first.location}_${first.name}`] });
  });

  it('knows a member that a cluster of the plan says it is, whatever Google Cloud calls the cluster', () => {
    const odd: FleetMember = { name: `projects/${FLEET}/locations/us-east1/memberships/ours`, cluster: 'projects/123456789/locations/us-east1/clusters/ours' };
    const records = [reading([odd])];
    assert.deepEqual(fleetOf({ records }), { state: 'read', members: 1, notInPlan: ['gke_123456789_us-east1_ours'] });
    const holds = (owner: string): Partial<GateObjects> => ({ memberships: { state: 'listed', served: true, items: [{ namespace: '', name: 'membership', uid: 'm', labels: {}, owner }] } });
    assert.deepEqual(fleetOf({ records, objects: holds('projects/987654321/locations/us-east1/memberships/ours') }), { state: 'read', members: 1, notInPlan: [] });
    assert.deepEqual(fleetOf({ records, objects: holds('projects/another-fleet/locations/us-east1/memberships/ours') }), { state: 'read', members: 1, notInPlan: ['gke_123456789_us-east1_ours'] });
  });

  it('can be given up with a reason by whoever may not ask; what was read all the same still counts', () => {
    assert.deepEqual(fleetOf({ plan: waiving(FLEET) }), { state: 'waived' });
    assert.deepEqual(fleetOf({ plan: waiving(FLEET), records: [reading(OURS, NOW - 8 * DAY)] }), { state: 'waived' });
    assert.deepEqual(fleetOf({ plan: waiving(FLEET), records: [reading([STRANGER])] }), { state: 'read', members: 1, notInPlan: [`gke_${FLEET}_europe-west1_billing`] });
  });
});
