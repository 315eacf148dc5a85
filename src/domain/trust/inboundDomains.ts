// Reads from Envoy's inbound listener which trust domains it accepts: the server side of Istio's trust domain validation.
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
  /** No inbound mTLS at all, as in gateways or with mTLS disabled: the listener says nothing. */
  | { readonly kind: 'noInbound' };

/** Of an answer to `/config_dump?resource=dynamic_listeners`; older Envoys list every listener whatever is asked for. */
export function parseInboundDomains(answer: unknown): Result<InboundDomains> {
  if (!isRecord(answer)) return fail({ kind: 'proxyAnswerUnreadable', reason: 'not a JSON object' });
  const chains = listField(answer, 'configs')
    .filter((entry) => textField(entry, 'name') === INBOUND_LISTENER)
    .map((entry) => recordField(recordField(entry, 'active_state', 'activeState'), 'listener'))
    .flatMap((listener) => [
      ...listField(listener, 'filter_chains', 'filterChains'),
      field(listener, 'default_filter_chain', 'defaultFilterChain'),
    ]);
  const accepted = chains.map(validationOf).filter((validation) => validation !== undefined).map(acceptedDomains);
  const limited = accepted.filter((domains) => domains !== undefined);
  const [first] = limited;
  if (accepted.length === 0) return succeed({ kind: 'noInbound' });
  if (first === undefined) return succeed({ kind: 'any' });
  // A caller may meet any of the chains, so only what all of them accept is accepted.
  return succeed({ kind: 'domains', domains: first.filter((domain) => limited.every((domains) => domains.includes(domain))) });
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
