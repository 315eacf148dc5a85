// The bridge of the proof: the facts that the model makes of its own state are those that the product reads off a simulated mesh
// in the same state, so that the gates are proven on what they will really be given.
//
// Walks go part of the way through the migration and then do whatever is open, back or forth, broken off or whole, while pods
// are restarted, evicted, scaled and cut off from pushes, istiods fail, and half a day passes. After each move every pod and
// every istiod of the simulation must be one that the model's closure has, and of such a state the two must have the same facts
// and every gate the same answer. Left out: how long it takes until two surveys agree (here as soon as labels have come to
// rest, which is sooner than in life), and where the product is the stricter by one restart (`sideBySide.ts`).
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { MESH_CA_VARIANTS } from '../../src/rehearsal/mesh/controlPlane.js';
import { differences } from './facts/comparableFacts.js';
import { SideBySide } from './facts/sideBySide.js';
import { otherVerdicts } from './facts/verdicts.js';
import { walk } from './facts/walk.js';
import { sceneName } from './model/scene.js';
import type { Extent, Scene } from './model/scene.js';

const IS_FULL = process.env.MESH_CA_PROVE === 'full';
const PATIENCE_MS = 60 * 60_000;
const EXTENTS: readonly Extent[] = [
  { clusters: 1, namespaces: 1, reinstalls: true },
  { clusters: 1, namespaces: 2, reinstalls: true },
  { clusters: 2, namespaces: 1, reinstalls: true },
];

function scenes(start: Scene['start']): fc.Arbitrary<Scene> {
  const plain = fc.record({
    start: fc.constant(start),
    roots: fc.constantFrom('same', 'different'),
    fleet: fc.constantFrom('isProject', 'otherProject'),
    variant: fc.constantFrom(...MESH_CA_VARIANTS),
    extent: fc.constantFrom(...EXTENTS),
  });
  const anywhere: readonly Pick<Scene, 'tag' | 'isWaived' | 'ownCertificates'>[] = [{}, { isWaived: true }, { ownCertificates: true }];
  const specials = start === 'asm' ? [...anywhere, { tag: 'prod' } as const, { tag: 'default' } as const] : anywhere;
  return fc.tuple(plain, fc.constantFrom(...specials)).map(([scene, special]) => ({ ...scene, ...special }));
}

const kinds = fc.nat(99);
const which = fc.nat(999);

describe('what a scan of the simulated mesh gives to the gates', function () {
  this.timeout(PATIENCE_MS);

  for (const start of ['istio', 'asm'] as const) {
    it(`is what the model gives them, wherever a walk from ${start} leads`, () => {
      const walks = fc.record({
        scene: scenes(start),
        progress: fc.nat(40),
        moves: fc.array(fc.tuple(kinds, which), { maxLength: 12 }),
        faults: fc.array(fc.tuple(fc.nat(40), kinds, which), { maxLength: 4 }),
      });
      fc.assert(
        fc.property(walks, (one) => {
          assert.equal(walk(one).join('\n'), '');
        }),
        // Shrinking would walk for minutes; the story of the walk is told anyway.
        { seed: IS_FULL ? 7 : 20260301, numRuns: IS_FULL ? 100 : 5, endOnFailure: true },
      );
    });

    const plain: Scene = { start, roots: 'same', fleet: 'otherProject', variant: 'oldRootToo', extent: EXTENTS[1]! };
    for (const scene of [plain, start === 'asm' ? ({ ...plain, tag: 'default' } as const) : { ...plain, ownCertificates: true }]) {
      it(`is what the model gives them on the whole way to the end of phase 3: ${sceneName(scene)}`, () => {
        const story: string[] = [];
        assert.equal(walk({ scene, progress: 100, moves: [], faults: [] }, story).join('\n'), '');
        assert.ok(story.includes('cluster 1: delete-secrets'), `it ends early:\n${story.join('\n')}`);
      });
    }
  }

  it('is told apart from anything else', () => {
    const both = new SideBySide({ start: 'asm', roots: 'same', fleet: 'otherProject', variant: 'oldRootToo', extent: EXTENTS[0]! });
    const scan = both.scanned();
    const elsewhere = { ...scan, clusters: scan.clusters.map((cluster) => ({ ...cluster, istiodService: undefined })) };
    assert.deepEqual(differences(both.modelled(), elsewhere, both.rootName), ['cluster 1 istiodService, model only: "asm-1162-2"', 'cluster 1 istiodService, scan only: null']);
    assert.match(otherVerdicts(both.modelled(), { ...scan, settled: false }, both.parts.controlPlanes.revisions).join('\n'), /open in the model .* unknown by the scan/u);
  });
});
