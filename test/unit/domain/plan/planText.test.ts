// A plan that the form writes is one that reads back as what was chosen, comments and odd names included.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { planText } from '../../../../src/domain/plan/planText.js';
import { readText } from '../../../support/planText.js';

const CHOSEN = {
  startingPoint: 'asm' as const,
  fleetProject: 'fleet-project',
  revision1: 'r-1',
  revision2: 'r-2',
  backupDirectory: undefined,
  clusters: [
    { kubeconfig: 'config', context: 'gke_project-1_us-central1_one', outputDirectory: 'asm/one' },
    { kubeconfig: '/else/config', context: 'gke_project-1_us-east1-b_two', outputDirectory: 'asm/two' },
  ],
  comments: { head: 'Head', overlays: 'Overlays', tests: 'Tests', waivers: 'Waivers' },
};

describe('the text of a new plan', () => {
  it('reads back without a problem', () => {
    const { plan, problems } = readText(planText(CHOSEN));
    assert.deepEqual(problems, []);
    assert.deepEqual([plan?.startingPoint, plan?.fleetProject, plan?.revision1, plan?.revision2, plan?.backupDirectory], ['asm', 'fleet-project', 'r-1', 'r-2', undefined]);
    assert.deepEqual(plan?.clusters.map(({ ref, outputDirectory }) => [ref.kubeconfig, outputDirectory]), [['/plans/config', '/plans/asm/one'], ['/else/config', '/plans/asm/two']]);
  });

  it('is JSON but for its comments: VS Code marks a comma after the last one', () => {
    for (const backupDirectory of [undefined, '/backups']) {
      const lines = planText({ ...CHOSEN, backupDirectory }).split('\n').filter((line) => !line.trim().startsWith('//'));
      assert.equal((JSON.parse(lines.join('\n')) as { backupDirectory?: string }).backupDirectory, backupDirectory);
    }
  });

  it('holds any path, and says at the cluster what only a person knows', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }).filter((text) => !/[$%`~\p{Cc}]/u.test(text) && text.trim() !== '' && !/^[A-Z]+(_[A-Z]+)+$/.test(text)), (path) => {
        assert.equal(readText(planText({ ...CHOSEN, backupDirectory: `x${path}` })).plan?.backupDirectory, `/plans/x${path}`);
      }),
    );
    const strange = planText({ ...CHOSEN, clusters: [{ kubeconfig: 'config', context: 'mine', outputDirectory: 'asm/mine' }] });
    assert.deepEqual(readText(strange).problems.map(({ offset, length }) => strange.slice(offset, offset + length)), ['"mine"', '""', '""']);
  });
});
