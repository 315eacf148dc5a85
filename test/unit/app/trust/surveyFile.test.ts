// A survey goes into a file and comes out the same; a file that says too much is not believed.
import assert from 'node:assert/strict';
import { parseSurveyDocument } from '../../../../src/adapters/files/surveyFileSchema.js';
import { certificateHoldings } from '../../../../src/app/trust/certificateHoldings.js';
import type { OpenedSurvey } from '../../../../src/app/trust/savedSurvey.js';
import { readSurveyFile } from '../../../../src/app/trust/savedSurvey.js';
import { finish } from '../../../../src/app/trust/stretches.js';
import { writeSurveyFile } from '../../../../src/app/trust/surveyFile.js';
import type { SurveyRecord } from '../../../../src/app/trust/surveyRecord.js';
import { recordRows } from '../../../../src/app/trust/surveyRecord.js';
import { matrixOf } from '../../../../src/app/trust/trustMatrix.js';
import { parseSecretDump } from '../../../../src/domain/trust/envoyDump.js';
import type { SurveyDocument } from '../../../../src/domain/trust/surveyDocument.js';
import { message } from '../../../../src/shared/text/message.js';
import type { TrustRow } from '../../../../src/shared/trustRows.js';
import { chainEntry, flatAnswer, spiffeRootsEntry } from '../../../support/envoyAnswers.js';
import { MIXED_ANSWERS, recordOf } from '../../../support/surveyRecords.js';
import { fingerprint, pemOf, reader } from '../../../support/trustCertificates.js';
import { NOW } from '../../../support/trustMesh.js';

const PARTS = { parse: parseSurveyDocument, certificateReader: reader };
const NOTICE = message('trust.notice.podsUnknown', { cluster: 'two', failure: message('failure.forbidden', { reason: 'see /home/me/.kube/config' }) });

async function record(): Promise<SurveyRecord> {
  return recordOf(undefined, undefined, [NOTICE]);
}

function opened(text: string): SurveyRecord {
  const read = readSurveyFile(new TextEncoder().encode(text), PARTS);
  assert.ok(read.ok, JSON.stringify(read));
  return read.record;
}

/** Without what names the kubeconfig. */
function rowsOf(survey: SurveyRecord): readonly object[] {
  const bare = ({ id: _id, clusterKey: _key, why, ...row }: TrustRow): object => ({ ...row, why: why?.key });
  return recordRows(survey).map(bare);
}

async function reopened(change: (document: SurveyDocument) => unknown): Promise<OpenedSurvey> {
  return readSurveyFile(new TextEncoder().encode(JSON.stringify(change(JSON.parse(writeSurveyFile(await record(), 'mesh-ca test')) as SurveyDocument))), PARTS);
}

function reasonOf(read: OpenedSurvey): string {
  assert.ok(!read.ok);
  return read.why.key;
}

