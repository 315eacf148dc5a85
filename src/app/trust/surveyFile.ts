// A survey as a file that another machine can open, and back. Roots and issuers go in as certificates, everything else as facts;
// reading it gives the same rows, classes and matrix.
import type { ClusterRef } from '../../domain/cluster.js';
import { clusterKey } from '../../domain/cluster.js';
import type { CertificateFacts } from '../../domain/trust/certificateFacts.js';
import type { DomainRules } from '../../domain/trust/domainRules.js';
import type { NamedRoot, ProxyTrust, WorkloadCertificate } from '../../domain/trust/proxyTrust.js';
import type { SavedCertificate, SavedProxy, SavedTrust, SurveyDocument } from '../../domain/trust/surveyDocument.js';
import { SURVEY_FORMAT, SURVEY_VERSION } from '../../domain/trust/surveyDocument.js';
import { withoutPaths } from './pathRemoval.js';
import type { TextPieces, Work } from './stretches.js';
import { finish, inPieces, mapEach } from './stretches.js';
import type { ProxyRecord, SurveyRecord } from './surveyRecord.js';

/** The whole text of the file. `tool` is what writes it, with its version. */
export function writeSurveyFile(record: SurveyRecord, tool: string): string {
  return finish(surveyFileWork(record, tool)).join('');
}

/** The same in stretches. */
export function* surveyFileWork(record: SurveyRecord, tool: string): Work<TextPieces> {
  const tables = new Tables();
  const places = new Map(record.clusters.map((cluster, index) => [clusterKey(cluster), index] as const));
  const paths = record.clusters.map(({ kubeconfig }) => kubeconfig);
  const proxies = yield* mapEach(record.proxies, (proxy) => JSON.stringify(savedProxy(proxy, placeOf(places, proxy.target.cluster), tables, paths)));
  const document: SurveyDocument = {
    format: SURVEY_FORMAT,
    version: SURVEY_VERSION,
    tool,
    finishedAt: new Date(record.finishedAt).toISOString(),
    clusters: record.clusters.map(({ context }) => ({ context })),
    certificates: [...tables.certificates.values()].map(({ pem }) => pem),
    roots: tables.roots.items.map(({ fingerprint, name, trustDomains }) => ({ fingerprint, name, ...(trustDomains && { trustDomains }) })),
    rules: tables.rules.items,
    proxies: [],
    notices: withoutPaths(record.notices, paths),
  };
  // The proxies are put in as text: all of them in one call would be one long stretch.
  const [head = '', tail = ''] = JSON.stringify(document).split('"proxies":[]', 2);
  return yield* inPieces(proxies, `${head}"proxies":[`, ',', `]${tail}\n`);
}

/** Values by the key that makes them equal, each at the place where it was first seen. */
class Table<Item> {
  readonly items: Item[] = [];
  readonly #places = new Map<string, number>();

  placeOf(key: string, item: Item): number {
    const known = this.#places.get(key);
    if (known !== undefined) return known;
    this.#places.set(key, this.items.length);
    return this.items.push(item) - 1;
  }
}

class Tables {
  readonly certificates = new Map<string, CertificateFacts>();
  readonly roots = new Table<NamedRoot>();
  readonly rules = new Table<DomainRules>();

  root(root: NamedRoot): number {
    this.certificate(root.certificate, root.fingerprint);
    return this.roots.placeOf(JSON.stringify([root.fingerprint, root.name, root.trustDomains]), root);
  }

  certificate(certificate: CertificateFacts | undefined, fingerprint: string): string {
    if (certificate === undefined) throw new Error(`the certificate ${fingerprint} was not kept`);
    this.certificates.set(fingerprint, certificate);
    return fingerprint;
  }
}

function placeOf(places: ReadonlyMap<string, number>, cluster: ClusterRef): number {
  const place = places.get(clusterKey(cluster));
  if (place === undefined) throw new Error(`${cluster.context} is no cluster of the survey`);
  return place;
}

function savedProxy({ target, trust, domains, mtls }: ProxyRecord, cluster: number, tables: Tables, paths: readonly string[]): SavedProxy {
  const { namespace, name, proxy } = target.pod;
  return {
    cluster,
    namespace,
    pod: name,
    role: proxy?.role ?? 'unknown',
    revision: proxy?.revision,
    trust: trust.ok ? savedTrust(trust.value, tables, paths) : { failure: withoutPaths(trust.failure, paths) },
    domains: domains === 'unknown' ? domains : tables.rules.placeOf(JSON.stringify(domains), domains),
    mtls,
  };
}

function savedTrust({ anchors, anchorsConflict, certificate, otherSecrets }: ProxyTrust, tables: Tables, paths: readonly string[]): SavedTrust {
  return {
    anchors: anchors.state === 'active' ? { state: 'active', value: anchors.value.map((root) => tables.root(root)) } : withoutPaths(anchors, paths),
    conflict: anchorsConflict,
    certificate:
      certificate.state === 'active' ? { state: 'active', value: savedCertificate(certificate.value, tables) } : withoutPaths(certificate, paths),
    otherSecrets,
  };
}

function savedCertificate(certificate: WorkloadCertificate, tables: Tables): SavedCertificate {
  const { issuers = [], signedBy, ...facts } = certificate;
  return {
    ...facts,
    issuers: issuers.map((issuer) => tables.certificate(issuer, issuer.fingerprint)),
    signedBy: signedBy && tables.root(signedBy),
  };
}
