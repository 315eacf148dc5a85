// The proof that the gates protect: every order of permitted steps and of what the environment does, in every scene, breaks
// nothing and locks nobody in; and as soon as any gate, condition or lock is taken out, a named property is lost.
// `npm run prove` walks each scene by itself instead of one of each shape, and with reinstalls in two clusters one of every shape.
import assert from 'node:assert/strict';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { MESH_CA_VARIANTS } from '../../src/rehearsal/mesh/controlPlane.js';
import { explore } from './model/exploration.js';
import type { Outcome } from './model/exploration.js';
import { MUTATIONS } from './model/mutations.js';
import { FLAWS, sceneName } from './model/scene.js';
import type { Extent, Scene } from './model/scene.js';
import { shapeOf } from './model/shape.js';

const IS_FULL = process.env.MESH_CA_PROVE === 'full';
const EXTENTS: readonly Extent[] = [
  { clusters: 2, namespaces: 1, reinstalls: false },
  { clusters: 1, namespaces: 2, reinstalls: true },
];
/** The largest: a million states and more, from Istio half as many. */
const REINSTALLS: Extent = { clusters: 2, namespaces: 1, reinstalls: true };
/** What changes how a cluster is read, and nothing between clusters: one is enough. */
const SPECIAL: readonly Scene[] = (['istio', 'asm'] as const).flatMap((start): readonly Scene[] => {
  const plain: Scene = { start, roots: 'same', fleet: 'otherProject', variant: 'oldRootToo', extent: { clusters: 1, namespaces: 1, reinstalls: true } };
  const byTags: readonly Scene[] = [
    { ...plain, tag: 'prod' },
    { ...plain, extent: { ...plain.extent, namespaces: 2 }, tag: 'default' },
  ];
  const flawed = FLAWS.map((flaw): Scene => ({ ...plain, flaw }));
  return [...(start === 'asm' ? byTags : []), ...flawed, { ...plain, isWaived: true }, { ...plain, ownCertificates: true }];
});
/** Longer than any walk on a slow machine; a walk that has gone astray ends by its own limit. */
const PATIENCE_MS = 60 * 60_000;

interface Job {
  readonly id: number;
  /** To walk it whole, or to tell its shape. */
  readonly kind: 'walk' | 'shape';
  readonly scene: Scene;
}

interface Answer {
  readonly id: number;
  readonly answer: Outcome | string;
}

/**
 * Roots are a matter between clusters; one cluster has one. Two that do not talk, having different roots, are walked in the full
 * proof only, where they have to come to as many states and moves as two that do. Then one walk stands for both: what gates ask
 * of clusters that talk is all that they ask of those that do not and more (`couldTalk`), so every move of the former is one of
 * the latter, and with as many moves there are no others; and of the former more is wanted (S1 between them). Why nothing comes
 * of what is asked beside: each gate of phase 2 wants Mesh CA's root and domain of every proxy of every cluster, talking or not,
 * and the old root can only be missing where the probe of that cluster was refused for it, or after phase 3 began, which no
 * cluster does while a certificate or an istiod under an old root is left in any.
 */
function scenesOf(extent: Extent): readonly Scene[] {
  const roots = extent.clusters === 1 || !IS_FULL ? (['same'] as const) : (['same', 'different'] as const);
  return (['istio', 'asm'] as const).flatMap((start) =>
    roots.flatMap((root) =>
      (['otherProject', 'isProject'] as const).flatMap((fleet) => MESH_CA_VARIANTS.map((variant) => ({ start, roots: root, fleet, variant, extent }))),
    ),
  );
}

/**
 * The scene of the same shape that is walked for this one, which a test below compares: in another fleet domains have other
 * names, and who maintains `istio-ca-root-cert` is nothing to pods that are connected.
 */
function sameShape(scene: Scene): Scene {
  return { ...scene, fleet: 'otherProject', variant: scene.variant === 'rootConfigMapAbandoned' ? 'oldRootToo' : scene.variant };
}

function standIn(scene: Scene): Scene {
  const isLargest = scene.extent.clusters === REINSTALLS.clusters && scene.extent.reinstalls;
  return IS_FULL && !isLargest ? scene : sameShape(scene);
}

/** In `npm test` from Istio alone, and what lies behind a phase 2 that works and keeps the old root. */
function largest(): readonly Scene[] {
  const all = scenesOf(REINSTALLS);
  return IS_FULL ? all : all.filter((scene) => scene.start === 'istio' && sameShape(scene).variant === 'oldRootToo');
}

/** The scenes to walk, each with those that it stands for. */
function grouped(scenes: readonly Scene[]): readonly (readonly [Scene, ...Scene[]])[] {
  const groups = new Map<string, [Scene, ...Scene[]]>();
  for (const scene of scenes) {
    const walked = standIn(scene);
    const group = groups.get(sceneName(walked));
    if (group === undefined) groups.set(sceneName(walked), [walked]);
    else group.push(scene);
  }
  return [...groups.values()];
}

