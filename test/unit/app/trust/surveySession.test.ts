// The survey that a person looks at, over an inventory that moves.
import assert from 'node:assert/strict';
import type { ClusterChange } from '../../../../src/app/inventory/meshInventory.js';
import { SurveySession } from '../../../../src/app/trust/surveySession.js';
import { recordRows } from '../../../../src/app/trust/surveyRecord.js';
import { proxyTargets } from '../../../../src/app/trust/proxyTargets.js';
import { waitingRow } from '../../../../src/app/trust/trustPresenter.js';
import type { TrustSurvey } from '../../../../src/app/trust/trustSurvey.js';
import type { ClusterSnapshot } from '../../../../src/domain/mesh/snapshot.js';
import type { KeptSurvey, SurveyMemory } from '../../../../src/app/trust/surveyMemory.js';
import type { TrustRow, TrustScope } from '../../../../src/shared/trustRows.js';
import { recordOf } from '../../../support/surveyRecords.js';
import { instantClock, pod, snapshot } from '../../../support/trustMesh.js';

const WHOLE_MESH = { contexts: [], namespaces: [] };

/** An inventory of one cluster that a test moves by hand. */
class HandMovedInventory {
  #now: ClusterSnapshot;
  readonly #listeners = new Set<(changes: readonly ClusterChange[]) => void>();

  constructor(now: ClusterSnapshot) {
    this.#now = now;
  }

  get clusters(): ClusterSnapshot['ref'][] {
    return [this.#now.ref];
  }

  snapshot(): ClusterSnapshot {
    return this.#now;
  }

  onDidChange(listener: (changes: readonly ClusterChange[]) => void): { dispose(): void } {
    this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  }

  move(after: ClusterSnapshot): void {
    const before = this.#now;
    this.#now = after;
    for (const listener of this.#listeners) listener([{ ref: after.ref, before, after }]);
  }
}

/** Answers each run with `read` when the test says so, and notes which pods it was asked for. */
class HandDrivenSurvey implements Pick<TrustSurvey, 'run'> {
  readonly asked: string[][] = [];
  #finish: (() => void)[] = [];

  run: TrustSurvey['run'] = (snapshots, scope, listener, signal, includes) => {
    const targets = proxyTargets(snapshots, scope).filter((target) => includes?.(target) ?? true);
    this.asked.push(targets.map((target) => target.pod.name));
    const waiting = targets.map(waitingRow);
    listener.onRows?.(waiting);
    const progress = { running: false, cancelled: false, total: 0, done: 0, unknown: 0, startedAt: 0, finishedAt: 0 };
    return new Promise((resolve) => {
      signal.addEventListener('abort', () => {
        resolve(progress);
      });
      this.#finish.push(() => {
        listener.onRows?.(waiting.map((row) => ({ ...row, state: 'read' })));
        for (const { cluster, pod: facts } of targets) {
          listener.onSample?.({ cluster, namespace: facts.namespace, revision: facts.proxy?.revision, pod: facts.name, listener: { domains: { kind: 'any' }, mtls: 'strict' } });
        }
        resolve(progress);
      });
    });
  };

  async answer(): Promise<void> {
    for (const finish of this.#finish.splice(0)) finish();
    await settled();
  }
}

/** What a storage would hold, for one scope after the other. */
class HeldSurveys implements SurveyMemory {
  readonly kept = new Map<string, KeptSurvey>();

  recall(scope: TrustScope): Promise<KeptSurvey | undefined> {
    return Promise.resolve(this.kept.get(JSON.stringify(scope)));
  }

