// `check-tools`, `check-asmcli`, `download-migrate-ca` and `set-istioctl-path`: what the procedure runs, and in which version.
import { failureMessage } from '../../shared/failure.js';
import type { Message } from '../../shared/text/message.js';
import { message } from '../../shared/text/message.js';
import type { CommandSpec } from '../steps/commandSpec.js';
import type { InspectionRequest } from './inspection.js';
import { answerTo } from './inspection.js';
import type { MeshSituation, ProcedureStep, StepFinding } from './procedureStep.js';
import { clusterOf, isAbsolutePath, joinPath, plannedCluster } from './situationParts.js';
import { blocks, EMPTY_DRAFT, findingsWhere, notes, openWhile, READS_ONLY, unplannable, warns } from './stepDraft.js';

interface NeededTool {
  readonly name: string;
  readonly purpose: Message;
  /** `steps`: our command lines run it. `asmcli`: asmcli does. `migrateCa`: only Google's checker does, which nothing here needs. */
  readonly for: 'steps' | 'asmcli' | 'migrateCa';
}

/** The guide's "Required tools", and what each of them is for. */
export const NEEDED_TOOLS: readonly NeededTool[] = [
  { name: 'kubectl', purpose: message('procedure.tools.kubectl'), for: 'steps' },
  { name: 'asmcli', purpose: message('procedure.tools.asmcli'), for: 'steps' },
  { name: 'gcloud', purpose: message('procedure.tools.gcloud'), for: 'steps' },
  { name: 'curl', purpose: message('procedure.tools.curl'), for: 'asmcli' },
  { name: 'jq', purpose: message('procedure.tools.jq'), for: 'asmcli' },
  { name: 'awk', purpose: message('procedure.tools.awk'), for: 'asmcli' },
  { name: 'grep', purpose: message('procedure.tools.grep'), for: 'asmcli' },
  { name: 'openssl', purpose: message('procedure.tools.openssl'), for: 'asmcli' },
  { name: 'istioctl', purpose: message('procedure.tools.istioctl'), for: 'migrateCa' },
];

export function toolRequest(tool: string, { tools }: MeshSituation): InspectionRequest {
  return { kind: 'tool', tool, path: pathOf(tool, tools) };
}

function pathOf(tool: string, tools: MeshSituation['tools']): string {
  return tool === 'kubectl' || tool === 'asmcli' || tool === 'gcloud' || tool === 'istioctl' ? tools[tool] : tool;
}

export const checkTools: ProcedureStep = {
  id: 'check-tools',
  phases: [0],
  scope: 'mesh',
  guideSection: 'Required tools',
  readsOnly: true,
  title: () => message('procedure.tools.title'),
  gates: () => [],
  needs: (_order, situation) => NEEDED_TOOLS.map(({ name }) => toolRequest(name, situation)),
  plan: (_order, situation) => ({
    ...EMPTY_DRAFT,
    ...READS_ONLY,
    equivalent: NEEDED_TOOLS.map(({ name }) => versionCommand(name, situation)),
    findings: NEEDED_TOOLS.map((tool) => toolFinding(tool, situation)),
    guarded: [message('procedure.tools.guard')],
    verify: (later) => {
      const lacking = NEEDED_TOOLS.filter(({ name, for: purpose }) => purpose !== 'migrateCa' && answerTo(later.inspection, toolRequest(name, later))?.kind !== 'tool');
      const found = NEEDED_TOOLS.length - lacking.length;
      return openWhile(lacking.map(({ name }) => toolProblem(name, later)), false, [message('procedureChecks.tool.found', { found })]);
    },
  }),
};

function versionCommand(name: string, { tools }: MeshSituation): CommandSpec {
  switch (name) {
    case 'kubectl':
      return { argv: [tools.kubectl, 'version', '--client'] };
    case 'openssl':
      return { argv: ['openssl', 'version'] };
    case 'istioctl':
      return { argv: [tools.istioctl, 'version', '--remote=false'] };
    case 'asmcli':
      return { argv: [tools.asmcli, '--version'] };
    case 'gcloud':
      return { argv: [tools.gcloud, '--version'] };
    default:
      return { argv: [name, '--version'] };
  }
}

/** That it is not there, or why the one that is there will not do. */
function toolProblem(name: string, situation: MeshSituation): Message {
  const answer = answerTo(situation.inspection, toolRequest(name, situation));
  return answer?.kind === 'failed' && answer.failure.kind !== 'toolMissing' ? failureMessage(answer.failure) : message('procedureChecks.tool.missing', { name });
}

/** Some (an old awk) only complain about the question. */
function isVersion(answer: string): boolean {
  return /^v?\d+\.\d/.test(answer);
}

function toolFinding({ name, purpose, for: user }: NeededTool, situation: MeshSituation): StepFinding {
  const answer = answerTo(situation.inspection, toolRequest(name, situation));
  if (answer?.kind === 'tool') {
    // Where PATH decides, the path is the name again.
    const found = { name: answer.path, purpose };
    return notes(isVersion(answer.version) ? message('procedureChecks.tool.present', { ...found, version: answer.version }) : message('procedureChecks.tool.unversioned', found));
  }
  const text = answer?.kind === 'failed' && answer.failure.kind !== 'toolMissing' ? message('procedureChecks.tool.useless', { name, purpose, reason: failureMessage(answer.failure) }) : message('procedureChecks.tool.absent', { name, purpose });
  return user === 'migrateCa' ? notes(text) : warns(text);
}

/** The first asmcli that has option `ca-migration-citadel` (anthos-service-mesh-packages, release 1.11). */
const OLDEST_ASMCLI = { major: 1, minor: 11 };

