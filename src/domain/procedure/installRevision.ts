// `install-revision-1` and `install-revision-2`: the guide's `asmcli install`, repaired where asmcli itself refuses it or where it
// would break the mesh. What asmcli takes is read from asmcli/lib/parse.sh and validate.sh of anthos-service-mesh-packages.
import type { Message } from '../../shared/text/message.js';
import { message } from '../../shared/text/message.js';
import { gkeName } from '../cluster.js';
import { controlPlane } from '../mesh/controlPlanes.js';
import { gateways } from '../mesh/gateways.js';
import type { CommandSpec } from '../steps/commandSpec.js';
import { caFilesFindings, caFilesRequest, caFileWords } from './caFiles.js';
import { meshObstacles } from './checkClusters.js';
import { endingCaFindings } from './endingCas.js';
import { revisionNameProblem } from '../plan/revisionName.js';
import type { Install, InstallId } from './install.js';
import { installGuideForm } from './installGuideForm.js';
import type { GateQuestion, MeshSituation, ProcedureStep, StepDraft, StepFinding, StepVerification } from './procedureStep.js';
import { clusterOf, factsOf, isAbsolutePath, kubectl, plannedCluster, revisionSuffix, snapshotOf } from './situationParts.js';
import { blocks, EMPTY_DRAFT, findingsWhere, notes, openWhile, unknown, unplannable, warns } from './stepDraft.js';
import { asmcliProblems, toolRequest } from './toolRows.js';


export const installRevision1: ProcedureStep = installStep('install-revision-1', () => []);
export const installRevision2: ProcedureStep = installStep('install-revision-2', () => [{ gate: 'phase-2', about: {} }]);

function installStep(id: InstallId, gates: () => readonly GateQuestion[]): ProcedureStep {
  return {
    id,
    phases: [id === 'install-revision-1' ? 1 : 2],
    scope: 'cluster',
    guideSection: id === 'install-revision-1' ? 'Install a new control plane revision' : 'Install a new control plane with Mesh CA enabled',
    readsOnly: false,
    title: () => message(id === 'install-revision-1' ? 'procedure.install1.title' : 'procedure.install2.title'),
    gates,
    needs: (order, situation) => {
      const caFiles = id === 'install-revision-1' ? plannedCluster(situation, clusterOf(order))?.caFiles : undefined;
      const overlays = plannedCluster(situation, clusterOf(order))?.overlays ?? [];
      return [
        ...(caFiles === undefined ? [] : [caFilesRequest(caFiles)]),
        ...overlays.map((path) => ({ kind: 'file', path }) as const),
        toolRequest('asmcli', situation),
      ];
    },
    plan: (order, situation) => {
      const { plan } = situation;
      const planned = plannedCluster(situation, clusterOf(order));
      if (plan === undefined) return unplannable(message('procedureChecks.noPlan'));
      if (planned === undefined) return unplannable(message('procedureChecks.notInPlan'));
      const revision = id === 'install-revision-1' ? plan.revision1 : plan.revision2;
      return planInstall({ id, plan, planned, situation, revision });
    },
  };
}

function planInstall(install: Install): StepDraft {
  const { planned, situation, revision } = install;
  const suffix = revisionSuffix(revision);
  return {
    ...EMPTY_DRAFT,
    commands: [installCommand(install)],
    dryRun: [validateCommand(install)],
    guideForm: installGuideForm(install),
    changes: installChanges(install),
    guarded: [message('procedure.install.guard.name'), message('procedure.install.guard.files'), message('procedure.install.guard.trustDomain')],
    findings: installFindings(install),
    checks: [message('procedure.install.check.ready', { revision }), message('procedure.install.check.config', { revision })],
    undo: {
      explanation: message('procedure.install.undo', { revision }),
      commands: [
        kubectl(situation, planned.ref, 'delete', 'HorizontalPodAutoscaler,PodDisruptionBudget,Deployment,Service', `istiod${suffix}`, '-n', 'istio-system', '--ignore-not-found=true'),
      ],
    },
    verify: (later) => verifyInstalled(install, later),
  };
}

