// Opens a saved survey: the parser has checked its shape, here its certificates and what it says of them are checked.
import type { ClusterRef } from '../../domain/cluster.js';
import type { PodFacts } from '../../domain/mesh/facts.js';
import type { CertificateFacts } from '../../domain/trust/certificateFacts.js';
import type { NamedRoot, ProxyTrust, WorkloadCertificate } from '../../domain/trust/proxyTrust.js';
import { MESH_CA_KEY, MESH_CA_ROOT } from '../../domain/trust/rootNames.js';
import type { SavedCertificate, SavedProxy, SurveyDocument } from '../../domain/trust/surveyDocument.js';
import { fail, succeed } from '../../shared/failure.js';
import type { Message } from '../../shared/text/message.js';
import { message } from '../../shared/text/message.js';
import type { CertificateReader, SurveyDocumentParser } from '../ports.js';
import type { Work } from './stretches.js';
import { finish, mapEach } from './stretches.js';
import type { ProxyRecord, SurveyRecord } from './surveyRecord.js';

export interface SurveyFileParts {
  readonly parse: SurveyDocumentParser;
  readonly certificateReader: Pick<CertificateReader, 'read'>;
}

export type OpenedSurvey = { readonly ok: true; readonly record: SurveyRecord; readonly tool: string } | { readonly ok: false; readonly why: Message };

/** The survey in a file's bytes. Its clusters have no kubeconfig: nothing can be asked of them, or done to them. */
export function readSurveyFile(content: Uint8Array, parts: SurveyFileParts): OpenedSurvey {
  return finish(readSurveyWork(content, parts));
}

/** The same in stretches. */
export function* readSurveyWork(content: Uint8Array, { parse, certificateReader }: SurveyFileParts): Work<OpenedSurvey> {
  const parsed = yield* parse(content);
  if (!parsed.ok) return parsed;
  const { document } = parsed;
  const contents = new Contents(document);
  const why = (yield* contents.readCertificates(certificateReader)) ?? contents.readRoots();
  if (why) return { ok: false, why };
  const records = yield* mapEach(document.proxies, (proxy) => contents.proxyRecord(proxy));
  const proxies = records.filter((record) => record !== undefined);
  if (proxies.length < records.length) {
    return { ok: false, why: message('surveys.file.schema', { where: `proxies.${records.indexOf(undefined)}`, what: 'refers to what is not in the file' }) };
  }
  const { notices, tool } = document;
  return { ok: true, tool, record: { clusters: contents.clusters, proxies, notices, finishedAt: Date.parse(document.finishedAt) } };
}

/** The tables of a file, as values. */
class Contents {
  readonly clusters: readonly ClusterRef[];
  readonly #document: SurveyDocument;
  readonly #certificates = new Map<string, CertificateFacts>();
  readonly #roots: NamedRoot[] = [];

  constructor(document: SurveyDocument) {
    this.#document = document;
    // Two kubeconfigs may have contexts of one name.
    this.clusters = document.clusters.map(({ context }, index) => ({ kubeconfig: `saved survey, cluster ${index + 1}`, context }));
  }

  /** Undefined when every one of them is a single certificate. */
  *readCertificates(reader: Pick<CertificateReader, 'read'>): Work<Message | undefined> {
    for (const [index, pem] of this.#document.certificates.entries()) {
      yield;
      const read = reader.read(pem);
      const [certificate] = read.ok ? read.value : [];
      if (!read.ok || certificate === undefined || read.value.length !== 1) return message('surveys.file.certificate', { fingerprint: `#${index + 1}` });
      this.#certificates.set(certificate.fingerprint, certificate);
    }
    return undefined;
  }

  /** A name is believed as far as it can be: which key is Mesh CA's is known here. */
  readRoots(): Message | undefined {
    for (const { fingerprint, name, trustDomains } of this.#document.roots) {
      const certificate = this.#certificates.get(fingerprint);
      if (certificate === undefined) return message('surveys.file.certificate', { fingerprint });
      const isMeshCa = name.kind === 'meshCa' && !name.rehearsal;
      if (isMeshCa && fingerprint !== MESH_CA_ROOT && certificate.spki !== MESH_CA_KEY) return message('surveys.file.claim', { fingerprint });
      const { subject, notBefore, notAfter } = certificate;
      this.#roots.push({ fingerprint, subject, notBefore, notAfter, name, certificate, ...(trustDomains && { trustDomains }) });
    }
    return undefined;
  }

  /** Undefined when it refers to what is not there. */
  proxyRecord({ cluster, namespace, pod, role, revision, trust, domains, mtls }: SavedProxy): ProxyRecord | undefined {
    const ref = this.clusters[cluster];
    const rules = domains === 'unknown' ? domains : this.#document.rules[domains];
    if (ref === undefined || rules === undefined) return undefined;
    const target = { cluster: ref, pod: savedPod(namespace, pod, role, revision) };
    if ('failure' in trust) return { target, trust: fail(trust.failure), domains: rules, mtls };
    const anchors = trust.anchors.state === 'active' ? this.#rootsAt(trust.anchors.value) : [];
    const certificate = trust.certificate.state === 'active' ? this.#certificate(trust.certificate.value) : undefined;
    if (anchors === undefined || (certificate === undefined && trust.certificate.state === 'active')) return undefined;
    const value: ProxyTrust = {
      anchors: trust.anchors.state === 'active' ? { state: 'active', value: anchors } : trust.anchors,
      anchorsConflict: trust.conflict,
      certificate: trust.certificate.state !== 'active' ? trust.certificate : certificate === undefined ? { state: 'notLoaded' } : { state: 'active', value: certificate },
      otherSecrets: trust.otherSecrets,
    };
    return { target, trust: succeed(value), domains: rules, mtls };
  }

  #certificate({ issuers, signedBy, spiffeId, ...facts }: SavedCertificate): WorkloadCertificate | undefined {
    const path = issuers.map((fingerprint) => this.#certificates.get(fingerprint)).filter((issuer) => issuer !== undefined);
    const root = signedBy === undefined ? undefined : this.#roots[signedBy];
    if (path.length !== issuers.length || (signedBy !== undefined && root === undefined)) return undefined;
    return { ...facts, spiffeId, issuers: path, signedBy: root };
  }

  #rootsAt(places: readonly number[]): readonly NamedRoot[] | undefined {
    const roots = places.map((place) => this.#roots[place]).filter((root) => root !== undefined);
    return roots.length === places.length ? roots : undefined;
  }
}

/** Only what a survey tells of a pod; the rest is as if nobody knew. */
function savedPod(namespace: string, name: string, role: SavedProxy['role'], revision: string | undefined): PodFacts {
  return {
    namespace,
    name,
    uid: '',
    labels: {},
    annotations: {},
    phase: 'Unknown',
    ready: false,
    terminating: false,
    hostNetwork: false,
    createdAt: 0,
    owner: undefined,
    serviceAccount: '',
    proxy: { role, native: false, image: '', revision, state: 'unknown', ready: false, caAddress: undefined },
    trouble: undefined,
  };
}