export const checkAsmcli: ProcedureStep = {
  id: 'check-asmcli',
  phases: [0],
  scope: 'mesh',
  guideSection: 'Install a new control plane revision',
  readsOnly: true,
  title: () => message('procedure.asmcli.title'),
  gates: () => [],
  needs: (_order, situation) => [toolRequest('asmcli', situation)],
  plan: (_order, situation) => ({
    ...EMPTY_DRAFT,
    ...READS_ONLY,
    commands: [{ argv: [situation.tools.asmcli, '--version'] }],
    findings: asmcliProblems(situation).map(blocks),
    guarded: [message('procedure.asmcli.guard')],
    verify: (later) => openWhile(asmcliProblems(later), false, [message('procedureChecks.asmcli.version', { version: asmcliVersion(later) ?? '' })]),
  }),
};

function asmcliVersion(situation: MeshSituation): string | undefined {
  const answer = answerTo(situation.inspection, toolRequest('asmcli', situation));
  return answer?.kind === 'tool' ? answer.version : undefined;
}

/** Why this asmcli cannot be used; empty when it can. It prints e.g. `1.23.2-asm.2+config1`. */
export function asmcliProblems(situation: MeshSituation): readonly Message[] {
  const version = asmcliVersion(situation);
  if (version === undefined) return [message('procedureChecks.tool.missing', { name: 'asmcli' })];
  const [, major, minor] = /^v?(\d+)\.(\d+)\./.exec(version) ?? [];
  if (major === undefined || minor === undefined) return [message('procedureChecks.asmcli.unreadable', { version })];
  const isOld = Number(major) < OLDEST_ASMCLI.major || (Number(major) === OLDEST_ASMCLI.major && Number(minor) < OLDEST_ASMCLI.minor);
  return isOld ? [message('procedureChecks.asmcli.tooOld', { version })] : [];
}

const MIGRATE_CA_URL = 'https://raw.githubusercontent.com/GoogleCloudPlatform/anthos-service-mesh-packages/master/scripts/ca-migration/migrate_ca';

export const downloadMigrateCa: ProcedureStep = {
  id: 'download-migrate-ca',
  phases: [0],
  scope: 'mesh',
  guideSection: 'Migrate workloads to the new control plane',
  readsOnly: true,
  title: () => message('procedure.migrateCa.title'),
  gates: () => [],
  needs: (order, situation) => [{ kind: 'file', path: migrateCaFile(order.parameters.directory, situation) }],
  plan: (order, situation) => {
    const file = migrateCaFile(order.parameters.directory, situation);
    if (!isAbsolutePath(file)) return unplannable(message('procedureChecks.migrateCa.noFolder'));
    return {
      ...EMPTY_DRAFT,
      // Without --fail the page that says 404 becomes the script.
      commands: [
        { argv: ['curl', '--fail', '--silent', '--show-error', '--location', '--create-dirs', '--output', file, MIGRATE_CA_URL] },
        { argv: ['chmod', '+x', file] },
      ],
      guideForm: { lines: [`curl ${MIGRATE_CA_URL} > migrate_ca`, 'chmod +x migrate_ca'], reasons: [message('doctor.migrateCa.fail')], commands: undefined },
      changes: [message('procedure.migrateCa.change', { file })],
      findings: [notes(message('procedure.migrateCa.notNeeded'))],
      undo: { explanation: message('procedure.migrateCa.undo'), commands: [{ argv: ['rm', '-f', file] }] },
      verify: (later) => {
        const answer = answerTo(later.inspection, { kind: 'file', path: file });
        const items = answer?.kind === 'file' ? scriptProblems(file, answer.text) : [message('procedureChecks.open.missing', { name: file })];
        return openWhile(items, false, [message('procedureChecks.migrateCa.there', { file })]);
      },
    };
  },
};

/** A page that says 404 is no script, and branch `main` has another tool of this name, without the guide's subcommands. */
function scriptProblems(file: string, text: string): readonly Message[] {
  return text.startsWith('#!') && text.includes('check-root-cert') ? [] : [message('procedureChecks.migrateCa.notScript', { file })];
}

function migrateCaFile(directory: string | undefined, { tools }: MeshSituation): string {
  const folder = directory ?? tools.storage;
  return folder === undefined ? 'migrate_ca' : joinPath(folder, 'migrate_ca');
}

export const setIstioctlPath: ProcedureStep = {
  id: 'set-istioctl-path',
  phases: [0, 1, 2],
  scope: 'cluster',
  guideSection: 'Migrate workloads to the new control plane',
  readsOnly: true,
  title: () => message('procedure.istioctlPath.title'),
  gates: () => [],
  needs: (order, situation) => {
    const directory = plannedCluster(situation, clusterOf(order))?.outputDirectory;
    return directory === undefined ? [] : [{ kind: 'path', path: joinPath(directory, 'istioctl') }];
  },
  plan: (order, situation) => {
    const directory = plannedCluster(situation, clusterOf(order))?.outputDirectory;
    if (directory === undefined) return unplannable(message('procedureChecks.notInPlan'));
    const file = joinPath(directory, 'istioctl');
    const isThere = answerTo(situation.inspection, { kind: 'path', path: file })?.kind === 'present';
    return {
      ...EMPTY_DRAFT,
      action: { kind: 'setTerminalPath', directory },
      guideForm: { lines: [`export PATH=${directory}:$PATH`, 'which istioctl', 'echo $PATH'], reasons: [message('doctor.istioctlPath')], commands: undefined },
      changes: [message('procedure.istioctlPath.change', { directory })],
      findings: findingsWhere([!isThere, blocks(message('procedureChecks.istioctl.missing', { file }))]),
      undo: { explanation: message('procedure.istioctlPath.undo'), commands: [] },
    };
  },
};
