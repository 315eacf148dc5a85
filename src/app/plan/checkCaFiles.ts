// Judges the four CA files of a cluster before asmcli gets them. They are a root switch: every istiod that starts afterwards
// signs under their root. So they must lead to the very root under which everything in the cluster lives now.
import type { AnchorId, ClusterGateFacts, ProxyFacts } from '../../domain/gates/gateFacts.js';
import { findVerifiedRoot } from '../../domain/trust/chain.js';
import type { CertificateFacts } from '../../domain/trust/certificateFacts.js';
import { failureMessage } from '../../shared/failure.js';
import type { Message } from '../../shared/text/message.js';
import { message } from '../../shared/text/message.js';
import type { CertificateReader } from '../ports.js';
import type { CaFiles, CaFilesReader, CaFilesReading } from './planPorts.js';

/** Why the files must not be used; without any finding they may. */
export interface CaFileFinding {
  readonly file: keyof CaFiles;
  readonly problem: Message;
  /** It is not known, rather than known to be wrong. */
  readonly unknown: boolean;
}

export interface CaFilesWorld {
  readonly reader: CaFilesReader;
  readonly certificates: Pick<CertificateReader, 'isSignedBy'>;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** `live` is the cluster as it was last read; without it nothing can be said about the root, which is a finding. */
export async function checkCaFiles(files: CaFiles, live: ClusterGateFacts | undefined, world: CaFilesWorld): Promise<readonly CaFileFinding[]> {
  const reading = await world.reader.read(files);
  if ('failure' in reading) return [found(reading.file, failureMessage(reading.failure))];
  const findings = [...keyFindings(reading), ...validityFindings(reading, world.now)];
  const root = findVerifiedRoot([reading.caCert, ...reading.chain], reading.roots, (certificate, issuer) =>
    world.certificates.isSignedBy(certificate, issuer),
  );
  if (root === undefined || !reading.roots.some(({ fingerprint }) => fingerprint === root.fingerprint)) {
    return [...findings, found('certChain', message('plan.caFiles.chain'))];
  }
  return [...findings, ...liveFindings(root, reading, live)];
}

function keyFindings({ key, caCert }: CaFilesReading): readonly CaFileFinding[] {
  if (key !== 'matches') return [found('caKey', message(`plan.caFiles.key.${key}`))];
  // components/ca/citadel.sh reads the key with `openssl rsa`.
  return caCert.keyType === 'rsa' ? [] : [found('caKey', message('plan.caFiles.notRsa', { type: caCert.keyType }))];
}

function validityFindings({ caCert, chain, roots }: CaFilesReading, now: number): readonly CaFileFinding[] {
  const outside = (file: keyof CaFiles, certificates: readonly CertificateFacts[]): readonly CaFileFinding[] =>
    certificates
      .filter(({ notBefore, notAfter }) => now < notBefore || now > notAfter)
      .map(({ notAfter }) => found(file, message('plan.caFiles.notValid', { until: new Date(notAfter).toISOString() })));
  return [...outside('caCert', [caCert]), ...outside('certChain', chain), ...outside('rootCert', roots)];
}

function liveFindings(root: CertificateFacts, { roots }: CaFilesReading, live: ClusterGateFacts | undefined): readonly CaFileFinding[] {
  if (live === undefined) return [unknown(message('plan.caFiles.clusterUnread'))];
  const cacerts = live.caSecrets.find(({ name }) => name === 'cacerts');
  if (cacerts?.present === true) return [found('caCert', message('plan.caFiles.secretExists'))];
  const judged = live.proxies.filter(({ standing }) => standing.kind !== 'ownCertificates');
  const read = judged.flatMap(readStanding);
  const others = read.filter(({ issuer }) => issuer !== root.fingerprint);
  const without = read.filter(({ anchors }) => !anchors.includes(root.fingerprint));
  const unread = judged.filter(({ standing }) => standing.kind === 'unknown').length;
  const notKnown = unread > 0 || read.length === 0 || live.unread.length > 0 || cacerts === undefined || cacerts.present === 'unknown';
  return [
    ...(roots.length > 1 ? [found('rootCert', message('plan.caFiles.severalRoots', { count: roots.length }))] : []),
    ...someOf(others, (count, example) => message('plan.caFiles.otherRoot', { count, example })),
    ...someOf(without, (count, example) => message('plan.caFiles.notTrusted', { count, example })),
    ...(notKnown ? [unknown(message('plan.caFiles.proxiesUnread', { unread }))] : []),
  ];
}

interface ReadProxies {
  readonly proxies: ProxyFacts;
  readonly issuer: AnchorId;
  readonly anchors: readonly AnchorId[];
}

function readStanding(proxies: ProxyFacts): readonly ReadProxies[] {
  const { standing } = proxies;
  return standing.kind === 'read' ? [{ proxies, issuer: standing.issuer, anchors: standing.anchors }] : [];
}

function someOf(read: readonly ReadProxies[], say: (count: number, example: string) => Message): readonly CaFileFinding[] {
  const [first] = read;
  if (first === undefined) return [];
  const count = read.reduce((sum, { proxies }) => sum + proxies.pods.length, 0);
  return [found('rootCert', say(count, `${first.proxies.namespace}/${first.proxies.workload}`))];
}

function found(file: keyof CaFiles, problem: Message): CaFileFinding {
  return { file, problem, unknown: false };
}

function unknown(problem: Message): CaFileFinding {
  return { file: 'rootCert', problem, unknown: true };
}
