// What the rehearsal's Envoy answers against what real proxies answered, read by the parser that reads both.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseSecretDump } from '../../../../src/domain/trust/envoyDump.js';
import { answerAdminRequest } from '../../../../src/rehearsal/envoy/adminAnswers.js';
import type { EnvoySecret, EnvoyView } from '../../../../src/rehearsal/envoy/envoyView.js';

interface Recorded {
  readonly configs: readonly {
    readonly dynamic_active_secrets?: readonly RecordedSecret[];
    readonly dynamic_warming_secrets?: readonly RecordedSecret[];
  }[];
}

interface RecordedSecret {
  readonly name: string;
  readonly last_updated: string;
  readonly secret: {
    readonly tls_certificate?: { readonly certificate_chain: { readonly inline_bytes: string } };
    readonly validation_context?: { readonly trusted_ca: { readonly inline_bytes: string } };
  };
}

/** A secret as the simulated Envoy would hold it. */
function held({ name, last_updated, secret }: RecordedSecret): EnvoySecret {
  const lastUpdated = new Date(last_updated);
  const text = (base64: string): string => Buffer.from(base64, 'base64').toString();
  if (secret.tls_certificate !== undefined) return { kind: 'chain', name, pem: text(secret.tls_certificate.certificate_chain.inline_bytes), lastUpdated };
  if (secret.validation_context !== undefined) return { kind: 'anchors', name, pem: text(secret.validation_context.trusted_ca.inline_bytes), lastUpdated };
  return { kind: 'warming', name, lastUpdated };
}

function viewOf(recorded: Recorded): EnvoyView {
  const secrets = recorded.configs.flatMap(({ dynamic_active_secrets = [], dynamic_warming_secrets = [] }) => [...dynamic_active_secrets, ...dynamic_warming_secrets]);
  const at = new Date(0);
  const place = { pod: 'p', namespace: 'n', podIP: '10.0.0.1', clusterId: 'c', meshId: 'm', kind: 'sidecar', istioVersion: '1.23.2' };
  return { ...place, startedAt: at, now: at, controlStream: { isOpen: true, opened: 1, answered: 1 }, secrets: secrets.map(held), acceptedDomains: [], upstreams: [] };
}

describe('answers recorded from real proxies', () => {
  const folder = process.env.MESH_CA_RECORDINGS;
  const file = folder === undefined ? undefined : path.join(folder, 'envoy-secrets-istio.json');

  it('are what the rehearsal answers for the same secrets, field by field', () => {
    if (file === undefined || !existsSync(file)) {
      process.stdout.write('    MESH_CA_RECORDINGS names no folder with recordings: nothing to compare with\n');
      return;
    }
    const recorded: unknown = JSON.parse(readFileSync(file, 'utf8'));
    const { body } = answerAdminRequest('GET', '/config_dump?mask=dynamic_active_secrets,dynamic_warming_secrets', viewOf(recorded as Recorded));
    assert.deepEqual(JSON.parse(body), recorded);
    assert.deepEqual(parseSecretDump(JSON.parse(body)), parseSecretDump(recorded));
  });
});
