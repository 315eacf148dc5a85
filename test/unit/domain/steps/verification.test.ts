// A step is done when the cluster shows it: each way in which it may not be, and that none of them passes for done.
import assert from 'node:assert/strict';
import type { NamespaceStepChoice } from '../../../../src/domain/steps/namespaceStep.js';
import { planNamespaceStep } from '../../../../src/domain/steps/namespaceSteps.js';
import type { Verification } from '../../../../src/domain/steps/verification.js';
import { isSettled, verifyNamespaceStep } from '../../../../src/domain/steps/verification.js';
import type { StepMesh } from '../../../support/stepMesh.js';
import { NEW_REVISION, podOf, stepMesh, TARGET, workload } from '../../../support/stepMesh.js';
import { pod } from '../../../support/trustMesh.js';

const TOOLS = { kubectl: 'kubectl', rolloutTimeoutMinutes: 10 };
const MIGRATE: NamespaceStepChoice = { id: 'migrate-namespace', parameters: { revision: NEW_REVISION } };
const RESTART: NamespaceStepChoice = { id: 'restart-workloads', parameters: {} };
const MOVED = { 'istio.io/rev': NEW_REVISION };

const BEFORE: StepMesh = {
  workloads: [workload('Deployment', 'httpbin')],
  pods: [podOf('Deployment', 'httpbin', 'httpbin-old', { revision: 'default' })],
};
const AFTER: StepMesh = {
  labels: MOVED,
  workloads: [workload('Deployment', 'httpbin', { generation: 2, observedGeneration: 2 })],
  pods: [podOf('Deployment', 'httpbin', 'httpbin-new', { revision: NEW_REVISION })],
};

/** Plans the step on what was before, and verifies it on what is after. */
function verify(after: StepMesh, before: StepMesh = BEFORE, choice: NamespaceStepChoice = MIGRATE): Verification {
  const { expected } = planNamespaceStep(stepMesh(before), TARGET, choice, TOOLS);
  assert.ok(expected);
  return verifyNamespaceStep(stepMesh(after), TARGET, expected);
}

/** The open items in short; anything but open fails. */
function open(after: StepMesh, before?: StepMesh, choice?: NamespaceStepChoice): string[] {
  const verification = verify(after, before, choice);
  assert.equal(verification.kind, 'open');
  return verification.items.map((item) => ['pod' in item ? item.pod : item.kind, 'reason' in item ? item.reason : item.kind].join(': '));
}

