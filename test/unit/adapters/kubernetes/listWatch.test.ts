// The list+watch loop against a server that behaves as real ones do on bad days; time is moved by hand.
import assert from 'node:assert/strict';
import { apiClient } from '../../../../src/adapters/kubernetes/apiRequest.js';
import { ClusterConnections } from '../../../../src/adapters/kubernetes/clusterConnection.js';
import { textIn, valueAt } from '../../../../src/adapters/kubernetes/json.js';
import { ListWatch } from '../../../../src/adapters/kubernetes/listWatch.js';
import { silentLog } from '../../../support/clusterFollower.js';
import { ManualClock } from '../../../support/manualClock.js';
import type { ReceivedRequest } from '../../../support/scriptedApi.js';
import { listOf, objectNamed, ScriptedApi } from '../../../support/scriptedApi.js';

/** Longer than any pause between attempts, shorter than any limit of a request. */
const isPause = (milliseconds: number): boolean => milliseconds <= 1_000;
const isWatchdog = (milliseconds: number): boolean => milliseconds > 200_000;

describe('ListWatch', () => {
  let api: ScriptedApi;
  let clock: ManualClock;
  let stop: AbortController;
  let running: Promise<void>;
  let loop: ListWatch<string>;
  let heard: string[];
  let errors: string[];
  let noticed: (() => void) | undefined;

  beforeEach(async () => {
    api = await ScriptedApi.start();
    clock = new ManualClock();
    stop = new AbortController();
    heard = [];
    const hear = (text: string): void => {
      heard.push(text);
      noticed?.();
    };
    errors = [];
    const read = (object: unknown): string | undefined => {
      const name = textIn(valueAt(object, 'metadata', 'name'));
      if (name === 'beyond-us') throw new RangeError('out of range');
      return name;
    };
    loop = new ListWatch<string>(
      { name: 'pods', path: '/api/v1/pods', query: {}, read },
      { api: apiClient(api.ref, new ClusterConnections(), clock), clock, log: { ...silentLog, error: (text) => void errors.push(text) }, random: () => 0 },
      {
        listed: (names) => { hear(`listed ${names.join(',')}`); },
        changed: (changes) => { hear(changes.map(({ type, facts }) => `${type} ${facts}`).join(',')); },
        state: (state) => { hear('failure' in state ? `${state.state} ${state.failure.kind}` : state.state); },
      },
      stop.signal,
    );
    running = loop.run();
  });

  afterEach(async () => {
    stop.abort();
    await running;
    await api.stop();
  });

  async function listAnd(answer: (list: ReceivedRequest) => void = (list) => { list.json(listOf(['a'], '10')); }): Promise<ReceivedRequest> {
    const list = await api.request();
    assert.equal(list.isWatch, false);
    answer(list);
    const watch = await api.request();
    assert.equal(watch.isWatch, true);
    return watch;
  }

  async function untilHeard(text: string): Promise<void> {
    while (!heard.includes(text)) await new Promise<void>((resolve) => { noticed = resolve; });
  }

  it('lists page by page, then watches from where the list was', async () => {
    const first = await api.request();
    assert.equal(first.url.searchParams.get('limit'), '500');
    first.json(listOf(['a'], '9', 'more'));
    const second = await api.request();
    assert.equal(second.url.searchParams.get('continue'), 'more');
    second.json(listOf(['b'], '10'));
    const watch = await api.request();
    assert.equal(watch.headers.authorization, 'Bearer secret');
    assert.equal(watch.url.searchParams.get('resourceVersion'), '10');
    assert.equal(watch.url.searchParams.get('allowWatchBookmarks'), 'true');
    assert.equal(watch.url.searchParams.get('timeoutSeconds'), '240');
    assert.deepEqual(heard, ['set a', 'set b', 'listed a,b', 'live']);
  });

  it('tells changes as they come and goes on after a quiet close where a bookmark left off', async () => {
    const watch = await listAnd();
    watch.event('ADDED', objectNamed('b', '11'));
    await untilHeard('set b');
    watch.event('DELETED', objectNamed('a', '12'));
    await untilHeard('gone a');
    watch.event('BOOKMARK', { metadata: { resourceVersion: '20' } });
    watch.response.end();
    const again = await api.request();
    assert.equal(again.isWatch && again.url.searchParams.get('resourceVersion'), '20');
    assert.deepEqual(heard.slice(-2), ['set b', 'gone a']);
  });

  it('reads an event that arrives in pieces, within a character', async () => {
    const watch = await listAnd();
    const line = Buffer.from(`${JSON.stringify({ type: 'ADDED', object: objectNamed('멀리', '11') })}\n`);
    const cut = line.indexOf(Buffer.from('멀')) + 1;
    watch.response.write(line.subarray(0, cut));
    watch.response.write(line.subarray(cut));
    await untilHeard('set 멀리');
  });

  it('lists again at once after 410, as a status and as an event, and stays live', async () => {
    const watch = await listAnd();
    watch.event('ADDED', objectNamed('b', '11'));
    await untilHeard('set b');
    clock.advance(5_000);
    watch.event('ERROR', { kind: 'Status', code: 410, message: 'too old resource version' });
    const second = await listAnd((list) => { list.json(listOf(['c'], '30')); });
    clock.advance(5_000);
    second.json({ kind: 'Status', code: 410 }, 410);
    const list = await api.request();
    assert.equal(list.isWatch, false);
    assert.deepEqual(heard, ['set a', 'listed a', 'live', 'set b', 'listed c']);
  });

  it('pauses before it lists again when every watch expires at once', async () => {
    const watch = await listAnd();
    watch.json({ kind: 'Status', code: 410 }, 410);
    clock.advance(await clock.whenSleeping(isPause));
    const second = await listAnd();
    second.json({ kind: 'Status', code: 410 }, 410);
    assert.equal(await clock.whenSleeping(isPause), 1_000);
  });

  it('pauses twice as long after each failure and starts short again after success', async () => {
    const refuse = async (): Promise<void> => { (await api.request()).json({ message: 'pods is forbidden' }, 403); };
    await refuse();
    assert.equal(await clock.whenSleeping(isPause), 500);
    assert.deepEqual(heard, ['failed forbidden']);
    clock.advance(500);
    await refuse();
    clock.advance(await clock.whenSleeping((pause) => pause === 1_000));
    await refuse();
    clock.advance(await clock.whenSleeping((pause) => pause === 2_000));
    const watch = await listAnd();
    clock.advance(10_000);
    watch.response.destroy();
    assert.equal(await clock.whenSleeping(isPause), 500);
  });

  it('calls what it knows stale while an ERROR event, garbage or a broken connection is recovered from', async () => {
    const spoil: readonly [string, (watch: ReceivedRequest) => void][] = [
      ['stale apiError', (watch) => { watch.event('ERROR', { code: 500, message: 'etcd leader changed' }); }],
      ['stale apiError', (watch) => { watch.response.write('<html>\n'); }],
      ['stale clusterUnreachable', (watch) => { watch.response.destroy(); }],
    ];
    for (const [said, how] of spoil) {
      heard.length = 0;
      const watch = await listAnd();
      watch.event('ADDED', objectNamed('b', '11'));
      await untilHeard('set b');
      clock.advance(5_000);
      how(watch);
      await untilHeard(said);
      clock.advance(await clock.whenSleeping(isPause));
    }
    await listAnd();
    assert.equal(heard.at(-1), 'live');
  });

  it('fails, keeps trying and says so once in the log while an object in the list is beyond it', async () => {
    (await api.request()).json(listOf(['a', 'beyond-us'], '10'));
    await untilHeard('failed unexpected');
    clock.advance(await clock.whenSleeping(isPause));
    (await api.request()).json(listOf(['a', 'beyond-us'], '11'));
    clock.advance(await clock.whenSleeping(isPause));
    await listAnd();
    assert.deepEqual(heard, ['failed unexpected', 'set a', 'listed a', 'live']);
    assert.deepEqual(errors, ['pods: /beyond-us: out of range']);
  });

  it('keeps what it knows, and lists again, when an object in the watch is beyond it', async () => {
    const watch = await listAnd();
    watch.response.write(['b', 'beyond-us', 'c'].map((name) => `${JSON.stringify({ type: 'ADDED', object: objectNamed(name, '11') })}\n`).join(''));
    await untilHeard('stale unexpected');
    assert.deepEqual(heard.slice(-2), ['set b', 'stale unexpected']);
    clock.advance(await clock.whenSleeping(isPause));
    await listAnd((list) => { list.json(listOf(['a', 'b', 'c'], '12')); });
    assert.equal(heard.at(-1), 'live');
    assert.deepEqual(errors, ['pods: /beyond-us: out of range']);
  });

  it('does not hammer a server that ends every watch at once', async () => {
    const watch = await listAnd();
    watch.response.writeHead(200).end();
    await untilHeard('stale clusterUnreachable');
    assert.equal(await clock.whenSleeping(isPause), 500);
    assert.equal(api.pending, 0);
  });

  it('notices a connection that has gone silent', async () => {
    const watch = await listAnd();
    watch.event('ADDED', objectNamed('b', '11'));
    await untilHeard('set b');
    const closed = new Promise((resolve) => watch.response.once('close', resolve));
    clock.advance(await clock.whenSleeping(isWatchdog));
    await closed;
    await untilHeard('stale timedOut');
  });

  it('gives up on an answer that does not begin', async () => {
    await api.request();
    clock.advance(await clock.whenSleeping((milliseconds) => milliseconds === 30_000));
    await untilHeard('failed timedOut');
  });

  it('tries again at once when told to', async () => {
    (await api.request()).json({ message: 'no' }, 500);
    await clock.whenSleeping(isPause);
    loop.retryNow();
    assert.equal((await api.request()).isWatch, false);
  });

  it('ends at once, in a watch and in a pause, and says nothing more', async () => {
    const watch = await listAnd();
    const closed = new Promise((resolve) => watch.response.once('close', resolve));
    const before = [...heard];
    stop.abort();
    await running;
    await closed;
    assert.deepEqual(heard, before);
    assert.deepEqual(clock.pauses, []);
  });
});
