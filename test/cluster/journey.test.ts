// The whole migration as its own position leads through it, by the procedure's own command lines and the real kubectl: from both
// starting points, each phase rolled back once, as late as that is possible, and gone on with. The two run side by side.
import assert from 'node:assert/strict';
import { MESH_CA_ANCHOR } from '../../src/domain/gates/gateFacts.js';
import type { MigrationPosition } from '../../src/domain/position/position.js';
import type { MeshSituation } from '../../src/domain/procedure/procedureStep.js';
import type { StepId } from '../../src/domain/procedure/stepOrder.js';
import type { JourneyOptions } from './support/migrationJourney.js';
import { startJourney } from './support/migrationJourney.js';

/** Every proxy that was read: its roots, signer and revision, each combination once. */
function held({ facts }: MeshSituation): readonly string[] {
  const proxies = facts.clusters.flatMap(({ proxies }) => proxies);
  return [...new Set(proxies.map(({ standing, revision }) => {
    if (standing.kind !== 'read') return `${standing.kind} ${revision ?? ''}`;
    const roots = standing.anchors.map((anchor) => (anchor === MESH_CA_ANCHOR ? 'MESHCA' : 'CITADEL')).join(' ');
    return `[${roots}] by ${standing.issuer === MESH_CA_ANCHOR ? 'MESHCA' : 'CITADEL'} ${revision ?? ''}`;
  }))].sort();
}

function sorted(labels: Readonly<Record<string, string>> = {}): string {
  return JSON.stringify(Object.entries(labels).filter(([name]) => name !== LEFT_LABEL).sort());
}

/** asmcli's own, and of no revision: the guide's rollback leaves the network it wrote on istio-system, and asm-system with the canonical service controller. */
const LEFT_LABEL = 'topology.istio.io/network';
const LEFT_NAMESPACE = 'asm-system';

/** What a phase begins with and a rollback has to lead back to; names of pods and ages are of no account. */
function shapeOf({ facts, snapshots }: MeshSituation): readonly string[] {
  const proxies = facts.clusters.flatMap(({ ref, proxies: own }) =>
    own.map(({ namespace, workload, revision, standing }) => `${ref.context} ${namespace}/${workload} ${revision ?? ''} ${JSON.stringify(standing)}`),
  );
  const objects = snapshots.flatMap(({ ref, namespaces, injectors }) => [
    ...[...namespaces.values()].filter(({ name }) => name !== LEFT_NAMESPACE).flatMap(({ name, facts: own, workloads, services }) => [
      `${ref.context} namespace ${name} ${sorted(own?.labels)} ${sorted(own?.annotations)}`,
      ...[...workloads.keys()].map((key) => `${ref.context} ${name}/${key}`),
      ...[...services.values()].map((service) => `${ref.context} Service ${name}/${service.name} ${sorted(service.selector)}`),
    ]),
    ...[...injectors.keys()].map((key) => `${ref.context} webhook ${key}`),
  ]);
  return [...new Set([...proxies, ...objects])].sort();
}

interface Route {
  readonly phase: 1 | 2 | 3;
  /** The step with which the phase begins, and the one before which it is given up. */
  readonly begins: StepId;
  readonly givenUp: StepId;
}

/** Each phase is given up once, right before its point of no return, and gone through again. */
const ROUTES: readonly Route[] = [
  { phase: 1, begins: 'install-revision-1', givenUp: 'delete-old-istiod' },
  { phase: 2, begins: 'install-revision-2', givenUp: 'delete-old-istiod' },
  { phase: 3, begins: 'backup-secrets', givenUp: 'restart-gateways' },
];

interface Told {
  /** By phase: what it began with, and what it was rolled back to. */
  readonly phases: ReadonlyMap<number, { readonly begun: readonly string[]; readonly rolledBack: readonly string[] }>;
  readonly finished: boolean;
  readonly held: readonly string[];
  /** `phase step namespace result` of what was neither verified nor only shown. */
  readonly open: readonly string[];
}

async function travel(options: JourneyOptions): Promise<Told> {
  const journey = await startJourney(options);
  const before = (step: StepId) => ({ next }: MigrationPosition): boolean => next?.order.step === step;
  try {
    const phases = new Map<number, { begun: readonly string[]; rolledBack: readonly string[] }>();
    for (const { phase, begins, givenUp } of ROUTES) {
      await journey.goOn(before(begins));
      const begun = shapeOf(await journey.situation());
      await journey.goOn(before(givenUp));
      await journey.rollBack(phase);
      phases.set(phase, { begun, rolledBack: shapeOf(await journey.situation()) });
    }
    const { finished } = await journey.goOn();
    const open = journey.entries
      .filter(({ result }) => result !== 'verified' && result !== 'shown')
      .map(({ order, result }) => `${order.phase} ${order.step} ${order.target.scope === 'namespace' ? order.target.namespace : ''} ${result}`);
    return { phases, finished, held: held(await journey.situation()), open: [...new Set(open)] };
  } finally {
    await journey.close();
  }
}

describe('the whole migration', function () {
  this.timeout(900_000);
  const scenes = ['istio-default', 'asm-citadel'] as const;
  const told = new Map<string, Promise<Told>>();

  before(() => {
    for (const scene of scenes) {
      const travelled = travel({ scene });
      // Whichever fails first is told of by its own tests.
      travelled.catch(() => undefined);
      told.set(scene, travelled);
    }
  });

  for (const scene of scenes) {
    describe(`from ${scene}`, () => {
      for (const { phase } of ROUTES) {
        it(`is, rolled back before the point of no return of phase ${phase}, what it was when the phase began`, async () => {
          const shapes = (await told.get(scene))?.phases.get(phase);
          assert.ok(shapes !== undefined && shapes.begun.length > 0);
          assert.deepEqual(shapes.rolledBack, shapes.begun);
        });
      }

      it('ends with Mesh CA alone in both clusters', async () => {
        const journey = await told.get(scene);
        assert.equal(journey?.finished, true);
        assert.deepEqual(journey.held, ['[MESHCA] by MESHCA asm-1232-2-meshca-ca-migration']);
      });

      it('has every step verified; a pod that nothing makes anew is named until somebody has made it anew', async () => {
        const batch = (step: string, of: number): string => `${of} ${step} batch notVerified`;
        const byHand = [1, 2].flatMap((phase) => [batch('migrate-namespace', phase), batch('roll-back-namespace', phase)]);
        assert.deepEqual([...((await told.get(scene))?.open ?? [])].sort(), byHand.sort());
      });
    });
  }
});
