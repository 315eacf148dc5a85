// What a step learns of CA files, with the certificate reader that the product uses.
import assert from 'node:assert/strict';
import { NodeCaFiles } from '../../../../src/adapters/files/nodeCaFiles.js';
import { createNodeCertificateReader } from '../../../../src/adapters/nodeCertificateReader.js';
import type { StepInspectorParts } from '../../../../src/app/steps/portStepInspector.js';
import { PortStepInspector } from '../../../../src/app/steps/portStepInspector.js';
import type { InspectionAnswer } from '../../../../src/domain/procedure/inspection.js';
import type { CaFiles } from '../../../support/opensslFiles.js';
import { makeCaFiles } from '../../../support/opensslFiles.js';
import { temporaryFolder } from '../../../support/temporaryFolder.js';
import { situation } from '../../../support/procedureMesh.js';

const neverAsked = (): Promise<never> => Promise.reject(new Error('not asked for here'));

describe('inspecting CA files for a step', function () {
  // openssl makes keys, which takes its time on a busy machine.
  this.timeout(60_000);
  const inside = temporaryFolder();
  const certificates = createNodeCertificateReader();
  const parts: StepInspectorParts = {
    objects: { read: neverAsked, findSecret: neverAsked },
    files: { readText: neverAsked, kindOf: neverAsked, gitWorkTreeOf: neverAsked },
    caFiles: new NodeCaFiles(certificates),
    certificates,
    tools: { versionOf: neverAsked },
    fleet: { readMembers: neverAsked },
    forecaster: { forecast: neverAsked },
    backups: { inspect: neverAsked },
    proxies: { readIstiodStream: neverAsked },
    situation: () => situation(),
  };
  const inspect = ({ caCert, caKey, rootCert, certChain }: CaFiles): Promise<InspectionAnswer> =>
    new PortStepInspector(parts).inspect({ kind: 'caFiles', caCert, caKey, rootCert, certChain }, new AbortController().signal);

  it('finds the root that the files lead to', async () => {
    const answer = await inspect(makeCaFiles(inside(), 'ec', 'one-'));
    assert.ok(answer.kind === 'caFiles');
    assert.ok(answer.facts.chainVerifies && answer.facts.keyMatches);
    assert.match(answer.facts.root, /^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
  });

  it('says so when the files do not lead to their root', async () => {
    const files = makeCaFiles(inside(), 'ec', 'two-');
    const other = makeCaFiles(inside(), 'ec', 'three-');
    const answer = await inspect({ ...files, rootCert: other.rootCert });
    assert.ok(answer.kind === 'caFiles');
    assert.equal(answer.facts.chainVerifies, false);
  });
});
