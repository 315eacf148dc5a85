// The proof that the gates protect: every order of permitted steps and of what the environment does, in every scene, breaks
// nothing and locks nobody in; and as soon as any gate, condition or lock is taken out, a named property is lost.
// Revision tags, webhook bundles and waivers are not in the model: tags are references that lock, as labels do.
// `npm run prove` walks each scene by itself instead of one of each shape, with reinstalls in two clusters too.
import assert from 'node:assert/strict';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { MESH_CA_VARIANTS } from '../../src/rehearsal/mesh/controlPlane.js';
import { explore } from './model/exploration.js';
import type { Outcome } from './model/exploration.js';
import { MUTATIONS } from './model/mutations.js';
import { sceneName } from './model/scene.js';
import type { Extent, Scene } from './model/scene.js';
import { shapeOf } from './model/shape.js';

const IS_FULL = process.env.MESH_CA_PROVE === 'full';
const EXTENTS: readonly Extent[] = [
  { clusters: 2, namespaces: 1, reinstalls: IS_FULL },
  { clusters: 1, namespaces: 2, reinstalls: true },
];
/** Longer than any walk on a slow machine; a walk that has gone astray ends by its own limit. */
const PATIENCE_MS = 60 * 60_000;

interface Job {
  readonly id: number;
  readonly scene: Scene;
}

interface Answer {
  readonly id: number;
  readonly outcome: Outcome;
}

/** Roots are a matter between clusters; one cluster has one. */
function scenesOf(extent: Extent): readonly Scene[] {
  const roots = extent.clusters === 1 ? (['same'] as const) : (['same', 'different'] as const);
  return (['istio', 'asm'] as const).flatMap((start) =>
    roots.flatMap((root) =>
      (['otherProject', 'isProject'] as const).flatMap((fleet) => MESH_CA_VARIANTS.map((variant) => ({ start, roots: root, fleet, variant, extent }))),
    ),
  );
}

/** The scenes to walk, each with those that are the same but for names. */
function byShape(scenes: readonly Scene[]): readonly (readonly [Scene, ...Scene[]])[] {
  if (IS_FULL) return scenes.map((scene) => [scene]);
  const groups = new Map<string, [Scene, ...Scene[]]>();
  for (const scene of scenes) {
    const shape = shapeOf(scene);
    const group = groups.get(shape);
    if (group === undefined) groups.set(shape, [scene]);
    else group.push(scene);
  }
  return [...groups.values()];
}

/** Two threads, as many as the smallest machine has cores: each takes the next scene when it has done with one. */
function startWalkers(scenes: readonly Scene[]): readonly Promise<Outcome>[] {
  const waiting = scenes.map((scene, id) => ({ id, scene }));
  const settle: { readonly resolve: (outcome: Outcome) => void; readonly reject: (error: Error) => void }[] = [];
  const outcomes = scenes.map(() => new Promise<Outcome>((resolve, reject) => settle.push({ resolve, reject })));
  for (let thread = 0; thread < 2; thread += 1) {
    const worker = new Worker(__filename);
    const next = (): void => {
      const job = waiting.shift();
      if (job === undefined) void worker.terminate();
      else worker.postMessage(job);
    };
    worker.on('message', ({ id, outcome }: Answer) => {
      settle[id]!.resolve(outcome);
      next();
    });
    worker.on('error', (error) => {
      for (const { reject } of settle) reject(error);
    });
    next();
  }
  // Each is awaited by a test of its own, which may come later than a failure.
  for (const outcome of outcomes) outcome.catch(() => undefined);
  return outcomes;
}

function told({ finding }: Outcome): string {
  return finding === undefined ? '' : `${finding.property}\n${finding.story.map((line, index) => `  ${index + 1}. ${line}`).join('\n')}`;
}

function proveScenes(): void {
  describe('the gates in every scene', function () {
    this.timeout(PATIENCE_MS);
    // The largest first, so that both threads are busy to the end.
    const groups = EXTENTS.flatMap((extent) => byShape(scenesOf(extent)));
    let outcomes: readonly Promise<Outcome>[] = [];
    before(() => {
      outcomes = startWalkers(groups.map(([scene]) => scene));
    });
    for (const [index, [scene, ...alike]] of groups.entries()) {
      const others = alike.length === 0 ? '' : ` (and ${alike.length} more of the same shape)`;
      it(`keep everything in touch and nobody locked in: ${sceneName(scene)}${others}`, async function () {
        const outcome = await outcomes[index]!;
        this.test!.title += `: ${outcome.states} states, ${outcome.moves} moves`;
        assert.equal(told(outcome), '');
      });
    }
  });
}

function proveMutations(): void {
  describe('without one gate, condition or lock', function () {
    this.timeout(PATIENCE_MS);
    for (const mutation of MUTATIONS) {
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
  proveMutations();
  proveScenes();
} else {
  parentPort!.on('message', ({ id, scene }: Job) => {
    const answer: Answer = { id, outcome: explore(scene) };
    parentPort!.postMessage(answer);
  });
}
