// `finalize-webhook`: Service `istiod` is led to the new control plane, and validation with it. In an installation of Istio that
// Service is the old control plane's discovery, CA and injector address, so everything that still uses it moves along.
import { message } from '../../shared/text/message.js';
import { ISTIO_NAMESPACE, REVISION_LABEL } from '../../shared/istioNames.js';
import type { ClusterRef } from '../cluster.js';
import type { Labels } from '../mesh/facts.js';
import type { CommandSpec } from '../steps/commandSpec.js';
import { BACK, directionOf, isBack } from './direction.js';
import type { InspectionRequest } from './inspection.js';
import { answerTo } from './inspection.js';
import { exchangeSelector, leadsTo, patchSelector, presentSelector, selectorFor, SERVICE, undoSelector } from './istiodService.js';
import type { MeshSituation, ProcedureStep, StepDraft, StepFinding } from './procedureStep.js';
import { clusterOf, fileNameOf, joinPath, kubectl, newRevision, plannedCluster, snapshotOf } from './situationParts.js';
import { blocks, EMPTY_DRAFT, findingsWhere, notes, triedAtServer, unplannable } from './stepDraft.js';
import type { StepOrder } from './stepOrder.js';

interface Finalization {
  readonly situation: MeshSituation;
  readonly cluster: ClusterRef;
  readonly revision: string;
  /** asmcli writes it into its output directory. */
  readonly file: string;
  /** Where the old Service is kept for the undo; undefined without a folder of ours. */
  readonly keptIn: string | undefined;
  /** What the Service selects now; undefined where there is none. */
  readonly selector: Labels | undefined;
}

export const finalizeWebhook: ProcedureStep = {
  id: 'finalize-webhook',
  phases: [1, 2],
  scope: 'cluster',
  guideSection: 'Complete the transition',
  readsOnly: false,
  title: (order) => message(isBack(order) ? 'procedure.finalize.titleBack' : 'procedure.finalize.title'),
  gates: (order, situation) => {
    const [revision, successor] = directionOf(order, situation);
    return [{ gate: 'finish', about: { goes: 'istiodService', revision, successor } }];
  },
  needs: (order, situation) => {
    const found = finalizationOf(order, situation);
    if (found === undefined) return [];
    const { keptIn } = found;
    return isBack(order) ? (keptIn === undefined ? [] : [{ kind: 'file', path: keptIn }]) : requests(found);
  },
  plan: (order, situation) => {
    const found = finalizationOf(order, situation);
    if (found === undefined) return unplannable(message('procedureChecks.notInPlan'));
    if (!isBack(order)) return planFinalization(found);
    const [, to] = directionOf(order, situation);
    return to === undefined ? unplannable(message('procedureChecks.oldRevisionUnknown')) : planReturn(found, to);
  },
};

/** The order of a rollback of this phase: Service `istiod` leads to the old control plane again. */
export function finalizationBack(phase: 1 | 2, cluster: ClusterRef): StepOrder {
  return { step: 'finalize-webhook', phase, target: { scope: 'cluster', cluster }, parameters: BACK };
}

function finalizationOf(order: StepOrder, situation: MeshSituation): Finalization | undefined {
  const cluster = clusterOf(order);
  const planned = plannedCluster(situation, cluster);
  const revision = newRevision(order, situation);
  if (cluster === undefined || planned === undefined || revision === undefined) return undefined;
  const { storage } = situation.tools;
  const selector = presentSelector(situation, cluster);
  const keptIn = storage === undefined ? undefined : joinPath(storage, 'undo', `${fileNameOf(cluster)}-service-istiod-before-${revision}.yaml`);
  return { situation, cluster, revision, file: joinPath(planned.outputDirectory, 'asm', 'istio', 'istiod-service.yaml'), keptIn, selector };
}

function requests({ file, keptIn }: Finalization): readonly InspectionRequest[] {
  return [{ kind: 'file', path: file }, ...(keptIn === undefined ? [] : [{ kind: 'path', path: keptIn } as const])];
}

