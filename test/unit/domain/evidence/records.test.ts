// Records in the cluster: written and read back they are the same, and what is malformed in any way is no record.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { backupKey, backupText } from '../../../../src/domain/evidence/records/backupRecord.js';
import { baselineText, renamedPair } from '../../../../src/domain/evidence/records/baselineRecord.js';
import { readRecords } from '../../../../src/domain/evidence/records/clusterRecords.js';
import { fleetText } from '../../../../src/domain/evidence/records/fleetRecord.js';
import { identityScanText } from '../../../../src/domain/evidence/records/identityScanRecord.js';
import { probeKey, probeText } from '../../../../src/domain/evidence/records/probeRecord.js';
import { testKey, testText } from '../../../../src/domain/evidence/records/testRecord.js';

const PROBE = { at: 5, revision: 'asm-2', passed: true, issuer: 'MESHCA', anchors: ['A', 'MESHCA'], domain: 'fleet.svc.id.goog', controlPlane: 'uid@image' };
const BACKUP = { at: 6, secret: 'cacerts', uid: 'u', resourceVersion: '7', sha256: 'ff', file: '/home/me/cacerts.yaml' };
const TEST = { at: 7, namespace: 'foo', revision: 'asm-1', passed: false, by: 'command' } as const;
const BASELINE = { at: 1, pairs: ['one|A,two|B'], meshed: ['one/foo'] };
const FLEET = {
  at: 3,
  project: 'fleet',
  members: [
    { name: 'projects/fleet/locations/global/memberships/on-premises', cluster: undefined },
    { name: 'projects/fleet/locations/global/memberships/one', cluster: 'projects/p/locations/us-east1/clusters/one' },
  ],
};
const WHOLE = {
  baseline: baselineText(BASELINE),
  fleet: fleetText(FLEET),
  'identity-scan': identityScanText({ at: 2, open: ['x'] }),
  [probeKey('asm-2')]: probeText(PROBE),
  [backupKey('cacerts')]: backupText(BACKUP),
  [testKey('foo', 'asm-1')]: testText(TEST),
};

describe('records in the cluster', () => {
  it('come back as they were written', () => {
    assert.deepEqual(readRecords(WHOLE), {
      baseline: BASELINE,
      identityScan: { at: 2, open: ['x'] },
      fleet: FLEET,
      probes: [PROBE],
      backups: [BACKUP],
      tests: [TEST],
      malformed: [],
    });
  });

  it('count as not recorded when a single field is missing or of another type, and are named', () => {
    for (const [key, text] of Object.entries(WHOLE)) {
      for (const field of Object.keys(JSON.parse(text) as object)) {
        for (const wrong of [undefined, { odd: true }]) {
          const changed = JSON.stringify({ ...(JSON.parse(text) as object), [field]: wrong });
          const optional = wrong === undefined && (field === 'issuer' || field === 'domain');
          assert.deepEqual(readRecords({ ...WHOLE, [key]: changed }).malformed, optional ? [] : [key], `${key} ${field}`);
        }
      }
    }
  });

  it('never crash what reads them, whatever stands in the config map', () => {
    const key = fc.constantFrom(...Object.keys(WHOLE), 'somebody-elses');
    fc.assert(fc.property(fc.dictionary(key, fc.oneof(fc.string(), fc.json())), (texts) => {
      const read = readRecords(texts);
      assert.ok(read.malformed.every((name) => name in texts && name !== 'somebody-elses'));
    }));
  });

  it('are void under another key than their own, so that no evidence is moved from one thing to another', () => {
    const moved = readRecords({ 'probe.asm-3': probeText(PROBE), 'backup.istio-ca-secret': backupText(BACKUP), 'test.bar.asm-1': testText(TEST) });
    assert.equal(moved.malformed.length, 3);
  });

  it('of a backup name an object, or none at all', () => {
    assert.deepEqual(readRecords({ [backupKey('cacerts')]: backupText({ ...BACKUP, uid: '' }) }).backups, []);
  });

  it('name clusters as the plan does, and are renamed for whoever reads them', () => {
    const keys: Readonly<Record<string, string>> = { one: 'ctx-1@/home/a,b', two: 'ctx-2@/x' };
    assert.equal(renamedPair('one|A:B,two|MESHCA', (name) => keys[name]), 'ctx-1@/home/a,b|A:B,ctx-2@/x|MESHCA');
    assert.equal(renamedPair('nonsense', (name) => name), undefined);
    assert.equal(renamedPair('three|A,two|B', (name) => keys[name]), undefined);
  });
});
