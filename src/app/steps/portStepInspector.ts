// Answers what single steps ask for beyond the watched mesh, from the ports that read files, tools and objects.
import { findVerifiedRoot } from '../../domain/trust/chain.js';
import type { CaFilesFacts, InspectionAnswer, InspectionRequest } from '../../domain/procedure/inspection.js';
import type { Failure } from '../../shared/failure.js';
import type { MeshSituation } from '../../domain/procedure/procedureStep.js';
import { forecastNamespace } from '../migration/injectionForecast.js';
import type { FleetReader, InjectionForecaster, SecretBackups } from '../migration/ports.js';
import type { CaFilesReader, CaFilesReading, PlanFiles } from '../plan/planPorts.js';
import type { CertificateReader, IstiodStreamReader, ObjectReader, ToolVersions } from '../ports.js';
import type { StepInspector } from './procedurePorts.js';
import { readIstiodStreams } from './readIstiodStreams.js';

export interface StepInspectorParts {
  readonly objects: ObjectReader;
  readonly files: Pick<PlanFiles, 'readText' | 'kindOf' | 'gitWorkTreeOf'>;
  readonly caFiles: CaFilesReader;
  readonly certificates: Pick<CertificateReader, 'isSignedBy'>;
  readonly tools: ToolVersions;
  readonly fleet: FleetReader;
  readonly forecaster: InjectionForecaster;
  readonly backups: Pick<SecretBackups, 'inspect'>;
  readonly proxies: IstiodStreamReader;
  /** The mesh as it was read last. */
  readonly situation: () => MeshSituation;
}

export class PortStepInspector implements StepInspector {
  readonly #parts: StepInspectorParts;

  constructor(parts: StepInspectorParts) {
    this.#parts = parts;
  }

  async inspect(request: InspectionRequest, signal: AbortSignal): Promise<InspectionAnswer> {
    const { objects, files, caFiles, certificates, tools } = this.#parts;
    switch (request.kind) {
      case 'object': {
        const { cluster, resource, namespace, name } = request;
        const read = await objects.read(cluster, resource, namespace, name, signal);
        if (read.ok) return { kind: 'object', json: read.value };
        return read.failure.kind === 'apiError' && read.failure.status === 404 ? { kind: 'absent' } : failed(read.failure);
      }
      case 'secretName': {
        const { cluster, namespace, name } = request;
        const found = await objects.findSecret(cluster, namespace, name, signal);
        if (!found.ok) return failed(found.failure);
        return found.value === undefined ? { kind: 'absent' } : { kind: 'secret', keys: found.value.keys };
      }
      case 'file': {
        const text = await files.readText(request.path);
        return text.ok ? { kind: 'file', text: text.value } : failed(text.failure);
      }
      case 'path':
        return pathAnswer(request.path, await files.kindOf(request.path));
      case 'gitTree': {
        const root = await files.gitWorkTreeOf(request.path);
        return root === undefined ? { kind: 'absent' } : { kind: 'present', where: root };
      }
      case 'backup': {
        const found = await this.#parts.backups.inspect(request.secret, request.path);
        return found.ok ? { kind: 'backup', root: found.value.root } : failed(found.failure);
      }
      case 'caFiles': {
        const { caCert, caKey, rootCert, certChain } = request;
        const reading = await caFiles.read({ caCert, caKey, rootCert, certChain });
        return 'failure' in reading ? failed(reading.failure) : { kind: 'caFiles', facts: caFilesFacts(reading, certificates) };
      }
      case 'injection': {
        const { situation, forecaster } = this.#parts;
        return { kind: 'injection', workloads: await forecastNamespace(situation(), request, forecaster, signal) };
      }
      case 'fleet': {
        const fleet = await this.#parts.fleet.readMembers(request.gcloud, request.project, signal);
        return fleet.ok ? { kind: 'fleet', members: fleet.value } : failed(fleet.failure);
      }
      case 'istiodStreams':
        return { kind: 'istiodStreams', streams: await readIstiodStreams(this.#parts.proxies, this.#parts.situation(), request.cluster, signal) };
      case 'tool': {
        const tool = await tools.versionOf(request.tool, request.path);
        return tool.ok ? { kind: 'tool', path: tool.value.path, version: tool.value.version } : failed(tool.failure);
      }
    }
  }
}

function failed(failure: Failure): InspectionAnswer {
  return { kind: 'failed', failure };
}

function pathAnswer(path: string, kind: Awaited<ReturnType<PlanFiles['kindOf']>>): InspectionAnswer {
  if (kind === 'missing') return { kind: 'absent' };
  return kind === 'unreadable' ? failed({ kind: 'unexpected', reason: path }) : { kind: 'present', where: path };
}

function caFilesFacts({ caCert, chain, roots, key }: CaFilesReading, certificates: Pick<CertificateReader, 'isSignedBy'>): CaFilesFacts {
  // Called as a method: the reader keeps what it has parsed in a private field.
  const root = findVerifiedRoot([caCert, ...chain], roots, (certificate, issuer) => certificates.isSignedBy(certificate, issuer));
  const [only] = roots;
  const isTheOne = root !== undefined && roots.length === 1 && root.fingerprint === only?.fingerprint;
  return {
    root: root?.fingerprint ?? only?.fingerprint ?? '',
    keyMatches: key === 'matches',
    chainVerifies: isTheOne,
    keyType: caCert.keyType,
    expiresAt: Math.min(...[caCert, ...chain, ...roots].map(({ notAfter }) => notAfter)),
  };
}
