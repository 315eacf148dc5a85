// What the extension keeps in the cluster of the user's own test, whichever way it said it.
import assert from 'node:assert/strict';
import type { StepActionReading } from '../../../../src/app/migration/stepActions.js';
import { MeshStepActions } from '../../../../src/app/migration/stepActions.js';
import { readRecords } from '../../../../src/domain/evidence/records/clusterRecords.js';
import type { StepAction } from '../../../../src/domain/procedure/procedureStep.js';
import { succeed } from '../../../../src/shared/failure.js';
import { order, situation } from '../../../support/procedureMesh.js';
import { CLUSTER } from '../../../support/stepMesh.js';

/** Whether the record that is kept says that it passed, and how that is known. */
async function keptOf(action: Extract<StepAction, { kind: 'recordTest' }>, answer?: boolean): Promise<readonly unknown[]> {
  const kept: Record<string, string> = {};
  const records = {
    read: () => Promise.resolve(succeed(kept)),
    write: (_cluster: unknown, entries: Readonly<Record<string, string | undefined>>) => {
      Object.assign(kept, entries);
      return Promise.resolve(succeed(undefined));
    },
  };
  const mesh = situation();
  const actions = new MeshStepActions({
    situations: { current: () => mesh, refresh: () => Promise.resolve(mesh), readOnce: () => Promise.resolve(mesh), onDidChange: () => ({ dispose: () => undefined }) },
    reading: () => Promise.resolve({ evidence: { records } } as unknown as StepActionReading),
    clock: { now: () => 1, sleep: () => Promise.resolve() },
    askTest: () => Promise.resolve(answer),
    setTerminalPath: () => undefined,
  });
  const done = await actions.perform(action, order('test-application', 1, { scope: 'namespace', cluster: CLUSTER, namespace: 'foo' }), new AbortController().signal);
  assert.equal(done.ok, true);
  return readRecords(kept).tests.map(({ passed, by }) => [passed, by]);
}

describe('the record of an application test', () => {
  it('says of a command line what it ended with', async () => {
    assert.deepEqual(await keptOf({ kind: 'recordTest', namespace: 'foo', asks: false }), [[true, 'command']]);
    assert.deepEqual(await keptOf({ kind: 'recordTest', namespace: 'foo', asks: false, failed: true }), [[false, 'command']]);
  });

  it('says what the user answers where there is no command line', async () => {
    assert.deepEqual(await keptOf({ kind: 'recordTest', namespace: 'foo', asks: true }, false), [[false, 'answer']]);
  });
});
