// `move-tags`: revision tags that lead to the revision that goes are made to lead to the new one. Not in the guide; without it
// tag `default` and its like keep the old istiod in use for ever, and namespaces labelled by a tag never move.
import { message } from '../../shared/text/message.js';
import type { ClusterRef } from '../cluster.js';
import type { CommandSpec } from '../steps/commandSpec.js';
import { BACK, directionOf, isBack } from './direction.js';
import type { MeshSituation, ProcedureStep, StepDraft, StepVerification } from './procedureStep.js';
import { clusterOf, factsOf, joinPath, oldRevision, plannedCluster } from './situationParts.js';
import { blocks, EMPTY_DRAFT, findingsWhere, openWhile, unknown, unplannable } from './stepDraft.js';
import type { StepOrder } from './stepOrder.js';

export const moveTags: ProcedureStep = {
  id: 'move-tags',
  phases: [1, 2],
  scope: 'cluster',
  guideSection: undefined,
  readsOnly: false,
  title: () => message('procedure.moveTags.title'),
  // What a tag leads to injects whatever is labelled with it: the same gates as for a label.
  gates: (order, situation) => {
    if (isBack(order)) return order.phase === 1 ? [{ gate: 'rollback-1', about: { revision: oldRevision(order, situation) } }] : [{ gate: 'rollback-2', about: {} }];
    return [{ gate: order.phase === 1 ? 'phase-1-labels' : 'phase-2-labels', about: {} }];
  },
  plan: (order, situation) => {
    const cluster = clusterOf(order);
    if (cluster === undefined) return unplannable(message('procedureChecks.wrongTarget'));
    const [from, to] = directionOf(order, situation);
    if (from === undefined || to === undefined) return unplannable(message('procedureChecks.noPlan'));
    return planMove(situation, cluster, from, to);
  },
};

/** The order of a rollback of this phase. */
export function tagsBack(phase: 1 | 2, cluster: ClusterRef): StepOrder {
  return { step: 'move-tags', phase, target: { scope: 'cluster', cluster }, parameters: BACK };
}

/** The tags of a cluster that lead to this revision, by name. */
export function tagsOf(situation: Pick<MeshSituation, 'facts'>, cluster: ClusterRef, revision: string): readonly string[] {
  const references = factsOf(situation as MeshSituation, cluster)?.references ?? [];
  return references.filter((one) => one.kind === 'tag' && one.revision === revision).map(({ name }) => name);
}

function planMove(situation: MeshSituation, cluster: ClusterRef, from: string, to: string): StepDraft {
  const tags = tagsOf(situation, cluster, from);
  return {
    ...EMPTY_DRAFT,
    commands: tags.map((tag) => tagCommand(situation, cluster, tag, to)),
    changes: tags.map((tag) => message('procedure.moveTags.change', { tag, from, to })),
    guarded: [message('procedure.moveTags.guard')],
    findings: findingsWhere([tags.length === 0, blocks(message('procedureChecks.moveTags.none', { revision: from }))]),
    checks: [message('procedure.moveTags.check', { revision: to })],
    undo: { explanation: message('procedure.moveTags.undo', { revision: from }), commands: tags.map((tag) => tagCommand(situation, cluster, tag, from)) },
    verify: (later) => judgeTags(later, cluster, tags, to),
  };
}

/** By the istioctl that asmcli linked into the output directory: tags are webhooks that each version writes its own way. */
function tagCommand(situation: MeshSituation, cluster: ClusterRef, tag: string, revision: string): CommandSpec {
  const planned = plannedCluster(situation, cluster);
  const istioctl = planned === undefined ? situation.tools.istioctl : joinPath(planned.outputDirectory, 'istioctl');
  return { argv: [istioctl, 'tag', 'set', tag, '--revision', revision, '--overwrite', '--kubeconfig', cluster.kubeconfig, '--context', cluster.context] };
}

function judgeTags(situation: MeshSituation, cluster: ClusterRef, tags: readonly string[], revision: string): StepVerification {
  const facts = factsOf(situation, cluster);
  if (facts === undefined || facts.unread.length > 0) return unknown(message('steps.finding.clusterNotFollowed'));
  const arrived = tagsOf(situation, cluster, revision);
  const open = tags.filter((tag) => !arrived.includes(tag)).map((tag) => message('procedureChecks.moveTags.open', { tag, revision }));
  return openWhile(open, true, [message('procedureChecks.moveTags.done', { tags: tags.join(', '), revision })]);
}