  keep(survey: KeptSurvey): Promise<void> {
    this.kept.set(JSON.stringify(survey.scope), survey);
    return Promise.resolve();
  }
}

/** Lets everything that is already resolved run. */
function settled(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

function shown(session: SurveySession): string[] {
  return [...session.rows()].map(({ pod: name, state }: TrustRow) => `${name} ${state}`);
}

describe('SurveySession', () => {
  const [a, b, c] = ['a', 'b', 'c'].map((name) => pod('foo', name)) as [ReturnType<typeof pod>, ReturnType<typeof pod>, ReturnType<typeof pod>];

  let memory = new HeldSurveys();
  beforeEach(() => {
    memory = new HeldSurveys();
  });

  async function surveyed(...pods: readonly ReturnType<typeof pod>[]): Promise<{ inventory: HandMovedInventory; survey: HandDrivenSurvey; session: SurveySession }> {
    const inventory = new HandMovedInventory(snapshot('c1', pods));
    const survey = new HandDrivenSurvey();
    const ignore = (): void => undefined;
    const refuse = (text: string): void => {
      throw new Error(text);
    };
    const log = { debug: ignore, info: ignore, warn: ignore, error: refuse };
    const session = new SurveySession({ inventory, survey: () => Promise.resolve(survey), memory, clock: instantClock, log });
    session.start(WHOLE_MESH);
    await settled();
    return { inventory, survey, session };
  }

  it('shows every proxy as waiting, then as read, and says when it is over', async () => {
    const { survey, session } = await surveyed(a, b);
    assert.deepEqual(shown(session), ['a waiting', 'b waiting']);
    assert.equal(session.progress().running, true);
    assert.equal(session.evidence().progress.running, true);
    await survey.answer();
    assert.deepEqual(shown(session), ['a read', 'b read']);
    assert.equal(session.evidence().progress.running, false);
    const { running, cancelled, total, done } = session.progress();
    assert.deepEqual({ running, cancelled, total, done }, { running: false, cancelled: false, total: 2, done: 2 });
  });

  it('is kept at its end, and the first of another session is compared with it', async () => {
    const { survey } = await surveyed(a, b);
    assert.equal(memory.kept.size, 0);
    await survey.answer();
    assert.deepEqual([...memory.kept.values()].map(({ rows }) => rows.map(({ pod: name, state }) => `${name} ${state}`)), [['a read', 'b read']]);
    const later = await surveyed(b);
    await later.survey.answer();
    assert.deepEqual(later.session.evidence().previous?.rows.map(({ pod: name }) => name), ['a', 'b']);
  });

  it('is not kept when it was cancelled, nor when only a pod that came later was read', async () => {
    const { inventory, survey, session } = await surveyed(a);
    session.cancel();
    await settled();
    assert.equal(memory.kept.size, 0);
    session.start(WHOLE_MESH);
    await settled();
    await survey.answer();
    inventory.move(snapshot('c1', [a, b]));
    await settled();
    await survey.answer();
    assert.deepEqual([...memory.kept.values()].map(({ rows }) => rows.length), [1]);
  });

  it('is not compared with one of another part of the mesh', async () => {
    const { session, survey } = await surveyed(a);
    await survey.answer();
    session.start({ contexts: [], namespaces: ['foo'] });
    await settled();
    await survey.answer();
    assert.equal(session.evidence().previous, undefined);
  });

  it('reads a pod that comes after the survey, and only that one', async () => {
    const { inventory, survey, session } = await surveyed(a);
    await survey.answer();
    inventory.move(snapshot('c1', [a, b]));
    await settled();
    await survey.answer();
    assert.deepEqual(survey.asked, [['a'], ['b']]);
    assert.deepEqual(shown(session), ['a read', 'b read']);
  });

  it('keeps one sample of a revision and namespace, the latest, however many pods come', async () => {
    const { inventory, survey, session } = await surveyed(a, pod('bar', 'd'));
    await survey.answer();
    for (const pods of [[a, b], [a, b, c]]) {
      inventory.move(snapshot('c1', [...pods, pod('bar', 'd')]));
      await settled();
      await survey.answer();
    }
    assert.deepEqual(session.evidence().samples.map(({ namespace, pod: name }) => `${namespace} ${name}`).sort(), ['bar d', 'foo c']);
  });

  it('takes out a pod that is gone, and says so', async () => {
    const { inventory, survey, session } = await surveyed(a, b);
    await survey.answer();
    const removed: string[] = [];
    session.onRemoved((ids) => removed.push(...ids));
    inventory.move(snapshot('c1', [b]));
    assert.deepEqual(shown(session), ['b read']);
    assert.equal(removed.length, 1);
  });

  it('reads a pod again that was made anew under the same name', async () => {
    const { inventory, survey, session } = await surveyed(a);
    await survey.answer();
    inventory.move(snapshot('c1', [pod('foo', 'a', { uid: 'another' })]));
    await settled();
    assert.deepEqual(shown(session), ['a waiting']);
    assert.deepEqual(survey.asked, [['a'], ['a']]);
  });

  it('looks at no namespace that did not change', async () => {
    const { inventory, survey, session } = await surveyed(a);
    await survey.answer();
    const known = inventory.snapshot();
    const foo = known.namespaces.get('foo')!;
    Object.defineProperty(foo, 'pods', { get: () => assert.fail('the pods of foo were looked at') });
    const bar = { ...snapshot('c1', [], { empty: ['bar'] }).namespaces.get('bar')! };
    inventory.move({ ...known, namespaces: new Map([['foo', foo], ['bar', bar]]) });
    assert.deepEqual(shown(session), ['a read']);
  });

  it('keeps what it has when it is cancelled, and follows nothing any more', async () => {
    const { inventory, survey, session } = await surveyed(a);
    await survey.answer();
    session.start(WHOLE_MESH);
    await settled();
    session.cancel();
    await settled();
    assert.equal(session.progress().cancelled, true);
    inventory.move(snapshot('c1', [a, c]));
    await settled();
    assert.deepEqual(survey.asked, [['a'], ['a']]);
  });

  it('forgets the rows of another scope', async () => {
    const { survey, session } = await surveyed(a, b);
    await survey.answer();
    session.start({ contexts: [], namespaces: ['elsewhere'] });
    assert.deepEqual(shown(session), []);
  });

  it('says why the list of proxies is not complete', async () => {
    const { inventory, survey, session } = await surveyed(a);
    await survey.answer();
    const known = snapshot('c1', [a]);
    const failure = { kind: 'forbidden', reason: 'no' } as const;
    inventory.move({ ...known, kinds: { ...known.kinds, pods: { state: 'failed', failure } } });
    assert.deepEqual(session.notices().map(({ key }) => key), ['trust.notice.podsUnknown']);
  });

  it('holds what the survey before found, to compare with, as long as it was of the same part of the mesh', async () => {
    const { survey, session } = await surveyed(a, b);
    assert.equal(session.evidence().previous, undefined);
    await survey.answer();
    session.start(WHOLE_MESH);
    assert.equal(session.evidence().previous, undefined);
    await settled();
    await survey.answer();
    assert.deepEqual(session.evidence().previous?.rows.map(({ pod: name, state }) => `${name} ${state}`), ['a read', 'b read']);
    session.start({ contexts: [], namespaces: ['foo'] });
    await settled();
    await survey.answer();
    assert.equal(session.evidence().previous, undefined);
  });

  it('shows a survey from a file in place of its own, follows nothing, and forgets it with the next survey', async () => {
    const { inventory, survey, session } = await surveyed(a);
    await survey.answer();
    const record = await recordOf();
    const rows = recordRows(record);
    session.open({ record, rows, readings: new Map(record.proxies.map((proxy, index) => [rows[index]!.id, proxy])), file: 'saved.json' });
    assert.deepEqual([...session.rows()].map(({ pod: name }) => name).sort(), ['both-1', 'new-1', 'old-1', 'refused-1']);
    assert.deepEqual([session.saved()?.file, session.evidence().snapshots, session.evidence().readings.size], ['saved.json', [], 4]);
    inventory.move(snapshot('c1', [a, c]));
    await settled();
    assert.deepEqual(survey.asked, [['a']]);
    session.start(WHOLE_MESH);
    assert.deepEqual([session.saved(), session.evidence().saved, session.evidence().previous, shown(session)], [undefined, undefined, undefined, []]);
  });
});
