// `backup-secrets` and `delete-secrets`: the old CA's keys are saved, read back and compared, and only then deleted.
import type { Message } from '../../shared/text/message.js';
import { message } from '../../shared/text/message.js';
import { ISTIO_NAMESPACE } from '../../shared/istioNames.js';
import type { ClusterRef } from '../cluster.js';
import { answerTo } from './inspection.js';
import type { MeshSituation, ProcedureStep, StepDraft, StepFinding, StepVerification } from './procedureStep.js';
import type { CaSecret } from './secretFiles.js';
import { backupFolder, CA_SECRETS, freeBackupFile, hasBackupHere, isOldCa, isPresent, lacksBackup, recordedBackupFile, restoreRequests, secretFacts } from './secretFiles.js';
import { clusterOf, isAbsolutePath, kubectl } from './situationParts.js';
import { blocks, EMPTY_DRAFT, findingsWhere, notes, openWhile, unknown, unplannable } from './stepDraft.js';

const GUIDE = 'Delete the CA secrets and restart the new control plane';

export const backupSecrets: ProcedureStep = {
  id: 'backup-secrets',
  phases: [3],
  scope: 'cluster',
  guideSection: GUIDE,
  readsOnly: false,
  title: () => message('procedure.backup.title'),
  gates: () => [],
  needs: (order, situation) => {
    const cluster = clusterOf(order);
    const folder = situation.plan?.backupDirectory;
    if (cluster === undefined || folder === undefined) return [];
    return [{ kind: 'gitTree', path: folder }, ...restoreRequests(situation, cluster)];
  },
  plan: (order, situation) => {
    const cluster = clusterOf(order);
    if (cluster === undefined) return unplannable(message('procedureChecks.wrongTarget'));
    const folder = situation.plan?.backupDirectory;
    if (folder === undefined) return unplannable(message('procedureChecks.backup.noFolder'));
    return planBackup(situation, cluster, folder);
  },
};

function planBackup(situation: MeshSituation, cluster: ClusterRef, folder: string): StepDraft {
  const wanted = CA_SECRETS.filter((secret) => lacksBackup(situation, cluster, secret) || isBackupElsewhere(situation, cluster, secret));
  const files = wanted.flatMap((secret) => {
    const file = freeBackupFile(situation, cluster, secret);
    return file === undefined ? [] : [{ secret, file }];
  });
  return {
    ...EMPTY_DRAFT,
    // The runner makes each file anew with mode 0600; what exists is never overwritten.
    commands: files.map(({ secret, file }) => ({
      ...kubectl(situation, cluster, 'get', `secret/${secret}`, '-n', ISTIO_NAMESPACE, '-o', 'yaml'),
      stdoutFile: file,
    })),
    action: { kind: 'verifyBackups', files },
    guideForm: {
      lines: ['kubectl get secret/cacerts -n istio-system -o yaml > save_file_1', 'kubectl get secret/istio-ca-secret -n istio-system -o yaml > save_file_2'],
      reasons: [message('doctor.context'), message('doctor.backup.emptyFile'), message('doctor.backup.mode'), message('doctor.backup.readBack')],
      commands: undefined,
    },
    changes: [...files.map(({ secret, file }) => message('procedure.backup.change', { secret, file })), message('procedure.backup.keys')],
    guarded: [message('procedure.backup.guard.git'), message('procedure.backup.guard.present')],
    findings: [...folderFindings(situation, folder), ...presenceFindings(situation, cluster), ...elsewhere(situation, cluster).map(notes), ...findingsWhere([files.length < wanted.length, blocks(message('procedureChecks.backup.noFreeName', { folder }))])],
    checks: [message('procedure.backup.check')],
    undo: { explanation: message('procedure.backup.undo'), commands: [] },
    verify: (later) => verifyBackups(later, cluster),
  };
}

function folderFindings(situation: MeshSituation, folder: string): readonly StepFinding[] {
  const answer = answerTo(situation.inspection, { kind: 'gitTree', path: folder });
  return [
    ...findingsWhere([!isAbsolutePath(folder), blocks(message('procedureChecks.install.relativePath', { path: folder }))]),
    ...(answer?.kind === 'present' ? [blocks(message('procedureChecks.backup.inGitTree', { folder, root: answer.where }))] : []),
    ...(answer === undefined || answer.kind === 'failed' ? [blocks(message('procedureChecks.backup.gitUnknown', { folder }))] : []),
  ];
}

