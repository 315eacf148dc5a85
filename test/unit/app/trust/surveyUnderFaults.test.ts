// A survey of a mesh in trouble: an API server that turns requests away, proxies that hang, and somebody who has seen enough.
import assert from 'node:assert/strict';
import { setMaxListeners } from 'node:events';
import type { Clock, ProxyReader } from '../../../../src/app/ports.js';
import { TrustSurvey } from '../../../../src/app/trust/trustSurvey.js';
import type { ClusterSnapshot } from '../../../../src/domain/mesh/snapshot.js';
import { fail } from '../../../../src/shared/failure.js';
import type { SurveyProgress, TrustRow } from '../../../../src/shared/trustRows.js';
import type { ControlledRehearsal } from '../../../support/controlledRehearsal.js';
import { startControlledRehearsal } from '../../../support/controlledRehearsal.js';
import { ManualClock } from '../../../support/manualClock.js';
import { CITADEL_CHAIN, holding } from '../../../support/surveyRecords.js';
import { reader } from '../../../support/trustCertificates.js';
import { pod, snapshot } from '../../../support/trustMesh.js';

const EVERYTHING = { contexts: [], namespaces: [] };

/** Nobody waits, but what they would have waited for is noted. */
class HurriedClock implements Clock {
  readonly pauses: number[] = [];

  now(): number {
    return Date.now();
  }

  sleep(milliseconds: number): Promise<void> {
    this.pauses.push(milliseconds);
    return new Promise(setImmediate);
  }
}

interface Surveyed {
  readonly end: SurveyProgress;
  readonly states: ReadonlyMap<string, string>;
}

describe('a survey of a mesh in trouble', function () {
  this.timeout(60_000);
  let mesh: ControlledRehearsal;
  let snapshots: readonly ClusterSnapshot[];

  before(async () => {
    mesh = await startControlledRehearsal();
    const read = await mesh.clusterReader.readOnce(mesh.ref, new AbortController().signal);
    assert.ok(read.ok);
    snapshots = [read.value];
  });
  afterEach(() => mesh.tell('clear'));
  after(() => mesh.end());

  async function survey(clock: Clock, proxyReader: ProxyReader, signal: AbortSignal, onRead: (read: ReadonlySet<string>) => void = () => undefined): Promise<Surveyed> {
    const states = new Map<string, string>();
    const listener = {
      onRows: (rows: readonly TrustRow[]): void => {
        for (const { namespace, pod: name, state } of rows) states.set(`${namespace}/${name}`, state);
        onRead(new Set([...states].filter(([, state]) => state === 'read').map(([name]) => name)));
      },
    };
    const end = await new TrustSurvey({ proxyReader, certificateReader: reader, clock, random: () => 0 }).run(snapshots, EVERYTHING, listener, signal);
    return { end, states };
  }

  it('comes to its end although the API server turns many requests away, and waits for as long as it is asked to', async () => {
    const clock = new HurriedClock();
    await mesh.tell('api throttle --resource pods/portforward --seconds 7 --times 9');
    const { end } = await survey(clock, mesh.proxyReader, new AbortController().signal);
    assert.deepEqual([end.done, end.unknown], [end.total, 0]);
    assert.ok(clock.pauses.some((pause) => pause > 6000 && pause <= 7000), String(clock.pauses));
  });

  it('says of what is turned away for good that the API server has too much to do', async () => {
    await mesh.tell('api throttle --resource pods/portforward --seconds 0 -n foo');
    const { end, states } = await survey(new HurriedClock(), mesh.proxyReader, new AbortController().signal);
    assert.ok(end.unknown > 0);
    for (const [name, state] of states) assert.equal(state, name.startsWith('foo/') ? 'unknown' : 'read', name);
  });

  it('reads all others while some proxies hang, and ends at once when it is cancelled', async () => {
    await mesh.tell('admin hang -n foo');
    const cancel = new AbortController();
    const others = [...(snapshots[0]?.namespaces.values() ?? [])]
      .filter(({ name }) => name !== 'foo')
      .flatMap(({ name, pods }) => [...pods.values()].filter(({ proxy }) => proxy?.state === 'running').map((facts) => `${name}/${facts.name}`));
    assert.ok(others.length > 0);
    const { end, states } = await survey(new HurriedClock(), mesh.proxyReader, cancel.signal, (read) => {
      if (others.every((name) => read.has(name))) cancel.abort();
    });
    assert.deepEqual([end.cancelled, end.unknown], [true, 0]);
    for (const [name, state] of states) assert.equal(state, name.startsWith('foo/') ? 'unknown' : 'read', name);
  });
});

describe('a survey with more hanging proxies than it asks at a time', () => {
  it('goes on with the rest after a moment, and tells what it has', async () => {
    const clock = new ManualClock();
    const names = [...Array.from({ length: 12 }, (_, index) => `hangs-${index}`), 'answers-1', 'answers-2'];
    const cancel = new AbortController();
    setMaxListeners(names.length, cancel.signal);
    const proxyReader: ProxyReader = {
      readSecrets: ({ pod: name }, signal) =>
        name.startsWith('answers')
          ? Promise.resolve(holding(CITADEL_CHAIN, 'citadel-root'))
          : new Promise((resolve) => { signal.addEventListener('abort', () => { resolve(fail({ kind: 'cancelled' })); }); }),
    };
    const read = new Set<string>();
    // In the order of the API the proxies that answer would come first.
    const pods = names.map((name) => pod(name.startsWith('hangs') ? 'a' : 'b', name));
    const listener = {
      onRows: (rows: readonly TrustRow[]): void => {
        for (const row of rows) if (row.state === 'read') read.add(row.pod);
      },
    };
    const finished = new TrustSurvey({ proxyReader, certificateReader: reader, clock }).run([snapshot('one', pods)], EVERYTHING, listener, cancel.signal);
    while (read.size < 2) {
      await new Promise(setImmediate);
      clock.advance(100);
    }
    cancel.abort();
    const end = await finished;
    assert.deepEqual([end.cancelled, end.done], [true, 2]);
  });
});
