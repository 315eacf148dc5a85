// The matrix after what has not been done: who moves to which class, and which cells change by it.
import assert from 'node:assert/strict';
import { finish } from '../../../../src/app/trust/stretches.js';
import type { ProxyRecord } from '../../../../src/app/trust/surveyRecord.js';
import { matrixOf, trustMatrix } from '../../../../src/app/trust/trustMatrix.js';
import type { TrustMatrix } from '../../../../src/app/trust/trustMatrix.js';
import type { ProxyReading } from '../../../../src/app/trust/trustSurvey.js';
import type { Hypothesis, WhatIf } from '../../../../src/app/trust/whatIf.js';
import { hypothesisMessage, whatIf } from '../../../../src/app/trust/whatIf.js';
import type { NamedRoot } from '../../../../src/domain/trust/proxyTrust.js';
import { fail } from '../../../../src/shared/failure.js';
import { textRenderer } from '../../../../src/shared/text/render.js';
import { caRoots, cluster, meshConfigs, NOW, pod, snapshot } from '../../../support/trustMesh.js';
import type { ProxyWords } from '../../../support/trustPositions.js';
import { proxy, root } from '../../../support/trustPositions.js';

const CITADEL = root('C');
const MESH: NamedRoot = { ...root('M'), name: { kind: 'meshCa', rehearsal: false } };
const OLD: ProxyWords = { anchors: [CITADEL], signedBy: CITADEL };
const BOTH: ProxyWords = { anchors: [CITADEL, MESH], signedBy: CITADEL };
const NEW: ProxyWords = { anchors: [CITADEL, MESH], signedBy: MESH, domain: 'fleet.svc.id.goog' };
const SNAPSHOT = snapshot('one', [], {
  caRoots: caRoots('C'),
  meshConfigs: meshConfigs(['default', 'cluster.local', 'fleet.svc.id.goog'], ['both', 'cluster.local', 'fleet.svc.id.goog'], ['mesh', 'fleet.svc.id.goog', 'cluster.local']),
});

function reading(name: string, namespace: string, revision: string, words: ProxyWords | 'refused'): ProxyReading {
  const target = { cluster: cluster('one'), pod: pod(namespace, name, { revision }) };
  return { target, trust: words === 'refused' ? fail({ kind: 'forbidden', reason: 'x' }) : proxy(name, words).trust };
}

const MESH_READINGS = [
  reading('old-1', 'foo', 'default', OLD),
  reading('old-2', 'bar', 'default', OLD),
  reading('both-1', 'bar', 'both', BOTH),
  reading('unread', 'foo', 'default', 'refused'),
];
const NOW_MATRIX = trustMatrix(MESH_READINGS, [SNAPSHOT], NOW);

const SIGNED: Hypothesis = { kind: 'signed', cluster: cluster('one'), root: MESH };

function suppose(hypothesis: Hypothesis, matrix = NOW_MATRIX, one = SNAPSHOT): Extract<WhatIf, { ok: true }> {
  const result = finish(whatIf(matrix, hypothesis, [one], NOW));
  assert.ok(result.ok);
  return result;
}

function members({ classes }: TrustMatrix): readonly (readonly string[])[] {
  return classes.map((one) => one.members.map(({ pod: { name } }) => name));
}

/** What the class of this proxy can do as the client of each. */
function kindsOf({ classes, grid }: TrustMatrix, name: string): readonly string[] {
  const place = classes.findIndex((one) => one.members.some(({ pod: { name: own } }) => own === name));
  return grid[place]?.map(({ kind }) => kind) ?? [];
}

function cells({ matrix, changed }: Extract<WhatIf, { ok: true }>): readonly string[] {
  const name = (place: number): string => members(matrix)[place]?.join('+') ?? '';
  return changed.map(({ client, server, before, after }) => `${name(client)} → ${name(server)}: ${before.join('/')} → ${after}`);
}

