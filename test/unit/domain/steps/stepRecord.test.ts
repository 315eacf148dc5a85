// Only the runner's own record makes a step `ran`.
import assert from 'node:assert/strict';
import { outcomeOf, parseStepSpec } from '../../../../src/domain/steps/stepRecord.js';

const SPEC = { runId: 'one', language: 'en', commands: [{ argv: ['a'] }, { argv: ['b'] }], purpose: 'step' } as const;

function outcome(record: object | undefined): unknown {
  return outcomeOf(record === undefined ? undefined : JSON.stringify({ runId: 'one', command: 1, ...record }), SPEC);
}

describe('the outcome of a step', () => {
  it('is `ran` for exit code 0 of the last command line, and for nothing else', () => {
    assert.deepEqual(outcome({ exitCode: 0 }), { kind: 'ran' });
    assert.deepEqual(outcome({ exitCode: 0, command: 0 }), { kind: 'interrupted', signal: undefined });
    assert.deepEqual(outcome({ exitCode: 0, runId: 'another' }), { kind: 'interrupted', signal: undefined });
    assert.deepEqual(outcome({ exitCode: 0, signal: 'SIGINT' }), { kind: 'interrupted', signal: 'SIGINT' });
    assert.deepEqual(outcome({}), { kind: 'interrupted', signal: undefined });
  });

  it('is interrupted where there is no record, or half of one', () => {
    assert.deepEqual(outcome(undefined), { kind: 'interrupted', signal: undefined });
    assert.deepEqual(outcomeOf('{"runId":"one","comm', SPEC), { kind: 'interrupted', signal: undefined });
  });

  it('is failed with the command line that failed, and not started when the first tool is not there', () => {
    assert.deepEqual(outcome({ exitCode: 3 }), { kind: 'failed', command: 1, exitCode: 3 });
    assert.deepEqual(outcome({ exitCode: 127, command: 0, missing: 'kubectl' }), { kind: 'notStarted', reason: 'toolMissing', detail: 'kubectl' });
    assert.deepEqual(outcome({ exitCode: 127, missing: 'kubectl' }), { kind: 'failed', command: 1, exitCode: 127 });
  });
});

describe('the orders of a step', () => {
  it('survive the file', () => {
    const spec = { ...SPEC, commands: [{ argv: ['a', 'b'], env: { X: '1' }, cwd: '/tmp', stdoutFile: '/tmp/out' }] };
    assert.deepEqual(parseStepSpec(JSON.stringify(spec)), spec);
    assert.equal(parseStepSpec(JSON.stringify({ ...spec, purpose: 'dryRun' }))?.purpose, 'dryRun');
  });

  it('are refused as a whole when a part is not understood', () => {
    for (const commands of [[], [{ argv: [] }], [{ argv: ['a'] }, {}], [{ argv: ['a', 1] }]]) {
      assert.equal(parseStepSpec(JSON.stringify({ ...SPEC, commands })), undefined);
    }
    assert.equal(parseStepSpec('nonsense'), undefined);
  });
});
