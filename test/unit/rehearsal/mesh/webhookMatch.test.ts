// Which webhook wins, row by row, over the webhook configurations that an installation creates.
import assert from 'node:assert/strict';
import { asmWithCitadel, istioOnGke } from '../../../../src/rehearsal/mesh/installation/controlPlaneSpec.js';
import { revisionWebhooks, tagWebhook } from '../../../../src/rehearsal/mesh/installation/webhookConfigurations.js';
import { matchingWebhooks, POD_CREATION } from '../../../../src/rehearsal/mesh/webhookMatch.js';
import type { InjectionWebhook } from '../../../../src/rehearsal/mesh/webhookMatch.js';

const PLACE = { fleetProject: 'p', project: 'p', location: 'us-central1', cluster: 'c' };
const REVISION = { ...asmWithCitadel(PLACE), revision: 'asm-1232-2' };

function webhooksOf(objects: readonly { readonly resource: string; readonly object: Record<string, unknown> }[]): InjectionWebhook[] {
  return objects
    .filter(({ resource }) => resource.startsWith('mutating'))
    .flatMap(({ object }) => object.webhooks as InjectionWebhook[]);
}

/** A default control plane and a revision beside it. */
const BESIDE = [...webhooksOf(revisionWebhooks(istioOnGke())), ...webhooksOf(revisionWebhooks(REVISION))];

function winner(namespace: Record<string, string>, pod: Record<string, string>, webhooks = BESIDE): string {
  const names = matchingWebhooks(webhooks, POD_CREATION, namespace, pod).map(
    ({ name, clientConfig }) => `${name.replace('.sidecar-injector.istio.io', '')} → ${clientConfig.service?.name ?? ''}`,
  );
  return names.length === 0 ? '–' : names.join(', ');
}

describe('which injection webhook sees a new pod', () => {
  const enabled = { 'istio-injection': 'enabled' };
  const revision = { 'istio.io/rev': 'asm-1232-2' };
  const no = { 'sidecar.istio.io/inject': 'false' };
  const yes = { 'sidecar.istio.io/inject': 'true' };

  it('is the default one for istio-injection=enabled', () => {
    assert.equal(winner(enabled, {}), 'namespace → istiod');
    assert.equal(winner(enabled, no), '–');
  });

  it('is the default one where both labels are set: istio-injection beats istio.io/rev', () => {
    assert.equal(winner({ ...enabled, ...revision }, {}), 'namespace → istiod');
    assert.equal(winner(enabled, revision), 'namespace → istiod');
  });

  it('is the revision named by the namespace', () => {
    assert.equal(winner(revision, {}), 'rev.namespace → istiod-asm-1232-2');
    assert.equal(winner(revision, no), '–');
    assert.equal(winner({ 'istio.io/rev': 'default' }, {}), 'rev.namespace → istiod');
  });

  it('is the revision named by the pod only where the namespace names none', () => {
    assert.equal(winner({}, revision), 'rev.object → istiod-asm-1232-2');
    assert.equal(winner({ 'istio.io/rev': 'default' }, revision), 'rev.namespace → istiod');
  });

  it('is the default one for a pod that asks for a sidecar and names no revision', () => {
    assert.equal(winner({}, yes), 'object → istiod');
    assert.equal(winner({}, {}), '–');
  });

  it('is none where injection is disabled or the label names nothing that exists', () => {
    assert.equal(winner({ 'istio-injection': 'disabled' }, { ...revision, ...yes }), '–');
    assert.equal(winner({ 'istio.io/rev': 'gone' }, {}), '–');
  });

  it('is that of a tag, which leads to the tagged revision', () => {
    const tagged = webhooksOf([...revisionWebhooks(REVISION), tagWebhook('default', 'asm-1232-2'), tagWebhook('stable', 'asm-1232-2')]);
    assert.equal(winner({ 'istio.io/rev': 'stable' }, {}, tagged), 'rev.namespace → istiod-asm-1232-2');
    assert.equal(winner(enabled, {}, tagged), 'namespace → istiod-asm-1232-2');
    assert.equal(winner(enabled, {}, webhooksOf(revisionWebhooks(REVISION))), '–');
  });
});
