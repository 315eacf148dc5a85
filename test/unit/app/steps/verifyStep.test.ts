// When a step's verification asks what is dear: last, only where nothing else is open, and not at every change of the mesh.
import assert from 'node:assert/strict';
import { verifyStep } from '../../../../src/app/steps/verifyStep.js';
import type { StepVerification } from '../../../../src/domain/procedure/procedureStep.js';
import { message } from '../../../../src/shared/text/message.js';
import { situation } from '../../../support/procedureMesh.js';

const DONE: StepVerification = { kind: 'verified', evidence: [message('procedureChecks.oldRoot.gone')] };
const OPEN: StepVerification = { kind: 'open', items: [message('procedureChecks.open.missing', { name: 'x' })], settles: true };
const UNKNOWN: StepVerification = { kind: 'unknown', why: [message('procedureChecks.stream.unasked')] };
const CONNECTED: StepVerification = { kind: 'verified', evidence: [message('procedureChecks.stream.all', { count: 1 })] };

interface Run {
  readonly end: StepVerification;
  /** When, in seconds, the dear question was asked. */
  readonly asked: readonly number[];
}

async function verified(watched: readonly StepVerification[], last: readonly StepVerification[], signal = new AbortController().signal): Promise<Run> {
  let now = 0;
  const asked: number[] = [];
  const [cheap, dear] = [[...watched], [...last]];
  const take = (answers: StepVerification[]): StepVerification => (answers.length > 1 ? answers.shift()! : answers[0]!);
  const mesh = situation();
  const end = await verifyStep(
    {
      situations: { current: () => mesh, refresh: () => Promise.resolve(mesh), readOnce: () => Promise.resolve(mesh), onDidChange: () => ({ dispose: () => undefined }) },
      clock: { now: () => now, sleep: (ms) => { now += ms; return Promise.resolve(); } },
      inspected: (seen) => Promise.resolve(seen),
      inspectedLast: (seen) => { asked.push(now / 1000); return Promise.resolve(seen); },
    },
    { verify: () => take(cheap), verifyLast: { needs: [], verify: () => take(dear) } },
    signal,
  );
  return { end, asked };
}

describe('what is verified last', () => {
  it('is not asked while anything else is open or unknown', async () => {
    const { end, asked } = await verified([OPEN, UNKNOWN, DONE], [CONNECTED]);
    assert.deepEqual(asked.length, 1);
    assert.deepEqual(end, { kind: 'verified', evidence: [message('procedureChecks.oldRoot.gone'), message('procedureChecks.stream.all', { count: 1 })] });
    assert.deepEqual((await verified([OPEN], [CONNECTED])).asked, []);
  });

  it('makes the step open or unknown, and is asked again at growing intervals until patience runs out', async () => {
    const { end, asked } = await verified([DONE], [OPEN]);
    assert.deepEqual(end, OPEN);
    assert.deepEqual(asked.slice(0, 6), [0, 3, 9, 21, 41, 61]);
    assert.ok((asked.at(-1) ?? 0) >= 180 && asked.length < 15, asked.join());
    assert.deepEqual((await verified([DONE], [UNKNOWN])).end, UNKNOWN);
  });

  it('ends the step as soon as it is satisfied, or when nobody wants to wait', async () => {
    assert.deepEqual((await verified([DONE], [UNKNOWN, OPEN, CONNECTED])).asked, [0, 3, 9]);
    assert.deepEqual((await verified([DONE], [UNKNOWN], AbortSignal.abort())).asked, [0]);
  });
});
