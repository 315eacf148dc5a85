// Envoy may hold a secret several times, once for each subscription (Istio 1.4 to 1.6 did so always): makes them one.
import { ROOT_SECRET } from '../../shared/istioNames.js';
import type { ProxySecret, SecretDump } from './secretDump.js';

/** One secret a name: active before warming, then the newest; different root bundles under one name are a conflict. */
export function mergeDoubledSecrets(secrets: readonly ProxySecret[]): SecretDump {
  const chosen = new Map<string, ProxySecret>();
  const conflicts = new Set<string>();
  for (const secret of secrets) {
    const known = chosen.get(secret.name);
    if (known && contradict(known, secret)) conflicts.add(secret.name);
    chosen.set(secret.name, known && !isNewer(secret, known) ? known : secret);
  }
  return { secrets: [...chosen.values()], conflicts: [...conflicts] };
}

/** Two workload certificates are just an older and a newer one; two sets of anchors are two different promises. */
function contradict(one: ProxySecret, other: ProxySecret): boolean {
  if (one.name !== ROOT_SECRET || one.state !== 'active' || other.state !== 'active') return false;
  return anchorBlocks(one) !== anchorBlocks(other);
}

/** The bundle without its order and white space, which say nothing. */
function anchorBlocks(secret: ProxySecret): string {
  const blocks = secret.anchors.flatMap(({ trustDomain, pem }) =>
    pem
      .split('-----END CERTIFICATE-----')
      .map((block) => block.replace(/\s+/g, ''))
      .filter((block) => block !== '')
      .map((block) => `${trustDomain ?? ''} ${block}`),
  );
  return [...new Set(blocks)].sort().join('\n');
}

function isNewer(secret: ProxySecret, known: ProxySecret): boolean {
  if (secret.state !== known.state) return secret.state === 'active';
  return sortable(secret.lastUpdated) > sortable(known.lastUpdated);
}

/** Envoy's times are RFC 3339 in UTC with as many fractional digits as it takes: padded, they sort as text. */
function sortable(time: string | undefined): string {
  const [, seconds = '', fraction = ''] = /^([^.Z]*)(?:\.(\d+))?Z?$/.exec(time ?? '') ?? [];
  return `${seconds}.${fraction.padEnd(9, '0')}`;
}

/** What the active and the warming answer say together. */
export function joinDumps(active: SecretDump, warming: SecretDump): SecretDump {
  const joined = mergeDoubledSecrets([...active.secrets, ...warming.secrets]);
  return { secrets: joined.secrets, conflicts: [...new Set([...active.conflicts, ...joined.conflicts])] };
}