describe('the matrix after a change that was not made', () => {
  it('has the proxies of a namespace where those of the revision are, unknown ones as well', () => {
    const result = suppose({ kind: 'injected', cluster: cluster('one'), namespace: 'foo', revision: 'both' });
    assert.deepEqual(members(result.matrix), [['old-2'], ['old-1', 'both-1', 'unread']]);
    assert.deepEqual(result.assumptions, []);
    assert.deepEqual(cells(result), [
      'old-2 → old-1+both-1+unread: authenticates/unknown → authenticates',
      'old-1+both-1+unread → old-2: authenticates/unknown → authenticates',
      'old-1+both-1+unread → old-1+both-1+unread: authenticates/unknown → authenticates',
    ]);
  });

  it('takes the mesh config for a revision that has no proxies yet, and says so', () => {
    const withMesh = trustMatrix([...MESH_READINGS, reading('new-1', 'baz', 'other', NEW)], [SNAPSHOT], NOW);
    const result = suppose({ kind: 'injected', cluster: cluster('one'), namespace: 'foo', revision: 'mesh' }, withMesh);
    assert.deepEqual(result.assumptions.map(({ key }) => key), ['panel.matrix.suppose.assumed']);
    const moved = result.matrix.classes.find((one) => one.members.some(({ pod: { name } }) => name === 'old-1'));
    assert.deepEqual(moved?.kind === 'known' && [moved.position.signedBy.fingerprint, moved.position.identityDomain], ['M', 'fleet.svc.id.goog']);
  });

  it('is not made up for a revision that nothing is known of', () => {
    const result = finish(whatIf(NOW_MATRIX, { kind: 'injected', cluster: cluster('one'), namespace: 'foo', revision: 'nowhere' }, [SNAPSHOT], NOW));
    assert.equal(!result.ok && result.why.key, 'surveys.what.noModel');
    assert.deepEqual(kindsOf(result.matrix, 'old-1'), ['unknown', 'unknown', 'unknown']);
  });

  it('shows whom a root’s removal cuts off', () => {
    const result = suppose({ kind: 'rootRemoved', cluster: cluster('one'), root: CITADEL });
    assert.deepEqual(members(result.matrix), [['old-1', 'old-2'], ['both-1'], ['unread']]);
    assert.deepEqual(cells(result), [
      'old-1+old-2 → old-1+old-2: authenticates → broken',
      'old-1+old-2 → both-1: authenticates → broken',
      'both-1 → old-1+old-2: authenticates → broken',
      'both-1 → both-1: authenticates → broken',
    ]);
  });

  it('shows who is not ready for another issuer', () => {
    const result = suppose({ kind: 'signed', cluster: cluster('one'), root: MESH });
    assert.deepEqual(result.assumptions, []);
    assert.deepEqual(cells(result), [
      'old-1+old-2 → old-1+old-2: authenticates → broken',
      'old-1+old-2 → both-1: authenticates → broken',
      'both-1 → old-1+old-2: authenticates → broken',
    ]);
  });

  it('gives identities the domain of Mesh CA with its signature, so who does not accept that is cut off', () => {
    const strict = [reading('strict', 'foo', 'strict', BOTH), reading('both-1', 'bar', 'both', BOTH)];
    const configs = meshConfigs(['strict', 'cluster.local'], ['both', 'cluster.local', 'fleet.svc.id.goog']);
    const one = snapshot('one', [], { caRoots: caRoots('C'), meshConfigs: configs });
    const records = strict.map((read, index): ProxyRecord => {
      const accepted = index === 0 ? ['cluster.local'] : ['cluster.local', 'fleet.svc.id.goog'];
      return { ...read, domains: { inbound: accepted, outbound: accepted }, mtls: 'unknown' };
    });
    const result = suppose(SIGNED, matrixOf(records, NOW), one);
    assert.deepEqual(kindsOf(result.matrix, 'strict'), ['broken', 'broken']);
    assert.deepEqual(result.assumptions.map(({ key, args }) => [key, args.domain]), [['panel.matrix.suppose.alias', 'fleet.svc.id.goog']]);
  });

  it('takes the domain that Mesh CA issues already, whatever a mesh config says', () => {
    const matrix = trustMatrix([...MESH_READINGS, reading('new-1', 'baz', 'mesh', { ...NEW, domain: 'other.svc.id.goog' })], [SNAPSHOT], NOW);
    const result = suppose(SIGNED, matrix);
    const domains = new Set(result.matrix.classes.flatMap((one) => (one.kind === 'known' ? [one.position.identityDomain] : [])));
    assert.deepEqual([[...domains], result.assumptions], [['other.svc.id.goog'], []]);
  });

  it('is not known under Mesh CA where nothing, or more than one thing, tells its domain', () => {
    for (const aliases of [[], ['fleet.svc.id.goog', 'other.svc.id.goog']]) {
      const one = snapshot('one', [], { meshConfigs: meshConfigs(['default', 'cluster.local', ...aliases], ['both', 'cluster.local']) });
      const result: WhatIf = finish(whatIf(trustMatrix(MESH_READINGS, [one], NOW), SIGNED, [one], NOW));
      assert.equal(!result.ok && result.why.key, 'surveys.what.noMeshCaDomain');
      assert.deepEqual(kindsOf(result.matrix, 'both-1'), ['unknown']);
    }
  });

  it('leaves other clusters alone', () => {
    const result = suppose({ kind: 'rootRemoved', cluster: cluster('two'), root: CITADEL });
    assert.deepEqual([result.changed, members(result.matrix)], [[], members(NOW_MATRIX)]);
  });

  it('has a name in words', () => {
    const english = textRenderer('en');
    assert.equal(english(hypothesisMessage({ kind: 'signed', cluster: cluster('one'), root: MESH })), 'if all proxies of one were signed under Mesh CA, by its key');
  });
});