/** asmcli has flags of its own for both: `--kubeconfig`, and `--context` (also `--ctx`), else it takes the current context. */
function asmcliTarget({ plan, planned }: Install): readonly string[] {
  return ['--fleet_id', plan.fleetProject, '--kubeconfig', planned.ref.kubeconfig, '--context', planned.ref.context, '--output_dir', planned.outputDirectory];
}

function asmcliCa({ id }: Install): readonly string[] {
  return ['--ca', id === 'install-revision-1' ? 'citadel' : 'mesh_ca'];
}

/**
 * What asmcli finds missing, of which `--enable…` flags would bring about the most: it refuses those flags here and changes nothing
 * (asmcli/commands/validate.sh). It ends with an error as long as anything is missing, so no step may depend on it.
 */
function validateCommand(install: Install): CommandSpec {
  return { argv: [install.situation.tools.asmcli, 'validate', ...asmcliTarget(install), ...asmcliCa(install)] };
}

export function installCommand(install: Install, caFiles = install.planned.caFiles): CommandSpec {
  const { id, plan, planned, situation, revision } = install;
  const isFirst = id === 'install-revision-1';
  const flags = plan.asmcliFlags.length === 0 ? ['enable_all'] : plan.asmcliFlags;
  return {
    argv: [
      situation.tools.asmcli,
      'install',
      ...asmcliTarget(install),
      ...flags.map((flag) => `--${flag.replace(/^-+/, '')}`),
      ...asmcliCa(install),
      // asmcli ends on any of the four beside mesh_ca: "You must select Citadel as the CA…".
      ...(isFirst && caFiles !== undefined ? caFileWords(caFiles) : []),
      '--option',
      isFirst ? 'ca-migration-citadel' : 'ca-migration-meshca',
      '--revision_name',
      revision,
      ...planned.overlays.flatMap((overlay) => ['--custom_overlay', overlay]),
    ],
  };
}

function installChanges({ id, plan, planned, situation, revision }: Install): readonly Message[] {
  const snapshot = snapshotOf(situation, planned.ref);
  const asks = snapshot !== undefined && gateways(snapshot).some(({ namespace, workload }) => namespace === 'istio-system' && workload.name === 'istio-ingressgateway');
  const enablesAll = plan.asmcliFlags.length === 0 || plan.asmcliFlags.some((flag) => flag.replace(/^-+/, '') === 'enable_all');
  return [
    message('procedure.install.change.controlPlane', { revision }),
    message(id === 'install-revision-1' ? 'procedure.install.change.citadel' : 'procedure.install.change.meshCa'),
    message('procedure.install.change.noProxies'),
    ...(enablesAll ? [message('procedure.install.change.enableAll', { project: plan.fleetProject })] : []),
    ...(asks ? [message('procedure.install.change.answerYes')] : []),
    message('procedure.install.change.outputDirectory', { directory: planned.outputDirectory }),
  ];
}

function installFindings(install: Install): readonly StepFinding[] {
  const { id, plan, planned, situation, revision } = install;
  const name = revisionNameProblem(revision);
  const paths = [planned.ref.kubeconfig, planned.outputDirectory, ...planned.overlays];
  const relative = paths.filter((path) => !isAbsolutePath(path));
  const gke = gkeName(planned.ref.context);
  const snapshot = snapshotOf(situation, planned.ref);
  const present = snapshot === undefined ? undefined : controlPlane(snapshot, revision);
  return [
    ...(name === undefined ? [] : [blocks(name)]),
    ...asmcliProblems(situation).map(blocks),
    ...(snapshot === undefined ? [] : meshObstacles(snapshot).map(blocks)),
    ...relative.map((path) => blocks(message('procedureChecks.install.relativePath', { path }))),
    ...findingsWhere(
      [plan.revision1 === plan.revision2, blocks(message('procedureChecks.install.sameRevisions'))],
      [plan.fleetProject === '', blocks(message('procedureChecks.install.noFleet'))],
      // asmcli takes project, location and name apart from the context's name alone (validate_args).
      [gke === undefined, blocks(message('procedureChecks.install.contextName', { context: planned.ref.context }))],
      [gke !== undefined && gke.project !== planned.project, blocks(message('procedureChecks.install.otherProject', { project: planned.project, context: planned.ref.context }))],
      [(present?.istiods.length ?? 0) > 0, warns(message('procedureChecks.install.again', { revision }))],
      [planned.overlays.length === 0, notes(message('procedureChecks.install.noOverlays'))],
    ),
    ...missingOverlays(install),
    ...(id === 'install-revision-1' ? laterFindings(install) : []),
    ...(id === 'install-revision-1' && planned.caFiles !== undefined ? caFilesFindings(situation, planned, planned.caFiles) : []),
    ...(id === 'install-revision-1' ? [...trustDomainFindings(install), ...endingCaFindings(situation, planned)] : []),
  ];
}

