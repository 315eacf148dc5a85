// Proxies whose answers are odd, or beyond us: nobody else's verdict is lost with theirs.
import assert from 'node:assert/strict';
import type { CertificateReader } from '../../../../src/app/ports.js';
import { TrustSurvey } from '../../../../src/app/trust/trustSurvey.js';
import { parseSecretDump } from '../../../../src/domain/trust/envoyDump.js';
import type { SurveyProgress, TrustRow } from '../../../../src/shared/trustRows.js';
import { silentLog } from '../../../support/clusterFollower.js';
import { chainEntry, flatAnswer, rootsEntry } from '../../../support/envoyAnswers.js';
import { makeCertificate, rawExtension } from '../../../support/madeCertificates.js';
import { fingerprint, pemOf, reader } from '../../../support/trustCertificates.js';
import { caRoots, instantClock, pod, snapshot } from '../../../support/trustMesh.js';

interface Surveyed {
  readonly end: SurveyProgress;
  readonly rows: ReadonlyMap<string, TrustRow>;
  readonly errors: readonly string[];
}

/** Of three proxies that are signed by Citadel; `b` alone trusts this bundle, the others Citadel's root. */
async function survey(bundle: string, certificateReader: CertificateReader = reader): Promise<Surveyed> {
  const rows = new Map<string, TrustRow>();
  const errors: string[] = [];
  const proxyReader = {
    readSecrets: ({ pod: name }: { readonly pod: string }) =>
      Promise.resolve(parseSecretDump(flatAnswer([chainEntry(pemOf('citadel-leaf', 'citadel-root')), rootsEntry(name === 'b' ? bundle : pemOf('citadel-root'))]))),
  };
  const log = { ...silentLog, error: (text: string) => void errors.push(text) };
  const mesh = snapshot('one', ['a', 'b', 'c'].map((name) => pod('foo', name)), { caRoots: caRoots(fingerprint('citadel-root')) });
  const listener = { onRows: (batch: readonly TrustRow[]) => { for (const row of batch) rows.set(row.pod, row); } };
  const end = await new TrustSurvey({ proxyReader, certificateReader, clock: instantClock, log }).run([mesh], { contexts: [], namespaces: [] }, listener, new AbortController().signal);
  return { end, rows, errors };
}

function states({ rows }: Surveyed): Record<string, string> {
  return Object.fromEntries([...rows].map(([name, { state }]) => [name, state]));
}

describe('a survey that meets odd answers', () => {
  it('judges all the others where the answer of one cannot be judged for a mistake of ours, and says so in the log', async () => {
    const mistaken: CertificateReader = {
      isSignedBy: (one, other) => reader.isSignedBy(one, other),
      read: (pem) => {
        if (pem === pemOf('ec-root')) throw new RangeError('out of range');
        return reader.read(pem);
      },
    };
    const surveyed = await survey(pemOf('ec-root'), mistaken);
    assert.deepEqual(states(surveyed), { a: 'read', b: 'unknown', c: 'read' });
    assert.deepEqual([surveyed.end.done, surveyed.end.unknown, surveyed.end.cancelled], [3, 1, false]);
    assert.deepEqual(surveyed.rows.get('b')?.why, { key: 'failure.unexpected', args: { reason: 'out of range' } });
    assert.deepEqual(surveyed.errors, ['one foo/b could not be judged: RangeError: out of range']);
  });

  it('reads a proxy that trusts a root whose key identifier is malformed', async () => {
    const { pem } = makeCertificate({ name: [['O', 'odd']], extensions: [rawExtension('2.5.29.14', '0487ffffffffffffff')] });
    const surveyed = await survey(pemOf('citadel-root') + pem);
    assert.deepEqual(states(surveyed), { a: 'read', b: 'read', c: 'read' });
    assert.deepEqual(surveyed.rows.get('b')?.roots.map(({ label }) => label), ['CITADEL', 'OTHER']);
    assert.deepEqual(surveyed.errors, []);
  });
});
