// One sentence at the end of a run: never "success" for an exit code, and the likely reason where something is open.
import assert from 'node:assert/strict';
import type { StepRunResult } from '../../../../src/app/steps/stepPorts.js';
import { planNamespaceStep } from '../../../../src/domain/steps/namespaceSteps.js';
import { textRenderer } from '../../../../src/shared/text/render.js';
import { detailsText, ordersToRepeat, reportOf } from '../../../../src/ui/steps/stepReport.js';
import { NEW_REVISION, stepMesh, TARGET } from '../../../support/stepMesh.js';

const english = textRenderer('en');
const plan = planNamespaceStep(stepMesh(), TARGET, { id: 'migrate-namespace', parameters: { revision: NEW_REVISION } }, { kubectl: 'kubectl', rolloutTimeoutMinutes: 10 });

const VERIFIED: StepRunResult = { kind: 'verified', plan, verification: { kind: 'verified', proxies: 3, revision: NEW_REVISION } };
const OPEN: StepRunResult = {
  kind: 'notVerified',
  plan,
  verification: {
    kind: 'open',
    items: [
      { kind: 'otherRevision', pod: 'bare', revision: 'default', reason: 'bare' },
      { kind: 'noSidecar', pod: 'sleep-1', reason: 'createdSince' },
    ],
  },
};
const sentence = (...results: StepRunResult[]): string | undefined => {
  const report = reportOf(results);
  return report === undefined ? undefined : english(report.sentence);
};

describe('the report of a run', () => {
  it('says what is verified and what is next', () => {
    assert.equal(sentence(VERIFIED), `foo on cluster-1 is verified: 3 proxies by ${NEW_REVISION}. Next: test the application, then check trust.`);
    assert.equal(reportOf([VERIFIED])?.isGood, true);
    assert.equal(sentence(VERIFIED, VERIFIED), '2 namespaces are verified. Next: test the applications, then check trust.');
  });

  it('says what is open and why, and keeps the rest for the details', () => {
    assert.equal(
      sentence(OPEN),
      'foo on cluster-1: the commands ran, but it is not verified: bare still has a proxy of default: nothing makes it anew; delete it and create it again, and 1 more',
    );
    assert.deepEqual([reportOf([OPEN])?.isGood, reportOf([OPEN])?.hasDetails], [false, true]);
    assert.match(sentence(VERIFIED, OPEN) ?? '', /^1 of 2 namespaces verified\. foo on cluster-1: the commands ran, but/);
  });

  it('tells what happened to the command lines when they did not all run', () => {
    assert.match(sentence({ kind: 'notDone', plan, outcome: { kind: 'failed', command: 1, exitCode: 1 } }) ?? '', /is not done: command 2 of 2 ended with exit code 1$/);
    assert.match(sentence({ kind: 'notDone', plan, outcome: { kind: 'interrupted', signal: 'SIGINT' } }) ?? '', /is not done: interrupted by SIGINT$/);
    assert.match(sentence({ kind: 'notDone', plan, outcome: { kind: 'notStarted', reason: 'noStartEvent', detail: '' } }) ?? '', /did not start within 30 s$/);
  });

  it('is silent when the user went away or only looked', () => {
    assert.equal(reportOf([{ kind: 'cancelled', plan }, { kind: 'shown', plan }]), undefined);
  });

  it('lists everything that is open for who asks, and repeats what is not done', () => {
    assert.equal(
      detailsText([OPEN, VERIFIED], english),
      `## foo · cluster-1

- bare still has a proxy of default: nothing makes it anew; delete it and create it again
- sleep-1 has no sidecar: it was created after the restart, and the webhooks said otherwise at that moment; restart it again

## foo · cluster-1

- verified`,
    );
    assert.deepEqual(ordersToRepeat([VERIFIED, OPEN]), [{ target: TARGET, choice: plan.choice }]);
  });
});