/** One that is missing is skipped and said: the guide's command would leave an empty file that looks like a backup. */
function presenceFindings(situation: MeshSituation, cluster: ClusterRef): readonly StepFinding[] {
  return CA_SECRETS.flatMap((secret) => {
    const present = isPresent(situation, cluster, secret);
    if (present === 'unknown') return [blocks(message('procedureChecks.secret.unknown', { secret }))];
    if (!present) return [notes(message('procedureChecks.secret.absent', { secret }))];
    if (secretFacts(situation, cluster, secret)?.madeAnew === true) return [notes(message('procedureChecks.secret.madeAnew', { secret }))];
    return secretFacts(situation, cluster, secret)?.backedUp === true ? [notes(message('procedureChecks.secret.backedUp', { secret }))] : [];
  });
}

/** The cluster's record says that it was saved; whoever wants it back needs the file. */
function isBackupElsewhere(situation: MeshSituation, cluster: ClusterRef, secret: CaSecret): boolean {
  return isOldCa(situation, cluster, secret) === true && !lacksBackup(situation, cluster, secret) && !hasBackupHere(situation, cluster, secret);
}

function elsewhere(situation: MeshSituation, cluster: ClusterRef): readonly Message[] {
  return CA_SECRETS.filter((secret) => isBackupElsewhere(situation, cluster, secret)).map((secret) => {
    const folder = backupFolder(situation, cluster) ?? 'backupDirectory';
    const file = recordedBackupFile(situation, cluster, secret);
    return file === undefined ? message('procedureChecks.secret.noFile', { secret, folder }) : message('procedureChecks.secret.fileElsewhere', { secret, folder, file });
  });
}

function verifyBackups(situation: MeshSituation, cluster: ClusterRef): StepVerification {
  const unseen = CA_SECRETS.filter((secret) => isPresent(situation, cluster, secret) === 'unknown');
  if (unseen.length > 0) return unknown(...unseen.map((secret) => message('procedureChecks.secret.unknown', { secret })));
  const open = CA_SECRETS.filter((secret) => lacksBackup(situation, cluster, secret));
  return openWhile(open.map((secret) => message('procedureChecks.secret.notBackedUp', { secret })), true, [message('procedureChecks.secret.allBackedUp')]);
}

export const deleteSecrets: ProcedureStep = {
  id: 'delete-secrets',
  phases: [3],
  scope: 'cluster',
  guideSection: GUIDE,
  readsOnly: false,
  title: () => message('procedure.deleteSecrets.title'),
  gates: () => [{ gate: 'phase-3', about: {} }],
  // The record in the cluster may be of a file on another machine, or of one that is gone.
  needs: (order, situation) => {
    const cluster = clusterOf(order);
    return cluster === undefined ? [] : restoreRequests(situation, cluster);
  },
  plan: (order, situation) => {
    const cluster = clusterOf(order);
    return cluster === undefined ? unplannable(message('procedureChecks.wrongTarget')) : planSecretDeletion(situation, cluster);
  },
};

function planSecretDeletion(situation: MeshSituation, cluster: ClusterRef): StepDraft {
  // What istiod made for itself is what it serves under: it stays.
  const going = CA_SECRETS.filter((secret) => secretFacts(situation, cluster, secret)?.madeAnew !== true);
  const words = ['delete', 'secret', ...going, '-n', ISTIO_NAMESPACE, '--ignore-not-found'];
  return {
    ...EMPTY_DRAFT,
    commands: [kubectl(situation, cluster, ...words)],
    dryRun: [kubectl(situation, cluster, ...words, '--dry-run=server')],
    guideForm: { lines: [`kubectl delete secret ${CA_SECRETS.join(' ')} -n ${ISTIO_NAMESPACE} --ignore-not-found`], reasons: [message('doctor.context'), ...(going.length < CA_SECRETS.length ? [message('doctor.deleteSecrets.madeAnew')] : [])], commands: undefined },
    changes: [message('procedure.deleteSecrets.change.keys'), message('procedure.deleteSecrets.change.later')],
    guarded: [message('procedure.deleteSecrets.guard')],
    findings: [
      ...presenceFindings(situation, cluster),
      ...CA_SECRETS.filter((secret) => lacksBackup(situation, cluster, secret)).map((secret) => blocks(message('procedureChecks.secret.notBackedUp', { secret }))),
      ...elsewhere(situation, cluster).map(blocks),
    ],
    checks: [message('procedure.deleteSecrets.check')],
    undo: { explanation: message('procedure.deleteSecrets.undo'), commands: [] },
    confirmation: { typed: going.join(' '), references: [message('procedure.deleteSecrets.reference')], irreversible: undefined },
    verify: (later) => {
      const present = CA_SECRETS.map((secret) => [secret, isOldCa(later, cluster, secret)] as const);
      if (present.some(([, state]) => state === 'unknown')) return unknown(...present.filter(([, state]) => state === 'unknown').map(([secret]) => message('procedureChecks.secret.unknown', { secret })));
      return openWhile(present.filter(([, state]) => state === true).map(([name]) => message('procedureChecks.open.stillThere', { name })), true, [message('procedureChecks.secret.deleted')]);
    },
  };
}
