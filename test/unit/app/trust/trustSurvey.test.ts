// The survey: bounded, streaming, cancellable, and complete about what it could not read.
import assert from 'node:assert/strict';
import type { CertificateReader, Clock, InboundListenerReader, ProxyAddress, ProxyReader } from '../../../../src/app/ports.js';
import type { InboundSample } from '../../../../src/app/trust/inboundSamples.js';
import { LARGEST_BATCH } from '../../../../src/app/trust/surveyBatches.js';
import { fixedConcurrency, TrustSurvey } from '../../../../src/app/trust/trustSurvey.js';
import type { ClusterSnapshot } from '../../../../src/domain/mesh/snapshot.js';
import { parseSecretDump } from '../../../../src/domain/trust/envoyDump.js';
import { parseInboundListener } from '../../../../src/domain/trust/inboundDomains.js';
import type { SecretDump } from '../../../../src/domain/trust/secretDump.js';
import type { Failure, Result } from '../../../../src/shared/failure.js';
import { fail, succeed } from '../../../../src/shared/failure.js';
import type { SurveyProgress, TrustRow, TrustScope } from '../../../../src/shared/trustRows.js';
import { chainEntry, domainMatchers, flatAnswer, listenersAnswer, rootsEntry } from '../../../support/envoyAnswers.js';
import { fingerprint, pemOf, reader } from '../../../support/trustCertificates.js';
import { caRoots, instantClock, meshConfigs, NOW, pod, snapshot, stoppedClock } from '../../../support/trustMesh.js';

const EVERYTHING: TrustScope = { contexts: [], namespaces: [] };
const CITADEL = parseSecretDump(flatAnswer([chainEntry(pemOf('citadel-leaf', 'citadel-root')), rootsEntry(pemOf('citadel-root'))]));

type Answer = (proxy: ProxyAddress, signal: AbortSignal) => Promise<Result<SecretDump>>;

const answerAtOnce: Answer = () => Promise.resolve(CITADEL);

function mesh(context: string, pods: readonly string[]): ClusterSnapshot {
  return snapshot(context, pods.map((name) => pod('foo', name)), { caRoots: caRoots(fingerprint('citadel-root')) });
}

interface Watched {
  readonly finished: Promise<SurveyProgress>;
  readonly rows: Map<string, TrustRow>;
  readonly progress: SurveyProgress[];
  readonly batches: number[];
}

interface Setup {
  readonly scope?: TrustScope;
  readonly clock?: Clock;
  readonly signal?: AbortSignal;
  readonly certificateReader?: CertificateReader;
  readonly concurrencyPerCluster?: number;
  readonly onRows?: () => void;
}

function survey(snapshots: readonly ClusterSnapshot[], readSecrets: Answer, setup: Setup = {}): Watched {
  const proxyReader: ProxyReader = { readSecrets };
  const { scope = EVERYTHING, clock = instantClock, signal = new AbortController().signal, certificateReader = reader } = setup;
  const options = setup.concurrencyPerCluster === undefined ? {} : { concurrencyPerCluster: setup.concurrencyPerCluster };
  const rows = new Map<string, TrustRow>();
  const [progress, batches]: [SurveyProgress[], number[]] = [[], []];
  const listener = {
    onRows: (batch: readonly TrustRow[]) => {
      batches.push(batch.length);
      for (const row of batch) rows.set(row.pod, row);
      setup.onRows?.();
    },
    onProgress: (now: SurveyProgress) => {
      progress.push(now);
    },
  };
  const finished = new TrustSurvey({ proxyReader, certificateReader, clock, ...options }).run(snapshots, scope, listener, signal);
  return { finished, rows, progress, batches };
}

function states({ rows }: Watched): Record<string, string> {
  return Object.fromEntries([...rows].map(([name, { state }]) => [name, state]));
}