/** Once phase 2 is under way a new Citadel could sign anew beside Mesh CA, under a root that nobody trusts. */
function laterFindings({ plan, planned, situation }: Install): readonly StepFinding[] {
  const snapshot = snapshotOf(situation, planned.ref);
  const revision = plan.revision2;
  const isInstalled = snapshot !== undefined && (controlPlane(snapshot, revision)?.istiods.length ?? 0) > 0;
  const isNamed = factsOf(situation, planned.ref)?.references.some((one) => one.revision === revision) ?? false;
  return findingsWhere([isInstalled || isNamed, blocks(message('procedureChecks.install.phaseTwoBegun', { revision }))]);
}

function missingOverlays({ planned, situation }: Install): readonly StepFinding[] {
  return planned.overlays
    .filter((path) => situation.inspection?.[`file ${path}`]?.kind !== 'file')
    .map((path) => blocks(message('procedureChecks.install.overlayMissing', { path })));
}

/** With `--ca citadel` asmcli puts its own Citadel manifest last, so that trust domain `cluster.local` always wins (citadel-ca.yaml). */
function trustDomainFindings({ planned, situation }: Install): readonly StepFinding[] {
  const configs = [...(snapshotOf(situation, planned.ref)?.meshConfigs.values() ?? [])];
  const texts = planned.overlays.map((path) => situation.inspection?.[`file ${path}`]).map((answer) => (answer?.kind === 'file' ? answer.text : ''));
  return configs
    .filter(({ revision, trustDomain, unreadable }) => unreadable === undefined && trustDomain !== 'cluster.local' && !isOurs(situation, revision))
    .filter(({ trustDomain, trustDomainAliases }) => !trustDomainAliases.includes('cluster.local') || !texts.some((text) => text.includes(trustDomain)))
    .map(({ trustDomain }) => blocks(message('procedureChecks.install.trustDomain', { trustDomain })));
}

function isOurs({ plan }: MeshSituation, revision: string): boolean {
  return revision === plan?.revision1 || revision === plan?.revision2;
}

function verifyInstalled({ id, planned, revision }: Install, later: MeshSituation): StepVerification {
  const snapshot = snapshotOf(later, planned.ref);
  if (snapshot === undefined) return unknown(message('steps.finding.clusterNotFollowed'));
  const found = controlPlane(snapshot, revision);
  if (found === undefined || found.istiods.length === 0) return { kind: 'open', items: [message('procedureChecks.install.noIstiod', { revision })], settles: true };
  const wrongSigner = found.signer !== 'unknown' && found.signer !== (id === 'install-revision-1' ? 'istioCa' : 'meshCa');
  const items = [
    ...(found.ready > 0 ? [] : [message('steps.finding.revisionNotReady', { revision })]),
    ...(wrongSigner ? [message('procedureChecks.install.wrongSigner', { revision })] : []),
    // Both halves: the anchor in the mesh config, and istiod's and the agents' switches without which nothing is handed out.
    ...(id === 'install-revision-1' && found.meshCaRoot !== 'handedOut' ? [message('procedureChecks.install.notHandedOut', { revision })] : []),
  ];
  return openWhile(items, !wrongSigner, [message('procedureChecks.install.installed', { revision, ready: found.ready })]);
}

