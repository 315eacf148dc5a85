// Reads the JSON of Envoy's `/config_dump` for its secrets: every spelling that Envoy and istioctl have had. Knows no
// certificates: it hands on PEM text. Shapes are those of Envoy's admin/v3 protos and of istioctl's re-marshalled form.
import type { Result } from '../../shared/failure.js';
import { fail, succeed } from '../../shared/failure.js';
import type { JsonRecord } from '../../shared/json.js';
import { isRecord, listField, recordField, textField } from '../../shared/json.js';
import { mergeDoubledSecrets } from './doubledSecrets.js';
import type { ProxySecret, SecretDump } from './secretDump.js';

type SecretState = ProxySecret['state'];

/**
 * The secrets of an answer. `flatState` says what an answer to `resource=…` lists: its entries look alike whether active
 * or warming. An answer without `configs` (`{}`, as proto3 JSON writes an empty list) means that there are none.
 */
export function parseSecretDump(answer: unknown, flatState: SecretState = 'active'): Result<SecretDump> {
  if (!isRecord(answer)) return fail({ kind: 'proxyAnswerUnreadable', reason: 'not a JSON object' });
  // istioctl writes the secrets section alone, without the list around it.
  const configs = Array.isArray(answer.configs) ? listField(answer, 'configs') : [answer];
  return succeed(mergeDoubledSecrets(configs.flatMap((config) => secretsOf(config, flatState))));
}

function secretsOf(config: unknown, flatState: SecretState): readonly ProxySecret[] {
  if (!isRecord(config)) return [];
  if (isFlatEntry(config)) return readSecrets([config], flatState);
  return [
    ...readSecrets(listField(config, 'static_secrets', 'staticSecrets'), 'active'),
    ...readSecrets(listField(config, 'dynamic_active_secrets', 'dynamicActiveSecrets'), 'active'),
    ...readSecrets(listField(config, 'dynamic_warming_secrets', 'dynamicWarmingSecrets'), 'warming'),
  ];
}

function readSecrets(entries: readonly unknown[], state: SecretState): readonly ProxySecret[] {
  return entries.map((entry) => readSecret(entry, state)).filter((secret) => secret !== undefined);
}

/** One element of a repeated field, as `resource=…` packs it straight into `configs`; the type's version varies. */
function isFlatEntry(config: JsonRecord): boolean {
  const type = textField(config, '@type') ?? '';
  return type.endsWith('.DynamicSecret') || type.endsWith('.StaticSecret');
}

function readSecret(entry: unknown, state: SecretState): ProxySecret | undefined {
  const secret = recordField(entry, 'secret');
  const name = textField(entry, 'name') ?? textField(secret, 'name');
  if (name === undefined) return undefined;
  const lastUpdated = textField(entry, 'last_updated', 'lastUpdated');
  try {
    const chain = recordField(recordField(secret, 'tls_certificate', 'tlsCertificate'), 'certificate_chain', 'certificateChain');
    const validation = recordField(secret, 'validation_context', 'validationContext');
    const trusted = recordField(validation, 'trusted_ca', 'trustedCa');
    const trustedPem = pemOf(trusted);
    return {
      name,
      state,
      lastUpdated,
      chainPem: pemOf(chain),
      anchors: trustedPem === undefined ? spiffeAnchors(validation) : [{ trustDomain: undefined, pem: trustedPem }],
      file: textField(chain, 'filename') ?? textField(trusted, 'filename'),
      unreadable: undefined,
    };
  } catch (error) {
    return { name, state, lastUpdated, chainPem: undefined, anchors: [], file: undefined, unreadable: reasonOf(error) };
  }
}

/** Roots of SPIRE's validator, one bundle a trust domain; `trusted_ca` is then empty. */
function spiffeAnchors(validation: JsonRecord | undefined): ProxySecret['anchors'] {
  const validator = recordField(validation, 'custom_validator_config', 'customValidatorConfig');
  const domains = listField(recordField(validator, 'typed_config', 'typedConfig'), 'trust_domains', 'trustDomains');
  return domains.flatMap((domain) => {
    const pem = pemOf(recordField(domain, 'trust_bundle', 'trustBundle'));
    return pem === undefined ? [] : [{ trustDomain: textField(domain, 'name'), pem }];
  });
}

/** The text of a DataSource; undefined for none, and for a file. Throws when its base64 is none. */
function pemOf(source: JsonRecord | undefined): string | undefined {
  const text = textField(source, 'inline_string', 'inlineString');
  const bytes = textField(source, 'inline_bytes', 'inlineBytes');
  const pem = text ?? (bytes === undefined ? undefined : atob(bytes));
  return pem === undefined || pem.trim() === '' ? undefined : pem;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
