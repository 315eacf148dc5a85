// `restore-secrets`: phase 3 taken back. The saved objects lose what belonged to the deleted ones, and istiod starts anew with them.
import { message } from '../../shared/text/message.js';
import { ISTIO_NAMESPACE } from '../../shared/istioNames.js';
import type { ClusterRef } from '../cluster.js';
import { MESH_CA_ANCHOR } from '../gates/gateFacts.js';
import type { CommandSpec } from '../steps/commandSpec.js';
import type { MeshSituation, ProcedureStep, StepDraft, StepVerification } from './procedureStep.js';
import { planIstiodRestart } from './restartRows.js';
import type { CaSecret } from './secretFiles.js';
import { backupRequests, CA_SECRETS, isPresent, oldestBackupFile } from './secretFiles.js';
import { clusterOf, factsOf, isAbsolutePath, kubectl, newRevision } from './situationParts.js';
import { allOf, blocks, EMPTY_DRAFT, openWhile, unknown, unplannable } from './stepDraft.js';
import type { StepOrder } from './stepOrder.js';
import { rolledOut, workloadAt } from './verifyRollout.js';

/** What names the object that is gone; the API server gives the restored one its own (Kubernetes API conventions, metadata). */
const OF_THE_OLD_OBJECT = { uid: null, resourceVersion: null, creationTimestamp: null, managedFields: null };

interface Restoration {
  readonly secret: CaSecret;
  readonly file: string;
  /** The same without what belonged to the old object; gone again at the end. */
  readonly stripped: string;
}

export const restoreSecrets: ProcedureStep = {
  id: 'restore-secrets',
  phases: [3],
  scope: 'cluster',
  guideSection: undefined,
  readsOnly: false,
  title: () => message('procedure.restore.title'),
  gates: () => [{ gate: 'restore', about: {} }],
  needs: (order, situation) => {
    const cluster = clusterOf(order);
    return cluster === undefined ? [] : backupRequests(situation, cluster);
  },
  plan: (order, situation) => {
    const cluster = clusterOf(order);
    const revision = newRevision(order, situation);
    if (cluster === undefined) return unplannable(message('procedureChecks.wrongTarget'));
    if (revision === undefined) return unplannable(message('procedureChecks.noPlan'));
    const restorations = restorationsOf(order, situation, cluster);
    return restorations.length === 0 ? unplannable(message('procedureChecks.restore.noFiles')) : planRestoration(situation, cluster, revision, restorations);
  },
};

/** From the files that the order names by secret, else from the oldest backups. */
function restorationsOf({ parameters }: StepOrder, situation: MeshSituation, cluster: ClusterRef): readonly Restoration[] {
  return CA_SECRETS.flatMap((secret) => {
    const file = parameters[secret] ?? oldestBackupFile(situation, cluster, secret);
    return file === undefined ? [] : [{ secret, file, stripped: `${file}.restore.json` }];
  });
}

function planRestoration(situation: MeshSituation, cluster: ClusterRef, revision: string, restorations: readonly Restoration[]): StepDraft {
  const restart = planIstiodRestart(situation, cluster, revision);
  const istiod = { cluster, namespace: ISTIO_NAMESPACE, kind: 'Deployment', name: `istiod-${revision}` } as const;
  return {
    ...EMPTY_DRAFT,
    commands: [...restorations.flatMap((one) => restorationCommands(situation, cluster, one)), ...restart.commands],
    cleanup: restorations.map(({ stripped }) => ({ argv: ['rm', '-f', stripped] })),
    changes: [...restorations.map(({ secret, file }) => message('procedure.restore.change', { secret, file })), message('procedure.restore.restart')],
    guarded: [message('procedure.restore.guard')],
    findings: [
      ...restart.findings,
      ...restorations.filter(({ secret }) => isPresent(situation, cluster, secret) === 'unknown').map(({ secret }) => blocks(message('procedureChecks.secret.unknown', { secret }))),
      ...restorations.filter(({ file }) => !isAbsolutePath(file)).map(({ file }) => blocks(message('procedureChecks.install.relativePath', { path: file }))),
    ],
    checks: [message('procedure.restore.check')],
    undo: { explanation: message('procedure.restore.undo'), commands: [] },
    verify: allOf(
      (later) => verifyPresent(later, cluster, restorations),
      rolledOut(istiod, workloadAt(situation, istiod)?.generation),
      (later) => oldRootsAreBack(later, cluster),
    ),
  };
}

/** kubectl itself strips the file (`patch --local` asks no server), so that no key passes through anything of ours. */
function restorationCommands(situation: MeshSituation, cluster: ClusterRef, { secret, file, stripped }: Restoration): readonly CommandSpec[] {
  const patch = JSON.stringify({ metadata: OF_THE_OLD_OBJECT });
  const write = isPresent(situation, cluster, secret) === true ? 'replace' : 'create';
  return [
    { argv: ['rm', '-f', stripped] },
    { ...kubectl(situation, cluster, 'patch', '--local', '-f', file, '--type=merge', '-p', patch, '-o', 'json'), stdoutFile: stripped },
    kubectl(situation, cluster, write, '-f', stripped),
  ];
}

function verifyPresent(situation: MeshSituation, cluster: ClusterRef, restorations: readonly Restoration[]): StepVerification {
  const states = restorations.map(({ secret }) => [secret, isPresent(situation, cluster, secret)] as const);
  if (states.some(([, present]) => present === 'unknown')) return unknown(...states.map(([secret]) => message('procedureChecks.secret.unknown', { secret })));
  return openWhile(states.filter(([, present]) => present !== true).map(([name]) => message('procedureChecks.open.missing', { name })), true, [message('procedureChecks.restore.present')]);
}

/** Every proxy that was read trusts a root beside Mesh CA's again. */
function oldRootsAreBack(situation: MeshSituation, cluster: ClusterRef): StepVerification {
  const facts = factsOf(situation, cluster);
  if (facts === undefined || facts.unread.length > 0) return unknown(...(facts?.unread ?? ['']).map((what) => message('procedureChecks.unread', { what })));
  const without = facts.proxies.filter(({ standing }) => standing.kind === 'read' && standing.anchors.every((anchor) => anchor === MESH_CA_ANCHOR));
  const items = without.map(({ namespace, workload }) => message('procedureChecks.restore.withoutOldRoot', { name: `${namespace}/${workload}` }));
  return openWhile(items, true, [message('procedureChecks.restore.oldRootBack')]);
}