describe('trust survey', () => {
  it('shows every proxy as waiting first, then as read', async () => {
    const watched = survey([mesh('one', ['a', 'b'])], answerAtOnce);
    assert.deepEqual(states(watched), { a: 'waiting', b: 'waiting' });
    const end = await watched.finished;
    assert.deepEqual(states(watched), { a: 'read', b: 'read' });
    assert.equal(watched.rows.get('a')?.roots[0]?.label, 'CITADEL');
    assert.deepEqual([end.total, end.done, end.unknown, end.running, end.cancelled], [2, 2, 0, false, false]);
    assert.deepEqual(watched.progress.at(0), { running: true, cancelled: false, total: 2, done: 0, unknown: 0, startedAt: instantClock.now(), finishedAt: undefined });
    assert.deepEqual(watched.progress.at(-1), end);
  });

  it('shows tens of thousands as waiting one batch after another, so that the first can be drawn meanwhile', async () => {
    const names = Array.from({ length: LARGEST_BATCH + 1 }, (_, index) => `pod-${index}`);
    const watched = survey([mesh('one', names)], answerAtOnce);
    assert.deepEqual(watched.batches, [LARGEST_BATCH]);
    const end = await watched.finished;
    assert.deepEqual([end.done, watched.rows.size], [names.length, names.length]);
  });

  it('names roots by what all chosen clusters publish, even for a scope of one', async () => {
    const bare = snapshot('two', [pod('foo', 'a')]);
    const watched = survey([mesh('one', ['b']), bare], answerAtOnce, { scope: { contexts: ['two'], namespaces: [] } });
    await watched.finished;
    assert.deepEqual(states(watched), { a: 'read' });
    assert.equal(watched.rows.get('a')?.roots[0]?.label, 'CITADEL');
  });

  it('reads only the namespaces of the scope', async () => {
    const both = snapshot('one', [pod('foo', 'a'), pod('bar', 'b')]);
    const watched = survey([both], answerAtOnce, { scope: { contexts: [], namespaces: ['bar'] } });
    await watched.finished;
    assert.deepEqual(states(watched), { b: 'read' });
  });

  it('never has more connections open in a cluster than allowed, and does not let clusters wait for each other', async () => {
    const open = new Map<string, number>();
    const most = new Map<string, number>();
    const names = Array.from({ length: 20 }, (_, index) => `pod-${index}`);
    const watched = survey(
      [mesh('one', names), mesh('two', names)],
      async ({ cluster }) => {
        const now = (open.get(cluster.context) ?? 0) + 1;
        open.set(cluster.context, now);
        most.set(cluster.context, Math.max(most.get(cluster.context) ?? 0, now));
        await new Promise(setImmediate);
        open.set(cluster.context, now - 1);
        return CITADEL;
      },
      { concurrencyPerCluster: 3 },
    );
    await watched.finished;
    assert.deepEqual([...most], [['one', 3], ['two', 3]]);
  });

  it('reads a fixed number at a time only where the setting names one', () => {
    assert.deepEqual([0, 1, 64].map(fixedConcurrency), [undefined, 1, 64]);
  });

  it('keeps what it has when it is cancelled, and leaves no proxy waiting', async () => {
    const cancel = new AbortController();
    const pending: Answer = ({ pod: name }, signal) =>
      name === 'a'
        ? Promise.resolve(CITADEL)
        : new Promise((resolve) => {
            signal.addEventListener('abort', () => { resolve(fail({ kind: 'cancelled' })); });
            cancel.abort();
          });
    const watched = survey([mesh('one', ['a', 'b', 'c'])], pending, { signal: cancel.signal, concurrencyPerCluster: 1 });
    const end = await watched.finished;
    assert.deepEqual(states(watched), { a: 'read', b: 'unknown', c: 'unknown' });
    assert.deepEqual([end.cancelled, end.done, end.total, end.unknown], [true, 1, 3, 0]);
    assert.equal(watched.rows.get('c')?.why?.key, 'failure.cancelled');
  });

  it('hands over in a few batches what it did not ask when it is cancelled, however many those are', async () => {
    const cancel = new AbortController();
    const names = Array.from({ length: 3 * LARGEST_BATCH }, (_, index) => `pod-${index}`);
    const answer: Answer = () => {
      cancel.abort();
      return Promise.resolve(CITADEL);
    };
    const watched = survey([mesh('one', names)], answer, { signal: cancel.signal, concurrencyPerCluster: 1 });
    const end = await watched.finished;
    assert.deepEqual([end.cancelled, end.total, watched.rows.size], [true, names.length, names.length]);
    assert.ok(watched.batches.length <= 8, `${watched.batches.length} batches`);
    assert.ok(Object.values(states(watched)).every((state) => state !== 'waiting'));
  });

  it('reports proxies that do not run instead of skipping them, and leaves out pods that are over', async () => {
    const asked: string[] = [];
    const stopped = { ...pod('foo', 'x').proxy!, state: 'waiting' as const };
    const pods = [
      pod('foo', 'pending', { phase: 'Pending', proxy: stopped }),
      pod('foo', 'crashing', { proxy: stopped, trouble: 'CrashLoopBackOff' }),
      pod('foo', 'job-done', { phase: 'Succeeded' }),
      pod('foo', 'evicted', { phase: 'Failed' }),
      pod('foo', 'no-proxy', { proxy: undefined }),
      pod('foo', 'native', { phase: 'Pending', proxy: { ...stopped, native: true, state: 'running' } }),
    ];
    const watched = survey([snapshot('one', pods)], ({ pod: name }) => {
      asked.push(name);
      return Promise.resolve(CITADEL);
    });
    const end = await watched.finished;
    assert.deepEqual(asked, ['native']);
    assert.deepEqual(states(watched), { pending: 'unknown', crashing: 'unknown', native: 'read' });
    assert.deepEqual(watched.rows.get('crashing')?.why?.args, { state: 'CrashLoopBackOff' });
    assert.deepEqual([end.done, end.unknown], [3, 2]);
  });

  it('asks once more when a proxy could not be reached, and not when it was refused', async () => {
    const asked: string[] = [];
    const failing = (failure: Failure): Answer => ({ pod: name }) => {
      asked.push(name);
      return Promise.resolve(asked.length === 1 ? fail(failure) : CITADEL);
    };
    const retried = survey([mesh('one', ['a'])], failing({ kind: 'proxyUnreachable', reason: 'broken off' }));
    await retried.finished;
    assert.deepEqual([asked.length, retried.rows.get('a')?.state], [2, 'read']);
    asked.length = 0;
    const refused = survey([mesh('one', ['a'])], failing({ kind: 'forbidden', reason: 'no' }));
    await refused.finished;
    assert.deepEqual([asked.length, refused.rows.get('a')?.state], [1, 'unknown']);
  });

  it('reads a bundle that many proxies share once', async () => {
    const bundle = pemOf('citadel-root');
    const read: string[] = [];
    const counting: CertificateReader = {
      isSignedBy: (one, other) => reader.isSignedBy(one, other),
      read: (pem) => {
        read.push(pem);
        return reader.read(pem);
      },
    };
    await survey([mesh('one', ['a', 'b', 'c'])], answerAtOnce, { certificateReader: counting }).finished;
    assert.equal(read.filter((pem) => pem === bundle).length, 1);
  });

  it('looks again at a proxy that has just started until it has what its revision promises, but not for ever', async () => {
    const extra = (name: string): ClusterSnapshot['meshConfigs'] => {
      const [config] = meshConfigs(['default', 'cluster.local']).values();
      return new Map([['istio', { ...config!, extraAnchors: [fingerprint('mesh-root')], revision: name }]]);
    };
    const both = parseSecretDump(flatAnswer([chainEntry(pemOf('citadel-leaf', 'citadel-root')), rootsEntry(pemOf('citadel-root', 'mesh-root'))]));
    const looks = async (revision: string, createdAt: number, deliveredAt: number): Promise<readonly number[]> => {
      let asked = 0;
      const young = snapshot('one', [pod('foo', 'a', { createdAt })], { meshConfigs: extra(revision) });
      const watched = survey([young], () => Promise.resolve(++asked < deliveredAt ? CITADEL : both));
      await watched.finished;
      return [asked, watched.rows.get('a')?.roots.length ?? 0];
    };
    assert.deepEqual(await looks('default', NOW - 1000, 3), [3, 2]);
    assert.deepEqual(await looks('default', NOW - 1000, 100), [6, 1]);
    assert.deepEqual(await looks('default', NOW - 60_000, 3), [1, 1]);
    assert.deepEqual(await looks('another', NOW - 1000, 3), [1, 1]);
  });

  it('hands rows over in batches and everything by the end, even when no time passes', async () => {
    const names = Array.from({ length: 2500 }, (_, index) => `pod-${index}`);
    const watched = survey([mesh('one', names)], answerAtOnce, { clock: stoppedClock });
    await watched.finished;
    assert.deepEqual(watched.batches, [2000, 500, 2000, 500]);
  });

  it('hands over what it has before the rest is read', async () => {
    const cancel = new AbortController();
    const hanging: Answer = ({ pod: name }, signal) =>
      name === 'a'
        ? Promise.resolve(CITADEL)
        : new Promise((resolve) => {
            signal.addEventListener('abort', () => { resolve(fail({ kind: 'cancelled' })); });
          });
    const shown: string[] = [];
    const watched: Watched = survey([mesh('one', ['a', 'b'])], hanging, {
      signal: cancel.signal,
      onRows: () => {
        queueMicrotask(() => {
          shown.splice(0, Infinity, ...Object.values(states(watched)));
          if (shown.includes('read')) cancel.abort();
        });
      },
    });
    await watched.finished;
    assert.ok(watched.batches.length >= 3, 'waiting rows, the first answer, the rest');
  });

  it('reads the inbound listener of one proxy of each revision and namespace, of the next one where that fails, and of no gateway', async () => {
    const router = { ...pod('foo', 'x').proxy!, role: 'router' as const };
    const pods = [pod('foo', 'a'), pod('foo', 'b'), pod('foo', 'c', { revision: 'new' }), pod('bar', 'd'), pod('bar', 'e'), pod('foo', 'gateway', { proxy: router })];
    const asked: string[] = [];
    const samples: string[] = [];
    const inboundReader: InboundListenerReader = {
      readInboundListener: ({ pod: name }) => {
        asked.push(name);
        return Promise.resolve(name === 'd' ? fail({ kind: 'timedOut', seconds: 10 }) : succeed({ domains: { kind: 'any' }, mtls: 'strict' }));
      },
    };
    const options = { proxyReader: { readSecrets: answerAtOnce }, certificateReader: reader, clock: instantClock, concurrencyPerCluster: 1, inboundReader };
    const listener = { onSample: (sample: InboundSample) => void samples.push(`${sample.namespace} ${sample.revision ?? ''} ${sample.pod}`) };
    await new TrustSurvey(options).run([snapshot('one', pods)], EVERYTHING, listener, new AbortController().signal);
    assert.deepEqual([...asked].sort(), ['a', 'c', 'd', 'e']);
    assert.deepEqual(samples.sort(), ['bar default e', 'foo default a', 'foo new c']);
  });

  it('lets no sidecar without an inbound listener speak for the others of its kind, and asks another', async () => {
    const samples: string[] = [];
    const inboundReader: InboundListenerReader = {
      readInboundListener: ({ pod: name }) => Promise.resolve(parseInboundListener(name === 'b' ? listenersAnswer(domainMatchers('cluster.local')) : {})),
    };
    const options = { proxyReader: { readSecrets: answerAtOnce }, certificateReader: reader, clock: instantClock, concurrencyPerCluster: 1, inboundReader };
    const listener = { onSample: (sample: InboundSample) => void samples.push(`${sample.namespace} ${sample.pod}`) };
    const pods = [pod('foo', 'a'), pod('foo', 'b'), pod('bar', 'c')];
    await new TrustSurvey(options).run([snapshot('one', pods)], EVERYTHING, listener, new AbortController().signal);
    assert.deepEqual(samples, ['foo b']);
  });
});
