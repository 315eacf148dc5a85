// The world of a command line in memory: clusters as snapshots, each read at once or unreachable, and proxies as a test answers for them.
import type { InboundDomainReader, KubeconfigReader, KubeContext, ProxyReader } from '../../src/app/ports.js';
import { parseSurveyDocument } from '../../src/adapters/files/surveyFileSchema.js';
import type { CheckWorld } from '../../src/cli/runCheck.js';
import type { ClusterSnapshot } from '../../src/domain/mesh/snapshot.js';
import { fail, succeed } from '../../src/shared/failure.js';
import { reader } from './trustCertificates.js';
import { instantClock } from './trustMesh.js';

/** A context that no snapshot has cannot be reached; every kubeconfig names the contexts unless `contexts` says otherwise. */
export function checkWorld(
  snapshots: readonly ClusterSnapshot[],
  proxyReader: ProxyReader & InboundDomainReader,
  contexts?: (known: readonly KubeContext[]) => KubeconfigReader['contexts'],
): CheckWorld {
  const known: readonly KubeContext[] = snapshots.map(({ ref }) => ({ ...ref, server: 'https://127.0.0.1' }));
  return {
    kubeconfigReader: { contexts: contexts?.(known) ?? (() => Promise.resolve(succeed(known))) },
    clusterReader: {
      follow: () => undefined,
      retryNow: () => undefined,
      readOnce: ({ context }) => {
        const found = snapshots.find(({ ref }) => ref.context === context);
        return Promise.resolve(found ? succeed(found) : fail({ kind: 'clusterUnreachable', reason: 'connection refused' }));
      },
    },
    proxyReader,
    certificateReader: reader,
    clock: instantClock,
    parseSurveyDocument,
  };
}
