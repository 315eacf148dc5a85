// From gate to verified for any row of the procedure: when a step runs, when it does not, and what is kept of it.
import assert from 'node:assert/strict';
import type { DryRunEnd, PreviewAnswer, ProcedurePrompts, ProcedureResult, StepJournalEntry } from '../../../../src/app/steps/procedurePorts.js';
import { ProcedureRunner } from '../../../../src/app/steps/procedureRunner.js';
import type { StepRequest } from '../../../../src/app/ports.js';
import type { MeshSituation, StepAction, StepPlan } from '../../../../src/domain/procedure/procedureStep.js';
import type { StepOrder } from '../../../../src/domain/procedure/stepOrder.js';
import type { StepOutcome } from '../../../../src/domain/steps/commandSpec.js';
import type { Message } from '../../../../src/shared/text/message.js';
import { message } from '../../../../src/shared/text/message.js';
import type { Result } from '../../../../src/shared/failure.js';
import { fail, succeed } from '../../../../src/shared/failure.js';
import { textRenderer } from '../../../../src/shared/text/render.js';
import { CLUSTER, workload } from '../../../support/stepMesh.js';
import { order, situation } from '../../../support/procedureMesh.js';

const SERVING = { mesh: { workloads: [workload('Deployment', 'edge', { templateAnnotations: { 'inject.istio.io/templates': 'gateway' } })] } };
const ROLLED = { mesh: { workloads: [workload('Deployment', 'edge', { generation: 2, observedGeneration: 2, templateAnnotations: { 'inject.istio.io/templates': 'gateway' } })] } };
/** Not gated, and verified by what the cluster shows. */
const RESTART = order('restart-gateways', 3);
const PROBE = order('probe-revision-1', 1);

/** The world around the runner; tests set what it answers and look at what it was asked. */
class World implements ProcedurePrompts {
  mesh: MeshSituation = situation(SERVING);
  outcome: StepOutcome = { kind: 'ran' };
  answers: PreviewAnswer[] = ['run'];
  typed = true;
  goesOn = false;
  acted: Result<readonly Message[]> = succeed([]);
  whenPreviewed: () => void = () => undefined;
  whenRun: () => void = () => {
    this.mesh = situation(ROLLED);
  };
  now = 0;
  isTrusted = true;
  /** Which reading, counted from one, the user does not want to wait for. */
  cancelsReading = 0;
  readonly events: string[] = [];
  readonly ran: StepRequest[] = [];
  readonly journal: StepJournalEntry[] = [];

  readonly runner = new ProcedureRunner({
    situations: {
      current: () => this.mesh,
      refresh: () => {
        this.events.push('read');
        return Promise.resolve(this.mesh);
      },
      readOnce: () => {
        this.events.push('read once');
        return Promise.resolve(this.mesh);
      },
      onDidChange: () => ({ dispose: () => undefined }),
    },
    inspector: { inspect: () => Promise.resolve({ kind: 'absent' }) },
    actions: {
      perform: (action: StepAction) => {
        this.events.push(`act ${action.kind}${action.kind === 'recordTest' && action.failed === true ? ' failed' : ''}`);
        return Promise.resolve(this.acted);
      },
    },
    terminal: {
      run: (request) => {
        this.events.push(`run ${request.commands.length}`);
        this.ran.push(request);
        this.whenRun();
        return Promise.resolve(this.outcome);
      },
    },
    prompts: this,
    isTrusted: () => this.isTrusted,
    journal: {
      append: (entry) => {
        this.journal.push(entry);
        return Promise.reject(new Error('disk full'));
      },
    },
    clock: {
      now: () => this.now,
      sleep: (milliseconds) => {
        this.now += milliseconds;
        return Promise.resolve();
      },
    },
    log: { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined },
    text: textRenderer('en'),
  });

  preview(_plans: readonly StepPlan[], dryRun?: DryRunEnd): Promise<PreviewAnswer> {
    this.events.push(dryRun === undefined ? 'preview' : `preview after ${dryRun.outcome.kind}`);
    this.whenPreviewed();
    return Promise.resolve(this.answers.shift() ?? 'no');
  }

  typeName(plan: StepPlan): Promise<boolean> {
    this.events.push(`type ${plan.confirmation?.typed ?? ''}`);
    return Promise.resolve(this.typed);
  }

  goOn(result: ProcedureResult): Promise<boolean> {
    this.events.push(`go on after ${result.kind}?`);
    return Promise.resolve(this.goesOn);
  }

  whileReading<Value>(_what: Message, read: (signal: AbortSignal) => Promise<Value>): Promise<Value> {
    this.cancelsReading -= 1;
    return read(this.cancelsReading === 0 ? AbortSignal.abort() : new AbortController().signal);
  }

  report(results: readonly ProcedureResult[]): void {
    this.events.push(`report ${results.map(({ kind }) => kind).join(' ')}`);
  }

  reportUntrusted(): void {
    this.events.push('untrusted');
  }

