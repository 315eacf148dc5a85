// The four certificate files of `asmcli install --ca citadel`: a root switch, unless they are the very root that is in use.
import { message } from '../../shared/text/message.js';
import type { Message } from '../../shared/text/message.js';
import { MESH_CA_ANCHOR } from '../gates/gateFacts.js';
import type { ClusterGateFacts } from '../gates/gateFacts.js';
import type { PlannedCluster } from '../plan/migrationPlan.js';
import type { CaFilesFacts, InspectionRequest } from './inspection.js';
import { answerTo } from './inspection.js';
import type { MeshSituation, StepFinding } from './procedureStep.js';
import { factsOf } from './situationParts.js';
import { blocks } from './stepDraft.js';

export type CaFiles = NonNullable<PlannedCluster['caFiles']>;

/**
 * asmcli keeps the files' own names in secret `cacerts` (`--from-file="${CA_CERT}"`, components/ca/citadel.sh); with others than
 * these istiod finds no CA and quietly signs by itself.
 */
const REQUIRED_NAMES = { caCert: 'ca-cert.pem', caKey: 'ca-key.pem', rootCert: 'root-cert.pem', certChain: 'cert-chain.pem' } as const;

export function caFilesRequest(files: CaFiles): InspectionRequest {
  return { kind: 'caFiles', ...files };
}

export function caFileWords({ caCert, caKey, rootCert, certChain }: CaFiles): readonly string[] {
  return ['--ca_cert', caCert, '--ca_key', caKey, '--root_cert', rootCert, '--cert_chain', certChain];
}

/** Everything that makes these files a switch of roots, or an installation that fails half way. */
export function caFilesFindings(situation: MeshSituation, planned: PlannedCluster, files: CaFiles): readonly StepFinding[] {
  return [...nameProblems(files), ...secretProblems(situation, planned), ...contentProblems(situation, planned, files)].map(blocks);
}

function nameProblems(files: CaFiles): readonly Message[] {
  const keys: readonly (keyof CaFiles)[] = ['caCert', 'caKey', 'rootCert', 'certChain'];
  return keys.flatMap((key) => {
    const name = files[key].split(/[\\/]/).at(-1) ?? '';
    return name === REQUIRED_NAMES[key] ? [] : [message('procedureChecks.caFiles.name', { name, wanted: REQUIRED_NAMES[key] })];
  });
}

/** asmcli refuses the four flags when `cacerts` exists. */
function secretProblems(situation: MeshSituation, planned: PlannedCluster): readonly Message[] {
  const secret = factsOf(situation, planned.ref)?.caSecrets.find(({ name }) => name === 'cacerts');
  if (secret === undefined || secret.present === 'unknown') return [message('procedureChecks.caFiles.secretUnknown')];
  return secret.present ? [message('procedureChecks.caFiles.secretExists')] : [];
}

function contentProblems(situation: MeshSituation, planned: PlannedCluster, files: CaFiles): readonly Message[] {
  const answer = answerTo(situation.inspection, caFilesRequest(files));
  if (answer?.kind !== 'caFiles') return [message('procedureChecks.caFiles.unread')];
  const { facts } = answer;
  return [
    ...(facts.keyMatches ? [] : [message('procedureChecks.caFiles.key')]),
    ...(facts.chainVerifies ? [] : [message('procedureChecks.caFiles.chain')]),
    // asmcli checks with `openssl rsa` and ends on any other key.
    ...(facts.keyType === 'rsa' ? [] : [message('procedureChecks.caFiles.notRsa', { type: facts.keyType })]),
    ...(facts.expiresAt > situation.now ? [] : [message('procedureChecks.caFiles.expired')]),
    ...rootProblems(factsOf(situation, planned.ref), facts),
  ];
}

/** The root must be the one under which everything alive is signed, and which everything alive trusts. */
function rootProblems(cluster: ClusterGateFacts | undefined, { root }: CaFilesFacts): readonly Message[] {
  const standings = cluster?.proxies.map(({ standing }) => standing) ?? [];
  if (cluster === undefined || cluster.unread.length > 0 || standings.some(({ kind }) => kind === 'unknown')) {
    return [message('procedureChecks.caFiles.meshUnknown')];
  }
  const read = standings.flatMap((standing) => (standing.kind === 'read' ? [standing] : []));
  if (read.length === 0) return [message('procedureChecks.caFiles.meshUnknown')];
  const signedOtherwise = read.filter(({ issuer }) => issuer !== root && issuer !== MESH_CA_ANCHOR).length;
  const distrusting = read.filter(({ anchors }) => !anchors.includes(root)).length;
  if (signedOtherwise + distrusting === 0) return [];
  return [message('procedureChecks.caFiles.rootSwitch', { root, signedOtherwise, distrusting })];
}
