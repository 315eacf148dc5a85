// `check-fleet`: who else is in the fleet. Asked of Google Cloud, because no cluster knows the others, and kept in the clusters for the gates.
import { failureMessage } from '../../shared/failure.js';
import type { Message } from '../../shared/text/message.js';
import { message } from '../../shared/text/message.js';
import type { GateFacts } from '../gates/gateFacts.js';
import type { CommandSpec } from '../steps/commandSpec.js';
import type { InspectionRequest } from './inspection.js';
import { answerTo } from './inspection.js';
import type { MeshSituation, ProcedureStep, StepFinding } from './procedureStep.js';
import { blocks, EMPTY_DRAFT, openWhile, unplannable, warns } from './stepDraft.js';

export const checkFleet: ProcedureStep = {
  id: 'check-fleet',
  phases: [0],
  scope: 'mesh',
  guideSection: undefined,
  // It writes down in the clusters what it was told.
  readsOnly: false,
  title: () => message('procedure.fleet.title'),
  gates: () => [],
  needs: (_order, situation) => requestsOf(situation),
  plan: (_order, situation) => {
    const [request] = requestsOf(situation);
    if (request === undefined) return unplannable(message('procedureChecks.noPlan'));
    const { project } = request;
    const answer = answerTo(situation.inspection, request);
    const draft = {
      ...EMPTY_DRAFT,
      equivalent: [membershipsCommand(situation.tools.gcloud, project)],
      changes: [message('procedure.fleet.change')],
      guarded: [message('procedure.fleet.guard')],
      undo: { explanation: message('steps.undo.nothing'), commands: [] },
    };
    if (answer?.kind !== 'fleet') {
      const why = answer?.kind === 'failed' ? failureMessage(answer.failure) : message('procedureChecks.fleet.notAsked');
      return { ...draft, findings: [blocks(message('procedureChecks.fleet.notKnown', { project, why }))] };
    }
    const { members } = answer;
    return {
      ...draft,
      action: { kind: 'recordFleet', project, members },
      checks: [message('procedure.fleet.check')],
      verify: ({ facts }) => openWhile(facts.fleet.state === 'read' ? [] : fleetConcerns(facts), true, [message('procedureChecks.fleet.recorded', { project, members: members.length }), ...fleetConcerns(facts)]),
    };
  },
};

function requestsOf({ plan, tools }: MeshSituation): readonly (InspectionRequest & { readonly kind: 'fleet' })[] {
  return plan === undefined ? [] : [{ kind: 'fleet', gcloud: tools.gcloud, project: plan.fleetProject }];
}

/** Of every location; without a prompt, because nobody is there to answer it. */
export function membershipsCommand(gcloud: string, project: string): CommandSpec {
  return { argv: [gcloud, 'container', 'fleet', 'memberships', 'list', `--project=${project}`, '--format=json', '--quiet'] };
}

/** What a person has to look at: who is to be confirmed, or that nobody knows who is there. */
export function fleetConcerns({ fleet }: Pick<GateFacts, 'fleet'>): readonly Message[] {
  switch (fleet.state) {
    case 'waived':
      return [];
    case 'unread': {
      const why = fleet.why === 'never' ? message('procedureChecks.fleet.never') : message('procedureChecks.fleet.old', { days: fleet.days });
      return [message('procedureChecks.fleet.notKnown', { project: fleet.project, why })];
    }
    case 'read':
      return fleet.notInPlan.map((name) => message('procedureChecks.fleet.toConfirm', { name }));
  }
}

/** As `check-clusters` names it. */
export function fleetFindings(facts: Pick<GateFacts, 'fleet'>): readonly StepFinding[] {
  return fleetConcerns(facts).map(warns);
}