  async kinds(...orders: readonly StepOrder[]): Promise<readonly string[]> {
    return (await this.runner.run(orders)).map(({ kind }) => kind);
  }
}

describe('the user’s own test as a command', () => {
  const TEST = order('test-application', 1, { scope: 'namespace', cluster: CLUSTER, namespace: 'foo' });
  const eventsAfter = async (outcome: StepOutcome, tests: Readonly<Record<string, readonly string[]>> = { foo: ['./test.sh'] }): Promise<readonly string[]> => {
    const world = new World();
    world.mesh = situation({ plan: { tests } });
    world.whenRun = () => undefined;
    world.outcome = outcome;
    await world.runner.run([TEST]);
    return world.events.slice(world.events.findIndex((event) => event.startsWith('run ')) + 1);
  };

  it('is kept as failed when it ends with an error, whatever it said before, and what is kept is read at once', async () => {
    assert.deepEqual(await eventsAfter({ kind: 'failed', command: 0, exitCode: 1 }), ['act recordTest failed', 'read once', 'report notDone']);
  });

  it('is kept as passed when it ends with 0', async () => {
    assert.deepEqual(await eventsAfter({ kind: 'ran' }), ['act recordTest', 'read once', 'report shown']);
  });

  it('has said nothing when it was cut short or did not start', async () => {
    assert.deepEqual(await eventsAfter({ kind: 'interrupted', signal: 'SIGINT' }), ['report notDone']);
    assert.deepEqual(await eventsAfter({ kind: 'notStarted', reason: 'toolMissing', detail: './test.sh' }), ['report notDone']);
  });
});

