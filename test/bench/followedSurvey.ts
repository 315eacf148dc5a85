// What a change in the cluster costs once a survey is done and its session follows the cluster.
import { SurveySession } from '../../src/app/trust/surveySession.js';
import type { SurveySessionParts } from '../../src/app/trust/surveySession.js';
import { proxyTargets } from '../../src/app/trust/proxyTargets.js';
import type { TrustSurvey } from '../../src/app/trust/trustSurvey.js';
import { foldDeltas } from '../../src/domain/mesh/fold.js';
import type { ClusterSnapshot } from '../../src/domain/mesh/snapshot.js';
import { silentLog, wallClock } from '../support/clusterFollower.js';
import { median } from './measure.js';

const ROUNDS = 7;
const WHOLE_SCOPE = { contexts: [], namespaces: [] };

type ChangeListener = Parameters<SurveySessionParts['inventory']['onDidChange']>[0];

/** One pod changes a little, and nothing has to be read anew; the middle of several times. */
export async function millisecondsPerChange(mesh: ClusterSnapshot): Promise<number> {
  let snapshot = mesh;
  const listeners: ChangeListener[] = [];
  const session = new SurveySession({
    inventory: {
      clusters: [mesh.ref],
      snapshot: () => snapshot,
      onDidChange: (listener) => {
        listeners.push(listener);
        return { dispose: () => undefined };
      },
    },
    memory: { recall: () => Promise.resolve(undefined), keep: () => Promise.resolve() },
    survey: () => Promise.resolve({ run: surveyAtOnce }),
    clock: wallClock,
    log: silentLog,
  });
  await new Promise<void>((resolve) => {
    session.onProgress(() => {
      if (!session.progress().running) resolve();
    });
    session.start(WHOLE_SCOPE);
  });
  const times = Array.from({ length: ROUNDS }, (_, round) => {
    const before = snapshot;
    snapshot = withChange(snapshot, round + 1);
    const start = performance.now();
    for (const listener of listeners) listener([{ ref: mesh.ref, before, after: snapshot }]);
    return performance.now() - start;
  });
  session.dispose();
  return median(times);
}

/** Takes every proxy as read, without asking any. */
const surveyAtOnce: TrustSurvey['run'] = (snapshots, scope, _listener, _signal, includes) => {
  const total = proxyTargets(snapshots, scope).filter((target) => includes?.(target) ?? true).length;
  return Promise.resolve({ running: false, cancelled: false, total, done: total, unknown: 0, startedAt: 0, finishedAt: 0 });
};

function withChange(mesh: ClusterSnapshot, createdAt: number): ClusterSnapshot {
  const [pod] = [...mesh.namespaces.values()].flatMap(({ pods }) => [...pods.values()].slice(0, 1));
  if (pod === undefined) throw new Error('there is no pod');
  return foldDeltas(mesh, [{ type: 'set', object: { kind: 'pods', facts: { ...pod, createdAt } } }]);
}
