// From gate to verified, with ports written by hand: when a step runs, when it does not, and what it is called afterwards.
import assert from 'node:assert/strict';
import type { SnapshotSource, StepOrder, StepPrompts, StepRunResult } from '../../../../src/app/steps/stepPorts.js';
import { StepRunner } from '../../../../src/app/steps/stepRunner.js';
import type { StepRequest } from '../../../../src/app/ports.js';
import type { ClusterSnapshot } from '../../../../src/domain/mesh/snapshot.js';
import type { StepOutcome } from '../../../../src/domain/steps/commandSpec.js';
import type { NamespaceStepPlan } from '../../../../src/domain/steps/namespaceStep.js';
import type { Failure, Result } from '../../../../src/shared/failure.js';
import { fail, succeed } from '../../../../src/shared/failure.js';
import { textRenderer } from '../../../../src/shared/text/render.js';
import type { StepMesh } from '../../../support/stepMesh.js';
import { CLUSTER, NEW_REVISION, podOf, stepMesh, TARGET, workload } from '../../../support/stepMesh.js';

const ORDER: StepOrder = { target: TARGET, choice: { id: 'migrate-namespace', parameters: { revision: NEW_REVISION } } };
const BEFORE: StepMesh = { workloads: [workload('Deployment', 'httpbin')], pods: [podOf('Deployment', 'httpbin', 'old')] };
const MOVED: StepMesh = {
  labels: { 'istio.io/rev': NEW_REVISION },
  workloads: [workload('Deployment', 'httpbin', { generation: 2, observedGeneration: 2 })],
  pods: [podOf('Deployment', 'httpbin', 'new', { revision: NEW_REVISION })],
};
const BARE: StepMesh = { ...MOVED, pods: [podOf('Deployment', 'httpbin', 'new', { revision: NEW_REVISION }), podOf('Rollout', 'canary', 'canary-1')] };

function whenAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => {
      resolve();
    });
  });
}

/** The world around the runner; tests set what it answers and look at what it was asked. */
class World implements SnapshotSource, StepPrompts {
  readonly clusters = [CLUSTER];
  mesh: ClusterSnapshot = stepMesh(BEFORE);
  outcome: StepOutcome = { kind: 'ran' };
  answer = true;
  goesOn = false;
  kubectl: Result<{ path: string; version: string }> = succeed({ path: 'kubectl', version: '1.32.0' });
  readonly events: string[] = [];
  readonly previews: (readonly NamespaceStepPlan[])[] = [];
  readonly logged: string[] = [];
  repeat: ((orders: readonly StepOrder[]) => void) | undefined;
  whenConfirmed: () => void = () => undefined;
  whenRun: (request: StepRequest) => void | Promise<void> = () => {
    this.mesh = stepMesh(MOVED);
  };
  /** How waiting for the cluster ends when what is there now does not satisfy; by default patience runs out at once. */
  wait: (predicate: (snapshot: ClusterSnapshot) => boolean, signal: AbortSignal) => Promise<ClusterSnapshot | undefined> = () => Promise.resolve(undefined);

  /** Patience never ends, unless a test says so. */
  sleep: (signal: AbortSignal) => Promise<void> = whenAborted;

  readonly runner = new StepRunner({
    snapshots: this,
    prompts: this,
    tools: { kubectl: () => Promise.resolve(this.kubectl) },
    terminal: {
      run: async (request) => {
        this.events.push(`run ${request.title}`);
        await this.whenRun(request);
        return this.outcome;
      },
    },
    clock: { now: () => 0, sleep: (_milliseconds, signal) => this.sleep(signal) },
    log: { debug: () => undefined, info: (line) => this.logged.push(line), warn: () => undefined, error: () => undefined },
    text: textRenderer('en'),
    rolloutTimeoutMinutes: () => 10,
  });

  snapshot(): ClusterSnapshot {
    return this.mesh;
  }

  waitFor(_ref: unknown, predicate: (snapshot: ClusterSnapshot) => boolean, signal: AbortSignal): Promise<ClusterSnapshot | undefined> {
    return predicate(this.mesh) ? Promise.resolve(this.mesh) : this.wait(predicate, signal);
  }

  confirm(plans: readonly NamespaceStepPlan[]): Promise<boolean> {
    this.previews.push(plans);
    this.events.push('preview');
    this.whenConfirmed();
    return Promise.resolve(this.answer);
  }

