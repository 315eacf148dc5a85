// A survey of running proxies against as many bare port-forwards, and against kubectl exec; the mesh is a process of its own.
import { createClusterAdapters } from '../../src/adapters.js';
import type { ClusterAdapters } from '../../src/adapters.js';
import type { ClusterConnection } from '../../src/adapters/kubernetes/clusterConnection.js';
import { ClusterConnections } from '../../src/adapters/kubernetes/clusterConnection.js';
import { systemClock } from '../../src/adapters/systemClock.js';
import { forEachTarget } from '../../src/app/trust/eachTarget.js';
import type { ProxyTarget } from '../../src/app/trust/proxyTargets.js';
import { notRunning, proxyTargets } from '../../src/app/trust/proxyTargets.js';
import { TrustSurvey } from '../../src/app/trust/trustSurvey.js';
import type { ClusterSnapshot } from '../../src/domain/mesh/snapshot.js';
import type { Result } from '../../src/shared/failure.js';
import { silentLog } from '../support/clusterFollower.js';
import { startRehearsalProcess } from '../support/rehearsalProcess.js';
import type { RehearsalProcess } from '../support/rehearsalProcess.js';
import { findKubectl } from '../workbench/setup/kubectl.js';
import { barePortForward, SECRETS_PATH } from './barePortForward.js';
import { fastest, milliseconds, timed } from './measure.js';
import type { Figure, Timed } from './measure.js';

/** What the product asks of one API server at a time unless told otherwise. */
const CONCURRENCY = 8;
/** Of each, in turns, so that neither is always the first; what else the machine does meets both. */
const RUNS = 5;
const WARM_UP = 20;
const EXEC_PODS = 50;
/** Scheduling noise moves the processor time a pod by about this much between two runs. */
const CPU_NOISE = 1.05;

interface Bench {
  readonly adapters: ClusterAdapters;
  readonly connection: ClusterConnection;
  readonly snapshot: ClusterSnapshot;
  /** Proxies that answer, in the order of the API. */
  readonly targets: readonly ProxyTarget[];
}

export interface SurveySizes {
  readonly compared: readonly number[];
  readonly cpuOnly: readonly number[];
}

interface Sizes {
  readonly pods: number;
  readonly survey: Timed<unknown>;
}

/**
 * Surveys as many proxies as each of the sizes says, all of one cluster: `compared` against bare requests, `cpuOnly` for the
 * processor time that a proxy takes.
 */
export async function surveyFigures({ compared, cpuOnly }: SurveySizes, note: (line: string) => void): Promise<readonly Figure[]> {
  const most = Math.max(...compared, ...cpuOnly);
  const rehearsal = await startRehearsalProcess('--pods', String(most), '--namespaces', String(Math.ceil(most / 20)));
  try {
    const bench = await openBench(rehearsal.env.KUBECONFIG ?? '');
    const figures: Figure[] = [];
    const surveys: Sizes[] = [];
    await survey(bench, targetsOf(bench, WARM_UP));
    await bareGets(bench, targetsOf(bench, WARM_UP));
    for (const pods of compared) {
      const against = await againstBareGets(bench, pods);
      surveys.push({ pods, survey: against.survey });
      figures.push(against.figure);
    }
    for (const pods of cpuOnly) {
      const targets = targetsOf(bench, pods);
      surveys.push({ pods, survey: await timed(() => survey(bench, targets)) });
    }
    return [...figures, ...cpuFigures(surveys), ...(await againstExec(bench, rehearsal, surveys[0]!, note))];
  } finally {
    await rehearsal.stop();
  }
}

function targetsOf({ targets }: Bench, pods: number): readonly ProxyTarget[] {
  if (targets.length < pods) throw new Error(`the rehearsal has ${targets.length} running proxies only, not ${pods}`);
  return targets.slice(0, pods);
}

async function openBench(kubeconfig: string): Promise<Bench> {
  const adapters = createClusterAdapters(systemClock, silentLog);
  const [ref] = valueOf(await adapters.kubeconfigReader.contexts(kubeconfig));
  if (ref === undefined) throw new Error(`no context in ${kubeconfig}`);
  const snapshot = valueOf(await adapters.clusterReader.readOnce(ref, new AbortController().signal));
  const connection = valueOf(await new ClusterConnections().connectionOf(ref));
  const targets = proxyTargets([snapshot], { contexts: [], namespaces: [] }).filter(({ pod }) => notRunning(pod) === undefined);
  return { adapters, connection, snapshot, targets };
}

