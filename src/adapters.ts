// What is in dist/adapters.js: the adapters with heavy libraries, loaded when the first cluster is read or step is run.
import type {
  CertificateReader,
  Clock,
  ClusterReader,
  InboundDomainReader,
  InboundListenerReader,
  IstiodStreamReader,
  KubeconfigReader,
  Log,
  ObjectReader,
  ProxyReader,
  ProxyTransport,
  RehearsalLauncher,
  StepRunFolders,
  SurveyDocumentParser,
  ToolFinder,
  ToolVersions,
} from './app/ports.js';
import type { JournalFiles, OperatorReader, Sha256 } from './app/journal/journalPorts.js';
import type { CaFilesReader, ParsePlanText, PlanFiles } from './app/plan/planPorts.js';
import { DiskJournalFiles } from './adapters/files/journalFiles.js';
import { parsePlanText } from './adapters/files/jsoncText.js';
import { NodeCaFiles } from './adapters/files/nodeCaFiles.js';
import { SystemOperatorReader } from './adapters/files/operatorReader.js';
import { DiskPlanFiles } from './adapters/files/planFiles.js';
import { sha256 } from './adapters/files/sha256.js';
import { parseSurveyDocument } from './adapters/files/surveyFileSchema.js';
import type { EvidencePorts, FleetReader } from './app/migration/ports.js';
import { GcloudFleet } from './adapters/gcloudFleet.js';
import { createEvidenceAdapters } from './adapters/kubernetes/evidenceAdapters.js';
import { ClusterConnections } from './adapters/kubernetes/clusterConnection.js';
import { KubernetesObjectReader } from './adapters/kubernetes/clusterObjectReader.js';
import { KubeconfigFiles } from './adapters/kubernetes/kubeconfigFile.js';
import { KubernetesClusterReader } from './adapters/kubernetes/kubernetesClusterReader.js';
import { createNodeCertificateReader } from './adapters/nodeCertificateReader.js';
import { EnvoyProxyReader } from './adapters/proxies/envoyProxyReader.js';
import { createRehearsalLauncher } from './adapters/rehearsalProcess.js';
import { TemporaryStepRunFolders } from './adapters/step/stepRunFolder.js';
import { systemClock } from './adapters/systemClock.js';
import { ExecaToolFinder } from './adapters/toolFinder.js';

export interface ClusterAdapters {
  readonly kubeconfigReader: KubeconfigReader;
  readonly clusterReader: ClusterReader;
  readonly proxyReader: ProxyReader & InboundDomainReader & InboundListenerReader & IstiodStreamReader;
  /** The same reader, for surveys that take samples of inbound listeners. */
  readonly inboundReader: InboundListenerReader;
  readonly certificateReader: CertificateReader;
  /** What gates ask for beyond that. */
  readonly evidence: EvidencePorts;
  /** Single objects that steps make manifests from. */
  readonly objects: ObjectReader;
  readonly parseSurveyDocument: SurveyDocumentParser;
  readonly files: FileAdapters;
}

/** What the plan, the journal and the report need of the disk. */
export interface FileAdapters {
  readonly planFiles: PlanFiles;
  readonly parsePlanText: ParsePlanText;
  readonly caFilesReader: CaFilesReader;
  /** Journals below this folder. */
  readonly journalFiles: (folder: string) => JournalFiles;
  readonly operator: OperatorReader;
  readonly sha256: Sha256;
}

export interface ProxyReading {
  readonly timeoutSeconds?: () => number;
  readonly transport?: () => ProxyTransport;
  /** The istioctl for proxies that can be asked in no other way. */
  readonly istioctlPath?: () => string;
}

/** One set for a process: connections and parsed certificates are shared inside it. */
export function createClusterAdapters(clock: Clock, log: Log, reading: ProxyReading = {}): ClusterAdapters {
  const connections = new ClusterConnections();
  const certificateReader = createNodeCertificateReader();
  const proxyReader = new EnvoyProxyReader({ connectionOf: (ref) => connections.connectionOf(ref), clock, log, ...reading });
  return {
    kubeconfigReader: new KubeconfigFiles(),
    clusterReader: new KubernetesClusterReader(connections, clock, log),
    proxyReader,
    inboundReader: proxyReader,
    certificateReader,
    evidence: createEvidenceAdapters(connections, clock),
    objects: new KubernetesObjectReader(connections, clock),
    parseSurveyDocument,
    files: createFileAdapters(clock, certificateReader),
  };
}

function createFileAdapters(clock: Clock, certificateReader: CertificateReader): FileAdapters {
  return {
    planFiles: new DiskPlanFiles(),
    parsePlanText,
    caFilesReader: new NodeCaFiles(certificateReader),
    journalFiles: (folder) => new DiskJournalFiles(folder, clock),
    operator: new SystemOperatorReader(process.env),
    sha256,
  };
}

/** What starts processes. */
export interface ProcessAdapters {
  readonly tools: ToolFinder & ToolVersions;
  readonly fleet: FleetReader;
  readonly stepRunFolders: StepRunFolders;
  readonly rehearsalLauncher: RehearsalLauncher;
}

export interface ProcessAdapterOptions {
  /** The setting's path; empty where PATH decides. */
  readonly kubectlPath: () => string;
  /** What the terminals that steps run in have beyond the environment of this process. */
  readonly environment: () => Readonly<Record<string, string | undefined>>;
  /** Absolute path of dist/rehearsal.js. */
  readonly rehearsalScript: string;
}

export function createProcessAdapters({ kubectlPath, environment, rehearsalScript }: ProcessAdapterOptions): ProcessAdapters {
  return {
    tools: new ExecaToolFinder({ kubectlPath, environment }),
    fleet: new GcloudFleet({ environment }),
    stepRunFolders: new TemporaryStepRunFolders(),
    rehearsalLauncher: createRehearsalLauncher(rehearsalScript, systemClock),
  };
}
