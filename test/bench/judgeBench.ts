// What it costs to understand the proxies' answers, without a network: the survey over answers from memory, one at a time.
import crypto from 'node:crypto';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createNodeCertificateReader } from '../../src/adapters/nodeCertificateReader.js';
import type { CertificateReader, ProxyReader } from '../../src/app/ports.js';
import { forEachTarget } from '../../src/app/trust/eachTarget.js';
import { proxyTargets } from '../../src/app/trust/proxyTargets.js';
import { SurveyRows } from '../../src/app/trust/surveyRows.js';
import { TrustSurvey } from '../../src/app/trust/trustSurvey.js';
import type { ClusterSnapshot } from '../../src/domain/mesh/snapshot.js';
import { parseSecretDump } from '../../src/domain/trust/envoyDump.js';
import { parseJson } from '../../src/shared/json.js';
import type { TrustRow } from '../../src/shared/trustRows.js';
import { wallClock } from '../support/clusterFollower.js';
import { cluster, pod } from '../support/meshBuilder.js';
import { countDistinct, createCertificateStock } from './certificateStock.js';
import type { CertificateStock } from './certificateStock.js';
import { heapAfterCollection, megabytes, milliseconds, timed } from './measure.js';
import type { Figure } from './measure.js';
import type { ParseCounts } from './parseCount.js';
import { countParsing } from './parseCount.js';

const CHAINS = 40;
const RUNS = 2;
const CONCURRENCY = 8;
const PODS_A_NAMESPACE = 25;
const MOST_HEAP = 300 * 1024 * 1024;
const WHOLE_SCOPE = { contexts: [], namespaces: [] };

export async function judgeFigures(leaves: number): Promise<readonly Figure[]> {
  const stock = createCertificateStock(leaves, CHAINS);
  const distinct = countDistinct(stock.distinct);
  const snapshot = snapshotOf(leaves);
  const before = heapAfterCollection();
  const runs: SurveyRun[] = [];
  let bareCpuMs = Infinity;
  for (let run = 0; run < RUNS; run += 1) {
    bareCpuMs = Math.min(bareCpuMs, (await timed(() => { parseAndVerify(stock); })).cpuMs);
    runs.push(await surveyFromMemory(stock, snapshot, createNodeCertificateReader()));
  }
  const best = runs.reduce((least, run) => (run.cpuMs < least.cpuMs ? run : least));
  const heap = Math.max(...runs.map(({ heapAfter }) => heapAfter)) - before;
  const ratio = best.cpuMs / bareCpuMs;
  const subject = `${leaves} distinct leaves, ${CHAINS} chains`;
  return [
    {
      measure: `${subject}: processor time to parse and judge, against one X509Certificate parse and verify each`,
      figure: `${milliseconds(best.cpuMs)} / ${milliseconds(bareCpuMs)}`,
      ratio,
      aim: '≤ 1.5',
      met: ratio <= 1.5,
    },
    { measure: `${subject}: heap after collection, all rows kept`, figure: megabytes(heap), ratio: heap / MOST_HEAP, aim: '≤ 300 MB', met: heap <= MOST_HEAP },
    parseFigure(subject, distinct, await countParsing((reader) => surveyFromMemory(stock, snapshot, reader))),
    {
      measure: `${subject}: the first verdicts handed to the panel, against the whole survey`,
      figure: `${milliseconds(best.firstMs)} / ${milliseconds(best.wallMs)}`,
      ratio: best.firstMs / best.wallMs,
    },
    { measure: `${subject}: event-loop delay, 99th percentile and longest`, figure: `${milliseconds(best.delay.p99)}, ${milliseconds(best.delay.max)}` },
  ];
}

/** Each distinct certificate, by its bytes, goes at most once through either parser; few go through both. */
function parseFigure(subject: string, distinct: number, { certificates, mostByReader, mostByNode, inBothWays }: ParseCounts): Figure {
  const most = Math.max(mostByReader, mostByNode);
  return {
    measure: `${subject}: the most that one certificate is parsed by our reader of leaves, by node:crypto; certificates parsed by both, of distinct ones`,
    figure: `${mostByReader}, ${mostByNode}; ${inBothWays} / ${distinct}`,
    ratio: most,
    aim: '≤ 1, both ≤ chains',
    met: most <= 1 && certificates === distinct && inBothWays <= CHAINS,
    hard: true,
  };
}

interface SurveyRun {
  /** Without what it takes to write the answers. */
  readonly cpuMs: number;
  readonly wallMs: number;
  /** From the start until the first rows that are not waiting. */
  readonly firstMs: number;
  readonly heapAfter: number;
  readonly delay: { readonly p99: number; readonly max: number };
}

async function surveyFromMemory(stock: CertificateStock, snapshot: ClusterSnapshot, certificateReader: CertificateReader): Promise<SurveyRun> {
  const targets = proxyTargets([snapshot], WHOLE_SCOPE);
  const write = async (name: string): Promise<string> => {
    // Each answer in a turn of its own, as from a network.
    await nextTurn();
    return stock.answer(Number(name));
  };
  const writing = await timed(() => forEachTarget(targets, CONCURRENCY, async ({ pod: { name } }) => {
    await write(name);
  }));
  const proxyReader: ProxyReader = { readSecrets: async (proxy) => parseSecretDump(parseJson(await write(proxy.pod))) };
  const rows = new SurveyRows();
  const survey = new TrustSurvey({ proxyReader, certificateReader, clock: wallClock, concurrencyPerCluster: CONCURRENCY });
  const delay = monitorEventLoopDelay({ resolution: 10 });
  delay.enable();
  const start = performance.now();
  let firstMs = Infinity;
  const listener = {
    onRows: (some: readonly TrustRow[]) => {
      rows.set(some);
      if (some.some(({ state }) => state !== 'waiting')) firstMs = Math.min(firstMs, performance.now() - start);
    },
  };
  const run = await timed(() => survey.run([snapshot], WHOLE_SCOPE, listener, new AbortController().signal));
  delay.disable();
  const heapAfter = heapAfterCollection();
  if (rows.counts.done !== targets.length || rows.counts.unknown > 0) {
    throw new Error(`judged ${rows.counts.done} of ${targets.length} proxies, ${rows.counts.unknown} of them unknown`);
  }
  // Used once more, so that what it keeps was there when the heap was looked at.
  if (!certificateReader.read(stock.rootPem).ok) throw new Error('a root of the stock is unreadable');
  return { cpuMs: run.cpuMs - writing.cpuMs, wallMs: run.wallMs, firstMs, heapAfter, delay: { p99: delay.percentile(99) / 1e6, max: delay.max / 1e6 } };
}

function parseAndVerify({ distinct }: CertificateStock): void {
  for (const { der, issuerKey } of distinct) {
    if (!new crypto.X509Certificate(der).verify(issuerKey)) throw new Error('a certificate of the stock does not verify');
  }
}

function snapshotOf(pods: number): ClusterSnapshot {
  return cluster(Array.from({ length: pods }, (_, index) => pod(`team-${Math.floor(index / PODS_A_NAMESPACE)}`, String(index), { by: 'default' })));
}
