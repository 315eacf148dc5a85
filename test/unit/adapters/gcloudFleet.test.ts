// Asking gcloud who is in the fleet: whatever that gcloud does, there is an answer or a reason in bounded time.
import assert from 'node:assert/strict';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { GcloudFleet, membersIn } from '../../../src/adapters/gcloudFleet.js';
import { temporaryFolder } from '../../support/temporaryFolder.js';

const NEVER = new AbortController().signal;
const MEMBER = { name: 'projects/fleet/locations/global/memberships/one', endpoint: { gkeCluster: { resourceLink: '//container.googleapis.com/projects/p/locations/us-east1/clusters/one' } } };

describe('asking gcloud who is in the fleet', () => {
  const inside = temporaryFolder();

  /** A gcloud that does this, in Node. */
  function gcloudThat(name: string, does: string): string {
    const file = inside(name);
    writeFileSync(file, `#!${process.execPath}\n${does}\n`);
    chmodSync(file, 0o755);
    return file;
  }

  it('gives every member, GKE’s with the cluster that it is', async () => {
    const asked = inside('asked');
    const answer = JSON.stringify([MEMBER, { name: 'projects/fleet/locations/global/memberships/on-premises' }]);
    const gcloud = gcloudThat('gcloud', `require('fs').writeFileSync(${JSON.stringify(asked)}, process.argv.slice(2).join(' ')); console.log(${JSON.stringify(answer)})`);
    assert.deepEqual(await new GcloudFleet().readMembers(gcloud, 'fleet', NEVER), {
      ok: true,
      value: [
        { name: MEMBER.name, cluster: 'projects/p/locations/us-east1/clusters/one' },
        { name: 'projects/fleet/locations/global/memberships/on-premises', cluster: undefined },
      ],
    });
    assert.equal(readFileSync(asked, 'utf8'), 'container fleet memberships list --project=fleet --format=json --quiet');
  });

  it('says that there is no gcloud, and what one that refuses says', async () => {
    assert.deepEqual(await new GcloudFleet().readMembers(inside('nowhere'), 'fleet', NEVER), { ok: false, failure: { kind: 'toolMissing', tool: inside('nowhere') } });
    const refuses = gcloudThat('refuses', "console.error('ERROR: (gcloud.container.fleet.memberships.list) PERMISSION_DENIED'); process.exit(1)");
    assert.deepEqual(await new GcloudFleet().readMembers(refuses, 'fleet', NEVER), {
      ok: false, failure: { kind: 'unexpected', reason: 'ERROR: (gcloud.container.fleet.memberships.list) PERMISSION_DENIED' },
    });
  });

  it('does not wait for one that hangs, nor for what that one started and left holding its output', async () => {
    const hangs = gcloudThat('hangs', "require('child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'inherit' }); setInterval(() => {}, 1000)");
    assert.deepEqual(await new GcloudFleet({ timeoutMs: 1_000 }).readMembers(hangs, 'fleet', NEVER), { ok: false, failure: { kind: 'timedOut', seconds: 1 } });
  });

  it('ends at once when nobody waits any more', async () => {
    const hangs = gcloudThat('patient', 'setInterval(() => {}, 1000)');
    const giveUp = new AbortController();
    const asked = new GcloudFleet().readMembers(hangs, 'fleet', giveUp.signal);
    giveUp.abort();
    assert.deepEqual(await asked, { ok: false, failure: { kind: 'cancelled' } });
    assert.deepEqual(await new GcloudFleet().readMembers(hangs, 'fleet', giveUp.signal), { ok: false, failure: { kind: 'cancelled' } });
  });

  it('takes no half of an answer for all of it', () => {
    for (const output of ['', 'Updates are available', '{}', JSON.stringify([MEMBER, {}]), JSON.stringify([MEMBER, { name: 'one' }])]) {
      assert.equal(membersIn(output).ok, false, output);
    }
    assert.deepEqual(membersIn('[]'), { ok: true, value: [] });
  });
});
