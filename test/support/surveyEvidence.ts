// The evidence of a survey in tests: what a session would hold after it.
import { targetId } from '../../src/app/trust/proxyTargets.js';
import type { SurveyEvidence } from '../../src/app/trust/surveyEvidence.js';
import type { SurveyRecord } from '../../src/app/trust/surveyRecord.js';
import { recordRows } from '../../src/app/trust/surveyRecord.js';
import type { ClusterSnapshot } from '../../src/domain/mesh/snapshot.js';
import { NOW } from './trustMesh.js';

export function evidenceOf(record: SurveyRecord, snapshots: readonly ClusterSnapshot[], more: Partial<SurveyEvidence> = {}): SurveyEvidence {
  return {
    rows: new Map(recordRows(record).map((row) => [row.id, row])),
    readings: new Map(record.proxies.map(({ target, trust }) => [targetId(target), { target, trust }])),
    samples: [],
    snapshots,
    scope: { contexts: [], namespaces: [] },
    notices: record.notices,
    progress: { running: false, cancelled: false },
    now: NOW,
    previous: undefined,
    saved: undefined,
    ...more,
  };
}