describe('running a row of the procedure', () => {
  it('reads, previews, reads again, runs, reads once more, and says what is so', async () => {
    const world = new World();
    assert.deepEqual(await world.kinds(RESTART), ['verified']);
    assert.deepEqual(world.events, ['read', 'preview', 'read', 'run 2', 'read once', 'report verified']);
  });

  it('does not call it done because the command lines ended with 0', async () => {
    const world = new World();
    world.whenRun = () => undefined;
    assert.deepEqual(await world.kinds(RESTART), ['notVerified']);
  });

  it('waits for what time alone may settle, and not for ever', async () => {
    const world = new World();
    world.whenRun = () => undefined;
    await world.kinds(RESTART);
    assert.ok(world.now >= 180_000 && world.now < 240_000, `${world.now} ms`);
  });

  it('runs nothing while a gate is shut, and judges it anew right before the start', async () => {
    const shut = new World();
    assert.deepEqual(await shut.kinds(order('migrate-namespace', 2, { scope: 'namespace', cluster: CLUSTER, namespace: 'foo' })), ['blocked']);
    const closing = new World();
    closing.whenPreviewed = () => {
      closing.mesh = situation({ ...SERVING, mesh: { ...SERVING.mesh, kinds: { pods: { state: 'loading' } } } });
    };
    assert.deepEqual(await closing.kinds(RESTART), ['blocked']);
    assert.deepEqual(closing.ran, []);
  });

  it('runs nothing but what was shown', async () => {
    const world = new World();
    world.whenPreviewed = () => {
      world.mesh = situation({ mesh: { workloads: [...SERVING.mesh.workloads, workload('Deployment', 'other', { templateAnnotations: { 'inject.istio.io/templates': 'gateway' } })] } });
    };
    assert.deepEqual(await world.kinds(RESTART), ['changedSincePreview']);
    assert.deepEqual(world.ran, []);
  });

  it('runs nothing when the reading right before the start is cancelled, though what was known before it would do', async () => {
    const world = new World();
    world.cancelsReading = 2;
    assert.deepEqual(await world.kinds(RESTART, PROBE), ['cancelled', 'cancelled']);
    assert.deepEqual(world.events, ['read', 'preview', 'read', 'report cancelled cancelled']);
  });

  it('previews nothing when the reading before the preview is cancelled', async () => {
    const world = new World();
    world.cancelsReading = 1;
    assert.deepEqual(await world.kinds(RESTART), []);
    assert.deepEqual(world.events, ['read']);
  });

  it('neither reads nor runs anything in Restricted Mode, and says so', async () => {
    const world = new World();
    world.isTrusted = false;
    assert.deepEqual(await world.kinds(RESTART), []);
    assert.deepEqual(world.events, ['untrusted']);
  });

  it('takes the guide’s form when it was chosen and is safe, and not when there is none', async () => {
    const revisions = new World();
    revisions.answers = ['runGuideForm'];
    assert.deepEqual(await revisions.kinds(RESTART), ['changedSincePreview']);
    const moved = new World();
    moved.answers = ['runGuideForm'];
    const target = { scope: 'namespace', cluster: CLUSTER, namespace: 'foo' } as const;
    assert.deepEqual(await moved.kinds(order('show-labels', 1, target)), ['changedSincePreview']);
  });

  it('shows the preview again after a dry run, with how that ended, and runs nothing else by it', async () => {
    const world = new World();
    world.answers = ['dryRun', 'no'];
    world.outcome = { kind: 'failed', command: 0, exitCode: 1 };
    assert.deepEqual(await world.kinds(PROBE), ['cancelled']);
    assert.deepEqual(world.events, ['read', 'preview', 'run 1', 'preview after failed']);
    assert.deepEqual(world.ran.map(({ purpose }) => purpose), ['dryRun']);
  });

  it('performs the extension’s own part, and takes away what was made for the step before the mesh is judged', async () => {
    const world = new World();
    world.whenRun = () => {
      world.mesh = situation({ facts: { probes: [{ revision: 'asm-1232-2-distribute-root', passed: true, issuer: 'A', anchors: ['A'], domain: 'd', controlPlane: 'x' }] } });
    };
    world.acted = succeed([message('procedureChecks.survey.good', { proxies: 1, clusters: 1 })]);
    assert.deepEqual(await world.kinds(PROBE), ['verified']);
    assert.deepEqual(world.events, ['read', 'preview', 'read', 'run 4', 'act recordProbe', 'run 1', 'read once', 'report verified']);
  });

  it('takes it away also when the command lines failed, or the extension’s part did', async () => {
    const failed = new World();
    failed.outcome = { kind: 'failed', command: 1, exitCode: 1 };
    assert.deepEqual(await failed.kinds(PROBE), ['notDone']);
    assert.deepEqual(failed.ran.map(({ commands }) => commands.length), [4, 1]);
    const unread = new World();
    unread.acted = fail({ kind: 'cancelled' });
    assert.deepEqual(await unread.kinds(PROBE), ['actionFailed']);
    assert.deepEqual(unread.ran.map(({ commands }) => commands.length), [4, 1]);
  });

  it('says first of all what it left behind where it could not be taken away', async () => {
    const world = new World();
    world.whenRun = () => {
      world.mesh = situation({ facts: { probes: [{ revision: 'asm-1232-2-distribute-root', passed: true, issuer: 'A', anchors: ['A'], domain: 'd', controlPlane: 'x' }] } });
      if (world.ran.length === 2) world.outcome = { kind: 'notStarted', reason: 'noStartEvent', detail: '' };
    };
    assert.deepEqual(await world.kinds(PROBE), ['verified']);
    const [first] = world.journal.at(-1)?.evidence ?? [];
    assert.match(textRenderer('en')(first ?? message('steps.state.notRun')), /^What it had made for itself is still there, take it away: kubectl .* delete namespace mesh-ca-migration-probe/u);
  });

  it('tells an interrupted run from a failed one, and asks before it goes on to the next', async () => {
    const world = new World();
    world.outcome = { kind: 'interrupted', signal: 'SIGINT' };
    assert.deepEqual(await world.kinds(RESTART, PROBE), ['notDone', 'cancelled']);
    assert.ok(world.events.includes('go on after notDone?'));
    world.answers = ['run'];
    world.goesOn = true;
    assert.deepEqual(await world.kinds(RESTART, PROBE), ['notDone', 'notDone']);
  });

  it('runs one step a target at a time', async () => {
    const world = new World();
    let inner: Promise<readonly string[]> | undefined;
    world.answers = ['run', 'run'];
    world.whenRun = () => {
      assert.ok(world.runner.isRunning(RESTART.target));
      world.whenRun = () => {
        world.mesh = situation(ROLLED);
      };
      inner ??= world.kinds(RESTART);
      world.mesh = situation(ROLLED);
    };
    await world.kinds(RESTART);
    assert.deepEqual(await inner, ['busy']);
    assert.ok(!world.runner.isRunning(RESTART.target));
  });

  it('keeps each run in the journal, without what was fed in, and goes on when the journal cannot be written', async () => {
    const world = new World();
    world.outcome = { kind: 'failed', command: 0, exitCode: 3 };
    await world.kinds(PROBE);
    const [entry] = world.journal;
    assert.equal(entry?.result, 'notDone');
    assert.deepEqual(entry.outcome, { kind: 'failed', command: 0, exitCode: 3 });
    assert.equal(entry.commandLines.length, 4);
    assert.ok(entry.commandLines.every((line) => line.startsWith('kubectl --kubeconfig ')));
    assert.ok(entry.commandLines.every((line) => !line.includes('printf')));
  });

  it('judges a later order when its turn comes: what was in its way may be what those before it cleared away', async () => {
    const world = new World();
    const deletion = order('delete-old-operator', 1);
    const cleared = (isClear: boolean): MeshSituation => {
      const clear = { ...situation(ROLLED), facts: { ...situation(ROLLED).facts, settled: isClear } };
      return clear;
    };
    world.mesh = { ...situation(SERVING), facts: { ...situation(SERVING).facts, settled: false } };
    world.whenRun = () => {
      world.mesh = cleared(true);
    };
    const blocked = new World();
    blocked.mesh = world.mesh;
    assert.deepEqual(await blocked.kinds(deletion), ['blocked']);
    const [first, second] = await world.kinds(RESTART, deletion);
    assert.equal(first, 'verified');
    assert.notEqual(second, 'blocked');
  });
});
