// Which roots count as old once an istiod has made itself a new one: those that somebody noted before.
import assert from 'node:assert/strict';
import type { ClusterEvidence } from '../../../../src/domain/evidence/gateInputs.js';
import type { OldRootEvidence } from '../../../../src/domain/evidence/oldRoots.js';
import { oldRoots, rootsToKeep } from '../../../../src/domain/evidence/oldRoots.js';
import { backupKey, backupText } from '../../../../src/domain/evidence/records/backupRecord.js';
import type { ClusterGateFacts } from '../../../../src/domain/gates/gateFacts.js';
import { MESH_CA_ANCHOR } from '../../../../src/domain/gates/gateFacts.js';
import { succeed } from '../../../../src/shared/failure.js';

function mesh({ anchors = [], roots, pairs }: { anchors?: string[]; roots?: string[]; pairs?: string[] }): OldRootEvidence {
  const text = backupText({ at: 1, secret: 'cacerts', uid: 'u', resourceVersion: '7', sha256: 'ff', file: '/f', roots });
  const evidence: ClusterEvidence = { proxies: new Map(), records: succeed({ [backupKey('cacerts')]: text }), identity: undefined };
  const standing = { kind: 'read', anchors, issuer: MESH_CA_ANCHOR };
  const clusters = [{ proxies: [{ standing }] }] as unknown as readonly ClusterGateFacts[];
  return { facts: { baseline: pairs === undefined ? undefined : { pairs: new Set(pairs) }, clusters }, evidence: new Map([['one', evidence]]) };
}

const old = (situation: OldRootEvidence): string[] => ['OLD', 'NEW', MESH_CA_ANCHOR].filter(oldRoots(situation));

describe('old roots', () => {
  it('are without a baseline those that were trusted when a CA secret was backed up', () => {
    assert.deepEqual(old(mesh({ roots: ['OLD'], anchors: ['NEW', MESH_CA_ANCHOR] })), ['OLD']);
  });

  it('are those of the baseline and of the backups together', () => {
    assert.deepEqual(old(mesh({ pairs: ['one|OLD,two|OLD'] })), ['OLD']);
    assert.deepEqual(old(mesh({ pairs: ['one|OLD,two|OLD'], roots: ['NEW'] })), ['OLD', 'NEW']);
  });

  it('are any but Mesh CA\'s where nobody noted one', () => {
    assert.deepEqual(old(mesh({})), ['OLD', 'NEW']);
    assert.deepEqual(old({ facts: { baseline: undefined, clusters: [] } }), ['OLD', 'NEW']);
  });

  it('are noted once: a later backup keeps them, though a root made anew is trusted by then', () => {
    assert.deepEqual(rootsToKeep(mesh({ anchors: ['OLD', MESH_CA_ANCHOR] })), ['OLD']);
    assert.deepEqual(rootsToKeep(mesh({ roots: ['OLD'], anchors: ['NEW', MESH_CA_ANCHOR] })), ['OLD']);
  });
});