describe('a saved survey', () => {
  it('gives the same rows, classes, matrix and holdings again', async () => {
    const before = await record();
    const after = opened(writeSurveyFile(before, 'mesh-ca test'));
    assert.deepEqual(rowsOf(after), rowsOf(before));
    const [was, is] = [before, after].map(({ proxies, finishedAt }) => matrixOf(proxies, finishedAt));
    assert.deepEqual(is!.classes.map(({ id, members }) => [id, members.length]), was!.classes.map(({ id, members }) => [id, members.length]));
    assert.deepEqual(is!.grid.map((row) => row.map(({ kind }) => kind)), was!.grid.map((row) => row.map(({ kind }) => kind)));
    assert.deepEqual(finish(certificateHoldings(after.proxies, NOW)), finish(certificateHoldings(before.proxies, NOW)));
    assert.equal(after.finishedAt, NOW);
  });

  it('opens again with certificates that are files in a pod, and still tells that they are', async () => {
    const file = '/etc/certs/root-cert.pem';
    const mounted = flatAnswer([{ name: 'ROOTCA', secret: { name: 'ROOTCA', validation_context: { trusted_ca: { filename: file } } } }]);
    const before = await recordOf(undefined, { ...MIXED_ANSWERS, 'old-1': parseSecretDump(mounted) });
    const after = opened(writeSurveyFile(before, 'mesh-ca test'));
    assert.deepEqual(rowsOf(after), rowsOf(before));
    const trust = after.proxies.find(({ target }) => target.pod.name === 'old-1')?.trust;
    assert.ok(trust?.ok && trust.value.anchors.state === 'unreadable');
    assert.equal(trust.value.anchors.file, file);
  });

  it('keeps for which trust domain a root is an anchor, so the same pairs fail', async () => {
    const bound = parseSecretDump(flatAnswer([chainEntry(pemOf('citadel-leaf', 'citadel-root')), spiffeRootsEntry(['other.local', pemOf('citadel-root')])]));
    const before = await recordOf(undefined, { ...MIXED_ANSWERS, 'old-1': bound });
    const [was, is] = [before, opened(writeSurveyFile(before, 'mesh-ca test'))].map(({ proxies, finishedAt }) => {
      const { classes, grid } = matrixOf(proxies, finishedAt);
      const place = classes.findIndex(({ members }) => members.some(({ pod }) => pod.name === 'old-1'));
      return { amongThemselves: grid[place]?.[place]?.kind, kinds: grid.map((row) => row.map(({ kind }) => kind)) };
    });
    assert.equal(was?.amongThemselves, 'broken');
    assert.deepEqual(is, was);
  });

  it('can be saved again without becoming another', async () => {
    const text = writeSurveyFile(await record(), 'mesh-ca test');
    assert.deepEqual(JSON.parse(writeSurveyFile(opened(text), 'mesh-ca test')), JSON.parse(text));
  });

  it('holds neither keys, nor workloads’ certificates, nor the path of a kubeconfig', async () => {
    const text = writeSurveyFile(await record(), 'mesh-ca test');
    assert.doesNotMatch(text, /PRIVATE KEY|\/home\/me|kube\/config/);
    const { certificates } = JSON.parse(text) as SurveyDocument;
    assert.deepEqual(new Set(certificates), new Set([pemOf('citadel-root'), pemOf('mesh-root'), pemOf('mesh-intermediate')].map(normal)));
  });

  it('names what it lacks: a place that is not in it, a certificate that is another', async () => {
    assert.equal(reasonOf(await reopened((document) => ({ ...document, clusters: [] }))), 'surveys.file.schema');
    assert.equal(reasonOf(await reopened((document) => ({ ...document, rules: [] }))), 'surveys.file.schema');
    assert.equal(reasonOf(await reopened((document) => ({ ...document, certificates: [pemOf('citadel-root')] }))), 'surveys.file.certificate');
    assert.equal(reasonOf(await reopened((document) => ({ ...document, certificates: ['-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----'] }))), 'surveys.file.certificate');
    assert.equal(reasonOf(await reopened((document) => ({ ...document, certificates: [pemOf('citadel-root', 'mesh-root')] }))), 'surveys.file.certificate');
  });

  it('is not believed when it calls another key Mesh CA', async () => {
    const claim = { kind: 'meshCa', rehearsal: false };
    const read = await reopened((document) => ({ ...document, roots: document.roots.map((root) => ({ ...root, name: claim })) }));
    assert.equal(reasonOf(read), 'surveys.file.claim');
    const renewed = await reopened((document) => ({ ...document, roots: [{ fingerprint: fingerprint('lookalike-root'), name: claim }] }));
    assert.equal(reasonOf(renewed), 'surveys.file.certificate');
  });

  it('has no cluster that anything could be asked of', async () => {
    for (const { kubeconfig } of opened(writeSurveyFile(await record(), 'mesh-ca test')).clusters) assert.doesNotMatch(kubeconfig, /[\\/]/);
  });
});

/** Line ends as the reader writes them. */
function normal(pem: string): string {
  const read = reader.read(pem);
  return read.ok ? (read.value[0]?.pem ?? '') : '';
}
