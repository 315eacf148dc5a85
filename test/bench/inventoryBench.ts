// What the inventory costs in a large mesh: one watch event as the mesh grows, what it sets off, and the heap that a pod takes.
import type { PodFacts } from '../../src/domain/mesh/facts.js';
import { foldDeltas } from '../../src/domain/mesh/fold.js';
import type { ClusterSnapshot, Delta } from '../../src/domain/mesh/snapshot.js';
import { millisecondsPerChange } from './followedSurvey.js';
import { largeMesh } from './largeMesh.js';
import { heapAfterCollection, median, milliseconds, timed } from './measure.js';
import type { Figure } from './measure.js';

const NAMESPACES = 2000;
const PODS = 50_000;
const SMALLER = 10;
const EVENTS = 400;
const ROUNDS = 9;

export async function inventoryFigures(): Promise<readonly Figure[]> {
  const small = largeMesh(NAMESPACES / SMALLER, PODS / SMALLER);
  const before = heapAfterCollection();
  const listing = await timed(() => largeMesh(NAMESPACES, PODS));
  const large = listing.value;
  const heap = heapAfterCollection() - before;
  const rounds = { small: [] as number[], large: [] as number[], together: [] as number[] };
  for (let round = 0; round < ROUNDS; round += 1) {
    rounds.small.push(microsecondsPerEvent(small));
    rounds.large.push(microsecondsPerEvent(large));
    rounds.together.push(microsecondsPerEvent(large, EVENTS));
  }
  const [ofSmall, ofLarge] = [median(rounds.small), median(rounds.large)];
  const ratio = ofLarge / ofSmall;
  const [followSmall, followLarge] = [await millisecondsPerChange(small), await millisecondsPerChange(large)];
  const follow = followLarge / followSmall;
  const size = `${PODS} pods, ${NAMESPACES} namespaces`;
  return [
    {
      measure: `inventory, ${size}: folding one watch event, against 1/${SMALLER} of the size`,
      figure: `${ofLarge.toFixed(1)} µs / ${ofSmall.toFixed(1)} µs`,
      ratio,
      aim: '≤ 1.5',
      met: ratio <= 1.5,
    },
    { measure: `inventory, ${size}: the same where ${EVENTS} events are folded together`, figure: `${median(rounds.together).toFixed(1)} µs` },
    {
      measure: `survey that follows, ${size}: one announced change, against 1/${SMALLER} of the size`,
      figure: `${milliseconds(followLarge)} / ${milliseconds(followSmall)}`,
      ratio: follow,
      aim: '≤ 1.5',
      met: follow <= 1.5,
    },
    { measure: `inventory, ${size}: heap per pod`, figure: `${(heap / PODS).toFixed(0)} bytes` },
    { measure: `inventory, ${size}: reading and folding the list`, figure: `${(listing.wallMs / 1000).toFixed(1)} s` },
  ];
}

/** Pods change one after another, each in another namespace, so many to a fold. */
function microsecondsPerEvent(mesh: ClusterSnapshot, together = 1): number {
  const events = changes(mesh);
  const start = performance.now();
  let snapshot = mesh;
  for (let first = 0; first < events.length; first += together) snapshot = foldDeltas(snapshot, events.slice(first, first + together));
  const elapsed = performance.now() - start;
  if (snapshot === mesh) throw new Error('the events changed nothing');
  return (elapsed * 1000) / events.length;
}

function changes(mesh: ClusterSnapshot): readonly Delta[] {
  const first = [...mesh.namespaces.values()].map(({ pods }) => pods.values().next().value).filter((pod) => pod !== undefined);
  return Array.from({ length: EVENTS }, (_, index): Delta => {
    const facts: PodFacts = { ...first[(index * 7) % first.length]!, createdAt: index + 1 };
    return { type: 'set', object: { kind: 'pods', facts } };
  });
}