async function againstBareGets(bench: Bench, pods: number): Promise<{ readonly figure: Figure; readonly survey: Timed<unknown> }> {
  const targets = targetsOf(bench, pods);
  const surveys: Timed<unknown>[] = [];
  const bare: Timed<unknown>[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    const both = [async () => bare.push(await timed(() => bareGets(bench, targets))), async () => surveys.push(await timed(() => survey(bench, targets)))];
    for (const one of run % 2 === 0 ? both : both.reverse()) await one();
  }
  const best = fastest(surveys);
  const bestBare = fastest(bare);
  const ratio = best.wallMs / bestBare.wallMs;
  const figure = {
    measure: `survey of ${pods} pods, ${CONCURRENCY} at a time, against as many bare port-forward GETs`,
    figure: `${milliseconds(best.wallMs)} / ${milliseconds(bestBare.wallMs)}`,
    ratio,
    aim: '≤ 1.3',
    met: ratio <= 1.3,
  };
  return { figure, survey: best };
}

function cpuFigures(surveys: readonly Sizes[]): readonly Figure[] {
  const perPod = surveys.map(({ pods, survey: run }) => run.cpuMs / pods);
  return surveys.map(({ pods }, index): Figure => {
    const [first = 0] = perPod;
    const cpu = perPod[index] ?? 0;
    const told = { measure: `processor time per pod, survey of ${pods}`, figure: milliseconds(cpu) };
    if (index === 0) return told;
    return { ...told, ratio: cpu / first, aim: 'falls (≤ 1.05)', met: cpu / first <= CPU_NOISE };
  });
}

async function againstExec(bench: Bench, rehearsal: RehearsalProcess, { pods, survey: run }: Sizes, note: (line: string) => void): Promise<readonly Figure[]> {
  const kubectl = kubectlFile(note);
  if (kubectl === undefined) return [];
  const exec = await timed(async () => {
    for (const { cluster, pod } of bench.targets.slice(0, EXEC_PODS)) {
      const place = ['--kubeconfig', cluster.kubeconfig, '--context', cluster.context, '-n', pod.namespace];
      const request = ['exec', pod.name, '-c', 'istio-proxy', '--', 'pilot-agent', 'request', 'GET', SECRETS_PATH.slice(1)];
      const { code, stderr } = await rehearsal.run(kubectl, [...place, ...request]);
      if (code !== 0) throw new Error(`kubectl exec ended with ${code}: ${stderr}`);
    }
  });
  const perPod = exec.wallMs / EXEC_PODS;
  const ratio = perPod / (run.wallMs / pods);
  return [
    {
      measure: `survey of ${pods} pods, times faster than kubectl exec one after another (of ${EXEC_PODS} pods)`,
      figure: `${milliseconds(run.wallMs / pods)} / ${milliseconds(perPod)} a pod`,
      ratio,
      aim: '≥ 20',
      met: ratio >= 20,
    },
  ];
}

function kubectlFile(note: (line: string) => void): string | undefined {
  try {
    const { file, version } = findKubectl();
    note(`kubectl ${version}`);
    return file;
  } catch (error) {
    note(`Not measured: kubectl exec. ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}

async function survey({ adapters, snapshot }: Bench, targets: readonly ProxyTarget[]): Promise<void> {
  const wanted = new Set(targets.map(({ pod }) => pod.uid));
  const options = { ...adapters, clock: systemClock, concurrencyPerCluster: CONCURRENCY };
  const scope = { contexts: [], namespaces: [] };
  const includes = ({ pod }: ProxyTarget): boolean => wanted.has(pod.uid);
  const { done, unknown } = await new TrustSurvey(options).run([snapshot], scope, {}, new AbortController().signal, includes);
  if (done !== targets.length || unknown > 0) throw new Error(`the survey read ${done} of ${targets.length} proxies, ${unknown} of them unknown`);
}

async function bareGets({ connection }: Bench, targets: readonly ProxyTarget[]): Promise<void> {
  await forEachTarget(targets, CONCURRENCY, async ({ pod }) => {
    if ((await barePortForward(connection, pod.namespace, pod.name)) === 0) throw new Error(`${pod.namespace}/${pod.name} answered nothing`);
  });
}

function valueOf<Value>(result: Result<Value>): Value {
  if (!result.ok) throw new Error(JSON.stringify(result.failure));
  return result.value;
}
