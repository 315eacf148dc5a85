// Answers of Envoy's admin interface to GET requests, as its handlers give them (source/server/admin).
import { X509Certificate } from 'node:crypto';
import { splitPem } from '../pki/caSecrets.js';
import type { AdminAnswer } from './adminAnswer.js';
import { text } from './adminAnswer.js';
import { configDumpSections, RESOURCE_TYPES } from './configDump.js';
import type { Json } from './configDump.js';
import type { EnvoyView } from './envoyView.js';
import { maskFields } from './fieldMask.js';
import { statisticsAnswer } from './statistics.js';

function json(value: unknown): AdminAnswer {
  return { status: 200, contentType: 'application/json', body: `${JSON.stringify(value, null, 1)}\n` };
}

/** proto3 JSON leaves out what is empty: a dump of nothing is `{}`. */
function dump(configs: readonly unknown[]): AdminAnswer {
  return json(configs.length === 0 ? {} : { configs });
}

function nameOf(element: Json): string {
  const cluster = element.cluster as Json | undefined;
  const name = element.name ?? cluster?.name;
  return typeof name === 'string' ? name : '';
}

/** RE2 has no way to match in part here: Envoy asks for a full match. */
function nameFilter(pattern: string | null): ((element: Json) => boolean) | undefined {
  if (pattern === null) return () => true;
  try {
    const regex = new RegExp(`^(?:${pattern})$`, 'u');
    return (element) => regex.test(nameOf(element));
  } catch {
    return undefined;
  }
}

/** A non-repeated field cannot be listed. */
const SINGLE_FIELDS: readonly string[] = ['bootstrap', 'last_updated', 'version_info'];

function oneResource(
  view: EnvoyView,
  resource: string,
  mask: readonly string[] | undefined,
  keeps: (element: Json) => boolean,
): AdminAnswer {
  if (SINGLE_FIELDS.includes(resource)) {
    return text(400, `${resource} is not a repeated field. Use ?mask=${resource} to get only this field`);
  }
  const type = RESOURCE_TYPES[resource];
  if (type === undefined) return text(404, `${resource} not found in config dump`);
  const sections = configDumpSections(view, [resource]);
  const elements = sections.flatMap((section) => (section[resource] ?? []) as Json[]).filter(keeps);
  return dump(
    elements.map((element) => {
      const masked = mask === undefined ? element : (maskFields(element, mask) as Json);
      return { '@type': `type.googleapis.com/envoy.admin.v3.${type}`, ...masked };
    }),
  );
}

function configDump(view: EnvoyView, query: URLSearchParams): AdminAnswer {
  const mask = query.get('mask')?.split(',');
  if (mask?.some((path) => !/^[a-z0-9_]+(\.[a-z0-9_]+)*$/iu.test(path))) {
    return text(400, `FieldMask ${query.get('mask') ?? ''} could not be successfully used.`);
  }
  const keeps = nameFilter(query.get('name_regex'));
  if (keeps === undefined) return text(400, `Error while parsing name_regex from ${query.get('name_regex') ?? ''}`);
  const resource = query.get('resource');
  if (resource !== null) return oneResource(view, resource, mask, keeps);
  const sections = configDumpSections(view, mask);
  if (mask === undefined) return dump(sections);
  // Sections of which nothing is left are dropped.
  return dump(sections.map((section) => maskFields(section, mask) as Json).filter((section) => Object.keys(section).length > 1));
}

function certificateDetails(pem: string, now: Date): Json {
  const certificate = new X509Certificate(pem);
  const names = (certificate.subjectAltName ?? '').split(', ').filter((name) => name.startsWith('URI:'));
  const [from, until] = [new Date(certificate.validFrom), new Date(certificate.validTo)];
  return {
    path: '<inline>',
    serial_number: certificate.serialNumber.toLowerCase(),
    subject_alt_names: names.map((name) => ({ uri: name.slice('URI:'.length) })),
    days_until_expiration: String(Math.max(0, Math.floor((until.getTime() - now.getTime()) / 86_400_000))),
    valid_from: from.toISOString().replace('.000Z', 'Z'),
    expiration_time: until.toISOString().replace('.000Z', 'Z'),
  };
}

function certs(view: EnvoyView): AdminAnswer {
  const details = (kind: 'chain' | 'anchors'): Json[] =>
    view.secrets.flatMap((secret) =>
      secret.kind === kind ? splitPem(secret.pem).slice(0, 1).map((pem) => certificateDetails(pem, view.now)) : [],
    );
  const chain = details('chain');
  return json(chain.length === 0 ? {} : { certificates: [{ ca_cert: details('anchors'), cert_chain: chain }] });
}

/** Each release of Istio from 1.16 on has the Envoy of its quarter: 1.16 has 1.24, 1.23 has 1.31. */
function envoyVersion(istioVersion: string): string {
  const minor = Number(/^1\.(\d+)/u.exec(istioVersion)?.[1] ?? '23');
  return `1.${minor + 8}.0`;
}

function serverInfo(view: EnvoyView, isLive: boolean): AdminAnswer {
  const uptime = `${Math.floor((view.now.getTime() - view.startedAt.getTime()) / 1000)}s`;
  const metadata = { ISTIO_VERSION: view.istioVersion, CLUSTER_ID: view.clusterId, MESH_ID: view.meshId };
  return json({
    version: `rehearsal/${envoyVersion(view.istioVersion)}/Clean/RELEASE/BoringSSL`,
    state: isLive ? 'LIVE' : 'PRE_INITIALIZING',
    uptime_current_epoch: uptime,
    uptime_all_epochs: uptime,
    node: { id: `${view.kind}~${view.podIP}~${view.pod}.${view.namespace}`, metadata },
  });
}

const PATHS = ['/certs', '/config_dump', '/ready', '/server_info', '/stats'] as const;

/** `target` is path and query of the request line. */
export function answerAdminRequest(method: string, target: string, view: EnvoyView): AdminAnswer {
  const url = new URL(target, 'http://localhost');
  const path = PATHS.find((known) => known === url.pathname);
  // A gateway that passes TLS through never asks for a certificate.
  const isLive = view.isConfigured ?? view.secrets.some(({ kind }) => kind === 'chain');
  if (path === undefined) {
    return text(404, `invalid path. admin commands are:\n${PATHS.map((known) => `  ${known}`).join('\n')}\n`);
  }
  if (method !== 'GET') return text(405, `Method ${method} not allowed, GET required.`);
  switch (path) {
    case '/certs':
      return certs(view);
    case '/config_dump':
      return configDump(view, url.searchParams);
    case '/ready':
      return isLive ? text(200, 'LIVE\n') : text(503, 'PRE_INITIALIZING\n');
    case '/server_info':
      return serverInfo(view, isLive);
    case '/stats':
      return statisticsAnswer(view, url.searchParams);
  }
}
