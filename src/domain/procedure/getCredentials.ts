// `get-credentials`: gcloud writes a kubeconfig and switches its current context, so it gets a file of our own to do that in.
import { message } from '../../shared/text/message.js';
import { gkeName } from '../cluster.js';
import type { InspectionRequest } from './inspection.js';
import { answerTo } from './inspection.js';
import type { MeshSituation, ProcedureStep, StepDraft } from './procedureStep.js';
import { clusterOf, joinPath, plannedCluster } from './situationParts.js';
import { EMPTY_DRAFT, openWhile, unplannable } from './stepDraft.js';
import type { StepOrder } from './stepOrder.js';

/** A cluster as gcloud names it. */
export interface GkeCluster {
  readonly project: string;
  readonly location: string;
  readonly name: string;
}

export const getCredentials: ProcedureStep = {
  id: 'get-credentials',
  phases: [0],
  scope: 'cluster',
  guideSection: 'Migrate workloads to the new control plane',
  readsOnly: true,
  title: ({ parameters: { name } }) => (name === undefined ? message('migration.step.get-credentials') : message('procedure.credentials.title', { cluster: name })),
  gates: () => [],
  needs: (order, situation) => {
    const gke = gkeClusterOf(order, situation);
    const file = gke === undefined ? undefined : ownKubeconfig(gke, situation);
    return file === undefined ? [] : [credentialsRequest(file)];
  },
  plan: (order, situation) => {
    const gke = gkeClusterOf(order, situation);
    if (gke === undefined) return unplannable(message('procedureChecks.credentials.incomplete'));
    const file = ownKubeconfig(gke, situation);
    return file === undefined ? unplannable(message('procedureChecks.noStorage')) : planCredentials(situation, gke, file);
  },
};

/** By the order's parameters, else by the plan, else by the name that gcloud once gave the context. */
function gkeClusterOf(order: StepOrder, situation: MeshSituation): GkeCluster | undefined {
  const { project, location, name } = order.parameters;
  if (project !== undefined && location !== undefined && name !== undefined) return { project, location, name };
  const cluster = clusterOf(order);
  const planned = plannedCluster(situation, cluster);
  if (planned !== undefined) return { project: planned.project, location: planned.location, name: planned.name };
  const named = cluster === undefined ? undefined : gkeName(cluster.context);
  return named === undefined ? undefined : { project: named.project, location: named.location, name: named.cluster };
}

/** One file a cluster: nothing in it can be the wrong context. */
export function ownKubeconfig({ project, location, name }: GkeCluster, { tools }: MeshSituation): string | undefined {
  return tools.storage === undefined ? undefined : joinPath(tools.storage, 'kubeconfigs', `gke_${project}_${location}_${name}.yaml`);
}

function credentialsRequest(path: string): InspectionRequest {
  return { kind: 'path', path };
}

function planCredentials({ tools }: MeshSituation, { project, location, name }: GkeCluster, file: string): StepDraft {
  // A zone ends in a letter of its own: us-east1-b.
  const where = `--${/-[a-z]$/.test(location) ? 'zone' : 'region'}=${location}`;
  return {
    ...EMPTY_DRAFT,
    commands: [{ argv: [tools.gcloud, 'container', 'clusters', 'get-credentials', name, `--project=${project}`, where], env: { KUBECONFIG: file } }],
    guideForm: {
      lines: [`gcloud container clusters get-credentials ${name} \\`, `    --project=${project} \\`, `    --region=${location}`],
      reasons: [message('doctor.credentials.kubeconfig'), ...(where.startsWith('--zone') ? [message('doctor.credentials.zone')] : [])],
      commands: undefined,
    },
    changes: [message('procedure.credentials.change', { file })],
    undo: { explanation: message('procedure.credentials.undo', { file }), commands: [] },
    verify: (later) => {
      const isThere = answerTo(later.inspection, credentialsRequest(file))?.kind === 'present';
      return openWhile(isThere ? [] : [message('procedureChecks.open.missing', { name: file })], false, [message('procedureChecks.credentials.written', { file })]);
    },
  };
}
