// Lets the API server admit a pod without creating it (`dryRun=All`): what its webhooks make of a template, injection included.
import type { AdmittedPod, InjectionForecaster } from '../../app/migration/ports.js';
import type { Clock } from '../../app/ports.js';
import type { ClusterRef } from '../../domain/cluster.js';
import type { Result } from '../../shared/failure.js';
import { fail, succeed } from '../../shared/failure.js';
import type { ApiClient } from './apiRequest.js';
import { apiClient } from './apiRequest.js';
import type { ClusterConnections } from './clusterConnection.js';
import { recordIn, textsIn, valueAt } from './json.js';
import { readPod } from './readPod.js';

/** Where each kind is, and where in it the pod template. */
const TEMPLATES: Readonly<Record<string, { readonly path: string; readonly plural: string; readonly template: readonly string[] }>> = {
  Deployment: { path: '/apis/apps/v1', plural: 'deployments', template: ['spec', 'template'] },
  StatefulSet: { path: '/apis/apps/v1', plural: 'statefulsets', template: ['spec', 'template'] },
  DaemonSet: { path: '/apis/apps/v1', plural: 'daemonsets', template: ['spec', 'template'] },
  ReplicaSet: { path: '/apis/apps/v1', plural: 'replicasets', template: ['spec', 'template'] },
  Job: { path: '/apis/batch/v1', plural: 'jobs', template: ['spec', 'template'] },
  CronJob: { path: '/apis/batch/v1', plural: 'cronjobs', template: ['spec', 'jobTemplate', 'spec', 'template'] },
};

/** A pod that does nothing, and never runs. */
const BARE_TEMPLATE = { spec: { containers: [{ name: 'forecast', image: 'registry.k8s.io/pause:3.9' }] } };

export class DryRunInjectionForecaster implements InjectionForecaster {
  readonly #connections: ClusterConnections;
  readonly #clock: Clock;

  constructor(connections: ClusterConnections, clock: Clock) {
    this.#connections = connections;
    this.#clock = clock;
  }

  async forecast(
    cluster: ClusterRef,
    namespace: string,
    workload: { readonly kind: string; readonly name: string } | undefined,
    signal: AbortSignal,
  ): Promise<Result<AdmittedPod>> {
    const api = apiClient(cluster, this.#connections, this.#clock);
    const template = workload === undefined ? succeed<unknown>(BARE_TEMPLATE) : await readTemplate(api, namespace, workload, signal);
    if (!template.ok) return template;
    const path = `/api/v1/namespaces/${namespace}/pods`;
    const send = { method: 'POST', contentType: 'application/json', body: JSON.stringify(podOf(namespace, template.value)) } as const;
    const answer = await api.getJson({ path, query: { dryRun: 'All', fieldManager: 'mesh-ca-migration' }, send }, signal);
    if (!answer.ok) return answer;
    const pod = readPod(answer.value);
    if (pod === undefined) return fail({ kind: 'apiError', status: 200, reason: 'the answer is no pod' });
    const { proxy } = pod;
    return succeed({ revision: proxy?.revision, proxyImage: proxy?.image, caAddress: proxy?.caAddress, hasProxy: proxy !== undefined });
  }
}

async function readTemplate(
  api: ApiClient,
  namespace: string,
  { kind, name }: { readonly kind: string; readonly name: string },
  signal: AbortSignal,
): Promise<Result<unknown>> {
  const place = TEMPLATES[kind];
  if (place === undefined) return fail({ kind: 'unexpected', reason: `the pod template of a ${kind} is not known` });
  const answer = await api.getJson({ path: `${place.path}/namespaces/${namespace}/${place.plural}/${name}`, query: {} }, signal);
  return answer.ok ? succeed(valueAt(answer.value, ...place.template)) : answer;
}

function podOf(namespace: string, template: unknown): object {
  const labels = textsIn(valueAt(template, 'metadata', 'labels'));
  const annotations = textsIn(valueAt(template, 'metadata', 'annotations'));
  const metadata = { generateName: 'mesh-ca-forecast-', namespace, labels, annotations };
  return { apiVersion: 'v1', kind: 'Pod', metadata, spec: recordIn(valueAt(template, 'spec')) };
}
