// Reads from Envoy's inbound listener which trust domains it accepts (the server side of Istio's trust domain validation) and
// whether it insists on mTLS.
import type { Result } from '../../shared/failure.js';
import { fail, succeed } from '../../shared/failure.js';
import { field, isRecord, listField, recordField, textField } from '../../shared/json.js';

/** The listener through which Istio sends all inbound traffic of a sidecar. */
export const INBOUND_LISTENER = 'virtualInbound';

export type InboundDomains =
  /** Each of these, on every mTLS filter chain. */
  | { readonly kind: 'domains'; readonly domains: readonly string[] }
  /** Validation is on and names no identities (istiod's `PILOT_SKIP_VALIDATE_TRUST_DOMAIN`): any domain passes. */
  | { readonly kind: 'any' }
  /** No inbound mTLS at all, as with mTLS disabled: the listener says nothing. */
  | { readonly kind: 'noInbound' }
  /** No such listener is in force: as it should be in gateways, and in a sidecar one that waits or was refused. */
  | { readonly kind: 'noListener' };

/** What a proxy does with a connection from another, by Istio's words: `strict` takes mTLS alone, `permissive` plain text too. */
export type MtlsMode = 'strict' | 'permissive' | 'disable' | 'unknown';

/** What one proxy's inbound listener says. */
export interface InboundListener {
  readonly domains: InboundDomains;
  readonly mtls: MtlsMode;
}

/** Of an answer to `/config_dump?resource=dynamic_listeners`; older Envoys list every listener whatever is asked for. */
export function parseInboundDomains(answer: unknown): Result<InboundDomains> {
  const listener = parseInboundListener(answer);
  return listener.ok ? succeed(listener.value.domains) : listener;
}

/** Both at once, of the same answer or of what `istioctl proxy-config listener -o json` prints. */
export function parseInboundListener(answer: unknown): Result<InboundListener> {
  const listeners = inboundListeners(answer);
  if (!listeners.ok) return listeners;
  if (listeners.value.length === 0) return succeed({ domains: { kind: 'noListener' }, mtls: 'unknown' });
  const chains = listeners.value.flatMap(chainsOf);
  return succeed({ domains: domainsOf(chains), mtls: modeOf(chains) });
}

/** Those that are in force: what is warming or was refused has no active state. */
function inboundListeners(answer: unknown): Result<readonly unknown[]> {
  // istioctl prints the listeners themselves, as a list.
  const listeners = Array.isArray(answer) ? (answer as readonly unknown[]) : undefined;
  if (listeners === undefined && !isRecord(answer)) return fail({ kind: 'proxyAnswerUnreadable', reason: 'not a JSON object' });
  const found = (listeners ?? listField(answer, 'configs')).filter((entry) => textField(entry, 'name') === INBOUND_LISTENER);
  const bare = listeners === undefined ? found.map((entry) => recordField(recordField(entry, 'active_state', 'activeState'), 'listener')) : found;
  return succeed(bare.filter(isRecord));
}

function chainsOf(listener: unknown): readonly unknown[] {
  return [...listField(listener, 'filter_chains', 'filterChains'), field(listener, 'default_filter_chain', 'defaultFilterChain')].filter(isRecord);
}

function domainsOf(chains: readonly unknown[]): InboundDomains {
  const accepted = chains.map(validationOf).filter((validation) => validation !== undefined).map(acceptedDomains);
  const limited = accepted.filter((domains) => domains !== undefined);
  const [first] = limited;
  if (accepted.length === 0) return { kind: 'noInbound' };
  if (first === undefined) return { kind: 'any' };
  // A caller may meet any of the chains, so only what all of them accept is accepted.
  return { kind: 'domains', domains: first.filter((domain) => limited.every((domains) => domains.includes(domain))) };
}

/**
 * Istio builds for PERMISSIVE each inbound chain twice, with and without TLS, for STRICT with and for DISABLE without (Istio
 * pilot/pkg/networking/core/listener_inbound.go). Ports may differ, so a mixture counts as permissive.
 */
function modeOf(chains: readonly unknown[]): MtlsMode {
  const serving = chains.filter((chain) => !isBlackHole(chain));
  const mutual = serving.some((chain) => validationOf(chain) !== undefined);
  const plain = serving.some((chain) => recordField(chain, 'transport_socket', 'transportSocket') === undefined);
  if (mutual) return plain ? 'permissive' : 'strict';
  return plain ? 'disable' : 'unknown';
}

/** Ends loops of traffic for the proxy's own port; it serves nobody. */
function isBlackHole(chain: unknown): boolean {
  return (textField(chain, 'name') ?? '').includes('blackhole');
}

/** The part of a filter chain's TLS context that validates clients; undefined for a chain without mTLS. */
function validationOf(chain: unknown): unknown {
  const socket = recordField(chain, 'transport_socket', 'transportSocket');
  const tls = recordField(recordField(socket, 'typed_config', 'typedConfig'), 'common_tls_context', 'commonTlsContext');
  const combined = recordField(tls, 'combined_validation_context', 'combinedValidationContext');
  return (
    recordField(combined, 'default_validation_context', 'defaultValidationContext') ??
    combined ??
    recordField(tls, 'validation_context', 'validationContext')
  );
}

/** Undefined when the matchers let every identity pass. */
function acceptedDomains(validation: unknown): readonly string[] | undefined {
  const matchers = [
    ...listField(validation, 'match_subject_alt_names', 'matchSubjectAltNames'),
    // Newer Envoys wrap each matcher with the type of name that it is for; waypoints use this form.
    ...listField(validation, 'match_typed_subject_alt_names', 'matchTypedSubjectAltNames').map((typed) => field(typed, 'matcher')),
  ];
  if (matchers.length === 0) return undefined;
  // An `exact` matcher names one service account, not a domain.
  const domains = matchers.map((matcher) => /^spiffe:\/\/([^/]+)\/$/.exec(textField(matcher, 'prefix') ?? '')?.[1]);
  return [...new Set(domains.filter((domain) => domain !== undefined))];
}
