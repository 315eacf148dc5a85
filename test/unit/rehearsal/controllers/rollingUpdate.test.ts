// The arithmetic of rollouts, without any cluster around it.
import assert from 'node:assert/strict';
import { nextNewReplicas, nextOldReplicas, rolloutLimits } from '../../../../src/rehearsal/controllers/rollingUpdate.js';

describe('the limits of a rollout', () => {
  it('round the surge up and the unavailable ones down', () => {
    assert.deepEqual(rolloutLimits(3), { maxSurge: 1, maxUnavailable: 0 });
    assert.deepEqual(rolloutLimits(10, '25%', '25%'), { maxSurge: 3, maxUnavailable: 2 });
    assert.deepEqual(rolloutLimits(4, 2, 1), { maxSurge: 2, maxUnavailable: 1 });
  });

  it('allow one pod to be missing where both would be zero', () => {
    assert.deepEqual(rolloutLimits(4, 0, 0), { maxSurge: 0, maxUnavailable: 1 });
  });
});

describe('the next step of a rollout', () => {
  const one = { replicas: 2, maxSurge: 1, maxUnavailable: 0 };

  it('adds new pods within the surge, and takes no old one before a new one is ready', () => {
    const start = { ...one, newest: { wanted: 0, available: 0 }, old: [{ wanted: 2, available: 2 }] };
    assert.equal(nextNewReplicas(start), 1);
    const waiting = { ...start, newest: { wanted: 1, available: 0 } };
    assert.equal(nextNewReplicas(waiting), 1);
    assert.deepEqual(nextOldReplicas(waiting), [2]);
  });

  it('takes an old pod for each new one that is ready', () => {
    const state = { ...one, newest: { wanted: 1, available: 1 }, old: [{ wanted: 2, available: 2 }] };
    assert.deepEqual(nextOldReplicas(state), [1]);
  });

  it('takes broken old pods first', () => {
    const state = {
      replicas: 3,
      maxSurge: 1,
      maxUnavailable: 1,
      newest: { wanted: 1, available: 0 },
      old: [{ wanted: 2, available: 2 }, { wanted: 1, available: 0 }],
    };
    assert.deepEqual(nextOldReplicas(state), [2, 0]);
  });

  it('never goes below the minimum nor above the surge, whatever the numbers', () => {
    for (let replicas = 1; replicas <= 6; replicas += 1) {
      for (let maxSurge = 0; maxSurge <= 2; maxSurge += 1) {
        const limits = rolloutLimits(replicas, maxSurge, 1 - Math.min(maxSurge, 1));
        for (let ready = 0; ready <= replicas; ready += 1) {
          const state = { replicas, ...limits, newest: { wanted: ready, available: ready }, old: [{ wanted: replicas - ready, available: replicas - ready }] };
          const grown = nextNewReplicas(state);
          const [kept = 0] = nextOldReplicas(state);
          assert.ok(grown + (replicas - ready) <= replicas + limits.maxSurge);
          assert.ok(ready + kept >= replicas - limits.maxUnavailable);
        }
      }
    }
  });
});
