// Finds where identities are written in an object of Istio: the fields that Istio compares, and any other text that names one.
import { isRecord, listField, recordField, textField } from '../../shared/json.js';

/** An object as the API server holds it, without the status and bookkeeping that nobody compares. */
export interface IdentityObject {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly body: unknown;
}

export interface WrittenIdentity {
  /** `principal`: expanded by istiod. `peerName`: compared literally with a certificate's name. `text`: anything else. */
  readonly use: 'principal' | 'notPrincipal' | 'peerName' | 'text' | 'outsideService';
  /** Of the policy's action, for principals. */
  readonly action: string;
  readonly path: string;
  readonly value: string;
  /** Its neighbours in the same list. */
  readonly among: readonly string[];
}

/** All of them, in the order in which they stand. `words` are the trust domains that make a text remarkable. */
export function writtenIdentities({ kind, body }: IdentityObject, words: readonly string[]): readonly WrittenIdentity[] {
  switch (kind) {
    case 'AuthorizationPolicy':
      return withTexts(body, principalsOf(body), words);
    case 'DestinationRule':
    case 'ServiceEntry':
    case 'Gateway':
      return withTexts(body, peerNames(body, ''), words);
    case 'MeshConfig':
      return outsideServices(body);
    default:
      return withTexts(body, [], words);
  }
}

function principalsOf(body: unknown): readonly WrittenIdentity[] {
  const spec = recordField(body, 'spec');
  const action = textField(spec, 'action') ?? 'ALLOW';
  return listField(spec, 'rules').flatMap((rule, ruleIndex) => {
    const path = `spec.rules[${ruleIndex}]`;
    const sources = listField(rule, 'from').flatMap((from, index) => {
      const source = recordField(from, 'source');
      const at = `${path}.from[${index}].source`;
      return [
        ...listed(source, 'principals', at, 'principal', action),
        ...listed(source, 'notPrincipals', at, 'notPrincipal', action),
      ];
    });
    const conditions = listField(rule, 'when').flatMap((condition, index) => {
      if (textField(condition, 'key') !== 'source.principal') return [];
      const at = `${path}.when[${index}]`;
      return [...listed(condition, 'values', at, 'principal', action), ...listed(condition, 'notValues', at, 'notPrincipal', action)];
    });
    return [...sources, ...conditions];
  });
}

/** Every list `subjectAltNames`, wherever it stands: traffic policies, their ports and subsets, servers, the object itself. */
function peerNames(value: unknown, path: string): readonly WrittenIdentity[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => peerNames(item, `${path}[${index}]`));
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([name, inner]) => {
    if (name === 'subjectAltNames') return listed(value, name, path, 'peerName', '').filter((written) => written.value.startsWith('spiffe://'));
    return peerNames(inner, path === '' ? name : `${path}.${name}`);
  });
}

function listed(value: unknown, name: string, path: string, use: WrittenIdentity['use'], action: string): readonly WrittenIdentity[] {
  const among = listField(value, name).filter((entry) => typeof entry === 'string');
  const at = path === '' ? name : `${path}.${name}`;
  return among.map((entry, index) => ({ use, action, path: `${at}[${index}]`, value: entry, among }));
}

/** What the fields above do not hold and nonetheless names an identity: filters, scripts, patches. */
function withTexts(body: unknown, found: readonly WrittenIdentity[], words: readonly string[]): readonly WrittenIdentity[] {
  const known = new Set(found.map(({ path }) => path));
  const others = texts(recordField(body, 'spec'), 'spec').filter(({ path, value }) => !known.has(path) && names(value, words));
  return [...found, ...others];
}

function names(value: string, words: readonly string[]): boolean {
  return value.includes('spiffe://') || words.some((word) => value.includes(`${word}/ns/`));
}

function texts(value: unknown, path: string): readonly WrittenIdentity[] {
  if (typeof value === 'string') return [{ use: 'text', action: '', path, value, among: [] }];
  if (Array.isArray(value)) return value.flatMap((item, index) => texts(item, `${path}[${index}]`));
  return isRecord(value) ? Object.entries(value).flatMap(([name, inner]) => texts(inner, `${path}.${name}`)) : [];
}

/** `extensionProviders` that decide about requests: Istio's external authorization over HTTP and gRPC. */
function outsideServices(mesh: unknown): readonly WrittenIdentity[] {
  return listField(mesh, 'extensionProviders').flatMap((provider, index) => {
    if (recordField(provider, 'envoyExtAuthzHttp', 'envoyExtAuthzGrpc') === undefined) return [];
    const value = textField(provider, 'name') ?? '';
    return [{ use: 'outsideService' as const, action: '', path: `extensionProviders[${index}]`, value, among: [] }];
  });
}