  goOn(result: StepRunResult): Promise<boolean> {
    this.events.push(`go on after ${result.kind}?`);
    return Promise.resolve(this.goesOn);
  }

  whileVerifying<Value>(_plan: NamespaceStepPlan, verify: (signal: AbortSignal) => Promise<Value>): Promise<Value> {
    this.events.push('verify');
    return verify(new AbortController().signal);
  }

  report(results: readonly StepRunResult[], again: (orders: readonly StepOrder[]) => void): void {
    this.events.push(`report ${results.map(({ kind }) => kind).join(' ')}`);
    this.repeat = again;
  }

  reportFailure(failure: Failure): void {
    this.events.push(`failure ${failure.kind}`);
  }

  async kinds(...orders: StepOrder[]): Promise<string[]> {
    return (await this.runner.run(orders.length === 0 ? [ORDER] : orders)).map(({ kind }) => kind);
  }
}

const RUN = `run Migrate foo to ${NEW_REVISION} · cluster-1`;

describe('running a step', () => {
  it('previews, runs, reads the cluster again and reports once', async () => {
    const world = new World();
    assert.deepEqual(await world.kinds(), ['verified']);
    assert.deepEqual(world.events, ['preview', RUN, 'verify', 'report verified']);
  });

  it('runs exactly the command lines that were shown', async () => {
    const world = new World();
    let ran: StepRequest | undefined;
    world.whenRun = (request) => {
      ran = request;
    };
    await world.kinds();
    assert.deepEqual(ran?.commands, world.previews[0]?.[0]?.commands);
    assert.equal(ran?.commands.length, 4);
  });

  it('runs nothing and says nothing when the preview is closed', async () => {
    const world = new World();
    world.answer = false;
    assert.deepEqual(await world.kinds(), ['cancelled']);
    assert.deepEqual(world.events, ['preview']);
  });

  it('runs nothing without a kubectl', async () => {
    const world = new World();
    world.kubectl = fail({ kind: 'toolMissing', tool: 'kubectl' });
    assert.deepEqual(await world.kinds(), []);
    assert.deepEqual(world.events, ['failure toolMissing']);
  });

  it('runs nothing when a gate closes between preview and start', async () => {
    const world = new World();
    world.whenConfirmed = () => {
      world.mesh = stepMesh({ ...BEFORE, istiods: { default: 1, [NEW_REVISION]: 0 } });
    };
    assert.deepEqual(await world.kinds(), ['blocked']);
    assert.deepEqual(world.events, ['preview', 'report blocked']);
  });

  it('runs nothing that needs the gates of a plan: a move to a revision that Mesh CA signs for', async () => {
    const world = new World();
    world.mesh = stepMesh({ ...BEFORE, signing: { [NEW_REVISION]: 'meshCa' } });
    assert.deepEqual(await world.kinds(), ['blocked']);
    assert.deepEqual(world.previews[0]?.[0]?.findings, [{ kind: 'signerNeedsPlan', revision: NEW_REVISION, signer: 'meshCa' }]);
    assert.deepEqual(world.events, ['preview', 'report blocked']);
  });

  it('runs nothing when the cluster became unknown between preview and start', async () => {
    const world = new World();
    world.whenConfirmed = () => {
      world.mesh = stepMesh({ ...BEFORE, kinds: { deployments: { state: 'stale', since: 0, failure: { kind: 'cancelled' } } } });
    };
    assert.deepEqual(await world.kinds(), ['blocked']);
  });

  it('runs nothing that was not shown: a workload that came in between calls for a new preview', async () => {
    const world = new World();
    world.whenConfirmed = () => {
      world.mesh = stepMesh({ ...BEFORE, workloads: [workload('Deployment', 'httpbin'), workload('StatefulSet', 'db')] });
    };
    assert.deepEqual(await world.kinds(), ['changedSincePreview']);
    assert.deepEqual(world.events, ['preview', 'report changedSincePreview']);
  });

  it('is not done when command lines fail or are interrupted, whatever the cluster looks like', async () => {
    for (const outcome of [{ kind: 'failed', command: 1, exitCode: 1 }, { kind: 'interrupted', signal: 'SIGINT' }] as const) {
      const world = new World();
      world.outcome = outcome;
      assert.deepEqual(await world.kinds(), ['notDone']);
      assert.deepEqual(world.events, ['preview', RUN, 'report notDone']);
    }
  });

  it('is not verified by an exit code: a cluster that did not move says so', async () => {
    const world = new World();
    world.whenRun = () => undefined;
    assert.deepEqual(await world.kinds(), ['notVerified']);
  });

  it('waits for the cluster to catch up', async () => {
    const world = new World();
    world.whenRun = () => undefined;
    world.wait = (predicate) => {
      const caughtUp = stepMesh(MOVED);
      world.mesh = caughtUp;
      return Promise.resolve(predicate(caughtUp) ? caughtUp : undefined);
    };
    assert.deepEqual(await world.kinds(), ['verified']);
  });

  it('ends the wait early when what is open will not settle by itself', async () => {
    const world = new World();
    world.whenRun = () => {
      world.mesh = stepMesh(BARE);
    };
    world.wait = () => assert.fail('nothing to wait for');
    assert.deepEqual(await world.kinds(), ['notVerified']);
  });

  it('waits with bounded patience', async () => {
    const world = new World();
    world.whenRun = () => undefined;
    world.sleep = () => Promise.resolve();
    world.wait = async (_predicate, signal) => {
      if (!signal.aborted) await whenAborted(signal);
      return undefined;
    };
    assert.deepEqual(await world.kinds(), ['notVerified']);
  });

  it('shows labels without verifying anything', async () => {
    const world = new World();
    assert.deepEqual(await world.kinds({ target: TARGET, choice: { id: 'show-labels', parameters: {} } }), ['shown']);
    assert.ok(!world.events.includes('verify'));
  });

  it('leaves a line of each command and of the end in the log', async () => {
    const world = new World();
    await world.kinds();
    assert.equal(world.logged.length, 5);
    assert.match(world.logged[1] ?? '', /kubectl --kubeconfig \/home\/me\/.kube\/config --context \S+ label namespace foo/);
    assert.match(world.logged[4] ?? '', /^step migrate-namespace foo on cluster-1: verified/);
  });
});