/** Two threads, as many as the smallest machine has cores: each takes the next job when it has done with one. */
function startWalkers(jobs: readonly Omit<Job, 'id'>[]): readonly Promise<Answer['answer']>[] {
  const waiting = jobs.map((job, id): Job => ({ id, ...job }));
  const settle: { readonly resolve: (answer: Answer['answer']) => void; readonly reject: (error: Error) => void }[] = [];
  const answers = jobs.map(() => new Promise<Answer['answer']>((resolve, reject) => settle.push({ resolve, reject })));
  for (let thread = 0; thread < 2; thread += 1) {
    const worker = new Worker(__filename);
    // Where a pattern leaves the scenes out, nobody waits for them.
    worker.unref();
    const next = (): void => {
      const job = waiting.shift();
      if (job === undefined) void worker.terminate();
      else worker.postMessage(job);
    };
    worker.on('message', ({ id, answer }: Answer) => {
      settle[id]!.resolve(answer);
      next();
    });
    worker.on('error', (error) => {
      for (const { reject } of settle) reject(error);
    });
    next();
  }
  // Each is awaited by a test of its own, which may come later than a failure.
  for (const answer of answers) answer.catch(() => undefined);
  return answers;
}

function told({ finding }: Outcome): string {
  return finding === undefined ? '' : `${finding.property}\n${finding.story.map((line, index) => `  ${index + 1}. ${line}`).join('\n')}`;
}

/** The largest first, so that both threads are busy to the end. */
const GROUPS = [...grouped(largest()), ...EXTENTS.flatMap((extent) => grouped(scenesOf(extent))), ...grouped(SPECIAL)];
const WALKS = GROUPS.map(([scene]): Omit<Job, 'id'> => ({ kind: 'walk', scene }));
/** One for all extents: two clusters are two of one, and what they know of each other is in the shape. */
const SHAPES = scenesOf({ clusters: 1, namespaces: 1, reinstalls: true }).map((scene): Omit<Job, 'id'> => ({ kind: 'shape', scene }));

function proveScenes(answers: () => readonly Promise<Answer['answer']>[]): void {
  const outcomeOf = async (walk: number): Promise<Outcome> => (await answers()[walk]!) as Outcome;

  describe('the gates in every scene', function () {
    this.timeout(PATIENCE_MS);
    for (const [index, [scene, ...alike]] of GROUPS.entries()) {
      const others = alike.length === 0 ? '' : ` (and ${alike.length} more of the same shape)`;
      it(`keep everything in touch and nobody locked in: ${sceneName(scene)}${others}`, async function () {
        const outcome = await outcomeOf(index);
        this.test!.title += `: ${outcome.states} states, ${outcome.moves} moves`;
        assert.equal(told(outcome), '');
        if (scene.roots === 'same' || scene.extent.reinstalls) return;
        const { states, moves } = await outcomeOf(GROUPS.findIndex(([other]) => sceneName({ ...scene, roots: 'same' }) === sceneName(other)));
        assert.deepEqual({ states: outcome.states, moves: outcome.moves }, { states, moves }, 'clusters that do not talk are not what those that do stand for');
      });
    }

    it('are walked where another scene of the same shape stands for one', async () => {
      const shapes = new Map<string, unknown>();
      for (const [index, { scene }] of SHAPES.entries()) shapes.set(sceneName(scene), await answers()[GROUPS.length + index]!);
      for (const { scene } of SHAPES) assert.equal(shapes.get(sceneName(scene)), shapes.get(sceneName(sameShape(scene))), sceneName(scene));
    });
  });
}

function proveMutations(): void {
  describe('without one gate, condition or lock', function () {
    this.timeout(PATIENCE_MS);
    for (const mutation of MUTATIONS.filter(({ isLong = false }) => IS_FULL || !isLong)) {
      it(`${mutation.name}: ${mutation.loses} is lost`, function () {
        const { finding, states } = explore(mutation.scene, mutation);
        assert.ok(finding, `nothing is lost in ${states} states`);
        assert.ok(finding.property.startsWith(mutation.loses), told({ finding, states, moves: 0 }));
        // The shortest story is part of the report.
        this.test!.title = `${mutation.name} → ${finding.property}\n        ${finding.story.join('\n        ')}`;
      });
    }
  });
}

if (isMainThread) {
  describe('the proof', () => {
    let answers: readonly Promise<Answer['answer']>[] = [];
    // Before anything else: the walks take the longest, and this thread has the mutations meanwhile.
    before(() => {
      answers = startWalkers([...WALKS, ...SHAPES]);
    });
    proveMutations();
    proveScenes(() => answers);
  });
} else {
  parentPort!.on('message', ({ id, kind, scene }: Job) => {
    const answer: Answer = { id, answer: kind === 'walk' ? explore(scene) : shapeOf(scene) };
    parentPort!.postMessage(answer);
  });
}
