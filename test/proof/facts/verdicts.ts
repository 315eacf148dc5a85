// Every gate asked about everything that it can be asked about in a mesh of the model.
import { clusterKey } from '../../../src/domain/cluster.js';
import { GATES } from '../../../src/domain/gates/gate.js';
import type { GateId, GateSubject } from '../../../src/domain/gates/gate.js';
import type { GateFacts } from '../../../src/domain/gates/gateFacts.js';
import { judgeGate } from '../../../src/domain/gates/judgeGate.js';
import { clusterRef } from '../model/meshFacts.js';

type About = Omit<GateSubject, 'cluster'>;

function subjectsOf(gate: GateId, revisions: readonly string[]): readonly About[] {
  if (gate === 'rollback-1') return [{ revision: revisions[0] }];
  if (gate !== 'finish') return [{}];
  return [
    ...revisions.map((revision): About => ({ goes: 'controlPlane', revision })),
    ...revisions.flatMap((revision) => revisions.filter((successor) => successor !== revision).map((successor): About => ({ goes: 'istiodService', revision, successor }))),
    ...['istio-ingressgateway', 'istio-ingressgateway-canary'].map((gateway): About => ({ goes: 'gateway', namespace: 'istio-system', gateway })),
  ];
}

/** `gate cluster subject: state`, and what stands in the way. */
function verdicts(facts: GateFacts, revisions: readonly string[]): readonly { readonly asked: string; readonly state: string; readonly items: readonly string[] }[] {
  return GATES.flatMap((gate) =>
    facts.clusters.flatMap((_, index) =>
      subjectsOf(gate, revisions).map((about) => {
        const { state, items } = judgeGate(gate, facts, { ...about, cluster: clusterKey(clusterRef(index)) });
        return { asked: `${gate} of cluster ${index + 1} ${JSON.stringify(about)}`, state, items: items.map(({ subject, problem }) => `${subject} ${problem.key}`) };
      }),
    ),
  );
}

/** Where the two do not answer alike. */
export function otherVerdicts(model: GateFacts, scan: GateFacts, revisions: readonly string[]): readonly string[] {
  const found = verdicts(scan, revisions);
  return verdicts(model, revisions).flatMap(({ asked, state, items }, index) => {
    const other = found[index]!;
    return other.state === state ? [] : [`${asked}: ${state} in the model (${items.join(', ')}), ${other.state} by the scan (${other.items.join(', ')})`];
  });
}