describe('verification of a namespace step', () => {
  it('holds when labels, rollout and pods are as they must be', () => {
    assert.deepEqual(verify(AFTER), { kind: 'verified', proxies: 1, revision: NEW_REVISION });
  });

  it('does not hold right after the commands, while nothing has been seen to change', () => {
    assert.deepEqual(open(BEFORE), ['labels: labels', 'restartNotSeen: restartNotSeen', 'httpbin-old: rolling']);
    assert.equal(isSettled(verify(BEFORE)), false);
  });

  it('does not hold while the new generation is not observed, not updated or not available', () => {
    for (const lack of [{ observedGeneration: 1 }, { updated: 0 }, { available: 0 }, { total: 2 }]) {
      const workloads = [workload('Deployment', 'httpbin', { generation: 2, observedGeneration: 2, ...lack })];
      assert.deepEqual(open({ ...AFTER, workloads }), ['rollout: rollout']);
    }
  });

  it('says why the API server takes no new pod, and waits for what may give way', () => {
    const refused = { ...AFTER, workloads: [workload('Deployment', 'httpbin', { generation: 2, observedGeneration: 2, updated: 0, podsRefused: 'exceeded quota' })] };
    assert.deepEqual(open(refused), ['podsRefused: exceeded quota']);
    assert.equal(isSettled(verify(refused)), false);
    const over = { ...AFTER, workloads: [workload('Deployment', 'httpbin', { generation: 2, observedGeneration: 2, podsRefused: 'exceeded quota' })] };
    assert.equal(verify(over).kind, 'verified', 'all of them came all the same');
  });

  it('waits no longer for a rollout that is stuck', () => {
    const stuck = verify({
      ...AFTER,
      workloads: [workload('Deployment', 'httpbin', { generation: 2, observedGeneration: 2, updated: 1, available: 1, total: 2 })],
      pods: [
        podOf('Deployment', 'httpbin', 'httpbin-new', { revision: NEW_REVISION, ready: false, trouble: 'ImagePullBackOff' }),
        podOf('Deployment', 'httpbin', 'httpbin-old', { revision: 'default' }),
      ],
    });
    assert.deepEqual(stuck.kind === 'open' && stuck.items[0], {
      kind: 'stuck',
      workload: 'Deployment/httpbin',
      pod: 'httpbin-new',
      trouble: 'ImagePullBackOff',
    });
    assert.equal(isSettled(stuck), true);
  });

  it('does not hold while an old pod ends, and waits for it', () => {
    const ending = podOf('Deployment', 'httpbin', 'httpbin-old', { revision: 'default', terminating: true });
    const after = { ...AFTER, pods: [...(AFTER.pods ?? []), ending] };
    assert.deepEqual(open(after), ['httpbin-old: terminating']);
    assert.equal(isSettled(verify(after)), false);
  });

  it('does not hold while pods stay that a restart does not reach, and does not wait for them', () => {
    const workloads = [...(AFTER.workloads ?? []), workload('StatefulSet', 'careful', { onDelete: true }), workload('Deployment', 'held', { paused: true })];
    const pods = [
      ...(AFTER.pods ?? []),
      pod('foo', 'bare', { revision: 'default' }),
      podOf('Job', 'nightly', 'nightly-1', { revision: 'default' }),
      podOf('Rollout', 'canary', 'canary-1', { revision: 'default' }),
      podOf('StatefulSet', 'careful', 'careful-0', { revision: 'default' }),
      podOf('Deployment', 'held', 'held-1', { revision: 'default' }),
    ];
    const before = { ...BEFORE, workloads: [...(BEFORE.workloads ?? []), ...workloads.slice(1)] };
    assert.deepEqual(open({ ...AFTER, workloads, pods }, before), ['bare: bare', 'nightly-1: job', 'canary-1: foreign', 'careful-0: onDelete', 'held-1: paused']);
    assert.equal(isSettled(verify({ ...AFTER, workloads, pods }, before)), true);
  });

  it('does not hold when a new pod came without a sidecar or by the old revision', () => {
    const bySidecar = (changes: object): string[] => open({ ...AFTER, pods: [podOf('Deployment', 'httpbin', 'httpbin-new', changes)] });
    assert.deepEqual(bySidecar({ proxy: undefined }), ['httpbin-new: createdSince']);
    assert.deepEqual(bySidecar({ revision: 'default' }), ['httpbin-new: createdSince']);
  });

  it('lets pods be that refuse a sidecar, run on the host network or are finished', () => {
    const pods = [
      ...(AFTER.pods ?? []),
      podOf('Deployment', 'httpbin', 'plain', { proxy: undefined, labels: { 'sidecar.istio.io/inject': 'false' } }),
      podOf('Deployment', 'httpbin', 'host', { proxy: undefined, hostNetwork: true }),
      podOf('Job', 'nightly', 'done', { proxy: undefined, phase: 'Succeeded' }),
    ];
    assert.equal(verify({ ...AFTER, pods }).kind, 'verified');
  });

  it('does not take both labels for moved: istio-injection wins, and pods come by the old revision', () => {
    const after = { ...AFTER, labels: { ...MOVED, 'istio-injection': 'enabled' } };
    assert.deepEqual(open(after), ['labels: labels', 'httpbin-new: createdSince']);
  });

  it('is unknown while something needed is not live, however good the rest looks', () => {
    const verification = verify({ ...AFTER, kinds: { pods: { state: 'stale', since: 0, failure: { kind: 'cancelled' } } } });
    assert.equal(verification.kind, 'unknown');
    assert.equal(isSettled(verification), false);
    assert.equal(verify({ ...AFTER, name: 'other' }).kind, 'unknown');
  });
});

describe('verification of a restart', () => {
  const before: StepMesh = { ...AFTER, pods: [podOf('Deployment', 'httpbin', 'httpbin-1', { revision: NEW_REVISION })] };
  const rolled = [workload('Deployment', 'httpbin', { generation: 3, observedGeneration: 3 })];

  it('is not satisfied by pods of the right revision that are from before it', () => {
    assert.deepEqual(open(before, before, RESTART), ['restartNotSeen: restartNotSeen', 'httpbin-1: rolling']);
    assert.deepEqual(open({ ...before, workloads: rolled }, before, RESTART), ['httpbin-1: notRestarted']);
  });

  it('holds when all its pods are new', () => {
    const after = { ...before, workloads: rolled, pods: [podOf('Deployment', 'httpbin', 'httpbin-2', { revision: NEW_REVISION })] };
    assert.equal(verify(after, before, RESTART).kind, 'verified');
  });
});

describe('verification of a rollback', () => {
  const MEMORY = { [`mesh-ca-migration/before.${NEW_REVISION}`]: '{"istio-injection":"enabled"}' };
  const ROLL_BACK: NamespaceStepChoice = { id: 'roll-back-namespace', parameters: { to: undefined } };
  const moved: StepMesh = { ...AFTER, annotations: MEMORY };
  const back: StepMesh = {
    workloads: [workload('Deployment', 'httpbin', { generation: 3, observedGeneration: 3 })],
    pods: [podOf('Deployment', 'httpbin', 'httpbin-3', { revision: 'default' })],
  };

  it('holds when labels and pods are as before and nothing is remembered any more', () => {
    assert.deepEqual(verify(back, moved, ROLL_BACK), { kind: 'verified', proxies: 1, revision: 'default' });
  });

  it('does not hold while the annotation is there', () => {
    assert.deepEqual(open({ ...back, annotations: MEMORY }, moved, ROLL_BACK), ['annotationLeft: annotationLeft']);
  });

  it('finds the sidecar that is left where a namespace leaves the mesh', () => {
    const outside = { ...moved, annotations: { [`mesh-ca-migration/before.${NEW_REVISION}`]: '{}' } };
    assert.deepEqual(open({ ...back, labels: {} }, outside, ROLL_BACK), ['httpbin-3: createdSince']);
  });
});
