// What is in dist/adapters.js: the adapters with heavy libraries, loaded when the first cluster is read or step is run.
import type {
  CertificateReader,
  Clock,
  ClusterReader,
  InboundDomainReader,
  KubeconfigReader,
  Log,
  ProxyReader,
  ProxyTransport,
  RehearsalLauncher,
  StepRunFolders,
  ToolFinder,
} from './app/ports.js';
import { ClusterConnections } from './adapters/kubernetes/clusterConnection.js';
import { KubeconfigFiles } from './adapters/kubernetes/kubeconfigFile.js';
import { KubernetesClusterReader } from './adapters/kubernetes/kubernetesClusterReader.js';
import { createNodeCertificateReader } from './adapters/nodeCertificateReader.js';
import { EnvoyProxyReader } from './adapters/proxies/envoyProxyReader.js';
import { createRehearsalLauncher } from './adapters/rehearsalProcess.js';
import { TemporaryStepRunFolders } from './adapters/step/stepRunFolder.js';
import { ExecaToolFinder } from './adapters/toolFinder.js';

export interface ClusterAdapters {
  readonly kubeconfigReader: KubeconfigReader;
  readonly clusterReader: ClusterReader;
  readonly proxyReader: ProxyReader & InboundDomainReader;
  readonly certificateReader: CertificateReader;
}

export interface ProxyReading {
  readonly timeoutSeconds?: () => number;
  readonly transport?: () => ProxyTransport;
}

/** One set for a process: connections and parsed certificates are shared inside it. */
export function createClusterAdapters(clock: Clock, log: Log, reading: ProxyReading = {}): ClusterAdapters {
  const connections = new ClusterConnections();
  return {
    kubeconfigReader: new KubeconfigFiles(),
    clusterReader: new KubernetesClusterReader(connections, clock, log),
    proxyReader: new EnvoyProxyReader({ connectionOf: (ref) => connections.connectionOf(ref), clock, log, ...reading }),
    certificateReader: createNodeCertificateReader(),
  };
}

/** What starts processes. */
export interface ProcessAdapters {
  readonly tools: ToolFinder;
  readonly stepRunFolders: StepRunFolders;
  readonly rehearsalLauncher: RehearsalLauncher;
}

export interface ProcessAdapterOptions {
  /** The setting's path; empty where PATH decides. */
  readonly kubectlPath: () => string;
  /** Absolute path of dist/rehearsal.js. */
  readonly rehearsalScript: string;
}

export function createProcessAdapters({ kubectlPath, rehearsalScript }: ProcessAdapterOptions): ProcessAdapters {
  return {
    tools: new ExecaToolFinder({ kubectlPath }),
    stepRunFolders: new TemporaryStepRunFolders(),
    rehearsalLauncher: createRehearsalLauncher(rehearsalScript),
  };
}
