// `restore-secrets`: phase 3 taken back. The saved objects lose what belonged to the deleted ones, and istiod starts anew with them.
import { message } from '../../shared/text/message.js';
import { ISTIO_NAMESPACE } from '../../shared/istioNames.js';
import type { ClusterRef } from '../cluster.js';
import { oldRoots } from '../evidence/oldRoots.js';
import type { CommandSpec } from '../steps/commandSpec.js';
import { istiodsReplaced, proxiesConnected } from './istiodConnections.js';
import type { MeshSituation, ProcedureStep, StepDraft, StepFinding, StepVerification } from './procedureStep.js';
import { planIstiodRestart } from './restartRows.js';
import type { CaSecret, FoundBackup } from './secretFiles.js';
import { backupFolder, CA_SECRETS, foundBackups, isPresent, restoreRequests } from './secretFiles.js';
import { clusterOf, factsOf, isAbsolutePath, kubectl, newRevision } from './situationParts.js';
import { allOf, blocks, EMPTY_DRAFT, openWhile, unknown, unplannable, warns } from './stepDraft.js';
import type { StepOrder } from './stepOrder.js';
import { rolledOut, workloadAt } from './verifyRollout.js';

/** What names the object that is gone; the API server gives the restored one its own (Kubernetes API conventions, metadata). */
const OF_THE_OLD_OBJECT = { uid: null, resourceVersion: null, creationTimestamp: null, managedFields: null };

/** Whether an istiod read what was restored is told by times, which Kubernetes notes in whole seconds. */
const IN_A_LATER_SECOND: CommandSpec = { argv: ['sleep', '1'] };

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
    return cluster === undefined ? [] : restoreRequests(situation, cluster);
  },
  plan: (order, situation) => {
    const cluster = clusterOf(order);
    const revision = newRevision(order, situation);
    if (cluster === undefined) return unplannable(message('procedureChecks.wrongTarget'));
    if (revision === undefined) return unplannable(message('procedureChecks.noPlan'));
    const choices = CA_SECRETS.map((secret) => chooseBackup(order, situation, cluster, secret));
    const restorations = choices.flatMap(({ file, secret }) => (file === undefined ? [] : [{ secret, file, stripped: `${file}.restore.json` }]));
    const passedOver = choices.flatMap((choice) => choice.passedOver.map(whyNot));
    if (restorations.length === 0) return { ...EMPTY_DRAFT, findings: [blocks(message('procedureChecks.restore.noFiles', { folder: backupFolder(situation, cluster) ?? 'backupDirectory' })), ...passedOver] };
    const draft = planRestoration(situation, cluster, revision, restorations);
    return { ...draft, findings: [...draft.findings, ...passedOver] };
  },
};

interface Choice {
  readonly secret: CaSecret;
  readonly file: string | undefined;
  readonly passedOver: readonly FoundBackup[];
}

/**
 * The file that the order names, else the newest backup that is whole and holds the old root: a later one may hold what a Citadel
 * made for itself after the first was deleted, a root nobody trusts.
 */
function chooseBackup({ parameters }: StepOrder, situation: MeshSituation, cluster: ClusterRef, secret: CaSecret): Choice {
  const named = parameters[secret];
  if (named !== undefined) return { secret, file: named, passedOver: [] };
  const isOld = oldRoots(situation);
  const found = foundBackups(situation, cluster, secret);
  const chosen = found.findIndex(({ root }) => root !== undefined && isOld(root));
  return { secret, file: found[chosen]?.file, passedOver: chosen < 0 ? found : found.slice(0, chosen) };
}

function whyNot({ secret, file, root }: FoundBackup): StepFinding {
  return warns(root === undefined ? message('procedureChecks.restore.notWhole', { file, secret }) : message('procedureChecks.restore.otherRoot', { file, root }));
}

function planRestoration(situation: MeshSituation, cluster: ClusterRef, revision: string, restorations: readonly Restoration[]): StepDraft {
  const restart = planIstiodRestart(situation, cluster, revision);
  const istiod = { cluster, namespace: ISTIO_NAMESPACE, kind: 'Deployment', name: `istiod-${revision}` } as const;
  return {
    ...EMPTY_DRAFT,
    commands: [...restorations.flatMap((one) => restorationCommands(situation, cluster, one)), IN_A_LATER_SECOND, ...restart.commands],
    cleanup: restorations.map(({ stripped }) => ({ argv: ['rm', '-f', stripped] })),
    changes: [...restorations.map(({ secret, file }) => message('procedure.restore.change', { secret, file })), message('procedure.restore.restart')],
    guarded: [message('procedure.restore.guard'), message('procedure.restore.guard.later')],
    findings: [
      ...restart.findings,
      ...restorations.filter(({ secret }) => isPresent(situation, cluster, secret) === 'unknown').map(({ secret }) => blocks(message('procedureChecks.secret.unknown', { secret }))),
      ...restorations.filter(({ file }) => !isAbsolutePath(file)).map(({ file }) => blocks(message('procedureChecks.install.relativePath', { path: file }))),
    ],
    checks: [message('procedure.restore.check'), message('procedure.restartIstiod.check.connected')],
    undo: { explanation: message('procedure.restore.undo'), commands: [] },
    verify: allOf(
      (later) => verifyPresent(later, cluster, restorations),
      rolledOut(istiod, workloadAt(situation, istiod)?.generation),
      istiodsReplaced(situation, cluster, revision),
      oldRootIsBack(situation, cluster, restorations),
    ),
    verifyLast: proxiesConnected(cluster),
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

/** An istiod takes plugged-in keys before its own (istio, pilot/pkg/bootstrap/istio_ca.go). Undefined where nobody read the file. */
function restoredRoot(situation: MeshSituation, cluster: ClusterRef, restorations: readonly Restoration[]): string | undefined {
  const served = CA_SECRETS.flatMap((secret) => restorations.find((one) => one.secret === secret) ?? [])[0];
  return served === undefined ? undefined : foundBackups(situation, cluster, served.secret).find(({ file }) => file === served.file)?.root;
}

/** Every proxy trusts the root that was put back; one that an istiod made for itself meanwhile is none that anybody else trusts. */
function oldRootIsBack(situation: MeshSituation, cluster: ClusterRef, restorations: readonly Restoration[]): (later: MeshSituation) => StepVerification {
  const root = restoredRoot(situation, cluster, restorations);
  return (later) => {
    const facts = factsOf(later, cluster);
    if (facts === undefined || facts.unread.length > 0) return unknown(...(facts?.unread ?? ['']).map((what) => message('procedureChecks.unread', { what })));
    const unread = facts.proxies.filter(({ standing, waived }) => standing.kind === 'unknown' && !waived);
    if (unread.length > 0) return unknown(...unread.map(({ namespace, workload }) => message('procedureChecks.proxyUnknown', { name: `${namespace}/${workload}` })));
    const isOld = root === undefined ? oldRoots(later) : (anchor: string) => anchor === root;
    const without = facts.proxies.filter(({ standing }) => standing.kind === 'read' && !standing.anchors.some(isOld));
    const items = without.map(({ namespace, workload }) => message('procedureChecks.restore.withoutOldRoot', { name: `${namespace}/${workload}` }));
    return openWhile(items, true, [message('procedureChecks.restore.oldRootBack')]);
  };
}