function planFinalization(finalization: Finalization): StepDraft {
  const { situation, cluster, revision, file, selector } = finalization;
  const apply = kubectl(situation, cluster, 'apply', '-f', file);
  return {
    ...EMPTY_DRAFT,
    commands: [...keepOld(finalization), ...repoint(finalization), apply],
    dryRun: [kubectl(situation, cluster, 'apply', '--dry-run=server', '-f', file)],
    guideForm: {
      lines: ['kubectl apply -f asm/istio/istiod-service.yaml'],
      reasons: [message('doctor.context'), message('doctor.finalize.directory'), message('doctor.finalize.keeps'), ...(leftOver(selector).length === 0 ? [] : [message('doctor.finalize.selector')])],
      commands: leftOver(selector).length === 0 ? [apply] : undefined,
    },
    changes: [message('procedure.finalize.change.service', { revision }), message('procedure.finalize.change.everything')],
    guarded: [message('procedure.finalize.guard.file'), message('procedure.finalize.guard.endpoints')],
    findings: finalizationFindings(finalization),
    checks: [message('procedure.finalize.check.endpoints', { revision })],
    undo: undoSelector(situation, cluster, selector),
    verify: leadsTo(cluster, revision),
  };
}

/** Back to `to`: as it was before, where that was kept on this machine. */
function planReturn({ situation, cluster, keptIn, selector }: Finalization, to: string): StepDraft {
  const snapshot = snapshotOf(situation, cluster);
  const kept = keptIn === undefined ? undefined : answerTo(situation.inspection, { kind: 'file', path: keptIn });
  const wanted = snapshot === undefined ? undefined : selectorFor(snapshot, to, kept?.kind === 'file' ? kept.text : undefined);
  if (selector === undefined || wanted === undefined) return unplannable(message('procedureChecks.finalize.noWayBack', { revision: to }));
  const patch = patchSelector(situation, cluster, exchangeSelector(selector, wanted));
  return {
    ...EMPTY_DRAFT,
    commands: [patch],
    dryRun: triedAtServer([patch]),
    changes: [message('procedure.finalize.change.service', { revision: to }), message('procedure.finalize.change.back')],
    guarded: [message('procedure.finalize.guard.endpoints')],
    checks: [message('procedure.finalize.check.endpoints', { revision: to })],
    undo: undoSelector(situation, cluster, selector),
    verify: leadsTo(cluster, to),
  };
}

/** Keys that `kubectl apply` would leave in the selector: what the file does not name and no earlier apply of ours brought. */
function leftOver(selector: Labels | undefined): readonly string[] {
  return Object.keys(selector ?? {}).filter((key) => key !== 'app' && key !== REVISION_LABEL);
}

/** Kept once: what was there before the first try is what an undo needs. */
function keepOld({ situation, cluster, keptIn, selector }: Finalization): readonly CommandSpec[] {
  if (keptIn === undefined || selector === undefined) return [];
  if (answerTo(situation.inspection, { kind: 'path', path: keptIn })?.kind === 'present') return [];
  return [{ ...kubectl(situation, cluster, 'get', 'service', SERVICE, '-n', ISTIO_NAMESPACE, '-o', 'yaml'), stdoutFile: keptIn }];
}

/**
 * An older installer left `istio: pilot` in the selector, which no pod of a revision has: applied over it, the Service would have
 * no endpoint. One patch takes it out and names the revision, so that there is no moment in between.
 */
function repoint({ situation, cluster, revision, selector }: Finalization): readonly CommandSpec[] {
  if (selector === undefined || leftOver(selector).length === 0) return [];
  return [patchSelector(situation, cluster, exchangeSelector(selector, { app: 'istiod', [REVISION_LABEL]: revision }))];
}

function finalizationFindings({ situation, file, revision, keptIn, selector }: Finalization): readonly StepFinding[] {
  const answer = answerTo(situation.inspection, { kind: 'file', path: file });
  if (answer?.kind !== 'file') return [blocks(message('procedureChecks.finalize.noFile', { file }))];
  return findingsWhere(
    [answer.text.includes('ASM_REV'), blocks(message('procedureChecks.finalize.unfilled', { file }))],
    [!answer.text.includes('ASM_REV') && !namesRevision(answer.text, revision), blocks(message('procedureChecks.finalize.otherRevision', { file, revision }))],
    [selector !== undefined && keptIn === undefined, blocks(message('procedureChecks.finalize.nowhereToKeep'))],
    [leftOver(selector).length > 0, notes(message('procedureChecks.finalize.leftOver', { keys: leftOver(selector).join(', ') }))],
  );
}

/** The label stands in the file with exactly this value, quoted or not. */
function namesRevision(text: string, revision: string): boolean {
  return text.split('\n').some((line) => {
    const [, value] = /^\s*istio\.io\/rev:\s*["']?([^"'\s#]+)/.exec(line) ?? [];
    return value === revision;
  });
}