describe('running steps on several namespaces', () => {
  const other: StepOrder = { ...ORDER, target: { ...TARGET, cluster: { ...TARGET.cluster, context: 'gke_p_us-east1-b_cluster-2' } } };
  const cannotMove = (world: World): void => {
    world.whenRun = () => undefined;
  };

  /** Both targets are namespaces of equal clusters, and running one does not move the other. */
  function twoClusters(): World {
    const world = new World();
    world.whenRun = () => {
      world.mesh = stepMesh(MOVED);
    };
    return world;
  }

  it('asks once for all', async () => {
    const world = twoClusters();
    world.answer = false;
    assert.deepEqual(await world.kinds(ORDER, other), ['cancelled', 'cancelled']);
    assert.deepEqual(world.previews.map((plans) => plans.length), [2]);
  });

  it('stops at the first that is not verified unless the user goes on', async () => {
    const world = twoClusters();
    cannotMove(world);
    assert.deepEqual(await world.kinds(ORDER, other), ['notVerified', 'cancelled']);
    assert.ok(world.events.includes('go on after notVerified?'));
    const onward = twoClusters();
    cannotMove(onward);
    onward.goesOn = true;
    assert.deepEqual(await onward.kinds(ORDER, other), ['notVerified', 'notVerified']);
  });

  it('leaves out without asking again what the preview showed to be blocked', async () => {
    const world = twoClusters();
    const missing: StepOrder = { ...ORDER, target: { ...TARGET, namespace: 'gone' } };
    assert.deepEqual(await world.kinds(missing, ORDER), ['blocked', 'verified']);
    assert.ok(!world.events.some((event) => event.startsWith('go on')));
  });

  it('runs only one step a namespace at a time, and tells when that changes', async () => {
    const world = new World();
    const changes: boolean[] = [];
    world.runner.onDidChangeRunning((target) => changes.push(world.runner.isRunning(target)));
    world.whenRun = async () => {
      assert.deepEqual(await world.kinds(), ['busy']);
      world.mesh = stepMesh(MOVED);
    };
    assert.deepEqual(await world.kinds(), ['verified']);
    assert.deepEqual(changes, [true, false]);
  });

  it('can be previewed and run again from the report', async () => {
    const world = new World();
    cannotMove(world);
    await world.kinds();
    world.answer = false;
    world.repeat?.([ORDER]);
    // The preview comes after the one question for kubectl.
    await Promise.resolve();
    await Promise.resolve();
    assert.equal(world.previews.length, 2);
  });
});
